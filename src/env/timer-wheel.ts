/**
 * The deadlines of the whole engine on one timer of its clock. It keeps nothing through a restart:
 * deadlines are data, and whoever stores them arms them again.
 */
import { invariant } from '../domain/errors.ts';
import type { Clock, TimerId } from '../domain/ports.ts';
import { DueQueue } from './due-queue.ts';

/** A day: a longer sleep is taken in parts, since no live timer lasts for ever. */
const SLEEP_MS_MAX = 86_400_000;

export class TimerWheel {
  readonly #clock: Clock;
  readonly #deadlines = new DueQueue<string>();
  #sleep: { readonly timer: TimerId; readonly untilMs: number } | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Deadlines armed now. */
  get size(): number {
    return this.#deadlines.size;
  }

  /**
   * Calls back at wall time `atMs`, or as soon as possible where that has passed; never from within
   * this call. What was armed under `key` before is replaced. A later step of the wall clock moves
   * no deadline: what is left to wait is fixed here. Callbacks run in (due, armed) order.
   */
  arm(key: string, atMs: number, callback: () => void): void {
    this.armIn(key, atMs - this.#clock.wallMs(), callback);
  }

  /** As above, so many milliseconds from now. */
  armIn(key: string, waitMs: number, callback: () => void): void {
    invariant(Number.isFinite(waitMs), 'a deadline is a time', waitMs);
    this.#deadlines.set(key, this.#clock.monotonicMs() + Math.max(0, waitMs), callback);
    this.#sleepUntilNext();
  }

  /** True where something was armed under `key`. */
  cancel(key: string): boolean {
    const wasArmed = this.#deadlines.delete(key);
    this.#sleepUntilNext();
    return wasArmed;
  }

  cancelAll(): void {
    this.#deadlines.clear();
    this.#sleepUntilNext();
  }

  #sleepUntilNext(): void {
    const dueMs = this.#deadlines.peek()?.dueMs ?? null;
    if (dueMs === (this.#sleep?.untilMs ?? null)) return;
    if (this.#sleep !== null) this.#clock.clearTimeout(this.#sleep.timer);
    this.#sleep = null;
    if (dueMs === null) return;
    const waitMs = Math.min(SLEEP_MS_MAX, dueMs - this.#clock.monotonicMs());
    const timer = this.#clock.setTimeout(() => this.#wake(), waitMs);
    this.#sleep = { timer, untilMs: dueMs };
  }

  /** Fires what is due. What is armed meanwhile waits for its own turn, even when it is overdue. */
  #wake(): void {
    this.#sleep = null;
    const lastOrder = this.#deadlines.lastOrder;
    const nowMs = this.#clock.monotonicMs();
    try {
      for (;;) {
        const next = this.#deadlines.peek();
        if (next === null || next.dueMs > nowMs || next.order > lastOrder) break;
        this.#deadlines.take()?.();
      }
    } finally {
      this.#sleepUntilNext();
    }
  }
}
