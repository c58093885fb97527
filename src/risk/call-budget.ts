/**
 * How many calls to the venue may still be made: an exact sliding window, kept as a plain value
 * that each call replaces. Any stretch of `windowMs` holds at most `calls` of them; it never reads
 * a clock.
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

export type CallKind = 'order' | 'cancel';

export interface CallBudget {
  readonly limits: CallLimits;
  /** Times of the calls that still count, ascending; at most `limits.calls`. */
  readonly madeAtMs: readonly number[];
}

export function callBudget(limits: CallLimits = DEFAULT_CALL_LIMITS): CallBudget {
  const { windowMs, calls, cancelReserve } = limits;
  invariant(
    windowMs > 0 && calls > 0,
    'a call window has a length and room',
    `${calls}/${windowMs}`,
  );
  invariant(cancelReserve >= 0 && cancelReserve < calls, 'the reserve leaves room', cancelReserve);
  return { limits, madeAtMs: [] };
}

/**
 * Times are whole milliseconds: two that differ by exactly the window may lie a little closer than
 * it, so that a call counts until the window is past it by one more.
 */
const counting = ({ limits, madeAtMs }: CallBudget, nowMs: number): readonly number[] =>
  madeAtMs.filter((atMs) => nowMs - atMs <= limits.windowMs);

const allowance = ({ calls, cancelReserve }: CallLimits, kind: CallKind): number =>
  kind === 'cancel' ? calls : calls - cancelReserve;

/** Calls of a kind that may be made at this moment. */
export const callsLeft = (budget: CallBudget, nowMs: number, kind: CallKind): number =>
  Math.max(0, allowance(budget.limits, kind) - counting(budget, nowMs).length);

/** The budget after one call, or null when there is no room: then nothing may be sent. */
export function spendCall(budget: CallBudget, nowMs: number, kind: CallKind): CallBudget | null {
  if (callsLeft(budget, nowMs, kind) === 0) return null;
  const made = counting(budget, nowMs);
  // A clock that stepped back must not make a call look older than the one before it.
  const atMs = Math.max(nowMs, made.at(-1) ?? nowMs);
  return { limits: budget.limits, madeAtMs: [...made, atMs] };
}

/** When a call of a kind has room again; `nowMs` where it has room already. */
export function nextCallAtMs(budget: CallBudget, nowMs: number, kind: CallKind): number {
  const made = counting(budget, nowMs);
  const excess = made.length - allowance(budget.limits, kind);
  const blocking = excess < 0 ? undefined : made[excess];
  return blocking === undefined ? nowMs : blocking + budget.limits.windowMs + 1;
}
