/**
 * `market`: takes by IOC what is offered up to a slippage bound, and rests what is left at that
 * bound until more is offered or the time is up. It never pays beyond the bound, which the first
 * touch it sees has fixed.
 */
import { type Lots, type Ticks, ticks } from '../domain/numbers.ts';
import type { AlgorithmDefinition, Decision, Directive, ExecutionView } from './algorithm.ts';
import { type Direction, directionOf } from './direction.ts';
import { oneOf, optional, readParameters, whole } from './parameters.ts';
import { releasable } from './resting-levels.ts';

const readers = {
  /** Grid steps beyond the first touch; "none" where the cap alone is the bound. */
  maxSlippageTicks: optional(whole(0, 0, 1_000)),
  /** What becomes of the quantity that a sweep has left. */
  fallback: oneOf('limit', ['limit', 'finish']),
  /** The first one included. */
  maxSweeps: whole(5, 1, 20),
};

const readMarket = (given: Readonly<Record<string, unknown>>) =>
  readParameters('market', readers, given);

export type MarketParameters = ReturnType<typeof readMarket>;

export type MarketState = {
  /** Ticks. */
  readonly bound: number;
  readonly sweeps: number;
  /** What was last asked for, and when. */
  readonly last: 'nothing' | 'sweep' | 'rest' | 'clear';
  readonly atMs: number;
  /** Lots within the bound that the book showed when the rest was placed: not news to take. */
  readonly shown: number;
};

type View = ExecutionView<MarketParameters, MarketState>;
type MarketDecision = Decision<MarketState>;

/** A book needs a moment to show what was taken, and a venue that refuses is not asked at once. */
export const PAUSE_MS = 1_000;

/** A resting order and its cancel. */
const CALLS_TO_REST = 2;

function decide(view: View): MarketDecision {
  const { nowMs, closeAtMs, orders, parameters } = view;
  if (!view.market.fresh || nowMs >= closeAtMs) return hold(view.state);
  const direction = directionOf(view.action, view.market.ranges);
  const limit = direction.rounded(view.cap);
  if (limit === null) return finish(view.state, 'no price lies within the cap');
  const bound = view.state?.bound ?? boundOf(direction, view, limit);
  if (bound !== null) {
    const state = view.state ?? { bound, sweeps: 0, last: 'nothing', atMs: nowMs, shown: 0 };
    return orders.length > 0 ? watch(view, state) : act(view, state);
  }
  return parameters.fallback === 'limit' ? hold(null) : finish(null, 'nothing is offered');
}

/** Null where slippage has no touch to be measured from. */
function boundOf(direction: Direction, { parameters, market: { book } }: View, limit: Ticks) {
  const { maxSlippageTicks } = parameters;
  if (maxSlippageTicks === null) return limit;
  let reach = direction.otherTouch(book)?.price ?? null;
  for (let step = 0; step < maxSlippageTicks && reach !== null; step += 1)
    reach = direction.bolder(reach) ?? reach;
  return reach === null ? null : direction.rounded(direction.shyest(limit, reach));
}

/** What the book shows within the bound, as far as it could be wanted. */
const shownTo = ({ market: { book }, action, target }: View, { bound }: MarketState): Lots =>
  book.sweep(action, target, ticks(bound)).quantity;

/** Nothing of ours is in the market: takes what is there, or rests. */
function act(view: View, state: MarketState): MarketDecision {
  const { unreleased, parameters, callsLeft, nowMs } = view;
  const quantity = releasable(view.market.instrument, unreleased);
  if (unreleased === 0) return hold(state);
  if (quantity === 0) return finish(state, 'what is left is less than an order');
  if (state.last === 'rest' && nowMs < state.atMs + PAUSE_MS) return later(view, state);
  const shown = shownTo(view, state);
  const sweeps = state.last !== 'sweep' && state.sweeps < parameters.maxSweeps && shown > 0;
  if (!sweeps && parameters.fallback === 'finish')
    return finish(state, state.sweeps > 0 ? 'the sweep took what it could' : 'nothing is offered');
  if (callsLeft < (sweeps ? 1 : CALLS_TO_REST)) return later(view, state);
  const order = { kind: 'place', price: ticks(state.bound), quantity } as const;
  if (!sweeps) {
    const reason = 'rests at the bound';
    const rest: Directive = { ...order, timeInForce: 'gtc', postOnly: shown === 0, reason };
    return { directives: [rest], state: { ...state, last: 'rest', atMs: nowMs, shown } };
  }
  // The whole of it, since an IOC costs no more for what the book does not show.
  const reason = 'takes what is offered up to the bound';
  const sweep: Directive = { ...order, timeInForce: 'ioc', postOnly: false, reason };
  const count = state.sweeps + 1;
  return { directives: [sweep], state: { ...state, last: 'sweep', atMs: nowMs, sweeps: count } };
}

/** What is offered anew and did not meet the resting order is swept: first that is taken back. */
function watch(view: View, state: MarketState): MarketDecision {
  const { orders, callsLeft, nowMs, parameters } = view;
  const isSpent = state.last === 'sweep' || state.sweeps >= parameters.maxSweeps;
  if (isSpent || shownTo(view, state) <= state.shown) return hold(state);
  const resting = orders.filter(({ working, busy }) => working && !busy);
  const isTooEarly = nowMs < state.atMs + PAUSE_MS || callsLeft <= resting.length;
  if (isTooEarly || resting.length < orders.length) return later(view, state);
  const directives = resting.map(({ splitOrderId }): Directive => {
    return { kind: 'cancel', splitOrderId, reason: 'frees the rest for another sweep' };
  });
  return { directives, state: { ...state, last: 'clear', atMs: nowMs } };
}

const hold = (state: MarketState | null): MarketDecision => ({ directives: [], state });

const finish = (state: MarketState | null, reason: string): MarketDecision => ({
  directives: [{ kind: 'finish', reason }],
  state,
});

/** The next whole pause after what was last asked for: the same time however often it is asked. */
function later({ nowMs, closeAtMs }: View, state: MarketState): MarketDecision {
  const pauses = Math.floor((nowMs - state.atMs) / PAUSE_MS) + 1;
  const timeMs = Math.min(closeAtMs, state.atMs + pauses * PAUSE_MS);
  return { directives: [{ kind: 'waitUntil', timeMs, reason: 'looks again' }], state };
}

export const market: AlgorithmDefinition<MarketParameters, MarketState> = {
  name: 'market',
  version: 1,
  wakesOn: { touch: true, trade: false },
  parameters: readMarket,
  plan: decide,
  decide,
};
