/**
 * The highest price payable, or the lowest acceptable when selling: found once, at arrival, and
 * then fixed for the execution's life. It never lies off the grid, and never leaves less than the
 * edge.
 */
import { feePerContract } from '../domain/fees.ts';
import { ceilToGrid, floorToGrid, tickAbove, tickBelow } from '../domain/grid.ts';
import { type Action, formatPrice, type Instrument, type TickRange } from '../domain/instrument.ts';
import { formatMoney, type Money, times, ZERO } from '../domain/money.ts';
import type { Ticks } from '../domain/numbers.ts';
import { type Refusal, refused } from './refusal.ts';

export interface CapQuestion {
  readonly action: Action;
  readonly instrument: Instrument;
  /** The grid of the own contract; every price here is one of the own contract. */
  readonly ranges: readonly TickRange[];
  readonly limit: Ticks;
  /** Dollars a contract is worth to the strategy; null where it does not say. */
  readonly fairValue: Money | null;
  /** Dollars a contract that must be left after price and taker fee. */
  readonly minimumEdge: Money;
  /** The price that a taker would have got at arrival; null on a book without that side. */
  readonly arrivalPrice: Ticks | null;
  /**
   * Grid steps beyond the arrival price; null for no such bound. Binds nothing without that price.
   */
  readonly maxSlippageTicks: number | null;
}

export type CapRule = 'limit price' | 'fair value' | 'arrival slippage';

export type CapAnswer =
  | { readonly kind: 'cap'; readonly price: Ticks; readonly boundBy: CapRule }
  | Refusal;

/** The strictest of the limit, the fair value less fee and edge, and the arrival's slippage. */
export function arrivalCap(question: CapQuestion): CapAnswer {
  const { action, instrument, fairValue, minimumEdge } = question;
  const limit = onGrid(question, question.limit);
  if (limit === null) {
    const wanted = formatPrice(instrument, question.limit);
    return refused('a tradable price lies within the limit', wanted, 'no such price');
  }
  const edge = fairValue === null ? limit : edgeBound(question, fairValue, limit);
  if (edge === null)
    return refused(
      `a tradable price leaves an edge of ${formatMoney(minimumEdge)} after the taker fee`,
      `fair value ${formatMoney(fairValue ?? ZERO)}`,
      'no such price',
    );
  const rules: readonly (readonly [CapRule, Ticks])[] = [
    ['limit price', limit],
    ['arrival slippage', slippageBound(question) ?? limit],
    ['fair value', edge],
  ];
  const [boundBy, price] = rules.reduce((strictest, rule) =>
    isStricter(action, rule[1], strictest[1]) ? rule : strictest,
  );
  return { kind: 'cap', price, boundBy };
}

const isStricter = (action: Action, left: number, right: number): boolean =>
  action === 'buy' ? left < right : left > right;

const onGrid = ({ action, ranges }: CapQuestion, price: number): Ticks | null =>
  action === 'buy' ? floorToGrid(ranges, price) : ceilToGrid(ranges, price);

function slippageBound(question: CapQuestion): Ticks | null {
  const { action, ranges, arrivalPrice, maxSlippageTicks } = question;
  if (arrivalPrice === null || maxSlippageTicks === null) return null;
  const next = action === 'buy' ? tickAbove : tickBelow;
  let price = arrivalPrice;
  for (let step = 0; step < maxSlippageTicks; step += 1) {
    const further = next(ranges, price);
    if (further === null) break;
    price = further;
  }
  return onGrid(question, price);
}

/**
 * The boldest grid price that leaves the edge, searched from the boldest that would without a fee:
 * each step asks for the fee at that very price, and there are at most as many as the fee has
 * ticks.
 */
function edgeBound(question: CapQuestion, fairValue: Money, limit: Ticks): Ticks | null {
  const { action, instrument, ranges, minimumEdge } = question;
  const sign = action === 'buy' ? 1 : -1;
  const free = fairValue.minus(minimumEdge.times(sign)).div(instrument.priceUnit);
  const whole = (action === 'buy' ? free.floor() : free.ceil()).toNumber();
  const retreat = action === 'buy' ? tickBelow : tickAbove;
  let price = onGrid(question, isStricter(action, whole, limit) ? whole : limit);
  while (price !== null && edgeAt(question, fairValue, price).lessThan(minimumEdge))
    price = retreat(ranges, price);
  return price;
}

/** Dollars a contract that are left after the price and the taker's fee at it. */
function edgeAt({ action, instrument }: CapQuestion, fairValue: Money, price: Ticks): Money {
  const value = times(instrument.priceUnit, price);
  const gross = action === 'buy' ? fairValue.minus(value) : value.minus(fairValue);
  return gross.minus(feePerContract(instrument, price, 'taker'));
}
