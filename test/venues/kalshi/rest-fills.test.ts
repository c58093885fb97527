import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../src/env/virtual-clock.ts';
import type { KalshiRest } from '../../../src/venues/kalshi/rest.ts';
import { NOT_FOUND, order, paged } from './rest-fixtures.ts';
import { type Asked, type Reply, RestServer, restOf } from './rest-server.ts';

const T0 = Date.parse('2027-01-15T08:00:00Z');

let server: RestServer;
let rest: KalshiRest;

beforeEach(async () => {
  server = new RestServer();
  await server.listen();
  ({ rest } = restOf(server, { clock: new VirtualClock(T0 + 3_600_000) }));
});

afterEach(async () => {
  rest.close();
  await server.close();
});

const fill = (trade_id: string, fields: object = {}): Readonly<Record<string, unknown>> => ({
  trade_id,
  fill_id: trade_id,
  order_id: 'v-1',
  ticker: 'KXRAIN-27-A',
  market_ticker: 'KXRAIN-27-A',
  outcome_side: 'yes',
  book_side: 'bid',
  count_fp: '1.50',
  yes_price_dollars: '0.5600',
  no_price_dollars: '0.4400',
  is_taker: true,
  fee_cost: '0.017500',
  created_time: '2027-01-15T08:00:00.25Z',
  ...fields,
});

/** Fills as they are listed, and the orders that are known. */
const exchange =
  (fills: () => readonly object[], orders: readonly Readonly<Record<string, unknown>>[]) =>
  (asked: Asked): Reply => {
    const { place, query } = asked;
    if (place === '/portfolio/orders') return paged('orders', orders)(asked);
    const id = place.slice('/portfolio/orders/'.length);
    const found = orders.find(({ order_id }) => order_id === id);
    if (place !== '/portfolio/fills')
      return found === undefined ? NOT_FOUND : { body: { order: found } };
    const since = Number(query['min_ts'] ?? 0);
    const young = fills().filter(
      (each) => Date.parse(String(Reflect.get(each, 'created_time'))) / 1_000 >= since,
    );
    return paged('fills', young)(asked);
  };

