/**
 * RxJS time from our clock, so that a virtual clock moves the streams too. Every time operator is
 * given this scheduler; RxJS's own ones are never used.
 */
import { type SchedulerAction, type SchedulerLike, Subscription } from 'rxjs';
import type { Clock, TimerId } from '../domain/ports.ts';

/** `now()` is monotonic: a step of the wall clock moves no operator. */
export const clockScheduler = (clock: Clock): SchedulerLike => ({
  now: () => clock.monotonicMs(),
  schedule: <T>(work: Work<T>, delayMs?: number, state?: T) =>
    new ClockAction(clock, work).schedule(state, delayMs),
});

type Work<T> = (this: SchedulerAction<T>, state?: T) => void;

/** One piece of work, which may schedule itself again: then the earlier time is forgotten. */
class ClockAction<T> extends Subscription implements SchedulerAction<T> {
  readonly #clock: Clock;
  readonly #work: Work<T>;
  #timer: TimerId | null = null;

  constructor(clock: Clock, work: Work<T>) {
    super(() => this.#disarm());
    this.#clock = clock;
    this.#work = work;
  }

  schedule(state?: T, delayMs = 0): Subscription {
    this.#disarm();
    if (!this.closed) this.#timer = this.#clock.setTimeout(() => this.#run(state), delayMs);
    return this;
  }

  #run(state: T | undefined): void {
    this.#timer = null;
    try {
      this.#work(state);
    } catch (thrown) {
      this.unsubscribe();
      throw thrown;
    }
  }

  #disarm(): void {
    if (this.#timer !== null) this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
  }
}
