/**
 * An amend may give an order another id of the venue's, its answer may be lost, and what it counts
 * is no total.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lots, ticks } from '../../../src/domain/numbers.ts';
import type { KalshiRest } from '../../../src/venues/kalshi/rest.ts';
import { CLOSED, CREATED, NOT_FOUND, order, orders, REF, REQUEST } from './rest-fixtures.ts';
import { RestServer, restOf } from './rest-server.ts';

const AMEND = { ...REF, price: ticks(5_700), quantity: lots(2_000) };
const AT_VENUE = { ...REF, venueOrderId: 'v-1' };

let server: RestServer;
let rest: KalshiRest;

const FIRST = order({ ...CLOSED, fill_count_fp: '1.00' });

/** What 'v-1' became rests under 'v-2' until it is cancelled. */
function moved(): void {
  let status: object = { remaining_count_fp: '17.50' };
  server.answer(({ method, place }) => {
    const second = order({ order_id: 'v-2', ...status });
    if (method === 'GET' && place.endsWith('v-1')) return { body: { order: FIRST } };
    if (method === 'GET')
      return place.endsWith('v-2') ? { body: { order: second } } : orders(FIRST, second);
    if (place.endsWith('v-1')) return NOT_FOUND;
    status = CLOSED;
    return { body: { order_id: 'v-2', reduced_by: '17.50', ts_ms: 2 } };
  });
}

beforeEach(async () => {
  server = new RestServer();
  await server.listen();
  ({ rest } = restOf(server));
  server.answer({ status: 201, body: CREATED });
  await rest.submit(REQUEST);
  server.answer({ cut: 'unanswered' });
  await rest.amend(AMEND);
  server.asked.length = 0;
});

afterEach(async () => {
  rest.close();
  await server.close();
});

describe('an order that an unanswered amend has moved', () => {
  it('is not taken for over while it rests elsewhere', async () => {
    moved();
    expect(await rest.order(AT_VENUE)).toMatchObject({ venueOrderId: 'v-2', status: 'resting' });
  });

  it('has filled what it filled elsewhere', async () => {
    const filled = { status: 'executed', fill_count_fp: '20.00', remaining_count_fp: '0.00' };
    server.answer(({ place }) =>
      place.endsWith('v-1')
        ? { body: { order: FIRST } }
        : orders(FIRST, order({ order_id: 'v-2', ...filled })),
    );
    expect(await rest.order(AT_VENUE)).toMatchObject({
      venueOrderId: 'v-2',
      status: 'filled',
      cumulative: 2_000,
    });
  });

  it('is withdrawn where it rests', async () => {
    moved();
    expect(await rest.cancel(AT_VENUE)).toEqual({ kind: 'accepted', cumulative: 250 });
    const deleted = server.asked.filter(({ method }) => method === 'DELETE');
    expect(deleted.map(({ place }) => place.slice(-3))).toEqual(['v-1', 'v-2']);
  });

  it('that rests nowhere is refused as the venue said, after one look', async () => {
    server.answer(({ method }) => (method === 'DELETE' ? NOT_FOUND : orders()));
    expect(await rest.cancel(AT_VENUE)).toMatchObject({ kind: 'rejected', reason: 'not_found' });
    server.answer(({ method }) => (method === 'DELETE' ? NOT_FOUND : { status: 503, body: {} }));
    expect(await rest.cancel(AT_VENUE)).toMatchObject({ kind: 'rejected', reason: 'not_found' });
    expect(server.asked).toHaveLength(4);
  });
});

describe('an amended order', () => {
  it('has the total that was asked for: the answer counts no fill from before it', async () => {
    // 4.00 had filled, 2.00 more do at the new price, and 14.00 are left of 20.00.
    server.answer({ body: { order_id: 'v-1', fill_count: '2.00', remaining_count: '14.00' } });
    expect(await rest.amend(AMEND)).toEqual({ kind: 'accepted', price: 5_700, quantity: 2_000 });
    server.answer({ body: { order_id: 'v-1', reduced_by: '14.00', ts_ms: 2 } });
    expect(await rest.cancel(REF)).toEqual({ kind: 'accepted', cumulative: 600 });
  });
});
