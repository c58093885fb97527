/**
 * A stream of messages that arrive late but never out of order. What nobody listens to is not sent.
 */
import type { Stream, Subscription } from '../../domain/ports.ts';
import type { Agenda } from './agenda.ts';

export interface Listener<T> {
  readonly next: (value: T) => void;
}

export class DelayedStream<T> implements Stream<T> {
  readonly #agenda: Agenda;
  readonly #drawMs: () => number;
  readonly #joined: (listener: Listener<T>) => void;
  /** Replaced, never changed: a message on its way keeps the list of those it was sent to. */
  #listeners: readonly Listener<T>[] = [];
  #lastDueMs = 0;

  /** `joined` is told of each new listener: it may send it what it missed. */
  constructor(
    agenda: Agenda,
    drawMs: () => number,
    joined: (listener: Listener<T>) => void = () => {},
  ) {
    this.#agenda = agenda;
    this.#drawMs = drawMs;
    this.#joined = joined;
  }

  subscribe(next: (value: T) => void): Subscription {
    const listener = { next };
    this.#listeners = [...this.#listeners, listener];
    this.#joined(listener);
    return {
      unsubscribe: () => {
        this.#listeners = this.#listeners.filter((each) => each !== listener);
      },
    };
  }

  /** Later listeners do not hear it, and those who left meanwhile do not either. */
  send(value: T, to: readonly Listener<T>[] = this.#listeners): void {
    if (to.length === 0) return;
    this.#lastDueMs = Math.max(this.#lastDueMs, this.#agenda.nowMs() + this.#drawMs());
    this.#agenda.at(this.#lastDueMs, () => {
      for (const listener of to) if (this.#listeners.includes(listener)) listener.next(value);
    });
  }
}
