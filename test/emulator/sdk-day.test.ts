/** A day of trading, through the venue's own client: it cannot tell the emulator from the venue. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KalshiEmulator, startKalshiEmulator } from '../../src/emulator/start.ts';
import { codeOf, refusalOf, type SdkClient, sdkFor } from './sdk.ts';
import { OTHER, stillMarkets, TICKER } from './still-market.ts';

let emulator: KalshiEmulator;
let sdk: SdkClient;

beforeAll(async () => {
  const write = { refillPerSecond: 10_000, capacity: 10_000 };
  emulator = await startKalshiEmulator({
    source: stillMarkets(),
    tier: { name: 'prime', read: write, write },
  });
  sdk = sdkFor(emulator, emulator);
});

afterAll(() => emulator.close());

type NewOrder = Parameters<SdkClient['orders']['createOrderV2']>[0];

const order = (change: Partial<NewOrder> = {}): NewOrder => ({
  ticker: TICKER,
  side: 'bid',
  count: '10.00',
  price: '0.4100',
  time_in_force: 'good_till_canceled',
  self_trade_prevention_type: 'taker_at_cross',
  ...change,
});

const place = async (change: Partial<NewOrder> = {}) =>
  (await sdk.orders.createOrderV2(order(change))).data;

describe('the day: orders', () => {
  it('takes, rests, amends, decreases and cancels', async () => {
    const response = await sdk.orders.createOrderV2(
      order({ count: '20.00', price: '0.4400', client_order_id: 'first' }),
    );
    expect(response.status).toBe(201);
    const { order_id } = response.data;
    expect(response.data).toMatchObject({
      client_order_id: 'first',
      fill_count: '17.00',
      remaining_count: '3.00',
      average_fill_price: '0.4400',
      average_fee_paid: '0.0173',
    });
    const amended = { ticker: TICKER, side: 'bid', price: '0.4100', count: '30.00' } as const;
    expect((await sdk.orders.amendOrderV2(order_id, amended)).data).toMatchObject({
      order_id,
      remaining_count: '13.00',
      fill_count: '0.00',
    });
    const left = await sdk.orders.decreaseOrderV2(order_id, { reduce_by: '3.00' });
    expect(left.data).toMatchObject({ order_id, remaining_count: '10.00' });
    expect((await sdk.orders.decreaseOrderV2(order_id, { reduce_to: '4.00' })).data).toMatchObject({
      remaining_count: '4.00',
    });
    expect((await sdk.orders.getOrder(order_id)).data.order).toMatchObject({
      status: 'resting',
      book_side: 'bid',
      outcome_side: 'yes',
      yes_price_dollars: '0.4100',
      no_price_dollars: '0.5900',
      fill_count_fp: '17.00',
      remaining_count_fp: '4.00',
      initial_count_fp: '30.00',
      taker_fill_cost_dollars: '7.480000',
      taker_fees_dollars: '0.293300',
      maker_fees_dollars: '0.000000',
    });
    expect((await sdk.orders.cancelOrderV2(order_id)).data).toMatchObject({ reduced_by: '4.00' });
    expect((await sdk.orders.getOrder(order_id)).data.order).toMatchObject({
      status: 'canceled',
      fill_count_fp: '17.00',
      remaining_count_fp: '0.00',
    });
    expect(codeOf(await refusalOf(sdk.orders.cancelOrderV2(order_id)))).toBe('not_found');
  });

  it('books what was traded', async () => {
    const { fills } = (await sdk.portfolio.getFills()).data;
    expect(fills).toHaveLength(1);
    expect(fills[0]).toMatchObject({
      count_fp: '17.00',
      yes_price_dollars: '0.4400',
      fee_cost: '0.293300',
      is_taker: true,
      book_side: 'bid',
    });
    expect(fills[0]?.fill_id).toBe(fills[0]?.trade_id);
    const { market_positions, event_positions } = (await sdk.portfolio.getPositions()).data;
    expect(market_positions[0]).toMatchObject({
      ticker: TICKER,
      position_fp: '17.00',
      market_exposure_dollars: '7.480000',
      fees_paid_dollars: '0.293300',
    });
    expect(event_positions[0]).toMatchObject({ total_cost_shares_fp: '17.00' });
    expect((await sdk.portfolio.getBalance()).data.balance_dollars).toBe('9992.2267');
    const { trades } = (await sdk.markets.getTrades()).data;
    expect(trades[0]).toMatchObject({ count_fp: '17.00', taker_book_side: 'bid' });
  });

  it('refuses with the codes of the venue', async () => {
    const refused = async (change: Partial<NewOrder>) => {
      const refusal = await refusalOf(place(change));
      return [refusal?.status, codeOf(refusal)];
    };
    expect(await refused({ client_order_id: 'first' })).toEqual([409, 'order_already_exists']);
    expect(await refused({ ticker: 'KXNONE-1' })).toEqual([404, 'not_found']);
    expect(await refused({ price: '0.4150' })).toEqual([400, 'invalid_order']);
    expect(await refused({ price: '0.4600', post_only: true })).toEqual([400, 'invalid_order']);
    expect(await refused({ count: '100000.00' })).toEqual([400, 'insufficient_balance']);
    expect(await refused({ side: 'hold' as 'bid' })).toEqual([400, 'invalid_parameters']);
    expect(await refused({ price: undefined as unknown as string })).toEqual([
      400,
      'missing_parameters',
    ]);
    const killed = {
      time_in_force: 'fill_or_kill',
      price: '0.4500',
      client_order_id: 'killed',
    } as const;
    const code = 'fill_or_kill_insufficient_resting_volume';
    expect(await refused(killed)).toEqual([409, code]);
    expect(await refused({ client_order_id: 'killed' })).toEqual([409, 'order_already_exists']);
  });

  it('cancels what is left of an order that must not rest', async () => {
    const { order_id, ...placed } = await place({
      ticker: OTHER,
      count: '20.00',
      price: '0.4500',
      time_in_force: 'immediate_or_cancel',
    });
    expect(placed).toMatchObject({ fill_count: '17.00', remaining_count: '0.00' });
    const { status } = (await sdk.orders.getOrder(order_id)).data.order;
    expect(status).toBe('canceled');
  });
});

describe('the afternoon: many at once', () => {
  it('places and cancels batches, each order with its own outcome', async () => {
    const orders = ['0.3000', '0.3001', '0.3100'].map((price, index) =>
      order({ price, client_order_id: `batch-${index}` }),
    );
    const response = await sdk.orders.batchCreateOrdersV2({ orders });
    expect(response.status).toBe(201);
    const [first, second, third] = response.data.orders;
    expect([first?.remaining_count, third?.remaining_count]).toEqual(['10.00', '10.00']);
    expect(second).toMatchObject({ client_order_id: 'batch-1', error: { code: 'invalid_order' } });
    const cancelled = await sdk.orders.batchCancelOrdersV2({
      orders: [{ order_id: first?.order_id ?? '' }, { order_id: 'nothing' }],
    });
    expect(cancelled.data.orders).toMatchObject([
      { reduced_by: '10.00' },
      { order_id: 'nothing', reduced_by: '0.00', error: { code: 'not_found' } },
    ]);
  });

  it('tells queue positions, filters and pages', async () => {
    const { order_id } = await place({ price: '0.4200' });
    const position = (await sdk.orders.getOrderQueuePosition(order_id)).data;
    expect(position).toEqual({ queue_position_fp: '13.00' });
    const { queue_positions } = (await sdk.orders.getOrderQueuePositions(TICKER)).data;
    expect(queue_positions).toContainEqual({
      order_id,
      market_ticker: TICKER,
      queue_position_fp: '13.00',
    });
    const resting = (await sdk.orders.getOrders(TICKER, undefined, undefined, undefined, 'resting'))
      .data.orders;
    expect(resting.map(({ status }) => status)).toEqual(['resting', 'resting']);
    const all = (await sdk.orders.getOrders()).data.orders.map((each) => each.order_id);
    expect(await paged(2)).toEqual(all);
    expect(all[0]).toBe(order_id);
  });

  async function paged(limit: number): Promise<readonly string[]> {
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const none = undefined;
      const { data } = await sdk.orders.getOrders(none, none, none, none, none, limit, cursor);
      expect(data.orders.length).toBeLessThanOrEqual(limit);
      ids.push(...data.orders.map((each) => each.order_id));
      cursor = data.cursor === '' ? undefined : data.cursor;
    } while (cursor !== undefined);
    return ids;
  }

  it('triggers an order group that matched too much', async () => {
    const { data, status } = await sdk.groups.createOrderGroup({ contracts_limit_fp: '5.00' });
    const { order_group_id } = data;
    expect(status).toBe(201);
    const rests = await place({ order_group_id, price: '0.3000' });
    await place({ order_group_id, ticker: OTHER, price: '0.4600', count: '6.00' });
    expect((await sdk.orders.getOrder(rests.order_id)).data.order.status).toBe('canceled');
    const group = (await sdk.groups.getOrderGroup(order_group_id)).data;
    expect(group.orders).toHaveLength(2);
    const refused = await refusalOf(place({ order_group_id }));
    expect(codeOf(refused)).toBe('EXCEEDED_ORDER_GROUP_RISK_LIMIT');
    await sdk.groups.resetOrderGroup(order_group_id);
    const again = await place({ order_group_id });
    await sdk.groups.updateOrderGroupLimit(order_group_id, { contracts_limit: 7 });
    expect((await sdk.groups.getOrderGroups()).data.order_groups).toMatchObject([
      { id: order_group_id, contracts_limit_fp: '7.00' },
    ]);
    await sdk.groups.triggerOrderGroup(order_group_id);
    expect((await sdk.orders.getOrder(again.order_id)).data.order.status).toBe('canceled');
    await sdk.groups.deleteOrderGroup(order_group_id);
    expect(codeOf(await refusalOf(sdk.groups.getOrderGroup(order_group_id)))).toBe('not_found');
  });

  it('cancels everything', async () => {
    await sdk.orders.cancelAllOrders();
    const none = undefined;
    const { data } = await sdk.orders.getOrders(none, none, none, none, 'resting');
    expect(data.orders).toEqual([]);
  });

  it('kept a log of all that, and lost nothing', () => {
    const fills = emulator.log.filter(({ type }) => type === 'fill');
    expect(fills).toHaveLength(3);
    expect(emulator.violations()).toEqual([]);
  });
});
