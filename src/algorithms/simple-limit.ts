/**
 * `simple_limit`: one limit order, left alone until it fills or its time is up. The yardstick of
 * every other algorithm; it never adjusts a price and never places a second order.
 */
import { TIME_LIMIT_MS_MAX } from '../domain/limits.ts';
import type { Ticks } from '../domain/numbers.ts';
import type { AlgorithmDefinition, Decision, Directive, ExecutionView } from './algorithm.ts';
import { type Direction, directionOf, passiveBound } from './direction.ts';
import { oneOf, readParameters, whole } from './parameters.ts';
import { releasable } from './resting-levels.ts';

const readers = {
  /** `limit` is the cap itself, `join` the best own-side price, `touch` crosses within the cap. */
  price: oneOf('limit', ['limit', 'join', 'mid', 'touch']),
  timeoutMs: whole(30_000, 1, TIME_LIMIT_MS_MAX),
};

const readSimpleLimit = (given: Readonly<Record<string, unknown>>) =>
  readParameters('simple_limit', readers, given);

export type SimpleLimitParameters = ReturnType<typeof readSimpleLimit>;

/** Whether the one order has been asked for. */
export type SimpleLimitState = { readonly placed: boolean };

type View = ExecutionView<SimpleLimitParameters, SimpleLimitState>;
type Choice = SimpleLimitParameters['price'];

type SimpleLimitDecision = Decision<SimpleLimitState>;

/** Only these two rest by intention, so only they ask the venue to refuse a crossing. */
const isPassive = (choice: Choice): boolean => choice === 'join' || choice === 'mid';

function wantedPrice(
  choice: Choice,
  direction: Direction,
  { cap, market: { book } }: View,
): Ticks | null {
  const limit = direction.rounded(cap);
  if (limit === null || choice === 'limit') return limit;
  if (choice === 'touch') return direction.shyest(limit, direction.otherTouch(book)?.price ?? null);
  const bound = passiveBound(direction, book, cap);
  const own = direction.ownTouch(book)?.price ?? null;
  // Without an own side there is nothing to join and no mid: the boldest passive price is left.
  if (bound === null || own === null) return bound;
  const mid =
    choice === 'mid' && book.midDoubled !== null ? direction.rounded(book.midDoubled / 2) : null;
  return direction.shyest(bound, mid ?? own);
}

function place(view: View): SimpleLimitDecision {
  const { market, parameters, unreleased } = view;
  const quantity = releasable(market.instrument, unreleased);
  if (!market.fresh || view.callsLeft < 1 || quantity === 0) return hold(view);
  const direction = directionOf(view.action, market.ranges);
  const price = wantedPrice(parameters.price, direction, view);
  if (price === null) return finish(view, `no ${parameters.price} price lies within the cap`);
  const order: Directive = {
    kind: 'place',
    price,
    quantity,
    timeInForce: 'gtc',
    postOnly: isPassive(parameters.price),
    reason: `one order at the ${parameters.price} price`,
  };
  return { directives: [order], state: { placed: true } };
}

const hold = ({ state }: View): SimpleLimitDecision => ({ directives: [], state });

const finish = ({ state }: View, reason: string): SimpleLimitDecision => ({
  directives: [{ kind: 'finish', reason }],
  state,
});

const endsAtMs = ({ startedAtMs, parameters, closeAtMs }: View): number =>
  Math.min(startedAtMs + parameters.timeoutMs, closeAtMs);

export const simpleLimit: AlgorithmDefinition<SimpleLimitParameters, SimpleLimitState> = {
  name: 'simple_limit',
  version: 1,
  wakesOn: { touch: false, trade: false },
  parameters: readSimpleLimit,
  plan(view) {
    const { directives, state } = place(view);
    const wait: Directive = { kind: 'waitUntil', timeMs: endsAtMs(view), reason: 'time-out' };
    return { directives: [...directives, wait], state };
  },
  decide(view) {
    if (view.nowMs >= endsAtMs(view)) return finish(view, 'its time is up');
    if (view.state === null) return place(view);
    if (view.orders.length > 0 || view.unreleased === 0) return hold(view);
    return finish(view, 'the one order has ended');
  },
};
