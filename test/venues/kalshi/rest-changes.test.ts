import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lots, ticks } from '../../../src/domain/numbers.ts';
import { VirtualClock } from '../../../src/env/virtual-clock.ts';
import type { KalshiRest } from '../../../src/venues/kalshi/rest.ts';
import { CREATED, order, orders, REF, REQUEST } from './rest-fixtures.ts';
import { type Reply, RestServer, restOf } from './rest-server.ts';

let server: RestServer;
let rest: KalshiRest;

beforeEach(async () => {
  server = new RestServer();
  await server.listen();
  ({ rest } = restOf(server));
});

afterEach(async () => {
  rest.close();
  await server.close();
});

const AMEND = { ...REF, price: ticks(5_700), quantity: lots(2_000) };

describe('amend', () => {
  it('says the total, and takes the id that it is given', async () => {
    server.answer({ status: 201, body: CREATED });
    await rest.submit(REQUEST);
    const amended = { order_id: 'v-2', client_order_id: 'dw-7-1', remaining_count: '17.00' };
    server.answer({ body: amended });
    expect(await rest.amend(AMEND)).toEqual({ kind: 'accepted', price: 5_700, quantity: 2_000 });
    expect(server.asked[1]).toMatchObject({
      place: '/portfolio/events/orders/v-1/amend',
      query: { subaccount: '0' },
      body: {
        ticker: 'KXRAIN-27-A',
        side: 'bid',
        price: '0.5700',
        count: '20.00',
        client_order_id: 'dw-7-1',
        updated_client_order_id: 'dw-7-1',
      },
    });
    server.answer({ body: { order_id: 'v-2', reduced_by: '17.00', ts_ms: 2 } });
    expect(await rest.cancel({ ...REF, venueOrderId: 'v-1' })).toEqual({
      kind: 'accepted',
      cumulative: 300,
    });
    expect(server.asked[2]?.place).toBe('/portfolio/events/orders/v-2');
  });

  it('asks what the order was made for where this process did not place it', async () => {
    const amended = { order_id: 'v-1', client_order_id: 'dw-7-1-no', ts_ms: 1 };
    server.answer(({ method }) =>
      method === 'POST'
        ? { body: amended }
        : { body: { order: order({ client_order_id: 'dw-7-1-no', book_side: 'ask' }) } },
    );
    const outcome = await rest.amend({ ...AMEND, venueOrderId: 'v-1' });
    expect(outcome).toEqual({ kind: 'accepted', price: 5_700, quantity: 2_000 });
    expect(server.asked.map(({ place }) => place)).toEqual([
      '/portfolio/orders/v-1',
      '/portfolio/events/orders/v-1/amend',
    ]);
    // NO at 0.57 is offered as YES at 0.43.
    expect(server.asked[1]?.body).toMatchObject({ side: 'ask', price: '0.4300' });
  });

  it('is in doubt where the answer is about another order', async () => {
    server.answer({ status: 201, body: CREATED });
    await rest.submit(REQUEST);
    // Without our name, another id may be another order: a cancel would end that one.
    for (const client_order_id of ['somebody', undefined]) {
      server.answer({ body: { order_id: 'v-9', client_order_id, ts_ms: 1 } });
      expect((await rest.amend(AMEND)).kind).toBe('ambiguous');
    }
  });

  it('that is refused leaves what was known of the order', async () => {
    server.answer({ status: 201, body: CREATED });
    await rest.submit(REQUEST);
    server.answer({ status: 400, body: { error: { code: 'INVALID_AMEND_QTY_FOR_ORDER' } } });
    expect(await rest.amend(AMEND)).toEqual({
      kind: 'rejected',
      reason: 'INVALID_AMEND_QTY_FOR_ORDER',
    });
    server.answer({ body: { order_id: 'v-1', reduced_by: '10.50', ts_ms: 2 } });
    expect(await rest.cancel(REF)).toEqual({ kind: 'accepted', cumulative: 0 });
    expect(server.asked).toHaveLength(3);
  });

  it('in doubt makes a cancel ask what has filled', async () => {
    server.answer({ status: 201, body: CREATED });
    await rest.submit(REQUEST);
    server.answer({ status: 500, body: {} });
    expect((await rest.amend(AMEND)).kind).toBe('ambiguous');
    server.answer(({ method }) =>
      method === 'DELETE'
        ? { body: { order_id: 'v-1', reduced_by: '10.50', ts_ms: 2 } }
        : { body: { order: order({ status: 'canceled' }) } },
    );
    expect(await rest.cancel(REF)).toEqual({ kind: 'accepted', cumulative: 250 });
  });

  it('is refused where the order is not found, and nothing is sent', async () => {
    server.answer(orders());
    expect(await rest.amend(AMEND)).toEqual({
      kind: 'rejected',
      reason: 'not sent: the venue lists no such order',
    });
    server.answer({ status: 500, body: {} });
    expect((await rest.amend(AMEND)).kind).toBe('rejected');
    expect(server.asked.every(({ method }) => method === 'GET')).toBe(true);
  });
});

