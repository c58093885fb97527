/** New orders of the depth walker: passive, paid for with their cancels, never past unreleased. */
import { times } from '../domain/money.ts';
import { type Lots, lots, type Ticks } from '../domain/numbers.ts';
import type { Directive } from './algorithm.ts';
import type { Direction } from './direction.ts';
import { releasable, restingPrices, splitQuantity } from './resting-levels.ts';
import { spareCalls, type WalkerState, type WalkerView } from './walker-state.ts';

export type Place = Extract<Directive, { readonly kind: 'place' }>;

/** An order and its cancel. */
export const CALLS_PER_ORDER = 2;

/** Quantity that comes back goes out again; a venue that refuses it is not asked all the time. */
export const REPLACE_INTERVAL_MS = 1_000;

/** The split at the best own-side prices; null where the book has no place for an order. */
export function opening(
  direction: Direction,
  view: WalkerView,
  depth: number,
): readonly Place[] | null {
  const { market, parameters, cap, unreleased } = view;
  const quantity = releasable(market.instrument, unreleased);
  const affordable = Math.floor(spareCalls(view) / CALLS_PER_ORDER);
  if (affordable < 1 || quantity === 0) return [];
  const isThin = times(market.instrument.lotSize, depth).lessThan(parameters.minVolume);
  const count = isThin ? 1 : Math.min(affordable, parameters.splitRatios.length);
  const prices = restingPrices(direction, market, cap, count);
  if (prices.length === 0) return null;
  const weights = parameters.splitRatios.slice(0, prices.length);
  const parts = splitQuantity(market.instrument, quantity, weights, parameters.minSplit);
  return prices
    .slice(0, parts.length)
    .map((price, index) =>
      place(price, parts[index] ?? lots(0), `level ${index + 1} of ${parts.length}`),
    );
}

/** What came back from ended orders: split again if none is left, else one order beside them. */
export function replacement(
  direction: Direction,
  view: WalkerView,
  state: WalkerState,
): readonly Place[] {
  const { market, cap, orders, parameters } = view;
  if (view.nowMs < state.placedAtMs + REPLACE_INTERVAL_MS) return [];
  if (orders.length === 0) return opening(direction, view, state.depth) ?? [];
  const quantity = releasable(market.instrument, view.unreleased);
  if (quantity === 0 || spareCalls(view) < CALLS_PER_ORDER) return [];
  const prices = restingPrices(direction, market, cap, parameters.splitRatios.length);
  const free = prices.find((price) => orders.every((order) => order.price !== price));
  const price = free ?? prices[0];
  return price === undefined ? [] : [place(price, quantity, 'the rest of an ended order')];
}

const place = (price: Ticks, quantity: Lots, reason: string): Place => ({
  kind: 'place',
  price,
  quantity,
  timeInForce: 'gtc',
  postOnly: true,
  reason,
});
