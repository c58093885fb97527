/**
 * Time that moves only when it is told to, and then straight to the next timer that is due. It
 * never sleeps and never reads the real clock: the same timers give the same order of events.
 */
import { invariant } from '../domain/errors.ts';
import type { Clock, TimerId } from '../domain/ports.ts';
import { DueQueue } from './due-queue.ts';

/** Timers at one instant before we call it a livelock: no honest program needs so many. */
const STEPS_PER_INSTANT_MAX = 1_000_000;

export interface RunOptions {
  /** Runs what is due up to this wall time, and leaves the clock there. */
  readonly untilMs?: number;
  /** Asked before each step: goes on while it is true. */
  readonly while?: () => boolean;
}

export class VirtualClock implements Clock {
  readonly #timers = new DueQueue<TimerId>();
  #elapsedMs = 0;
  #wallAtZeroMs: number;
  #lastId = 0;
  #stepsNow = 0;

  constructor(startMs = 0) {
    this.#wallAtZeroMs = startMs;
  }

  /** Timers armed now. */
  get pending(): number {
    return this.#timers.size;
  }

  wallMs(): number {
    return this.#wallAtZeroMs + this.#elapsedMs;
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  /** Whole milliseconds: a fraction is rounded up, so that no timer is early. */
  setTimeout(callback: () => void, delayMs: number): TimerId {
    this.#lastId += 1;
    this.#timers.set(this.#lastId, this.#elapsedMs + wholeDelay(delayMs), callback);
    return this.#lastId;
  }

  clearTimeout(id: TimerId): void {
    this.#timers.delete(id);
  }

  /** Sets the wall clock forward or back, as a time server does. Timers do not notice. */
  shiftWall(byMs: number): void {
    this.#wallAtZeroMs += byMs;
  }

  /** Moves to the next timer and fires it; false when none is armed. Throws what it throws. */
  step(): boolean {
    const next = this.#timers.peek();
    const callback = this.#timers.take();
    if (next === null || callback === null) return false;
    this.#stepsNow = next.dueMs > this.#elapsedMs ? 1 : this.#stepsNow + 1;
    invariant(this.#stepsNow <= STEPS_PER_INSTANT_MAX, 'time must move on', this.wallMs());
    this.#elapsedMs = next.dueMs;
    callback();
    return true;
  }

  /** Fires all that is due up to wall time `untilMs`, in order, and leaves the clock there. */
  runUntil(untilMs: number): void {
    const endMs = untilMs - this.#wallAtZeroMs;
    while (this.#isDue(endMs)) this.step();
    this.#elapsedMs = Math.max(this.#elapsedMs, endMs);
  }

  /**
   * As `runUntil`, and lets all promise callbacks run before the first and after each step. Ends
   * at `untilMs`, when `while` says so, or when no timer is left. Input from outside the process
   * (files, sockets) is not waited for.
   */
  async run({ untilMs = Infinity, while: goesOn = () => true }: RunOptions = {}): Promise<void> {
    const endMs = untilMs - this.#wallAtZeroMs;
    await promisesSettled();
    while (goesOn()) {
      if (!this.#isDue(endMs)) {
        if (endMs !== Infinity) this.#elapsedMs = Math.max(this.#elapsedMs, endMs);
        return;
      }
      this.step();
      await promisesSettled();
    }
  }

  /**
   * Runs until a promise settles, and gives what it gives; throws where no timer could settle it.
   */
  async settle<T>(promise: Promise<T>): Promise<T> {
    let open = true;
    const close = (): void => {
      open = false;
    };
    promise.then(close, close);
    await this.run({ while: () => open });
    invariant(!open, 'a promise is settled by some timer of its clock', 'none was left');
    return promise;
  }

  #isDue(endMs: number): boolean {
    const next = this.#timers.peek();
    return next !== null && next.dueMs <= endMs;
  }
}

const wholeDelay = (delayMs: number): number => {
  invariant(Number.isFinite(delayMs), 'a delay must be finite', delayMs);
  return Math.max(0, Math.ceil(delayMs));
};

/** An immediate runs only when no promise callback is left to run. */
const promisesSettled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