describe('decrease', () => {
  it('leaves what was wanted', async () => {
    server.answer({ status: 201, body: CREATED });
    await rest.submit(REQUEST);
    server.answer({ body: { order_id: 'v-1', remaining_count: '4.00', ts_ms: 1 } });
    expect(await rest.decrease(REF, 400)).toEqual({ kind: 'accepted', remaining: 400 });
    expect(server.asked[1]).toMatchObject({
      place: '/portfolio/events/orders/v-1/decrease',
      body: { reduce_to: '4.00', market_ticker: 'KXRAIN-27-A' },
    });
  });

  it('makes a cancel ask what has filled, since it does not tell the total', async () => {
    server.answer({ status: 201, body: CREATED });
    await rest.submit(REQUEST);
    server.answer({ body: { order_id: 'v-1', remaining_count: '4.00', ts_ms: 1 } });
    await rest.decrease(REF, 400);
    const canceled = order({
      status: 'canceled',
      fill_count_fp: '2.25',
      remaining_count_fp: '0.00',
    });
    server.answer(({ method }) =>
      method === 'DELETE'
        ? { body: { order_id: 'v-1', reduced_by: '1.75', ts_ms: 2 } }
        : { body: { order: canceled } },
    );
    expect(await rest.cancel(REF)).toEqual({ kind: 'accepted', cumulative: 225 });
  });
});

