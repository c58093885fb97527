/** What the private frames and the listings say of orders: once each, by our own ids. */
import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../../src/domain/numbers.ts';
import type { OrderRequest } from '../../../src/domain/order.ts';
import type { VenueFill, VenueOrder } from '../../../src/domain/ports.ts';
import { liveRig, type Rig } from './session-rig.ts';
import { MARKET } from './session-venue.ts';

const request = (clientOrderId: string, change: Partial<OrderRequest> = {}): OrderRequest => ({
  clientOrderId,
  symbol: MARKET,
  outcome: 'yes',
  action: 'buy',
  price: ticks(4_300),
  quantity: lots(1_000),
  timeInForce: 'gtc',
  postOnly: false,
  expiresAtMs: null,
  ...change,
});

const fill = (trade: string, order: string, given: object = {}) => ({
  trade_id: trade,
  order_id: order,
  market_ticker: MARKET,
  is_taker: false,
  yes_price_dollars: '0.4300',
  count_fp: '4.00',
  fee_cost: '0.010000',
  ts_ms: 7,
  ...given,
});

const order = (status: string, id: string, given: object = {}) => ({
  order_id: `v-${id}`,
  client_order_id: id,
  ticker: MARKET,
  status,
  yes_price_dollars: '0.4300',
  fill_count_fp: '4.00',
  remaining_count_fp: status === 'resting' ? '6.00' : '0.00',
  initial_count_fp: '10.00',
  ...given,
});

const listed = (clientOrderId: string, change: Partial<VenueOrder> = {}): VenueOrder => ({
  clientOrderId,
  venueOrderId: `v-${clientOrderId}`,
  symbol: MARKET,
  status: 'resting',
  request: request(clientOrderId),
  cumulative: lots(0),
  ...change,
});

const listedFill = (fillId: string, clientOrderId: string): VenueFill => ({
  fillId,
  clientOrderId,
  symbol: MARKET,
  price: ticks(4_300),
  quantity: lots(400),
  fee: '0.01',
  liquidity: 'maker',
  timeMs: 7,
  printSequence: null,
});

const push = ({ world }: Rig, channel: string, msg: object): void =>
  world.peer.push(channel, channel === 'fill' ? 'fill' : 'user_order', msg);

/** As the venue's own submit does. */
function placed(made: Rig, clientOrderId: string): void {
  const { orders } = made.streams;
  orders.submitting(request(clientOrderId));
  orders.submitted(request(clientOrderId), {
    kind: 'accepted',
    venueOrderId: `v-${clientOrderId}`,
  });
}

describe('fills', () => {
  it('are told once, by the id of our order, whatever comes first', async () => {
    const made = await liveRig();
    made.streams.orders.submitting(request('dw-1'));
    push(made, 'fill', fill('t1', 'v-dw-1'));
    expect(made.reports).toEqual([]);
    made.streams.orders.submitted(request('dw-1'), { kind: 'accepted', venueOrderId: 'v-dw-1' });
    push(made, 'fill', fill('t1', 'v-dw-1', { client_order_id: 'dw-1' }));
    push(made, 'fill', fill('t2', 'v-dw-1', { client_order_id: 'dw-1' }));
    expect(made.reports).toMatchObject([
      { type: 'order.filled', clientOrderId: 'dw-1', fill: { fillId: 't1', quantity: 400 } },
      { type: 'order.filled', clientOrderId: 'dw-1', fill: { fillId: 't2' } },
    ]);
    expect(made.world.calls).toContain('learn v-dw-1 dw-1');
  });

  it('of an order on NO are told in its own prices and by its own id', async () => {
    const made = await liveRig();
    push(made, 'fill', fill('t1', 'v-2', { client_order_id: 'dw-2-no' }));
    expect(made.reports).toMatchObject([{ clientOrderId: 'dw-2', fill: { price: 5_700 } }]);
  });

  it('of orders of nobody here are told by the venue’s id, elsewhere not at all', async () => {
    const made = await liveRig();
    made.streams.orders.submitting(request('dw-1'));
    push(made, 'fill', fill('t1', 'somebody'));
    push(made, 'fill', fill('t2', 'by hand', { client_order_id: '' }));
    made.streams.orders.submitted(request('dw-1'), null);
    push(made, 'fill', fill('t3', 'else', { market_ticker: 'KXELSE-1' }));
    expect(made.reports.map(({ clientOrderId }) => clientOrderId)).toEqual(['somebody', 'by hand']);
  });

  it('between two orders of ours count for both', async () => {
    const made = await liveRig();
    for (const id of ['dw-1', 'dw-2'])
      push(made, 'fill', fill('t1', `v-${id}`, { client_order_id: id }));
    expect(made.reports.map(({ clientOrderId }) => clientOrderId)).toEqual(['dw-1', 'dw-2']);
  });
});

