/**
 * What a venue charges for a fill. All of it comes from the instrument's schedule; nothing here
 * knows a venue's name, and a fee that the venue itself reports always replaces one that is
 * reckoned here.
 */
import type { Action, Instrument } from './instrument.ts';
import { decimal, formatMoney, type Money, roundDown, roundUp, times, ZERO } from './money.ts';
import type { Lots, Ticks } from './numbers.ts';
import type { Liquidity } from './order.ts';

export interface QuadraticFees {
  readonly kind: 'quadratic';
  /** Dollars per contract are `rate * multiplier * price * (1 - price)`; plain decimals. */
  readonly takerRate: string;
  readonly makerRate: string;
  readonly multiplier: string;
  /** The trade fee is rounded up to a multiple of it. */
  readonly tradeFeeStep: string;
  /**
   * The balance is kept in multiples of it; what rounding takes is given back once more than a step
   * is owed.
   */
  readonly balanceStep: string;
}

export type FeeSchedule = { readonly kind: 'none' } | QuadraticFees;

/** A fill as its fee sees it: price in dollars a contract, quantity in contracts. */
export interface ChargeableFill {
  readonly action: Action;
  readonly price: Money;
  readonly quantity: Money;
  readonly liquidity: Liquidity;
}

/** Dollars. The cash that moves is `balanceChange + rebate`, which is revenue less `netFee`. */
export interface FillCharge {
  readonly tradeFee: Money;
  /** What the balance lost by being rounded down. */
  readonly rounding: Money;
  /** Earlier rounding given back. */
  readonly rebate: Money;
  /** Trade fee plus rounding less rebate: the fee of the fill. */
  readonly netFee: Money;
  /** Signed, before the rebate. */
  readonly balanceChange: Money;
  /** Rounding still owed to the order, a plain decimal: hand it to the order's next fill. */
  readonly accumulator: string;
}

/** Where the accumulator of each order starts. */
export const NO_ACCUMULATION = '0';

/** Dollars a contract before any rounding; symmetric in price, so YES and NO cost the same. */
function rateAt(schedule: FeeSchedule, price: Money, liquidity: Liquidity): Money {
  if (schedule.kind === 'none') return ZERO;
  const rate = liquidity === 'taker' ? schedule.takerRate : schedule.makerRate;
  return price
    .minus(price.times(price))
    .times(decimal(rate, 'fee rate'))
    .times(schedule.multiplier);
}

/** The fee of the trade alone, rounded up to the schedule's step. */
export function tradeFeeOf(schedule: FeeSchedule, fill: Omit<ChargeableFill, 'action'>): Money {
  if (schedule.kind === 'none') return ZERO;
  const exact = rateAt(schedule, fill.price, fill.liquidity).times(fill.quantity);
  return roundUp(exact, schedule.tradeFeeStep);
}

/**
 * Books `revenue - tradeFee` on a balance of whole steps; `accumulator` is what the order is owed
 * so far.
 */
export function settle(
  revenue: Money,
  tradeFee: Money,
  balanceStep: string,
  accumulator: string,
): FillCharge {
  const exact = revenue.minus(tradeFee);
  const balanceChange = roundDown(exact, balanceStep);
  const rounding = exact.minus(balanceChange);
  const owed = rounding.plus(decimal(accumulator, 'fee accumulator'));
  // Both parts are at most a step, so that one step is all that can be due.
  const rebate = owed.greaterThan(balanceStep) ? decimal(balanceStep, 'balance step') : ZERO;
  return {
    tradeFee,
    rounding,
    rebate,
    netFee: tradeFee.plus(rounding).minus(rebate),
    balanceChange,
    accumulator: formatMoney(owed.minus(rebate)),
  };
}

/** The charge of one fill, given what the order's earlier fills left in its accumulator. */
export function chargeFill(
  schedule: FeeSchedule,
  fill: ChargeableFill,
  accumulator: string,
): FillCharge {
  const value = fill.price.times(fill.quantity);
  const revenue = fill.action === 'buy' ? value.negated() : value;
  if (schedule.kind === 'quadratic')
    return settle(revenue, tradeFeeOf(schedule, fill), schedule.balanceStep, accumulator);
  return {
    tradeFee: ZERO,
    rounding: ZERO,
    rebate: ZERO,
    netFee: ZERO,
    balanceChange: revenue,
    accumulator,
  };
}

/** What buying at once would be charged, with the rounding of the balance: never too low. */
export function estimateTakerFee(instrument: Instrument, price: Ticks, quantity: Lots): Money {
  const fill: ChargeableFill = {
    action: 'buy',
    price: times(instrument.priceUnit, price),
    quantity: times(instrument.lotSize, quantity),
    liquidity: 'taker',
  };
  return chargeFill(instrument.fees, fill, NO_ACCUMULATION).netFee;
}

/**
 * Dollars one more contract costs in fees at a price, unrounded: for caps and comparisons before a
 * trade.
 */
export const feePerContract = (instrument: Instrument, price: Ticks, liquidity: Liquidity): Money =>
  rateAt(instrument.fees, times(instrument.priceUnit, price), liquidity);
