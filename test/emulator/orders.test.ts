/** What becomes of orders: by their owner, by the market, by the clock, by the exchange. */
import { describe, expect, it } from 'vitest';
import { ticks } from '../../src/domain/numbers.ts';
import { Desk, ORDER, START_MS } from './desk.ts';
import { type Later, OTHER, print, stillMarkets, TICKER } from './still-market.ts';

const deskWith = (...later: readonly Later[]): Desk =>
  new Desk({ source: stillMarkets(later, START_MS) });

const at = (afterMs: number, type: 'market.paused' | 'market.resumed' | 'market.closed'): Later => [
  afterMs,
  { type, symbol: TICKER, timeMs: START_MS + afterMs },
];

describe('by their owner', () => {
  it('an amend below what has filled is refused, to just that it cancels', () => {
    const desk = new Desk();
    const id = desk.placed({ price: '0.4400', count: '20.00' });
    const amend = (count: string, more = {}) =>
      desk.call('POST', `/portfolio/events/orders/${id}/amend`, {
        ticker: TICKER,
        side: 'bid',
        price: '0.4400',
        count,
        ...more,
      });
    expect(amend('16.00').code).toBe('INVALID_AMEND_QTY_FOR_ORDER');
    expect(amend('18.00', { side: 'ask' }).code).toBe('invalid_parameters');
    expect(amend('18.00', { ticker: OTHER }).code).toBe('invalid_parameters');
    expect(amend('18.00', { price: '0.4450' }).code).toBe('invalid_order');
    expect(desk.order(id)).toMatchObject({
      remaining_count_fp: '3.00',
      yes_price_dollars: '0.4400',
    });
    expect(amend('17.00').body).toMatchObject({ remaining_count: '0.00' });
    expect(desk.order(id)).toMatchObject({ status: 'canceled', fill_count_fp: '17.00' });
  });

  it('an amend may give a new id, which is used up then', () => {
    const desk = new Desk();
    const id = desk.placed({ client_order_id: 'old' });
    const change = { ticker: TICKER, side: 'bid', price: '0.4000', count: '10.00' };
    const path = `/portfolio/events/orders/${id}/amend`;
    desk.placed({ client_order_id: 'taken' });
    const taken = { ...change, updated_client_order_id: 'taken' };
    expect(desk.call('POST', path, taken).code).toBe('order_already_exists');
    const renamed = { ...change, client_order_id: 'old', updated_client_order_id: 'new' };
    expect(desk.call('POST', path, renamed).body).toMatchObject({ client_order_id: 'new' });
    for (const client_order_id of ['old', 'new'])
      expect(desk.place({ client_order_id }).code).toBe('order_already_exists');
  });

  it('an amend that crosses tells what it took alone', () => {
    const desk = new Desk();
    const id = desk.placed({ count: '20.00' });
    const change = { ticker: TICKER, side: 'bid', price: '0.4500', count: '20.00' };
    expect(desk.call('POST', `/portfolio/events/orders/${id}/amend`, change).body).toMatchObject({
      fill_count: '17.00',
      remaining_count: '3.00',
      average_fill_price: '0.4400',
    });
  });

  it('an order may only reduce a position', () => {
    const desk = new Desk();
    const ask = { side: 'ask', price: '0.4200', time_in_force: 'immediate_or_cancel' };
    const reduce = { ...ask, reduce_only: true, count: '50.00' };
    expect(desk.place(reduce).code).toBe('invalid_order');
    desk.placed({ price: '0.4400', count: '5.00' });
    expect(desk.place(reduce).body).toMatchObject({ fill_count: '5.00' });
    const { market_positions } = desk.call('GET', '/portfolio/positions').body;
    expect(market_positions).toMatchObject([
      { position_fp: '0.00', market_exposure_dollars: '0.000000' },
    ]);
  });

  it('an order that meets an own one ends, or ends the other', () => {
    const desk = new Desk();
    const resting = desk.placed({ side: 'ask', price: '0.4300' });
    const cross = { price: '0.4400', count: '5.00' };
    const taker = desk.placed(cross);
    expect(desk.order(taker)).toMatchObject({ status: 'canceled', fill_count_fp: '0.00' });
    expect(desk.order(resting)['status']).toBe('resting');
    const maker = desk.placed({ ...cross, self_trade_prevention_type: 'maker' });
    expect(desk.order(maker)).toMatchObject({ status: 'executed', fill_count_fp: '5.00' });
    expect(desk.order(resting)['status']).toBe('canceled');
    expect(desk.log.filter(({ type }) => type === 'order').map((entry) => entry)).toContainEqual(
      expect.objectContaining({ orderId: resting, reason: 'SelfTradeCancel' }),
    );
  });

  it('resting orders must be affordable together', () => {
    const desk = new Desk({ balance: '10' });
    expect(desk.place({ price: '0.4000', count: '20.00' }).status).toBe(201);
    expect(desk.place({ price: '0.4000', count: '6.00' }).code).toBe('insufficient_balance');
    expect(desk.place({ side: 'ask', price: '0.9000', count: '20.00' }).status).toBe(201);
  });

  it('a cancel of everything keeps to a subaccount', () => {
    const desk = new Desk();
    const ids = [0, 3].map((subaccount) => desk.placed({ subaccount }));
    expect(desk.call('DELETE', '/portfolio/events/orders?subaccount=3').status).toBe(200);
    expect(ids.map((id) => desk.order(id)['status'])).toEqual(['resting', 'canceled']);
  });

  it('a batch that cannot be read whole places nothing', () => {
    const desk = new Desk();
    const path = '/portfolio/events/orders/batched';
    for (const wrong of [null, { ...ORDER, client_order_id: 7 }])
      expect(desk.call('POST', path, { orders: [ORDER, wrong] }).status).toBe(400);
    const order_id = desk.placed();
    expect(desk.call('DELETE', path, { orders: [{ order_id }, {}] }).status).toBe(400);
    expect(desk.account.resting().map(({ terms }) => terms.orderId)).toEqual([order_id]);
  });
});

