/** What the depth walker is told and what it remembers from one decision to the next. */
import { InputError } from '../domain/errors.ts';
import { TIME_LIMIT_MS_MAX } from '../domain/limits.ts';
import type { ExecutionView, OwnOrder } from './algorithm.ts';
import type { LiquidityCategory } from './liquidity.ts';
import { oneOf, positive, readParameters, shares, statistic, whole } from './parameters.ts';

const readers = {
  /** An order keeps its price at least this long; momentum is measured over it. */
  walkIntervalMs: whole(4_000, 100, 3_600_000),
  maxWalks: whole(10, 0, 1_000),
  /** Shares of the first, second and third level, in ten-thousandths. */
  splitRatios: shares([6_000, 4_000], 1, 3),
  momentumThreshold: statistic(0.1, 0, 1_000),
  highMomentum: statistic(0.2, 0, 1_000),
  /** Dollars of a step; at least one tick is walked. */
  baseIncrement: positive('0.005'),
  aggressiveIncrement: positive('0.010'),
  /** Contracts executable at arrival below which one order is placed instead of a split. */
  minVolume: statistic(50, 0, 1_000_000_000),
  lookbackMs: whole(120_000, 200, 300_000),
  /** Contracts of the smallest part worth an order of its own. */
  minSplit: positive('1'),
  /** What happens to the rest at the end: nothing, or one IOC within the cap. */
  residual: oneOf('leave', ['leave', 'cross']),
  /** How long before closing the IOC goes out: room for the cancels that free its quantity. */
  residualLeadMs: whole(2_000, 100, TIME_LIMIT_MS_MAX),
};

export type WalkerParameters = ReturnType<typeof readWalker>;

const readWalker = (given: Readonly<Record<string, unknown>>) =>
  readParameters('dynamic_depth_walker', readers, given);

/** Throws an `InputError` for an unknown name, a bad value, or values that do not fit together. */
export function walkerParameters(given: Readonly<Record<string, unknown>>): WalkerParameters {
  const read = readWalker(given);
  if (read.lookbackMs < 2 * read.walkIntervalMs)
    throw new InputError(
      'lookbackMs must hold at least two walk intervals',
      read.lookbackMs,
      `with walkIntervalMs ${read.walkIntervalMs} give ${2 * read.walkIntervalMs} or more`,
    );
  if (read.highMomentum < read.momentumThreshold)
    throw new InputError(
      'highMomentum must not lie below momentumThreshold',
      read.highMomentum,
      `give ${read.momentumThreshold} or more`,
    );
  return read;
}

/** Since when an order has stood without a fill or a walk, and what had filled by then. */
export type Hold = { readonly sinceMs: number; readonly filled: number };

export type WalkerState = {
  /** Frozen at arrival. */
  readonly category: LiquidityCategory;
  /** Executable near the touch at arrival, in lots. */
  readonly depth: number;
  readonly placedAtMs: number;
  readonly nextCheckAtMs: number;
  readonly residual: 'resting' | 'clearing' | 'sent';
  readonly holds: { readonly [splitOrderId: string]: Hold };
};

export type WalkerView = ExecutionView<WalkerParameters, WalkerState>;
type Holds = WalkerState['holds'];

/** An order that neither filled nor walked yet needs no entry. */
export const holdOf = (holds: Holds, order: OwnOrder): Hold =>
  holds[order.splitOrderId] ?? { sinceMs: order.placedAtMs, filled: 0 };

/** Restarts the hold of what filled and forgets what is gone; the same value where neither. */
export function refreshedHolds(holds: Holds, orders: readonly OwnOrder[], nowMs: number): Holds {
  const entries = orders.map((order): readonly [string, Hold | undefined] => {
    const filled = holdOf(holds, order).filled !== order.filled;
    const hold = filled ? { sinceMs: nowMs, filled: order.filled } : holds[order.splitOrderId];
    return [order.splitOrderId, hold];
  });
  const kept = entries.filter((entry): entry is readonly [string, Hold] => entry[1] !== undefined);
  const unchanged =
    kept.length === Object.keys(holds).length && kept.every(([id, hold]) => holds[id] === hold);
  return unchanged ? holds : Object.fromEntries(kept);
}

/** When the rest is to be crossed; null where it is left. */
export const crossAtMs = ({ parameters, closeAtMs }: WalkerView): number | null =>
  parameters.residual === 'cross' ? closeAtMs - parameters.residualLeadMs : null;

/** Calls that may be spent: each resting order keeps its cancel paid for, and the IOC its own. */
export const spareCalls = ({ callsLeft, orders, parameters }: WalkerView): number =>
  callsLeft - orders.length - (parameters.residual === 'cross' ? 1 : 0);
