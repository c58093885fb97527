/**
 * Observables for a bot's own code: what a callback throws is logged once per subscription, and
 * reaches neither the turn, nor another subscriber, nor the process. Operators keep that promise.
 */
import { Observable, type Observer, type Operator, Subscriber, type Subscription } from 'rxjs';
import type { Log } from '../../domain/ports.ts';

type Next<T> = (value: T) => void;

export class Contained<T> extends Observable<T> {
  readonly #log: Log;
  readonly #name: string;

  /** `name` is what the log calls the stream: "updates$". */
  constructor(log: Log, name: string, source?: Observable<T>) {
    super(source === undefined ? undefined : (subscriber) => source.subscribe(subscriber));
    this.#log = log;
    this.#name = name;
  }

  /** Every operator of `pipe` comes by here. */
  override lift<R>(operator?: Operator<T, R>): Observable<R> {
    const lifted = new Contained<R>(this.#log, this.#name);
    lifted.source = this;
    lifted.operator = operator;
    return lifted;
  }

  override subscribe(
    observer?: Partial<Observer<T>> | Next<T> | null,
    error?: Next<unknown> | null,
    complete?: (() => void) | null,
  ): Subscription {
    // RxJS's own: it leads on to somebody who is asked the same.
    if (observer instanceof Subscriber) return super.subscribe(observer);
    const given: Partial<Observer<T>> =
      typeof observer === 'object' && observer !== null
        ? observer
        : { ...call('next', observer), ...call('error', error), ...call('complete', complete) };
    return super.subscribe(this.#guarded(given));
  }

  #guarded(given: Partial<Observer<T>>): Partial<Observer<T>> {
    let told = false;
    const complain = (thrown: unknown): void => {
      if (!told) this.#log.error({ stream: this.#name, thrown }, 'a subscriber threw');
      told = true;
    };
    const guard = (run: () => unknown): void => {
      try {
        const answer = run();
        // An asynchronous callback throws later.
        if (answer instanceof Promise) answer.catch(complain);
      } catch (thrown) {
        complain(thrown);
      }
    };
    return {
      next: (value) => guard(() => given.next?.(value)),
      complete: () => guard(() => given.complete?.()),
      error: (thrown) =>
        guard(() => {
          if (given.error === undefined) throw thrown;
          given.error(thrown);
        }),
    };
  }
}

const call = (name: keyof Observer<unknown>, given: ((value: never) => void) | null | undefined) =>
  typeof given === 'function' ? { [name]: given } : {};