describe('by the market', () => {
  it('a print fills what rests once the queue before it is gone', () => {
    const desk = deskWith([1_000, print(42, 15)]);
    const id = desk.placed({ price: '0.4200' });
    desk.wait(2_000);
    expect(desk.order(id)).toMatchObject({
      fill_count_fp: '2.00',
      maker_fill_cost_dollars: '0.840000',
      maker_fees_dollars: '0.000000',
    });
    const { fills } = desk.call('GET', `/portfolio/fills?order_id=${id}`).body;
    expect(fills).toMatchObject([{ is_taker: false, count_fp: '2.00', ts: START_MS / 1_000 + 1 }]);
  });

  it('coming back from inactivity cancels what rests', () => {
    const desk = deskWith(at(1_000, 'market.paused'), at(2_000, 'market.resumed'));
    const ids = [TICKER, OTHER].map((ticker) => desk.placed({ ticker }));
    desk.wait(1_500);
    expect(desk.place().code).toBe('MARKET_NOT_ACTIVE');
    expect(desk.order(ids[0] ?? '')['status']).toBe('resting');
    desk.wait(1_000);
    expect(ids.map((id) => desk.order(id)['status'])).toEqual(['canceled', 'resting']);
    expect(desk.place().status).toBe(201);
  });

  it('the close sweeps what rests, and refuses cancels too', () => {
    const desk = deskWith(at(1_000, 'market.closed'));
    const id = desk.placed();
    desk.wait(1_500);
    expect(desk.order(id)['status']).toBe('canceled');
    expect(desk.log.at(-1)).toMatchObject({ orderId: id, reason: 'CloseCancel' });
    expect(desk.place().code).toBe('MARKET_INACTIVE');
    expect(desk.call('DELETE', `/portfolio/events/orders/${id}`).code).toBe('MARKET_INACTIVE');
    const { market } = desk.call('GET', `/markets/${TICKER}`).body;
    expect(market).toMatchObject({ status: 'closed' });
  });

  it.each([
    [10_000, 'yes', '10002.7137'],
    [0, 'no', '9997.7137'],
  ])('a settlement at %d pays the position', (settled, result, balance_dollars) => {
    const value = ticks(settled);
    const desk = deskWith([1_000, { type: 'market.settled', symbol: TICKER, value, timeMs: 0 }]);
    desk.placed({ price: '0.4400', count: '5.00' });
    desk.wait(1_500);
    expect(desk.call('GET', '/portfolio/balance').body).toMatchObject({ balance_dollars });
    expect(desk.account.exchange.account.balance()).toBe(balance_dollars);
    const { market } = desk.call('GET', `/markets/${TICKER}`).body;
    expect(market).toMatchObject({ status: 'finalized', result });
  });
});

