/**
 * What happens when at the exchange and on the wires to it, on one timer of the clock. Each action
 * learns the time it was due: a late timer of a live clock never changes what happened at the
 * exchange.
 */

import type { Clock, TimerId } from '../../domain/ports.ts';
import { DueQueue } from '../../env/due-queue.ts';

export class Agenda {
  readonly #clock: Clock;
  /**
   * The exchange's clock is not the client's: a step of the client's wall clock does not move it.
   */
  readonly #wallAtZeroMs: number;
  readonly #actions = new DueQueue<number>();
  #armed: { readonly timer: TimerId; readonly dueMs: number } | null = null;
  #runningAtMs: number | null = null;
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#wallAtZeroMs = clock.wallMs() - clock.monotonicMs();
  }

  /** Exchange time in whole milliseconds; within an action, the time it was due. */
  nowMs(): number {
    return this.#runningAtMs ?? Math.floor(this.#wallAtZeroMs + this.#clock.monotonicMs());
  }

  /** Actions of the same millisecond run in the order they were put down. */
  at(dueMs: number, action: (nowMs: number) => void): void {
    this.#count += 1;
    const atMs = Math.max(dueMs, this.nowMs());
    this.#actions.set(this.#count, atMs, () => {
      this.#runningAtMs = atMs;
      action(atMs);
    });
    if (this.#runningAtMs === null) this.#arm();
  }

  stop(): void {
    this.#actions.clear();
    this.#arm();
  }

  #arm(): void {
    const dueMs = this.#actions.peek()?.dueMs ?? null;
    if (this.#armed?.dueMs === dueMs) return;
    if (this.#armed !== null) this.#clock.clearTimeout(this.#armed.timer);
    this.#armed = null;
    if (dueMs === null) return;
    const timer = this.#clock.setTimeout(() => this.#run(), Math.max(0, dueMs - this.nowMs()));
    this.#armed = { timer, dueMs };
  }

  #run(): void {
    this.#armed = null;
    const untilMs = this.nowMs();
    try {
      for (;;) {
        const next = this.#actions.peek();
        if (next === null || next.dueMs > untilMs) break;
        this.#actions.take()?.();
      }
    } finally {
      this.#runningAtMs = null;
      this.#arm();
    }
  }
}
