/** An order of ours as it is asked for, answered and listed: our own words, the venue's shape. */
import { lots, ticks } from '../../../src/domain/numbers.ts';
import type { OrderRef, OrderRequest } from '../../../src/domain/order.ts';
import type { Asked, Reply } from './rest-server.ts';

export const REQUEST: OrderRequest = {
  clientOrderId: 'dw-7-1',
  symbol: 'KXRAIN-27-A',
  outcome: 'yes',
  action: 'buy',
  price: ticks(5_600),
  quantity: lots(1_050),
  timeInForce: 'gtc',
  postOnly: true,
  expiresAtMs: null,
};

export const REF: OrderRef = { clientOrderId: 'dw-7-1', venueOrderId: null, symbol: 'KXRAIN-27-A' };

export const CREATED = {
  order_id: 'v-1',
  client_order_id: 'dw-7-1',
  fill_count: '0.00',
  remaining_count: '10.50',
  ts_ms: 1_800_000_000_000,
};

export const orders = (...found: readonly object[]): Reply => ({
  body: { cursor: '', orders: found },
});

/** Partly filled: 2.50 of 10.50; made for 10.00, and amended. */
export const order = (fields: object = {}): Readonly<Record<string, unknown>> => ({
  order_id: 'v-1',
  user_id: 'u',
  client_order_id: 'dw-7-1',
  ticker: 'KXRAIN-27-A',
  status: 'resting',
  outcome_side: 'yes',
  book_side: 'bid',
  type: 'limit',
  yes_price_dollars: '0.5600',
  no_price_dollars: '0.4400',
  fill_count_fp: '2.50',
  remaining_count_fp: '8.00',
  initial_count_fp: '10.00',
  created_time: '2027-01-15T08:00:00.5Z',
  last_update_time: '2027-01-15T08:00:01.25Z',
  ...fields,
});

/** Serves rows page by page, two to a page. */
export const paged =
  (key: string, rows: readonly object[]) =>
  ({ query }: Asked): Reply => {
    const from = Number(query['cursor'] ?? 0);
    const cursor = from + 2 < rows.length ? String(from + 2) : '';
    return { body: { cursor, [key]: rows.slice(from, from + 2) } };
  };

export const CLOSED = { status: 'canceled', remaining_count_fp: '0.00' } as const;
export const NOT_FOUND: Reply = { status: 404, body: { error: { code: 'not_found' } } };
