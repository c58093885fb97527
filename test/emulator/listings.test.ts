/** Listings: filters, pages whose rows never move, and what is refused. */
import { describe, expect, it } from 'vitest';
import { atSpeed, bent } from '../../src/emulator/speed.ts';
import { Desk, START_MS } from './desk.ts';
import { OTHER, print, stillMarkets, TICKER } from './still-market.ts';

const desk = new Desk();
const ids = Array.from({ length: 5 }, (_, index) => {
  desk.wait(1_000);
  return desk.placed({ ticker: index % 2 === 0 ? TICKER : OTHER, subaccount: index % 2 });
});
desk.call('DELETE', `/portfolio/events/orders/${ids[0]}`);
desk.placed({ price: '0.4400', count: '3.00' });
desk.placed({ ticker: OTHER, price: '0.4400', count: '2.00' });

const rows = (path: string, name: string): readonly Readonly<Record<string, unknown>>[] =>
  desk.call('GET', path).body[name] as readonly Readonly<Record<string, unknown>>[];

const second = START_MS / 1_000;

it.each([
  ['/portfolio/orders', 'orders', 7],
  ['/portfolio/orders?status=canceled', 'orders', 1],
  ['/portfolio/orders?status=executed', 'orders', 2],
  [`/portfolio/orders?ticker=${OTHER}`, 'orders', 3],
  ['/portfolio/orders?event_ticker=KXTEST-26NOV21', 'orders', 7],
  ['/portfolio/orders?event_ticker=KXOTHER-1,KXOTHER-2', 'orders', 0],
  ['/portfolio/orders?subaccount=1', 'orders', 2],
  [`/portfolio/orders?min_ts=${second + 4}`, 'orders', 4],
  [`/portfolio/orders?max_ts=${second + 4}`, 'orders', 4],
  [`/portfolio/fills?ticker=${OTHER}`, 'fills', 1],
  ['/portfolio/fills?order_id=nothing', 'fills', 0],
  [`/portfolio/fills?max_ts=${second}`, 'fills', 0],
  ['/portfolio/positions', 'market_positions', 2],
  [`/portfolio/positions?ticker=${TICKER}`, 'market_positions', 1],
  ['/portfolio/positions?count_filter=position,total_traded', 'market_positions', 2],
  ['/portfolio/orders/queue_positions?event_ticker=KXTEST-26NOV21', 'queue_positions', 4],
  [`/markets?tickers=${TICKER},${OTHER}`, 'markets', 2],
  ['/markets?status=closed', 'markets', 0],
  ['/markets?status=unopened', 'markets', 0],
  ['/markets?series_ticker=KXTEST', 'markets', 2],
  ['/markets?event_ticker=KXOTHER', 'markets', 0],
  ['/events?series_ticker=KXTEST&with_nested_markets=true', 'events', 1],
  ['/series', 'series', 1],
  [`/markets/trades?ticker=${TICKER}&min_ts=${second}`, 'trades', 1],
])('%s: %s, %d', (path, name, count) => {
  expect(rows(path, name)).toHaveLength(count);
});

it.each([
  '/portfolio/orders?status=open',
  '/portfolio/orders?limit=1001',
  '/portfolio/orders?limit=many',
  '/portfolio/orders?cursor=nonsense',
  '/portfolio/orders/queue_positions',
  '/markets?status=active',
  `/markets/${TICKER}/orderbook?depth=101`,
  '/markets/orderbooks',
  `/markets/orderbooks?tickers=${Array.from({ length: 101 }, () => TICKER).join()}`,
])('%s is refused', (path) => {
  expect(desk.call('GET', path).status).toBe(400);
});

it.each(['/markets/KXNONE', '/series/KXNONE', '/events/KXNONE', '/portfolio/orders/none'])(
  '%s is not there',
  (path) => {
    expect(desk.call('GET', path)).toMatchObject({ status: 404, code: 'not_found' });
  },
);

it('pages stay where they are while new rows come', () => {
  const page = (cursor: string) => desk.call('GET', `/portfolio/orders?limit=2&cursor=${cursor}`);
  const before = rows('/portfolio/orders', 'orders').map(({ order_id }) => order_id);
  const told: unknown[] = [];
  let cursor = '';
  do {
    const { body } = page(cursor);
    told.push(...(body['orders'] as readonly { order_id: string }[]).map((row) => row.order_id));
    cursor = String(body['cursor']);
    desk.placed();
  } while (cursor !== '');
  expect(told).toEqual(before);
});

describe('a faster source', () => {
  it('bends its times and nothing else', () => {
    const source = atSpeed(stillMarkets([[10_000, print(42, 1)]], START_MS), 10);
    const events = [source.next(), source.next(), source.next(), source.next()];
    expect(events.map((timed) => timed?.atMs)).toEqual([
      START_MS,
      START_MS,
      START_MS + 1_000,
      undefined,
    ]);
    expect(events[2]?.event).toMatchObject({ type: 'print', timeMs: START_MS + 1_000 });
    expect(bent(START_MS + 10_000, START_MS, 0.5)).toBe(START_MS + 20_000);
    const same = stillMarkets();
    expect(atSpeed(same, 1)).toBe(same);
  });
});
