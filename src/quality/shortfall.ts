/**
 * Implementation shortfall, with the residual bought (or sold) at the deadline, so that fill rate
 * and price cannot be traded against each other. Exact decimals: only figures per contract are
 * rounded, and only when they become text.
 */
import type { BookView } from '../book/book-view.ts';
import { invariant } from '../domain/errors.ts';
import { chargeFill, NO_ACCUMULATION } from '../domain/fees.ts';
import type { Action, Instrument } from '../domain/instrument.ts';
import { decimal, formatMoney, type Money, notional, times, ZERO } from '../domain/money.ts';
import { type Lots, minLots, subtractLots, sumLots, ticks } from '../domain/numbers.ts';
import type { Fill } from '../domain/order.ts';

export type CostedFill = Pick<Fill, 'price' | 'quantity' | 'fee'>;

/** Prices are those of the own contract. */
export interface ShortfallQuestion {
  readonly instrument: Instrument;
  readonly action: Action;
  /** What was ordered, filled or not. */
  readonly quantity: Lots;
  readonly fills: readonly CostedFill[];
  /**
   * Twice the mid when the signal was made; null takes the arrival's, and the delay costs nothing.
   */
  readonly decisionMidDoubled: number | null;
  /** Twice the mid when work began; null on a one-sided book. */
  readonly arrivalMidDoubled: number | null;
  /** The book at the deadline, own orders taken out; null where there is none to complete from. */
  readonly deadlineBook: BookView | null;
}

/** Dollars as plain decimals; positive is a cost, for buyers and sellers alike. */
export interface Shortfall {
  readonly delay: string;
  readonly execution: string;
  /** What the residual cost beyond the arrival mid, its taker fees included. */
  readonly opportunity: string;
  /** Fees of the fills. */
  readonly fees: string;
  /** The sum of the four. */
  readonly total: string;
  /**
   * The primary figure: cents per ordered contract, fees and residual included, the delay left out.
   */
  readonly allInCents: string;
  /** Average fill price against the arrival mid, without fees; null when nothing filled. */
  readonly slippage: Slippage | null;
  /** Lots of the residual that the book at the deadline could not complete. */
  readonly beyondBook: Lots;
}

export interface Slippage {
  readonly cents: string;
  readonly ticks: string;
  readonly percent: string;
}

/** Places of a figure per contract: a millionth of a cent is far below any fee. */
const FIGURE_PLACES = 6;

const NO_TICKS = ticks(0);

const figure = (value: Money): string => formatMoney(value.toDecimalPlaces(FIGURE_PLACES));

/** Null without an arrival mid, and where nothing bounds the price of a residual. */
export function shortfall(question: ShortfallQuestion): Shortfall | null {
  const { instrument, quantity, fills, arrivalMidDoubled } = question;
  if (arrivalMidDoubled === null) return null;
  const filled = sumLots(fills.map((fill) => fill.quantity));
  invariant(quantity > 0 && filled <= quantity, 'no more filled than was ordered', filled);
  const completed = completion(question, subtractLots(quantity, filled));
  if (completed === null) return null;
  const arrivalMid = midOf(instrument, arrivalMidDoubled);
  const { delay, execution, opportunity, fees, total } = partsOf(
    question,
    completed,
    arrivalMid,
    filled,
  );
  const contracts = times(instrument.lotSize, quantity);
  return {
    delay: formatMoney(delay),
    execution: formatMoney(execution),
    opportunity: formatMoney(opportunity),
    fees: formatMoney(fees),
    total: formatMoney(total),
    allInCents: figure(total.minus(delay).times(100).div(contracts)),
    slippage: slippageOf(instrument, execution, times(instrument.lotSize, filled), arrivalMid),
    beyondBook: completed.beyondBook,
  };
}

type Parts = Readonly<Record<'delay' | 'execution' | 'opportunity' | 'fees' | 'total', Money>>;

function partsOf(
  question: ShortfallQuestion,
  completed: Completion,
  arrivalMid: Money,
  filled: Lots,
): Parts {
  const { instrument, action, quantity, fills, decisionMidDoubled } = question;
  const sign = action === 'buy' ? 1 : -1;
  const worth = (mid: Money, count: Lots): Money => mid.times(times(instrument.lotSize, count));
  const decisionMid =
    decisionMidDoubled === null ? arrivalMid : midOf(instrument, decisionMidDoubled);
  const paid = fills.reduce((sum, fill) => sum.plus(valueOf(instrument, fill)), ZERO);
  const fees = fills.reduce((sum, { fee }) => sum.plus(decimal(fee, 'fee')), ZERO);
  const atArrival = worth(arrivalMid, quantity);
  const delay = atArrival.minus(worth(decisionMid, quantity)).times(sign);
  const execution = paid.minus(worth(arrivalMid, filled)).times(sign);
  const residualAtArrival = worth(arrivalMid, subtractLots(quantity, filled));
  const opportunity = completed.value.minus(residualAtArrival).times(sign).plus(completed.fees);
  // Counted a second time, from the decision on: all cash against the value of the whole order
  // then.
  const cash = paid.plus(completed.value);
  const total = cash
    .minus(worth(decisionMid, quantity))
    .times(sign)
    .plus(completed.fees)
    .plus(fees);
  const parts = delay.plus(execution).plus(opportunity).plus(fees);
  invariant(parts.equals(total), 'delay + execution + opportunity + fees = shortfall', parts);
  return { delay, execution, opportunity, fees, total };
}

const midOf = ({ priceUnit }: Instrument, doubled: number): Money =>
  times(priceUnit, doubled).div(2);

const valueOf = ({ priceUnit, lotSize }: Instrument, { price, quantity }: CostedFill): Money =>
  notional(price, priceUnit, quantity, lotSize);

function slippageOf(
  { priceUnit }: Instrument,
  execution: Money,
  contracts: Money,
  arrivalMid: Money,
): Slippage | null {
  if (contracts.isZero()) return null;
  const perContract = execution.div(contracts);
  return {
    cents: figure(perContract.times(100)),
    ticks: figure(perContract.div(priceUnit)),
    percent: figure(perContract.times(100).div(arrivalMid)),
  };
}

interface Completion {
  /** Price times quantity, in dollars. */
  readonly value: Money;
  readonly fees: Money;
  readonly beyondBook: Lots;
}

/** Sweeps the residual as one order; what the book lacks is charged at the worst price there is. */
function completion(question: ShortfallQuestion, residual: Lots): Completion | null {
  const { instrument, action, deadlineBook } = question;
  const { payout, priceUnit, lotSize } = instrument;
  const side = action === 'buy' ? 'ask' : 'bid';
  let left = residual;
  let value = ZERO;
  let fees = ZERO;
  let accumulator = NO_ACCUMULATION;
  for (const { price, size } of deadlineBook?.ladder(side, Number.MAX_SAFE_INTEGER) ?? []) {
    if (left === 0) break;
    const take = minLots(left, size);
    const dollars = times(priceUnit, price);
    const quantity = times(lotSize, take);
    const fill = { action, price: dollars, quantity, liquidity: 'taker' } as const;
    const charge = chargeFill(instrument.fees, fill, accumulator);
    accumulator = charge.accumulator;
    value = value.plus(dollars.times(quantity));
    fees = fees.plus(charge.netFee);
    left = subtractLots(left, take);
  }
  if (left > 0 && payout === null) return null;
  // A buyer pays the whole payout for the rest, a seller gives it away.
  const worst = action === 'buy' ? (payout ?? NO_TICKS) : NO_TICKS;
  return { value: value.plus(notional(worst, priceUnit, left, lotSize)), fees, beyondBook: left };
}