describe('by the clock', () => {
  it('an order expires', () => {
    const desk = new Desk();
    const id = desk.placed({ expiration_time: START_MS / 1_000 + 5 });
    desk.wait(4_999);
    expect(desk.order(id)['status']).toBe('resting');
    desk.wait(1);
    expect(desk.order(id)['status']).toBe('canceled');
    expect(desk.log.at(-1)).toMatchObject({ reason: 'ExpiryCancel' });
  });

  it('a group counts what it matched within 15 s', () => {
    const desk = new Desk();
    const { order_group_id } = desk.call('POST', '/portfolio/order_groups/create', {
      contracts_limit: 10,
    }).body;
    const take = (count: string) =>
      desk.place({ order_group_id, count, price: '0.4600', time_in_force: 'immediate_or_cancel' });
    expect(take('9.00').status).toBe(201);
    desk.wait(15_000);
    expect([take('9.00').status, take('1.00').status, take('1.00').code]).toEqual([
      201,
      201,
      'EXCEEDED_ORDER_GROUP_RISK_LIMIT',
    ]);
  });

  it('a group whose limit is lowered below that is triggered', () => {
    const desk = new Desk();
    const { order_group_id } = desk.call('POST', '/portfolio/order_groups/create', {
      contracts_limit_fp: '10.00',
    }).body;
    const id = desk.placed({ order_group_id });
    desk.placed({ order_group_id, count: '5.00', price: '0.4600' });
    const path = `/portfolio/order_groups/${String(order_group_id)}/limit`;
    expect(desk.call('PUT', path, { contracts_limit_fp: '5.00' }).status).toBe(200);
    expect(desk.order(id)['status']).toBe('canceled');
  });

  it('nothing is placed in a pause, cancels work, and some orders go by themselves', () => {
    const desk = new Desk();
    const ids = [true, false].map((cancel_order_on_pause) =>
      desk.placed({ cancel_order_on_pause }),
    );
    desk.world.setFault('pause', 1);
    expect(ids.map((id) => desk.order(id)['status'])).toEqual(['canceled', 'resting']);
    expect(desk.place()).toMatchObject({ status: 409, code: 'trading_is_paused' });
    const [, id = ''] = ids;
    const change = { ticker: TICKER, side: 'bid', price: '0.4000', count: '10.00' };
    const amend = desk.call('POST', `/portfolio/events/orders/${id}/amend`, change);
    expect(amend.code).toBe('trading_is_paused');
    expect(desk.call('GET', '/exchange/status').body['trading_active']).toBe(false);
    expect(desk.call('DELETE', `/portfolio/events/orders/${id}`).status).toBe(200);
    desk.world.setFault('pause', 0);
    expect(desk.place().status).toBe(201);
  });

  it.each([
    ['2026-11-19T07:59:59Z', 201],
    ['2026-11-19T08:00:00Z', 409],
    ['2026-11-19T09:59:59Z', 409],
    ['2026-11-19T10:00:00Z', 201],
    // In summer New York is an hour nearer.
    ['2026-07-16T07:00:00Z', 409],
  ])('the weekly pause at %s answers %d', (time, status) => {
    const desk = new Desk({ startMs: Date.parse(time) });
    desk.world.setFault('weekly-pause', 1);
    expect(desk.place().status).toBe(status);
  });
});