describe('orders', () => {
  it('are told as they stand, by both ids, even before their submission is answered', async () => {
    const made = await liveRig();
    made.streams.orders.submitting(request('dw-1'));
    push(made, 'user_orders', order('resting', 'dw-1'));
    push(made, 'user_orders', order('canceled', 'dw-1', { last_update_reason: 'HaltCancel' }));
    made.streams.orders.submitted(request('dw-1'), { kind: 'accepted', venueOrderId: 'v-dw-1' });
    expect(made.reports).toMatchObject([
      {
        type: 'order.found',
        clientOrderId: 'dw-1',
        venueOrderId: 'v-dw-1',
        status: 'resting',
        cumulative: 400,
        quantity: 1_000,
      },
      { type: 'order.found', status: 'cancelled', cumulative: 400 },
    ]);
    expect(made.streams.orders.resting()).toEqual([]);
  });

  it('that an amend exchanged for others at the venue have not ended', async () => {
    const made = await liveRig();
    placed(made, 'dw-1');
    push(made, 'user_orders', order('canceled', 'dw-1', { last_update_reason: 'Amend' }));
    push(made, 'user_orders', order('resting', 'dw-1', { order_id: 'v-new' }));
    push(made, 'user_orders', order('canceled', 'dw-1'));
    expect(made.reports).toMatchObject([{ status: 'resting', venueOrderId: 'v-new' }]);
    expect(made.streams.orders.resting()).toMatchObject([{ venueOrderId: 'v-new' }]);
  });

  it('that moved while nobody listened end under the id that they have now', async () => {
    const made = await liveRig();
    placed(made, 'dw-1');
    made.world.open = [listed('dw-1', { venueOrderId: 'v-new' })];
    made.world.peer.lose('gone');
    await made.pass(2_000);
    push(made, 'user_orders', order('canceled', 'dw-1', { order_id: 'v-new' }));
    expect(made.reports.at(-1)).toMatchObject({ venueOrderId: 'v-new', status: 'cancelled' });
    expect(made.streams.orders.resting()).toEqual([]);
  });

  it('end in the words of their reason', async () => {
    const made = await liveRig();
    const ends: readonly (readonly [string, string | undefined, string])[] = [
      ['executed', 'Trade', 'filled'],
      ['canceled', 'ExpiryCancel', 'expired'],
      ['canceled', 'CloseCancel', 'cancelled'],
      ['canceled', 'PostOnlyCrossCancel', 'cancelled'],
      ['canceled', undefined, 'cancelled'],
    ];
    for (const [status, reason] of ends)
      push(made, 'user_orders', order(status, 'dw-1', { last_update_reason: reason }));
    expect(made.reports.map((report) => 'status' in report && report.status)).toEqual(
      ends.map(([, , told]) => told),
    );
  });
});

describe('what happened while nobody listened', () => {
  it('is listed before the connection is live again: fills, then orders', async () => {
    const made = await liveRig();
    const { world, streams } = made;
    for (const id of ['dw-1', 'dw-2', 'dw-3']) placed(made, id);
    const first = streams.listings.fillsSince(null);
    await made.pass(10);
    await first;
    push(made, 'fill', fill('t0', 'v-dw-1', { client_order_id: 'dw-1' }));
    made.reports.length = 0;
    world.peer.lose('the network is gone');
    world.fills = [listedFill('t0', 'dw-1'), listedFill('t1', 'dw-1')];
    world.open = [listed('dw-2'), listed('foreign')];
    world.orders = [listed('dw-1', { status: 'filled', cumulative: lots(1_000) })];
    world.calls.length = 0;
    await made.pass(2_000);
    expect(streams.session.view.isLive).toBe(true);
    expect(world.calls).toContain('fills next');
    expect(made.reports).toMatchObject([
      { type: 'order.filled', clientOrderId: 'dw-1', fill: { fillId: 't1' } },
      { type: 'order.found', clientOrderId: 'dw-2', status: 'resting' },
      { type: 'order.found', clientOrderId: 'dw-1', status: 'filled', cumulative: 1_000 },
    ]);
    // The third is not known there: nothing is said of it, and it is not asked about again.
    expect(streams.orders.resting().map(({ clientOrderId }) => clientOrderId)).toEqual(['dw-2']);
  });

  it('is not listed by who never listed anything: the engine does so first', async () => {
    const made = await liveRig();
    expect(made.world.calls.filter((call) => /^(?:fills|openOrders|order)/.test(call))).toEqual([]);
  });
});

describe('a market that trades again after a halt', () => {
  it('has lost its orders: each of ours is asked about', async () => {
    const made = await liveRig();
    placed(made, 'dw-1');
    const lifecycle = (event_type: string): void =>
      made.world.peer.push('market_lifecycle_v2', 'market_lifecycle_v2', {
        market_ticker: MARKET,
        event_type,
      });
    lifecycle('deactivated');
    made.world.orders = [listed('dw-1', { status: 'cancelled', cumulative: lots(200) })];
    lifecycle('activated');
    await made.pass(3_000);
    expect(made.reports).toMatchObject([
      { type: 'order.found', clientOrderId: 'dw-1', status: 'cancelled', cumulative: 200 },
    ]);
  });
});
