/** Whatever is done: two ways of book-keeping agree, and the book is the sum of its deltas. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderRecord } from '../../src/emulator/order-record.ts';
import { Desk, START_MS } from './desk.ts';
import { type Later, print, stillMarkets, TICKER } from './still-market.ts';

const deskWith = (...later: readonly Later[]): Desk =>
  new Desk({ source: stillMarkets(later, START_MS) });

describe('whatever is done', () => {
  const command = fc.record({
    what: fc.constantFrom('place', 'place', 'place', 'cancel', 'amend', 'decrease', 'wait'),
    side: fc.constantFrom('bid', 'ask'),
    cents: fc.integer({ min: 30, max: 60 }),
    count: fc.integer({ min: 1, max: 3_000 }),
    pick: fc.nat(),
    tif: fc.constantFrom('good_till_canceled', 'immediate_or_cancel'),
    stp: fc.constantFrom('taker_at_cross', 'maker'),
  });

  it('two ways of book-keeping agree, and the book is the sum of its deltas', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        const prints = [500, 900, 1_300].map((ms, index): Later => [ms, print(40 + index, 30)]);
        const desk = deskWith(...prints);
        const { session, frames } = desk.connect();
        session.receive(subscription);
        const ids: string[] = [];
        for (const { what, side, cents, count, pick, tif, stp } of commands) {
          const [price, size] = [
            `0.${cents}00`,
            `${Math.floor(count / 100)}.${String(count % 100).padStart(2, '0')}`,
          ];
          const id = ids[pick % Math.max(1, ids.length)] ?? 'none';
          const path = `/portfolio/events/orders/${id}`;
          if (what === 'wait') desk.wait(100);
          if (what === 'cancel') desk.call('DELETE', path);
          if (what === 'amend')
            desk.call('POST', `${path}/amend`, { ticker: TICKER, side, price, count: size });
          if (what === 'decrease') desk.call('POST', `${path}/decrease`, { reduce_to: '1.00' });
          if (what !== 'place') continue;
          const more = { self_trade_prevention_type: stp, time_in_force: tif };
          const { body } = desk.place({ side, price, count: size, ...more });
          if (typeof body['order_id'] === 'string') ids.push(body['order_id']);
        }
        desk.world.flush();
        const { account } = desk;
        expect(account.exchange.audit.violations()).toEqual([]);
        expect(account.ledger.cash.toFixed()).toBe(account.exchange.account.balance());
        expect(bookOf(frames)).toEqual(desk.call('GET', `/markets/${TICKER}/orderbook`).body);
        for (const order of account.orders.values()) checkOrder(order, desk);
      }),
      { numRuns: 60 },
    );
  });
});

const subscription = JSON.stringify({
  id: 1,
  cmd: 'subscribe',
  params: { channels: ['orderbook_delta'], market_ticker: TICKER },
});

function checkOrder({ terms, now }: OrderRecord, { account }: Desk): void {
  const told = account.exchange.audit.order(terms.orderId);
  expect(now.filled).toBe(told?.cumulative);
  expect(now.remaining).toBe(told?.leaves);
}

interface BookFrame {
  readonly type: string;
  readonly msg: {
    readonly yes_dollars_fp?: readonly (readonly [string, string])[];
    readonly no_dollars_fp?: readonly (readonly [string, string])[];
    readonly price_dollars: string;
    readonly delta_fp: string;
    readonly side: 'yes' | 'no';
  };
}

/** What a client makes of its frames, in the shape of the REST answer. */
function bookOf(frames: readonly object[]) {
  const sides = { yes: new Map<string, number>(), no: new Map<string, number>() };
  const hundredths = (text: string): number => Math.round(Number(text) * 100);
  for (const { type, msg } of frames as readonly BookFrame[]) {
    if (type === 'orderbook_snapshot')
      for (const side of ['yes', 'no'] as const)
        for (const [price, size] of msg[`${side}_dollars_fp`] ?? [])
          sides[side].set(price, hundredths(size));
    if (type !== 'orderbook_delta') continue;
    const { price_dollars: price, side } = msg;
    const size = (sides[side].get(price) ?? 0) + hundredths(msg.delta_fp);
    expect(size).toBeGreaterThanOrEqual(0);
    if (size === 0) sides[side].delete(price);
    else sides[side].set(price, size);
  }
  const rows = (side: 'yes' | 'no') =>
    [...sides[side]]
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([price, size]) => [price, (size / 100).toFixed(2)]);
  return { orderbook_fp: { yes_dollars: rows('yes'), no_dollars: rows('no') } };
}
