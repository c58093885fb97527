/** The adapter against the emulator, which reads the venue's contract on its own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lots, ticks } from '../../../src/domain/numbers.ts';
import type { OrderRequest } from '../../../src/domain/order.ts';
import type { KalshiEmulator } from '../../../src/emulator/start.ts';
import { liveClock } from '../../../src/env/live-clock.ts';
import type { KalshiRest } from '../../../src/venues/kalshi/rest.ts';
import { OTHER, TICKER } from '../../emulator/still-market.ts';
import { EmulatedDay, refOf } from './rest-day.ts';

let day: EmulatedDay;
let emulator: KalshiEmulator;
let rest: KalshiRest;

beforeAll(async () => {
  day = await EmulatedDay.start();
  ({ emulator, rest } = day);
});

afterAll(() => day.close());

const request = (change?: Partial<OrderRequest>) => day.request(change);

describe('an account', () => {
  it('is known by its key, with its limits and markets', async () => {
    await rest.checkKey();
    expect(await rest.instruments()).toMatchObject([
      { symbol: TICKER, event: 'KXTEST-26NOV21', tickRanges: [{ from: 100, to: 9_900 }] },
      { symbol: OTHER },
    ]);
    const { costs, buckets } = await rest.accountLimits();
    expect(costs).toEqual({ place: 10, amend: 10, cancel: 2, read: 10 });
    expect(buckets.writes).toMatchObject([{ windowMs: 1_100, tokens: 10_000 }]);
    expect(await rest.bestBids(TICKER)).toEqual({ yes: 4_200, no: 5_600 });
    expect(await rest.exchangeStatus()).toMatchObject({ isActive: true, isTrading: true });
    const hours = await rest.tradingHours();
    expect(hours.isOpenAt(Date.parse('2026-11-26T08:30:00Z'))).toBe(false);
    expect(Math.abs((await rest.asOf()) - liveClock.wallMs())).toBeLessThan(5_000);
    expect(Math.abs(rest.clockOffsetMs)).toBeLessThan(50);
  });

  it('is another one with another key, and none with a wrong one', async () => {
    const other = day.restFor(emulator.keys[1]);
    expect(await other.openOrders()).toEqual([]);
    other.close();
    const [one, two] = emulator.keys;
    const mixed = day.restFor({
      keyId: one?.keyId ?? '',
      privateKeyPem: two?.privateKeyPem ?? '',
    });
    await expect(mixed.checkKey()).rejects.toThrow('does not belong to the key id');
    mixed.close();
    const stranger = day.restFor({ keyId: 'nobody', privateKeyPem: two?.privateKeyPem ?? '' });
    await expect(stranger.checkKey()).rejects.toThrow('Kalshi must know the key');
    stranger.close();
  });
});

describe('an order', () => {
  it.each([
    ['yes', 'buy', 4_100],
    ['yes', 'sell', 4_500],
    ['no', 'buy', 5_500],
    ['no', 'sell', 5_900],
  ] as const)('on %s to %s is listed as it was sent', async (outcome, action, price) => {
    const sent = request({ outcome, action, price: ticks(price), quantity: lots(250) });
    const submitted = await rest.submit(sent);
    const venueOrderId = submitted.kind === 'accepted' ? submitted.venueOrderId : '';
    const listed = { venueOrderId, status: 'resting', cumulative: 0, request: sent };
    expect(await rest.order(refOf(sent, venueOrderId))).toMatchObject(listed);
    expect(await rest.openOrders()).toMatchObject([listed]);
    // Another process knows of it only what the venue says.
    const restarted = day.restFor();
    const ref = refOf(sent);
    expect(await restarted.order(ref)).toMatchObject(listed);
    expect(await restarted.cancel(ref)).toEqual({ kind: 'accepted', cumulative: 0 });
    restarted.close();
    expect(await rest.order(refOf(sent, venueOrderId))).toMatchObject({
      status: 'cancelled',
      request: { outcome, action, price, quantity: 250 },
    });
    expect(await rest.submit(sent)).toEqual({ kind: 'exists' });
  });

  it('fills, and its fills are listed once, in the prices of its contract', async () => {
    const { cursor } = await rest.fillsSince(null);
    // NO at 0.58 takes the bid for YES at 0.42.
    const sent = request({
      outcome: 'no',
      price: ticks(5_800),
      quantity: lots(150),
      timeInForce: 'ioc',
    });
    const submitted = await rest.submit(sent);
    expect(submitted.kind).toBe('accepted');
    const { fills, cursor: next } = await rest.fillsSince(cursor);
    expect(fills).toMatchObject([
      {
        clientOrderId: sent.clientOrderId,
        outcome: 'no',
        action: 'buy',
        price: 5_800,
        quantity: 150,
        liquidity: 'taker',
      },
    ]);
    expect((await rest.fillsSince(next)).fills).toEqual([]);
    expect(await rest.positions()).toEqual([{ symbol: TICKER, quantity: -150 }]);
    expect(await rest.order(refOf(sent))).toMatchObject({ status: 'filled', cumulative: 150 });
    const closed = await rest.closedOrders(liveClock.wallMs() - 60_000);
    expect(closed.map(({ clientOrderId }) => clientOrderId)).toContain(sent.clientOrderId);
  });

  it('is amended to a total, decreased, queued and cancelled', async () => {
    const sent = request();
    await rest.submit(sent);
    const ref = refOf(sent);
    expect(await rest.amend({ ...ref, price: ticks(4_000), quantity: lots(1_200) })).toEqual({
      kind: 'accepted',
      price: 4_000,
      quantity: 1_200,
    });
    const [place] = await rest.queuePositions([TICKER]);
    expect(place).toMatchObject({ symbol: TICKER });
    expect(await rest.decrease(ref, 500)).toEqual({ kind: 'accepted', remaining: 500 });
    expect(await rest.cancel(ref)).toEqual({ kind: 'accepted', cumulative: 0 });
    expect(await rest.cancel(ref)).toMatchObject({ kind: 'rejected' });
    expect(await rest.amend({ ...ref, price: ticks(4_000), quantity: lots(1_200) })).toMatchObject({
      kind: 'rejected',
    });
  });

  it('is refused for certain, by the code', async () => {
    expect(await rest.submit(request({ postOnly: true, price: ticks(4_400) }))).toMatchObject({
      kind: 'rejected',
    });
    expect(
      await rest.submit(
        request({ timeInForce: 'fok', quantity: lots(99_900), price: ticks(4_400) }),
      ),
    ).toMatchObject({ reason: expect.stringContaining('fill_or_kill') as string });
    expect(await rest.submit(request({ symbol: 'KXNONE' }))).toMatchObject({ kind: 'rejected' });
    expect(await rest.submit(request({ price: ticks(4_150) }))).toMatchObject({ kind: 'rejected' });
  });

  it('comes in batches, and goes in batches, and all at once', async () => {
    const sent = [request(), request({ symbol: 'KXNONE' }), request({ outcome: 'no' })];
    const submitted = await rest.submitBatch(sent);
    expect(submitted.map(({ kind }) => kind)).toEqual(['accepted', 'rejected', 'accepted']);
    const cancelled = await rest.cancelBatch(sent.map((each) => refOf(each)));
    expect(cancelled.map(({ kind }) => kind)).toEqual(['accepted', 'rejected', 'accepted']);
    await rest.submitBatch([request(), request({ symbol: OTHER }), request()]);
    expect(await rest.openOrders()).toHaveLength(3);
    await rest.cancelAll();
    expect(await rest.openOrders()).toEqual([]);
  });

  it('belongs to a group, which ends it', async () => {
    const id = await rest.orderGroups.create(100_000);
    rest.useOrderGroup(id);
    const sent = request();
    expect((await rest.submit(sent)).kind).toBe('accepted');
    expect((await rest.orderGroups.list()).map((group) => group.id)).toContain(id);
    expect(await rest.orderGroups.one(id)).toMatchObject({ id, limit: 100_000 });
    await rest.orderGroups.trigger(id);
    expect(await rest.order(refOf(sent))).toMatchObject({ status: 'cancelled' });
    expect(await rest.submit(request())).toMatchObject({ kind: 'rejected' });
    await rest.orderGroups.reset(id);
    expect((await rest.submit(request())).kind).toBe('accepted');
    await rest.orderGroups.delete(id);
    rest.useOrderGroup(null);
    expect(await rest.openOrders()).toEqual([]);
  });
});

it('has a breaker of size that takes itself away, but no orders with it', async () => {
  const first = await rest.armSizeBreaker(1_000_000);
  const sent = request();
  await rest.submit(sent);
  expect(await rest.orderGroups.one(first)).toMatchObject({ limit: 1_000_000 });
  await rest.disarmSizeBreaker();
  expect(await rest.order(refOf(sent))).toMatchObject({ status: 'resting' });
  expect(await rest.orderGroups.one(first)).not.toBeNull();
  await rest.cancelAll();

  const second = await rest.armSizeBreaker(300);
  // Three contracts match, and the fourth ends the group.
  await rest.submit(request({ price: ticks(4_400), quantity: lots(300), timeInForce: 'ioc' }));
  await rest.submit(request({ price: ticks(4_400), quantity: lots(200), timeInForce: 'ioc' }));
  expect(await rest.submit(request())).toMatchObject({ kind: 'rejected' });
  await rest.disarmSizeBreaker();
  expect(await rest.orderGroups.one(second)).toBeNull();
  await rest.disarmSizeBreaker();
});

it('leaves the exchange conserved, and no secret in the log', () => {
  expect(emulator.violations()).toEqual([]);
  const shown = JSON.stringify(day.lines);
  expect(day.lines.length).toBeGreaterThan(50);
  for (const { keyId, privateKeyPem } of emulator.keys) {
    expect(shown).not.toContain(keyId);
    for (const line of privateKeyPem.split('\n').slice(1, -2)) expect(shown).not.toContain(line);
  }
});
