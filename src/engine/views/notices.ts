/**
 * The notices of an engine on their way to whoever listens: told in a macrotask of their own, so
 * that nobody is called in the middle of a turn. They wait for nothing durable: a journal that
 * fails is news, too.
 */
import { type Observable, Subject } from 'rxjs';
import type { Notice, Tell } from '../../domain/notice.ts';
import type { Clock, Log, TimerId } from '../../domain/ports.ts';
import { Contained } from './contained.ts';

export class Notices {
  readonly notices$: Observable<Notice>;
  readonly #subject = new Subject<Notice>();
  readonly #clock: Clock;
  #waiting: Notice[] = [];
  #timer: TimerId | null = null;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.notices$ = new Contained(log, 'notices$', this.#subject);
  }

  readonly tell: Tell = (notice) => {
    this.#waiting.push({ ...notice, timeMs: this.#clock.wallMs() });
    this.#timer ??= this.#clock.setTimeout(() => this.#flush(), 0);
  };

  /** Tells what is left, and no more. */
  stop(): void {
    if (this.#timer !== null) this.#clock.clearTimeout(this.#timer);
    this.#flush();
    this.#subject.complete();
  }

  #flush(): void {
    this.#timer = null;
    const notices = this.#waiting;
    this.#waiting = [];
    for (const notice of notices) this.#subject.next(notice);
  }
}
