/** The adapter against the emulator's faults: what is known afterwards, and what is not. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lots, ticks } from '../../../src/domain/numbers.ts';
import type { OrderRequest } from '../../../src/domain/order.ts';
import type { FaultName } from '../../../src/emulator/faults.ts';
import type { KalshiEmulator } from '../../../src/emulator/start.ts';
import type { KalshiRest } from '../../../src/venues/kalshi/rest.ts';
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

describe('when something goes wrong', () => {
  const on = new Set<FaultName>();
  const fault = (name: FaultName): void => {
    on.add(name);
    emulator.setFault(name, true);
  };
  const heal = (): void => {
    for (const name of on) emulator.setFault(name, false);
    on.clear();
  };

  afterEach(async () => {
    heal();
    await rest.cancelAll();
  });

  it.each(['error-after', 'garbled-body', 'empty-body', 'html-body'] as const)(
    '%s leaves an order in doubt that is there',
    async (name) => {
      const sent = request();
      fault(name);
      expect(await rest.submit(sent)).toMatchObject({ kind: 'ambiguous' });
      heal();
      expect(await rest.order(refOf(sent))).toMatchObject({ status: 'resting', request: sent });
      expect(await rest.submit(sent)).toEqual({ kind: 'exists' });
      expect(await rest.cancel(refOf(sent))).toMatchObject({ kind: 'accepted' });
    },
  );

  it('error-before leaves an order in doubt that is not there', async () => {
    const sent = request();
    fault('error-before');
    expect(await rest.submit(sent)).toMatchObject({ kind: 'ambiguous' });
    heal();
    expect(await rest.order(refOf(sent))).toBeNull();
  });

  it('wrong-order is not believed', async () => {
    const sent = request();
    await rest.submit(sent);
    fault('wrong-order');
    expect(await rest.cancel(refOf(sent))).toMatchObject({ kind: 'ambiguous' });
    heal();
    expect(await rest.order(refOf(sent))).toMatchObject({ status: 'cancelled' });
  });

  it('rate-limit-storm refuses for certain, and lists nothing', async () => {
    fault('rate-limit-storm');
    expect(await rest.submit(request())).toEqual({
      kind: 'rejected',
      reason: 'too many requests',
      throttled: true,
    });
    await expect(rest.openOrders()).rejects.toThrow('too many requests');
  });

  it('pause refuses orders and takes cancels', async () => {
    const sent = request();
    await rest.submit(sent);
    fault('pause');
    expect(await rest.submit(request())).toMatchObject({
      kind: 'rejected',
      reason: expect.stringContaining('trading_is_paused') as string,
    });
    expect(await rest.exchangeStatus()).toMatchObject({ isTrading: false });
    expect(await rest.cancel(refOf(sent))).toEqual({ kind: 'accepted', cumulative: 0 });
  });

  it('clock-ahead costs one refusal, and is corrected', async () => {
    const fresh = day.restFor();
    fault('clock-ahead');
    expect(await fresh.submit(request())).toMatchObject({
      kind: 'rejected',
      reason: expect.stringContaining('header_timestamp_expired') as string,
    });
    expect((await fresh.submit(request())).kind).toBe('accepted');
    expect(Math.abs(fresh.clockOffsetMs - 60_000)).toBeLessThan(1_500);
    const reading = day.restFor();
    expect(await reading.balance()).toMatch(/^\d+\.\d+$/);
    reading.close();
    fresh.close();
    heal();
    await rest.balance();
  });

  it('read-lag lists no fills while their order is not listed', async () => {
    const sent = request({ price: ticks(4_400), quantity: lots(100), timeInForce: 'ioc' });
    const restarted = day.restFor();
    fault('read-lag');
    await rest.submit(sent);
    const { fills } = await restarted.fillsSince(null).catch(() => ({ fills: [] }));
    expect(fills.map(({ clientOrderId }) => clientOrderId)).not.toContain(sent.clientOrderId);
    restarted.close();
  });
});