describe('cancel', () => {
  const reduced = (by: string): Reply => ({ body: { order_id: 'v-1', reduced_by: by, ts_ms: 2 } });

  beforeEach(async () => {
    server.answer({ status: 201, body: CREATED });
    await rest.submit(REQUEST);
    server.asked.length = 0;
  });

  it('says what has filled: the total less what was taken back', async () => {
    server.answer(reduced('4.50'));
    expect(await rest.cancel(REF)).toEqual({ kind: 'accepted', cumulative: 600 });
    expect(server.asked).toMatchObject([
      {
        method: 'DELETE',
        place: '/portfolio/events/orders/v-1',
        query: { subaccount: '0', market_ticker: 'KXRAIN-27-A' },
        body: null,
      },
    ]);
  });

  it.each<readonly [string, Reply, string]>([
    ['not found', { status: 404, body: { error: { code: 'not_found' } } }, 'rejected'],
    ['closed', { status: 409, body: { error: { code: 'MARKET_INACTIVE' } } }, 'rejected'],
    ['throttled', { status: 429, body: { error: 'too many requests' } }, 'rejected'],
    ['an odd code', { status: 409, body: { error: { code: 'order_already_exists' } } }, 'rejected'],
    ['a fault', { status: 502, body: '<html>' }, 'ambiguous'],
    ['a cut', { cut: 'unanswered' }, 'ambiguous'],
    ['another order', { body: { order_id: 'v-9', reduced_by: '1.00' } }, 'ambiguous'],
    ['no order', { body: {} }, 'ambiguous'],
  ])('%s', async (_, reply, kind) => {
    server.answer(reply);
    expect((await rest.cancel(REF)).kind).toBe(kind);
  });

  it('is in doubt where more was taken back than there was, and nobody says better', async () => {
    server.answer(({ method }) =>
      method === 'DELETE' ? reduced('99.00') : { body: { order: order() } },
    );
    expect(await rest.cancel(REF)).toMatchObject({ kind: 'ambiguous' });
  });

  it('looks an order up by its listing where its id is not known', async () => {
    const other = restOf(server).rest;
    server.answer(({ method, place }) => {
      if (method === 'DELETE') return reduced('10.50');
      return place.endsWith('/v-1')
        ? { body: { order: order({ status: 'canceled', remaining_count_fp: '0.00' }) } }
        : orders(order({ order_id: 'v-0', client_order_id: 'dw-7-0' }), order());
    });
    expect((await other.cancel(REF)).kind).toBe('accepted');
    expect(server.asked[0]).toMatchObject({
      place: '/portfolio/orders',
      query: { status: 'resting', ticker: 'KXRAIN-27-A', subaccount: '0' },
    });
    server.answer(orders());
    expect((await other.cancel({ ...REF, clientOrderId: 'dw-7-9' })).kind).toBe('rejected');
    other.close();
  });

  it('takes several at once', async () => {
    const failed = { order_id: 'v-3', reduced_by: '0.00', error: { code: 'not_found' } };
    const done = { order_id: 'v-2', reduced_by: '1.00', error: null };
    server.answer(({ method, place }) => {
      if (method === 'DELETE') return { body: { orders: [failed, done] } };
      const canceled = order({ order_id: place.split('/').at(-1), status: 'canceled' });
      return place === '/portfolio/orders' ? orders() : { body: { order: canceled } };
    });
    const refs = ['v-2', 'v-3', 'v-4'].map((id) => ({
      ...REF,
      clientOrderId: `dw-${id}`,
      venueOrderId: id,
    }));
    expect(await rest.cancelBatch(refs)).toMatchObject([
      { kind: 'accepted', cumulative: 250 },
      { kind: 'rejected', reason: 'not_found' },
      { kind: 'ambiguous' },
    ]);
    expect(server.asked[0]).toMatchObject({
      method: 'DELETE',
      place: '/portfolio/events/orders/batched',
      body: {
        orders: [
          { order_id: 'v-2', market_ticker: 'KXRAIN-27-A' },
          { order_id: 'v-3' },
          { order_id: 'v-4' },
        ],
      },
    });
  });

  it('asks for nothing where there is nothing to cancel, or to place', async () => {
    server.answer(orders());
    expect(await rest.cancelBatch([{ ...REF, clientOrderId: 'dw-7-9' }])).toMatchObject([
      { kind: 'rejected', reason: 'not sent: the venue lists no such order' },
    ]);
    expect(await rest.cancelBatch([])).toEqual([]);
    expect(await rest.submitBatch([])).toEqual([]);
    expect(server.asked.map(({ method }) => method)).toEqual(['GET']);
  });

  it('takes all, or rejects', async () => {
    server.answer({ status: 200, body: '' });
    await rest.cancelAll();
    expect(server.asked).toMatchObject([
      { method: 'DELETE', place: '/portfolio/events/orders', query: { subaccount: '0' } },
    ]);
    server.answer({ status: 503, body: { error: { code: 'service_unavailable' } } });
    await expect(rest.cancelAll()).rejects.toThrow('did not cancel all: service_unavailable');
  });
});

describe('the clock', () => {
  it('is corrected by the Date header; a write is not sent again, a read is, once', async () => {
    const clock = new VirtualClock(1_800_000_000_000);
    ({ rest } = restOf(server, { clock }));
    const venueMs = clock.wallMs() + 90_000;
    server.answer(({ headers }) => {
      const timeMs = Number(headers['kalshi-access-timestamp']);
      const headersOut = { Date: new Date(venueMs).toUTCString() };
      return Math.abs(timeMs - venueMs) > 5_000
        ? {
            status: 401,
            headers: headersOut,
            body: { error: { code: 'HEADER_TIMESTAMP_EXPIRED' } },
          }
        : { status: 201, headers: headersOut, body: { ...CREATED, balance_dollars: '1.0000' } };
    });
    expect(await rest.submit(REQUEST)).toMatchObject({ kind: 'rejected' });
    expect(server.asked).toHaveLength(1);
    expect(Math.abs(rest.clockOffsetMs - 90_000)).toBeLessThanOrEqual(1_000);
    expect(await rest.submit(REQUEST)).toMatchObject({ kind: 'accepted' });

    const late = restOf(server, { clock }).rest;
    expect(await late.balance()).toBe('1.0000');
    expect(server.asked).toHaveLength(4);
    late.close();
  });

  it('is complained about where it does not help', async () => {
    server.answer({ status: 401, body: { error: { code: 'header_timestamp_expired' } } });
    await expect(rest.balance()).rejects.toThrow('header_timestamp_expired');
    expect(server.asked).toHaveLength(2);
  });
});
