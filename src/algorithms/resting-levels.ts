/**
 * Where passive orders go and how a quantity is shared among them. Every price rests within the cap
 * and short of the other side; the parts always add up to what was given.
 */
import type { Instrument } from '../domain/instrument.ts';
import { LADDER_LEVELS } from '../domain/limits.ts';
import { decimal, lotsOf, times } from '../domain/money.ts';
import { type Lots, lots, type Ticks } from '../domain/numbers.ts';
import type { MarketView } from './algorithm.ts';
import { type Direction, passiveBound } from './direction.ts';
import { largestRemainder } from './largest-remainder.ts';

/**
 * The `count` boldest prices to rest at, boldest first: one tick before the best of the own side
 * where the spread has room, else beside it; then the next own-side levels. Fewer where the grid
 * ends; none on an empty book, or where even the shyest price would cross.
 */
export function restingPrices(
  direction: Direction,
  { book }: MarketView,
  cap: Ticks,
  count: number,
): readonly Ticks[] {
  const bound = passiveBound(direction, book, cap);
  const own = direction.ownTouch(book);
  const other = direction.otherTouch(book);
  if (bound === null || (own === null && other === null)) return [];
  // Without the other side the spread is unknown, and outbidding the queue gains nothing.
  const wanted = own === null || other === null ? own?.price : direction.bolder(own.price);
  const prices = [direction.shyest(bound, wanted ?? null)];
  for (const level of book.ladder(direction.rests, LADDER_LEVELS))
    addShyer(direction, prices, level.price);
  while (prices.length < count && addShyer(direction, prices, stepBack(direction, prices)));
  return prices.slice(0, count);
}

const stepBack = (direction: Direction, prices: readonly Ticks[]): Ticks | null => {
  const last = prices.at(-1);
  return last === undefined ? null : direction.shyer(last);
};

function addShyer(direction: Direction, prices: Ticks[], candidate: Ticks | null): boolean {
  const last = prices.at(-1);
  const price = candidate === null ? null : direction.rounded(candidate);
  if (price === null || last === undefined || !direction.isBolder(last, price)) return false;
  prices.push(price);
  return true;
}

/** What of a quantity the venue takes in one order: whole steps, and nothing below its minimum. */
export function releasable({ quantityStep, minQuantity }: Instrument, quantity: Lots): Lots {
  const stepped = lots(Math.floor(quantity / quantityStep) * quantityStep);
  return stepped < minQuantity ? lots(0) : stepped;
}

/**
 * Shares a releasable quantity by weight, in whole contracts where it is a whole number of them. A
 * part under the venue's minimum, or under `minSplit` contracts, is folded into the first.
 */
export function splitQuantity(
  instrument: Instrument,
  quantity: Lots,
  weights: readonly number[],
  minSplit: string,
): readonly Lots[] {
  const step = instrument.quantityStep;
  const contract = lotsOf('1', instrument.lotSize);
  const inContracts = contract !== null && contract % step === 0 && quantity % contract === 0;
  const parts = largestRemainder(quantity, weights, inContracts ? contract : step);
  const isEnough = (part: number): boolean =>
    part >= instrument.minQuantity &&
    times(instrument.lotSize, part).greaterThanOrEqualTo(decimal(minSplit, 'minSplit'));
  const others = parts.slice(1).filter(isEnough);
  const first = quantity - others.reduce((sum, part) => sum + part, 0);
  return isEnough(first) ? [first, ...others].map(lots) : [quantity];
}
