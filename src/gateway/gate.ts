/**
 * The last look before the wire, in the same synchronous turn as the write. A refusal here means
 * that provably nothing was sent. Cancels pass whatever the state, but for the calls that even they
 * need.
 */
import type { Action, Instrument, TickRange } from '../domain/instrument.ts';
import type { Lots, Ticks } from '../domain/numbers.ts';
import type { RiskLimits } from '../risk/limits.ts';
import { evaluate, type Measured, type OpenExposure } from '../risk/pre-trade.ts';
import type { Refusal } from '../risk/refusal.ts';

export interface GateQuestion {
  readonly action: Action;
  readonly price: Ticks;
  readonly quantity: Lots;
}

export interface GateState {
  /** Why the engine is halted; null while it is not. */
  readonly haltReason: string | null;
  readonly bookFresh: boolean;
  readonly instrument: Instrument;
  readonly ranges: readonly TickRange[];
  readonly cap: Ticks;
  readonly limits: RiskLimits;
  readonly exposure: OpenExposure;
  /** The furthest price that a slip of a finger may reach; null where nothing can be measured. */
  readonly collar: Ticks | null;
  /** Why no order passes now, whatever its size; null where nothing speaks against it. */
  readonly objection: Refusal | null;
  readonly measured: Measured;
}

/** Why it may not be sent; null when it may. */
export function gateRefusal(question: GateQuestion, state: GateState): string | null {
  if (state.haltReason !== null) return `the engine is halted: ${state.haltReason}`;
  if (!state.bookFresh) return 'the book is not fresh';
  const { instrument, limits, exposure, ranges, cap, collar, objection, measured } = state;
  const bounds = { action: question.action, ranges, cap, collar };
  const context = { instrument, limits, exposure, bounds, objection, measured };
  const answer = evaluate(question, context);
  if (answer.kind === 'approved') return null;
  return `${answer.rule}: ${answer.value}, allowed ${answer.limit}`;
}
