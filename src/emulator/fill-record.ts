/** A fill as the venue tells of it, by REST and on the private channel. */
import type { BookSide } from '../domain/market-data.ts';
import type { Money } from '../domain/money.ts';
import type { Lots, Ticks } from '../domain/numbers.ts';
import { amount, contracts, dollars, iso, outcomeOf, PAYOUT, seconds } from './notation.ts';
import { directionOf } from './order-record.ts';

export interface FillRecord {
  readonly tradeId: string;
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly ticker: string;
  readonly side: BookSide;
  /** Of YES. */
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly isTaker: boolean;
  readonly fee: Money;
  readonly atMs: number;
  /** Signed lots after it. */
  readonly position: number;
  readonly subaccount: number;
}

export const fillResource = (fill: FillRecord) => ({
  fill_id: fill.tradeId,
  trade_id: fill.tradeId,
  order_id: fill.orderId,
  ticker: fill.ticker,
  market_ticker: fill.ticker,
  ...directionOf(fill.side),
  count_fp: contracts(fill.quantity),
  yes_price_dollars: dollars(fill.price),
  no_price_dollars: dollars(PAYOUT - fill.price),
  is_taker: fill.isTaker,
  fee_cost: amount(fill.fee),
  created_time: iso(fill.atMs),
  ts: seconds(fill.atMs),
  subaccount_number: fill.subaccount,
  exchange_index: 0,
});

export const fillMessage = (fill: FillRecord) => ({
  trade_id: fill.tradeId,
  order_id: fill.orderId,
  ...(fill.clientOrderId === '' ? {} : { client_order_id: fill.clientOrderId }),
  market_ticker: fill.ticker,
  exchange_index: 0,
  is_taker: fill.isTaker,
  ...directionOf(fill.side),
  yes_price_dollars: dollars(fill.price),
  count_fp: contracts(fill.quantity),
  fee_cost: amount(fill.fee),
  ts: seconds(fill.atMs),
  ts_ms: fill.atMs,
  post_position_fp: contracts(fill.position),
  purchased_side: outcomeOf(fill.side),
  subaccount: fill.subaccount,
});
