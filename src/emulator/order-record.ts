/**
 * An order as the venue tells of it: what never changes, and every state it was in, so that a read
 * can be answered as of an earlier time.
 */
import type { BookSide } from '../domain/market-data.ts';
import { type Money, times, ZERO } from '../domain/money.ts';
import { type Lots, NO_LOTS, type Ticks } from '../domain/numbers.ts';
import type { Liquidity, TimeInForce } from '../domain/order.ts';
import { amount, contracts, dollars, iso, LOT_SIZE, outcomeOf, PAYOUT, value } from './notation.ts';

export type OrderStatus = 'resting' | 'canceled' | 'executed';

/** The venue's words for why an order changed by itself; null where its owner changed it. */
export type UpdateReason =
  | 'Trade'
  | 'Amend'
  | 'Decrease'
  | 'SelfTradeCancel'
  | 'ExpiryCancel'
  | 'CloseCancel'
  | 'HaltCancel';

export type SelfTrade = 'taker_at_cross' | 'maker';

export interface OrderState {
  readonly atMs: number;
  readonly status: OrderStatus;
  readonly clientOrderId: string;
  /** Of YES. */
  readonly price: Ticks;
  readonly filled: Lots;
  readonly remaining: Lots;
  /** What was asked for; an amend changes it, a decrease does not. */
  readonly initial: Lots;
  readonly takerCost: Money;
  readonly makerCost: Money;
  readonly takerFees: Money;
  readonly makerFees: Money;
  readonly reason: UpdateReason | null;
}

export interface OrderTerms {
  readonly orderId: string;
  readonly userId: string;
  readonly ticker: string;
  readonly side: BookSide;
  readonly timeInForce: TimeInForce;
  readonly postOnly: boolean;
  readonly selfTrade: SelfTrade;
  readonly cancelOnPause: boolean;
  readonly groupId: string | null;
  readonly subaccount: number;
  readonly expiresAtMs: number | null;
  readonly createdMs: number;
}

export class OrderRecord {
  readonly terms: OrderTerms;
  readonly #states: OrderState[];

  constructor(terms: OrderTerms, price: Ticks, quantity: Lots, clientOrderId: string) {
    this.terms = terms;
    this.#states = [
      {
        atMs: terms.createdMs,
        status: 'resting',
        clientOrderId,
        price,
        filled: NO_LOTS,
        remaining: quantity,
        initial: quantity,
        takerCost: ZERO,
        makerCost: ZERO,
        takerFees: ZERO,
        makerFees: ZERO,
        reason: null,
      },
    ];
  }

  get now(): OrderState {
    return this.#states.at(-1) as OrderState;
  }

  /** null before it was there. */
  asOf(timeMs: number): OrderState | null {
    return this.#states.findLast(({ atMs }) => atMs <= timeMs) ?? null;
  }

  change(atMs: number, change: Partial<OrderState>): void {
    this.#states.push({ ...this.now, reason: null, ...change, atMs });
  }

  trade(atMs: number, trade: Trade): void {
    const { filled, remaining, takerCost, makerCost, takerFees, makerFees } = this.now;
    const { price, quantity, fee, liquidity } = trade;
    const cost = value(costPrice(this.terms.side, price), quantity);
    const isTaker = liquidity === 'taker';
    const left = (remaining - quantity) as Lots;
    this.change(atMs, {
      filled: (filled + quantity) as Lots,
      remaining: left,
      status: left === 0 ? 'executed' : 'resting',
      takerCost: isTaker ? takerCost.plus(cost) : takerCost,
      makerCost: isTaker ? makerCost : makerCost.plus(cost),
      takerFees: isTaker ? takerFees.plus(fee) : takerFees,
      makerFees: isTaker ? makerFees : makerFees.plus(fee),
      reason: 'Trade',
    });
  }
}

export interface Trade {
  /** Of YES. */
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly fee: Money;
  readonly liquidity: Liquidity;
}

/** What one contract of a side costs at a price of YES. */
export const costPrice = (side: BookSide, price: number): number =>
  side === 'bid' ? price : PAYOUT - price;

/** What tells of the direction, in the words of today and in those of before. */
export const directionOf = (side: BookSide) =>
  ({
    side: outcomeOf(side),
    action: 'buy',
    outcome_side: outcomeOf(side),
    book_side: side,
  }) as const;

const figuresOf = (state: OrderState) => ({
  status: state.status,
  yes_price_dollars: dollars(state.price),
  fill_count_fp: contracts(state.filled),
  remaining_count_fp: contracts(state.remaining),
  initial_count_fp: contracts(state.initial),
  taker_fill_cost_dollars: amount(state.takerCost),
  maker_fill_cost_dollars: amount(state.makerCost),
  taker_fees_dollars: amount(state.takerFees),
  maker_fees_dollars: amount(state.makerFees),
});

const isoOrNull = (timeMs: number | null): string | null => (timeMs === null ? null : iso(timeMs));

/** An order as REST lists it. */
export const orderResource = ({ terms }: OrderRecord, state: OrderState) => ({
  order_id: terms.orderId,
  user_id: terms.userId,
  client_order_id: state.clientOrderId,
  ticker: terms.ticker,
  ...directionOf(terms.side),
  type: 'limit',
  ...figuresOf(state),
  no_price_dollars: dollars(PAYOUT - state.price),
  expiration_time: isoOrNull(terms.expiresAtMs),
  created_time: iso(terms.createdMs),
  last_update_time: iso(state.atMs),
  self_trade_prevention_type: terms.selfTrade,
  order_group_id: terms.groupId,
  cancel_order_on_pause: terms.cancelOnPause,
  subaccount_number: terms.subaccount,
  exchange_index: 0,
});

/** The same as the private channel tells it: what is not there is left out. */
export const orderMessage = ({ terms, now }: OrderRecord) => ({
  order_id: terms.orderId,
  user_id: terms.userId,
  ticker: terms.ticker,
  exchange_index: 0,
  side: outcomeOf(terms.side),
  is_yes: terms.side === 'bid',
  outcome_side: outcomeOf(terms.side),
  book_side: terms.side,
  ...figuresOf(now),
  client_order_id: now.clientOrderId,
  ...(terms.groupId === null ? {} : { order_group_id: terms.groupId }),
  self_trade_prevention_type: terms.selfTrade,
  created_time: iso(terms.createdMs),
  created_ts_ms: terms.createdMs,
  last_updated_ts_ms: now.atMs,
  ...(terms.expiresAtMs === null
    ? {}
    : { expiration_time: iso(terms.expiresAtMs), expiration_ts_ms: terms.expiresAtMs }),
  ...(now.reason === null ? {} : { last_update_reason: now.reason }),
  subaccount_number: terms.subaccount,
});

/** The averages of what was filled between two states; of nothing there is none. */
export function averagesOf(side: BookSide, before: OrderState, after: OrderState): object {
  const filled = after.filled - before.filled;
  if (filled === 0) return {};
  const count = times(LOT_SIZE, filled);
  const cost = sum(after, 'Cost').minus(sum(before, 'Cost')).div(count);
  const fee = sum(after, 'Fees').minus(sum(before, 'Fees')).div(count);
  return {
    average_fill_price: amount(side === 'bid' ? cost : cost.negated().plus(1), 4),
    average_fee_paid: amount(fee, 4),
  };
}

const sum = (state: OrderState, what: 'Cost' | 'Fees'): Money =>
  state[`taker${what}`].plus(state[`maker${what}`]);
