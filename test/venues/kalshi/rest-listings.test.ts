import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OrderRef } from '../../../src/domain/order.ts';
import { VirtualClock } from '../../../src/env/virtual-clock.ts';
import type { KalshiRest } from '../../../src/venues/kalshi/rest.ts';
import { CLOSED, NOT_FOUND, order, paged } from './rest-fixtures.ts';
import { type Asked, type Reply, RestServer, restOf } from './rest-server.ts';

const REF: OrderRef = { clientOrderId: 'dw-7-1', venueOrderId: 'v-1', symbol: 'KXRAIN-27-A' };

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

describe('an order', () => {
  it('is what was asked for, whatever contract it was made in', async () => {
    server.answer({ body: { order: order() } });
    expect(await rest.order(REF)).toEqual({
      clientOrderId: 'dw-7-1',
      venueOrderId: 'v-1',
      symbol: 'KXRAIN-27-A',
      status: 'resting',
      cumulative: 250,
      request: {
        clientOrderId: 'dw-7-1',
        symbol: 'KXRAIN-27-A',
        outcome: 'yes',
        action: 'buy',
        price: 5_600,
        quantity: 1_050,
        timeInForce: 'gtc',
        postOnly: false,
        expiresAtMs: null,
      },
    });
    expect(server.asked[0]?.place).toBe('/portfolio/orders/v-1');
  });

  it.each([
    ['dw-7-1', 'bid', 'yes', 'buy', 5_600],
    ['dw-7-1', 'ask', 'yes', 'sell', 5_600],
    ['dw-7-1-no', 'ask', 'no', 'buy', 4_400],
    ['dw-7-1-no', 'bid', 'no', 'sell', 4_400],
  ] as const)('%s %s is %s %s', async (client_order_id, book_side, outcome, action, price) => {
    server.answer({ body: { order: order({ client_order_id, book_side }) } });
    expect(await rest.order(REF)).toMatchObject({
      clientOrderId: 'dw-7-1',
      request: { clientOrderId: 'dw-7-1', outcome, action, price },
    });
  });

  it.each([
    [{ status: 'executed', remaining_count_fp: '0.00' }, 'filled', 1_000],
    [CLOSED, 'cancelled', 1_000],
    [{ ...CLOSED, expiration_time: '2027-01-15T08:00:01Z' }, 'expired', 1_000],
    [{ ...CLOSED, expiration_time: '2027-01-15T08:00:02Z' }, 'cancelled', 1_000],
    [{ expiration_time: '2027-01-15T08:00:02Z' }, 'resting', 1_050],
  ])('%j is %s', async (fields, status, quantity) => {
    server.answer(({ place }) =>
      place.endsWith('v-1')
        ? { body: { order: order(fields) } }
        : { body: { cursor: '', orders: [] } },
    );
    expect(await rest.order(REF)).toMatchObject({ status, request: { quantity } });
  });

  it('that is unknown is null; that nobody answers is no such thing', async () => {
    server.answer(({ place }) => (place.endsWith('v-1') ? NOT_FOUND : { body: { orders: [] } }));
    expect(await rest.order(REF)).toBeNull();
    server.answer({ status: 503, body: { error: { code: 'service_unavailable' } } });
    await expect(rest.order(REF)).rejects.toThrow(
      'Kalshi, /portfolio/orders/v-1: service_unavailable',
    );
    server.answer({ status: 404, cut: 'unanswered' });
    await expect(rest.order(REF)).rejects.toThrow('Kalshi, /portfolio/orders/v-1');
  });

  it('is looked for by our id where the one that we know is over since before us', async () => {
    server.answer(({ place }) =>
      place.endsWith('v-1')
        ? { body: { order: order(CLOSED) } }
        : { body: { orders: [order({ order_id: 'v-2' })] } },
    );
    expect(await rest.order(REF)).toMatchObject({ venueOrderId: 'v-2', status: 'resting' });
  });

  it('by hand goes by the id of the venue', async () => {
    server.answer({ body: { order: order({ client_order_id: undefined }) } });
    expect(await rest.order(REF)).toMatchObject({ clientOrderId: 'v-1' });
  });

  it.each([
    ['price', { yes_price_dollars: 'x' }, /yes_price_dollars/],
    ['a price between ticks', { yes_price_dollars: '0.56001' }, /yes_price_dollars/],
    ['status', { status: 'pending' }, /status/],
    ['a count in numbers', { fill_count_fp: 2.5 }, /fill_count_fp/],
    ['half a lot', { fill_count_fp: '2.505' }, /fill_count_fp/],
    ['no time', { expiration_time: 'soon' }, /expiration_time/],
  ])('is refused by the name of what is wrong: %s', async (_, fields, message) => {
    server.answer({ body: { order: order(fields) } });
    await expect(rest.order(REF)).rejects.toThrow(message);
  });
});

