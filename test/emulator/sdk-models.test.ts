/** The venue's own client declares its models: our answers hold all that they need, and no more. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { type Body, Desk } from './desk.ts';
import { TICKER } from './still-market.ts';

const MODELS = join(
  dirname(createRequire(import.meta.url).resolve('kalshi-typescript/package.json')),
  'models',
);

interface Model {
  readonly required: readonly string[];
  readonly known: readonly string[];
}

function modelOf(name: string): Model {
  const text = readFileSync(join(MODELS, `${name}.ts`), 'utf8');
  const body = /export interface \w+ \{(.*?)\n\}/s.exec(text)?.[1] ?? '';
  const fields = [...body.matchAll(/^ {4}'(\w+)'(\??): /gm)];
  return {
    required: fields.filter(([, , optional]) => optional === '').map(([, field = '']) => field),
    known: fields.map(([, field = '']) => field),
  };
}

const desk = new Desk();
const { order_group_id } = desk.call('POST', '/portfolio/order_groups/create', {
  contracts_limit: 100,
}).body;
const created = desk.place({ price: '0.4400', count: '20.00', order_group_id }).body;
const id = String(created['order_id']);
const get = (path: string): Body => desk.call('GET', path).body;
const first = (path: string, name: string): Body => (get(path)[name] as readonly Body[])[0] as Body;
const part = (path: string, name: string): Body => get(path)[name] as Body;
const amend = { ticker: TICKER, side: 'bid', price: '0.4100', count: '25.00' };
const events = '/portfolio/events/orders';

/** Told by the venue, and missing in its client. */
const BESIDES = new Set(['resting_orders_count']);

it.each<readonly [model: string, told: () => Body]>([
  ['create-order-v2-response', () => created],
  ['amend-order-v2-response', () => desk.call('POST', `${events}/${id}/amend`, amend).body],
  [
    'decrease-order-v2-response',
    () => desk.call('POST', `${events}/${id}/decrease`, { reduce_by: '1' }).body,
  ],
  ['order', () => part(`/portfolio/orders/${id}`, 'order')],
  ['get-orders-response', () => get('/portfolio/orders')],
  ['get-order-queue-position-response', () => get(`/portfolio/orders/${id}/queue_position`)],
  [
    'order-queue-position',
    () => first(`/portfolio/orders/queue_positions?market_tickers=${TICKER}`, 'queue_positions'),
  ],
  ['fill', () => first('/portfolio/fills', 'fills')],
  ['get-fills-response', () => get('/portfolio/fills')],
  ['market-position', () => first('/portfolio/positions', 'market_positions')],
  ['event-position', () => first('/portfolio/positions', 'event_positions')],
  ['get-balance-response', () => get('/portfolio/balance')],
  ['order-group', () => first('/portfolio/order_groups', 'order_groups')],
  ['get-order-group-response', () => get(`/portfolio/order_groups/${String(order_group_id)}`)],
  ['market', () => part(`/markets/${TICKER}`, 'market')],
  ['trade', () => first('/markets/trades', 'trades')],
  ['get-trades-response', () => get('/markets/trades')],
  ['market-orderbook-fp', () => first(`/markets/orderbooks?tickers=${TICKER}`, 'orderbooks')],
  ['orderbook-count-fp', () => part(`/markets/${TICKER}/orderbook`, 'orderbook_fp')],
  ['series', () => part('/series/KXTEST', 'series')],
  ['event-data', () => part('/events/KXTEST-26NOV21', 'event')],
  ['get-event-fee-changes-response', () => get('/events/fee_changes')],
  ['get-series-fee-changes-response', () => get('/series/fee_changes')],
  ['exchange-status', () => get('/exchange/status')],
  ['schedule', () => part('/exchange/schedule', 'schedule')],
  ['get-user-data-timestamp-response', () => get('/exchange/user_data_timestamp')],
  ['get-account-api-limits-response', () => get('/account/limits')],
  ['endpoint-token-cost', () => first('/account/endpoint_costs', 'endpoint_costs')],
  ['cancel-order-v2-response', () => desk.call('DELETE', `${events}/${id}`).body],
])('%s', (name, told) => {
  const { required, known } = modelOf(name);
  const keys = Object.keys(told());
  expect(known.length).toBeGreaterThan(0);
  expect(required.filter((field) => !keys.includes(field))).toEqual([]);
  expect(keys.filter((field) => !known.includes(field) && !BESIDES.has(field))).toEqual([]);
});