describe('fills', () => {
  it('are of the order that the venue names, in the prices of its contract', async () => {
    const fills = [
      fill('t-2', {
        order_id: 'v-2',
        book_side: 'ask',
        is_taker: false,
        created_time: '2027-01-15T08:00:01Z',
      }),
      fill('t-1'),
    ];
    const orders = [
      order(),
      order({ order_id: 'v-2', client_order_id: 'dw-7-2-no', book_side: 'ask' }),
    ];
    server.answer(exchange(() => fills, orders));
    const { fills: found } = await rest.fillsSince(null);
    expect(found).toEqual([
      {
        fillId: 't-1',
        clientOrderId: 'dw-7-1',
        symbol: 'KXRAIN-27-A',
        outcome: 'yes',
        action: 'buy',
        price: 5_600,
        quantity: 150,
        fee: '0.017500',
        liquidity: 'taker',
        timeMs: T0 + 250,
        printSequence: null,
      },
      expect.objectContaining({
        fillId: 't-2',
        clientOrderId: 'dw-7-2',
        outcome: 'no',
        action: 'buy',
        price: 4_400,
        liquidity: 'maker',
      }),
    ]);
  });

  it('are told once from cursor to cursor, and none is lost that comes late', async () => {
    const fills = [fill('t-1'), fill('t-2', { created_time: '2027-01-15T08:00:05.9Z' })];
    server.answer(exchange(() => fills, [order()]));
    const ids = async (cursor: string | null) => {
      const listing = await rest.fillsSince(cursor);
      return { ids: listing.fills.map(({ fillId }) => fillId), cursor: listing.cursor };
    };
    const first = await ids(null);
    expect(first.ids).toEqual(['t-1', 't-2']);
    expect(await ids(first.cursor)).toEqual({ ids: [], cursor: first.cursor });
    // The same second, and one before it.
    fills.push(fill('t-3', { created_time: '2027-01-15T08:00:05.2Z' }));
    fills.push(fill('t-4', { created_time: '2027-01-15T08:00:04.9Z' }));
    const second = await ids(first.cursor);
    expect(second.ids).toEqual(['t-4', 't-3']);
    fills.push(fill('t-5', { created_time: '2027-01-15T08:00:07Z' }));
    const third = await ids(second.cursor);
    expect(third.ids).toEqual(['t-5']);
    expect((await ids(third.cursor)).ids).toEqual([]);
    expect((await ids('0')).ids).toEqual(['t-1', 't-4', 't-3', 't-2', 't-5']);
  });

  it('have the time that is told, to the second at least', async () => {
    const fills = [{ ...fill('t-1'), created_time: undefined, ts: T0 / 1_000 + 7 }];
    server.answer(({ place }) =>
      place === '/portfolio/fills' ? { body: { fills } } : { body: { order: order() } },
    );
    expect((await rest.fillsSince(null)).fills).toMatchObject([{ timeMs: T0 + 7_000 }]);
    server.answer({ body: { fills: [{ ...fill('t-1'), created_time: null }] } });
    await expect(rest.fillsSince(null)).rejects.toThrow('created_time: is a time, was "nothing"');
  });

  it('count once where pages overlap', async () => {
    server.answer(exchange(() => [fill('t-1'), fill('t-2'), fill('t-2'), fill('t-3')], [order()]));
    const { fills } = await rest.fillsSince(null);
    expect(fills.map(({ fillId }) => fillId)).toEqual(['t-1', 't-2', 't-3']);
  });

  it('from none to none have a place all the same', async () => {
    server.answer(exchange(() => [], []));
    const { cursor } = await rest.fillsSince(null);
    expect(await rest.fillsSince(cursor)).toEqual({ fills: [], cursor });
  });

  it('do not ask about an order that they know, from a stream or from before', async () => {
    server.answer(exchange(() => [fill('t-1'), fill('t-2', { order_id: 'v-9' })], [order()]));
    rest.learn('v-9', 'dw-7-9-no');
    const { fills } = await rest.fillsSince(null);
    expect(fills.map(({ clientOrderId, price }) => [clientOrderId, price])).toEqual([
      ['dw-7-1', 5_600],
      ['dw-7-9', 4_400],
    ]);
    await rest.fillsSince(null);
    expect(server.asked.map(({ place }) => place)).toEqual([
      '/portfolio/fills',
      '/portfolio/orders/v-1',
      '/portfolio/fills',
    ]);
  });

  it('of many orders ask for the list of orders instead', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `v-${index}`);
    const fills = ids.map((order_id) => fill(`t-${order_id}`, { order_id }));
    const orders = ids
      .slice(1)
      .map((order_id) => order({ order_id, client_order_id: `dw-${order_id}` }));
    server.answer(exchange(() => fills, orders));
    const found = (await rest.fillsSince(null)).fills;
    expect(found).toHaveLength(30);
    // It is old, and its order is listed no more.
    expect(found.filter(({ clientOrderId }) => clientOrderId === 'v-0')).toMatchObject([
      { fillId: 't-v-0' },
    ]);
    const single = server.asked.filter(({ place }) => place.startsWith('/portfolio/orders/'));
    expect(single).toEqual([]);
  });

  it('are no listing while the order of a young one is not listed yet', async () => {
    const young = new Date(T0 + 3_600_000 - 5_000).toISOString();
    server.answer(exchange(() => [fill('t-1', { created_time: young })], []));
    await expect(rest.fillsSince(null)).rejects.toThrow('the order of a fill is not listed yet');
    server.answer(exchange(() => [fill('t-1', { created_time: young })], [order()]));
    expect((await rest.fillsSince(null)).fills).toMatchObject([{ clientOrderId: 'dw-7-1' }]);
  });
});