describe('a listing', () => {
  const five = ['v-1', 'v-2', 'v-3', 'v-4', 'v-5'].map((order_id) => order({ order_id }));

  it('has every page, and every order once', async () => {
    server.answer(paged('orders', [...five, ...five.slice(0, 2)]));
    expect((await rest.openOrders()).map(({ venueOrderId }) => venueOrderId)).toEqual([
      'v-1',
      'v-2',
      'v-3',
      'v-4',
      'v-5',
    ]);
    expect(server.asked.map(({ query }) => query['cursor'])).toEqual([undefined, '2', '4', '6']);
    expect(server.asked[0]?.query).toEqual({ limit: '1000', status: 'resting', subaccount: '0' });
  });

  it.each<readonly [string, (asked: Asked) => Reply]>([
    ['a page fails', ({ query }) => (query['cursor'] === '2' ? { status: 500 } : next('2'))],
    ['a page is cut', ({ query }) => (query['cursor'] === '2' ? { cut: 'inBody' } : next('2'))],
    ['a page is no page', ({ query }) => (query['cursor'] === '2' ? { body: '<p>' } : next('2'))],
    ['a cursor comes twice', ({ query }) => next(query['cursor'] === '2' ? '3' : '2')],
    ['a row is damaged', () => ({ body: { orders: [order({ ticker: '' })] } })],
    ['there are no rows', () => ({ body: { cursor: '' } })],
  ])('rejects where %s', async (_, answer) => {
    server.answer(answer);
    await expect(rest.openOrders()).rejects.toThrow('Kalshi, /portfolio/orders');
    expect(server.asked.length).toBeLessThan(5);
  });

  it('of what has ended asks for a day more, and leaves out what ended before', async () => {
    const ended = (order_id: string, at: string): object =>
      order({ ...CLOSED, order_id, last_update_time: at });
    server.answer(({ query }) => ({
      body: {
        orders:
          query['status'] === 'canceled'
            ? [ended('v-1', '2027-01-15T07:59:59Z'), ended('v-2', '2027-01-15T08:00:00Z')]
            : [
                order({ order_id: 'v-3', status: 'executed' }),
                order({ order_id: 'v-4', status: 'executed', last_update_time: null }),
              ],
      },
    }));
    const found = await rest.closedOrders(T0);
    expect(found.map(({ venueOrderId, status }) => `${venueOrderId} ${status}`)).toEqual([
      'v-2 cancelled',
      'v-3 filled',
      'v-4 filled',
    ]);
    const since = String(T0 / 1_000 - 86_400);
    expect(server.asked.map(({ query }) => query['min_ts'])).toEqual([since, since]);
  });

  it('of places in the queue is in lots', async () => {
    const queue_positions = [
      { order_id: 'v-1', market_ticker: 'KXRAIN-27-A', queue_position_fp: '12.50' },
    ];
    server.answer({ body: { queue_positions } });
    expect(await rest.queuePositions(['KXRAIN-27-A', 'KXSNOW-27-B'])).toEqual([
      { venueOrderId: 'v-1', symbol: 'KXRAIN-27-A', ahead: 1_250 },
    ]);
    expect(server.asked[0]?.query).toEqual({
      market_tickers: 'KXRAIN-27-A,KXSNOW-27-B',
      subaccount: '0',
    });
  });
});

function next(cursor: string): Reply {
  return { body: { cursor, orders: [order({ order_id: cursor })] } };
}
