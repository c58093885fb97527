/**
 * `dynamic_depth_walker`: rests a split of the quantity at the best own-side prices and steps an
 * unfilled part towards the market while momentum runs against it. It never crosses but with one
 * last IOC, if asked.
 */
import type { AlgorithmDefinition, Decision, Directive } from './algorithm.ts';
import { directionOf } from './direction.ts';
import { arrivalLiquidity } from './liquidity.ts';
import { releasable } from './resting-levels.ts';
import { dueAtMs, mayWalk, type Walk, walks } from './walk.ts';
import { CALLS_PER_ORDER, opening, REPLACE_INTERVAL_MS, replacement } from './walker-placing.ts';
import { cross, isCrossingTime } from './walker-residual.ts';
import {
  crossAtMs,
  refreshedHolds,
  spareCalls,
  type WalkerParameters,
  type WalkerState,
  type WalkerView,
  walkerParameters,
} from './walker-state.ts';

type WalkerDecision = Decision<WalkerState>;

const hold = (state: WalkerState | null): WalkerDecision => ({ directives: [], state });

function plan(view: WalkerView): WalkerDecision {
  const { market, action, cap, nowMs } = view;
  if (!market.fresh || nowMs >= view.closeAtMs) return hold(null);
  const { depth, category } = arrivalLiquidity(market.instrument, market.book, action, cap);
  const state: WalkerState = {
    category,
    depth,
    placedAtMs: nowMs,
    nextCheckAtMs: 0,
    residual: 'resting',
    holds: {},
  };
  if (isCrossingTime(view)) return cross(view, state);
  const places = opening(directionOf(action, market.ranges), view, depth);
  if (places !== null) return withTimer(view, state, places);
  const reason = 'no price can rest in this book within the cap';
  return { directives: [{ kind: 'finish', reason }], state };
}

function decide(view: WalkerView): WalkerDecision {
  const { state, nowMs } = view;
  if (state === null) return plan(view);
  if (!view.market.fresh || nowMs >= view.closeAtMs) return hold(state);
  if (isCrossingTime(view) || state.residual !== 'resting') return cross(view, state);
  return work(view, state);
}

/** Quantity that came back goes out again, then the orders whose hold is over may step. */
function work(view: WalkerView, state: WalkerState): WalkerDecision {
  const { orders, nowMs } = view;
  const direction = directionOf(view.action, view.market.ranges);
  const refreshed = refreshedHolds(state.holds, orders, nowMs);
  const places = replacement(direction, view, state);
  const spare = spareCalls(view) - places.length * CALLS_PER_ORDER;
  const steps = walks(direction, view, refreshed, spare);
  const holds = steps.length === 0 ? refreshed : { ...refreshed, ...restarted(view, steps) };
  const placedAtMs = places.length === 0 ? state.placedAtMs : nowMs;
  const isSame = holds === state.holds && placedAtMs === state.placedAtMs;
  return withTimer(view, isSame ? state : { ...state, holds, placedAtMs }, [...places, ...steps]);
}

/** Who walks holds its new price for an interval, whatever becomes of the walk. */
function restarted({ orders, nowMs }: WalkerView, steps: readonly Walk[]): WalkerState['holds'] {
  const ids = new Set(steps.map(({ splitOrderId }) => splitOrderId));
  return Object.fromEntries(
    orders
      .filter(({ splitOrderId }) => ids.has(splitOrderId))
      .map(({ splitOrderId, filled }) => [splitOrderId, { sinceMs: nowMs, filled }]),
  );
}

/** Adds the next wake-up where it has changed. */
function withTimer(
  view: WalkerView,
  state: WalkerState,
  directives: readonly Directive[],
): WalkerDecision {
  const timeMs = nextCheckAtMs(view, state, directives);
  if (timeMs === state.nextCheckAtMs) return { directives, state };
  return {
    directives: [...directives, { kind: 'waitUntil', timeMs, reason: 'next check' }],
    state: { ...state, nextCheckAtMs: timeMs },
  };
}

/** The next moment at which something may be due; what is overdue is checked each interval. */
function nextCheckAtMs(
  view: WalkerView,
  state: WalkerState,
  directives: readonly Directive[],
): number {
  const { nowMs, orders, closeAtMs, parameters } = view;
  const isSet = state.nextCheckAtMs > nowMs;
  const periodicMs = isSet ? state.nextCheckAtMs : nowMs + parameters.walkIntervalMs;
  const dueTimes = orders
    .filter((order) => mayWalk(order, view))
    .map((order) => dueAtMs(order, state.holds, view));
  if (directives.some(({ kind }) => kind === 'place')) dueTimes.push(periodicMs);
  else if (releasable(view.market.instrument, view.unreleased) > 0)
    dueTimes.push(state.placedAtMs + REPLACE_INTERVAL_MS);
  const crossMs = crossAtMs(view);
  if (crossMs !== null && crossMs > nowMs) dueTimes.push(crossMs);
  return Math.min(closeAtMs, ...dueTimes.map((timeMs) => (timeMs > nowMs ? timeMs : periodicMs)));
}

/** Two placements, eight walks, one last order, two cancels: what one execution may spend. */
const LEASED_CALLS = 13;

/** More of them would spend the minute's calls before the last has walked once. */
const CONCURRENT_WALKERS_MAX = 5;

export const dynamicDepthWalker: AlgorithmDefinition<WalkerParameters, WalkerState> = {
  name: 'dynamic_depth_walker',
  version: 1,
  wakesOn: { touch: true, trade: true },
  needs: { calls: LEASED_CALLS, maxConcurrent: CONCURRENT_WALKERS_MAX },
  parameters: walkerParameters,
  plan,
  decide,
};
