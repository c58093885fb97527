/**
 * How many calls to the venue may still be made: an exact sliding window. Any stretch of
 * `windowMs` holds at most `calls` of them; it never reads a clock.
 */
import { invariant } from '../domain/errors.ts';
import { CALLS_PER_MINUTE } from '../domain/limits.ts';

export interface CallLimits {
  readonly windowMs: number;
  readonly calls: number;
  /** The last calls of a window, kept for cancels: an order that rests can always be taken back. */
  readonly cancelReserve: number;
}

/** The reserve is what reference figures give a cancel lane: a tenth of the minute's calls. */
export const DEFAULT_CALL_LIMITS: CallLimits = {
  windowMs: 60_000,
  calls: CALLS_PER_MINUTE,
  cancelReserve: 10,
};

/** Cancels have the whole window, orders what the reserve leaves of it. */
export type CallKind = 'order' | 'cancel';

/**
 * Questions have a window of their own, half as wide, as venues count them: they keep nothing from
 * being sent, and a busy engine still asks.
 */
export const readLimits = ({ windowMs, calls }: CallLimits): CallLimits => ({
  windowMs,
  calls: Math.ceil(calls / 2),
  cancelReserve: 0,
});

export class CallBudget {
  readonly limits: CallLimits;
  /** Times of calls, ascending; those before `#first` have left the window. */
  readonly #madeAtMs: number[] = [];
  #first = 0;

  constructor(limits: CallLimits = DEFAULT_CALL_LIMITS) {
    const { windowMs, calls, cancelReserve: reserve } = limits;
    const size = `${calls}/${windowMs}`;
    invariant(windowMs > 0 && calls > 0, 'a call window has a length and room', size);
    invariant(reserve >= 0 && reserve < calls, 'the reserve leaves room', reserve);
    this.limits = limits;
  }

  /** Calls of a kind that may be made at this moment. */
  left(nowMs: number, kind: CallKind): number {
    const counting = this.#madeAtMs.length - this.#firstCounting(nowMs);
    return Math.max(0, this.#allowance(kind) - counting);
  }

  /** Notes one call; false when there is no room: then nothing may be sent. */
  spend(nowMs: number, kind: CallKind): boolean {
    if (this.left(nowMs, kind) === 0) return false;
    this.#first = this.#firstCounting(nowMs);
    if (this.#first > this.#madeAtMs.length / 2) {
      this.#madeAtMs.splice(0, this.#first);
      this.#first = 0;
    }
    // A clock that stepped back must not make a call look older than the one before it.
    this.#madeAtMs.push(Math.max(nowMs, this.#madeAtMs.at(-1) ?? nowMs));
    return true;
  }

  /** When a call of a kind has room again; `nowMs` where it has room already. */
  nextAtMs(nowMs: number, kind: CallKind): number {
    const first = this.#firstCounting(nowMs);
    const excess = this.#madeAtMs.length - first - this.#allowance(kind);
    const blocking = excess < 0 ? undefined : this.#madeAtMs[first + excess];
    return blocking === undefined ? nowMs : blocking + this.limits.windowMs + 1;
  }

  #allowance(kind: CallKind): number {
    const { calls, cancelReserve } = this.limits;
    return kind === 'cancel' ? calls : calls - cancelReserve;
  }

  /**
   * Times are whole milliseconds: two that differ by exactly the window may lie a little closer
   * than it, so that a call counts until the window is past it by one more.
   */
  #firstCounting(nowMs: number): number {
    let low = this.#first;
    let high = this.#madeAtMs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (nowMs - (this.#madeAtMs[middle] ?? 0) > this.limits.windowMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
