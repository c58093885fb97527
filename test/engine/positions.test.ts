/** Positions and orders as a strategy watches them: through fills, busts, settlement, restarts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ticks } from '../../src/domain/numbers.ts';
import { Portfolio } from '../../src/engine/views/portfolio.ts';
import type { OrderView, PositionView } from '../../src/index.ts';
import { live, signal, type World, world } from '../support/embedded.ts';
import { hostileRun, hostileScript } from '../support/hostile.ts';

interface Watched extends World {
  readonly position: () => PositionView | undefined;
  readonly orders: () => readonly OrderView[];
  readonly told: () => number;
  readonly lastId: () => string;
}

async function watched(options: object = {}): Promise<Watched> {
  const given = await live(await world(options));
  let positions: readonly PositionView[] = [];
  let orders: readonly OrderView[] = [];
  let told = 0;
  given.engine.positions$.subscribe((all) => {
    positions = all;
    told += 1;
  });
  given.engine.orders$.subscribe((all) => {
    orders = all;
  });
  return {
    ...given,
    position: () => positions.find(({ market }) => market === 'M'),
    orders: () => orders,
    told: () => told,
    lastId: () => given.venue.calls.findLast(({ kind }) => kind === 'submit')?.clientOrderId ?? '',
  };
}

describe('positions$', () => {
  it('shows what is held, what it cost, and what is under way', async () => {
    const given = await watched();
    const { engine, venue, pass, position } = given;
    engine.execute(signal());
    await pass(50);
    expect(position()).toEqual({
      venue: 'script',
      market: 'M',
      yes: { quantity: '0', averageCost: null, cost: '0' },
      no: { quantity: '0', averageCost: null, cost: '0' },
      pending: { buyYes: '10', sellYes: '0', buyNo: '0', sellNo: '0' },
      realised: '0',
      fees: '0',
      settledAt: null,
    });
    venue.fill(given.lastId(), 4);
    await pass(50);
    expect(position()).toMatchObject({
      yes: { quantity: '4', averageCost: '0.45', cost: '1.8' },
      pending: { buyYes: '6' },
      fees: '0.01',
    });
    engine.execute(signal({ signalId: 'no', outcome: 'no', limitPrice: '0.50', quantity: '9' }));
    await pass(50);
    expect(position()?.pending).toEqual({ buyYes: '6', sellYes: '0', buyNo: '9', sellNo: '0' });
    // Nine NO at 0.45: four of them close YES at 0.55, five are held.
    venue.fill(given.lastId(), 9);
    await pass(50);
    expect(position()).toMatchObject({
      yes: { quantity: '0' },
      no: { quantity: '5', averageCost: '0.45', cost: '2.25' },
      realised: '0.4',
    });
  });

  it('counts what waits for its start', async () => {
    const { engine, pass, position } = await watched({ maxLiveExecutions: 1 });
    engine.execute(signal());
    engine.execute(signal({ signalId: 'two', action: 'sell', limitPrice: '0.40', quantity: '3' }));
    await pass(50);
    expect(position()?.pending).toMatchObject({ buyYes: '10', sellYes: '3' });
  });

  it('takes a fill back that the venue takes back, as if it had never been', async () => {
    const given = await watched();
    const { engine, venue, pass, position, lastId } = given;
    engine.execute(signal());
    await pass(50);
    const first = venue.fill(lastId(), 4) ?? '';
    await pass(50);
    engine.execute(signal({ signalId: 'two', action: 'sell', limitPrice: '0.40', quantity: '2' }));
    await pass(50);
    venue.fill(lastId(), 2);
    await pass(50);
    expect(position()?.yes.quantity).toBe('2');
    venue.revert(first);
    await pass(1_100);
    expect(position()).toMatchObject({
      yes: { quantity: '0' },
      no: { quantity: '2', averageCost: '0.55' },
    });
    expect(position()?.fees).toBe('0.01');
  });

  it('books a fill that comes when its execution is long gone', async () => {
    const given = await watched();
    const { engine, venue, pass, position } = given;
    engine.execute(signal({ timeLimitMs: 1_000 }));
    await pass(63_000);
    expect(position()).toBeUndefined();
    const clientOrderId = given.lastId();
    const order = venue.orders.get(clientOrderId);
    if (order === undefined) throw new Error('it was sent');
    const late = venue.madeFill(order, order.request.quantity, 'late');
    venue.report('M', { type: 'order.filled', clientOrderId, fill: late });
    await pass(50);
    expect(position()).toMatchObject({ yes: { quantity: '10', cost: '4.5' } });
    venue.report('M', { type: 'order.fillReverted', clientOrderId, fillId: 'late' });
    await pass(50);
    expect(position()).toMatchObject({ yes: { quantity: '0', cost: '0' }, fees: '0' });
  });

  it('settles, and says at what', async () => {
    const given = await watched();
    const { engine, venue, pass, position } = given;
    engine.execute(signal({ timeLimitMs: 1_000 }));
    await pass(50);
    venue.fill(given.lastId(), 10);
    await pass(50);
    venue.book$('M').next({ type: 'market.settled', symbol: 'M', value: ticks(100), timeMs: null });
    await pass(10);
    expect(position()).toMatchObject({
      yes: { quantity: '0', cost: '0' },
      realised: '5.5',
      settledAt: '1.00',
    });
  });

  it('is told at most once in a macrotask, and not at all where nothing moved', async () => {
    const given = await watched();
    const { engine, venue, pass, told } = given;
    engine.execute(signal());
    await pass(50);
    const before = told();
    for (let count = 0; count < 5; count += 1) venue.fill(given.lastId(), 1);
    await pass(10);
    expect(told()).toBe(before + 1);
    venue.snapshot();
    await pass(500);
    expect(told()).toBe(before + 1);
  });

  it('is rebuilt from the fills of a store', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'positions-'));
    const store = { file: join(folder, 'bot.db') };
    try {
      const given = await watched({ store });
      const { engine, venue, pass } = given;
      engine.execute(signal());
      await pass(50);
      venue.fill(given.lastId(), 3);
      const busted = venue.fill(given.lastId(), 2) ?? '';
      await pass(50);
      venue.revert(busted);
      await pass(1_100);
      venue.fill(given.lastId(), 5);
      await pass(50);
      const { pending: _, ...before } = given.position() ?? {};
      expect(before).toMatchObject({ yes: { quantity: '8', cost: '3.6' }, fees: '0.02' });
      await Promise.all([engine.stop(), pass(2_000)]);
      const again = await world({ store, limits: { maxPosition: '10' } });
      const seen: PositionView[] = [];
      again.engine.positions$.subscribe((all) => seen.push(...all));
      expect(seen).toMatchObject([before]);
      // Risk counts what was held before, too.
      const { result } = again.engine.execute(signal({ signalId: 'more', quantity: '3' }));
      await again.pass(10);
      again.venue.snapshot();
      await again.pass(10);
      expect((await result).reason).toContain('maxPosition');
      await Promise.all([again.engine.stop(), again.pass(100)]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('are still settled after a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'positions-'));
    const store = { file: join(folder, 'bot.db') };
    try {
      const given = await watched({ store });
      const { engine, venue, pass } = given;
      engine.execute(signal({ timeLimitMs: 1_000 }));
      await pass(50);
      venue.fill(given.lastId(), 10);
      await pass(50);
      const value = ticks(100);
      venue.book$('M').next({ type: 'market.settled', symbol: 'M', value, timeMs: null });
      await pass(1_100);
      const before = given.position();
      expect(before).toMatchObject({ realised: '5.5', settledAt: '1.00' });
      await Promise.all([engine.stop(), pass(2_000)]);
      const again = await world({ store });
      const seen: PositionView[] = [];
      again.engine.positions$.subscribe((all) => seen.push(...all));
      expect(seen).toMatchObject([{ realised: '5.5', settledAt: '1.00' }]);
      await Promise.all([again.engine.stop(), again.pass(100)]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('agrees with the records and the store, on a venue that fails in every way', async () => {
    await fc.assert(
      fc.asyncProperty(hostileScript, async (script) => {
        const { runtime, records } = await hostileRun(script);
        const booked = records.flatMap(({ fills }) => fills);
        const held = booked.reduce((sum, { quantity }) => sum + quantity, 0);
        const position = runtime.portfolio.positions.get('M');
        expect(position?.held ?? 0).toBe(held);
        const rebuilt = new Portfolio(runtime.options).positions.get('M');
        expect(rebuilt?.held ?? 0).toBe(held);
        expect(String(rebuilt?.cash ?? 0)).toBe(String(position?.cash ?? 0));
      }),
      { numRuns: 20 },
    );
  });
});

describe('orders$', () => {
  it('shows every order that has not ended, as it stands', async () => {
    const given = await watched();
    const { engine, venue, pass, orders } = given;
    const execution = engine.execute(signal());
    await pass(1);
    expect(orders().map(({ state }) => state)).toEqual(['pending']);
    await pass(50);
    venue.fill(given.lastId(), 4);
    await pass(50);
    expect(orders()).toEqual([
      {
        venue: 'script',
        market: 'M',
        outcome: 'yes',
        action: 'buy',
        executionId: execution.id,
        signalId: 'edge-1',
        splitOrder: `${execution.id}-1`,
        clientOrderId: given.lastId(),
        price: '0.45',
        quantity: '10',
        filledQuantity: '4',
        state: 'working.partial',
      },
    ]);
    const [order] = orders();
    expect(Object.isFrozen(order) && Object.isFrozen(orders())).toBe(true);
    await Promise.all([execution.cancel('enough'), pass(100)]);
    expect(orders()).toEqual([]);
    expect(order?.state).toBe('working.partial');
  });
});

describe('capabilities', () => {
  it('names venues, algorithms with their defaults, and limits', async () => {
    const { engine } = await world({ maxQueuedSignals: 7 });
    const capabilities = engine.capabilities();
    expect(capabilities.venues['script']).toMatchObject({ amend: 'total', latencyP99Ms: 50 });
    expect(capabilities).toMatchObject({
      limits: { maxOpenOrders: 100 },
      maxLiveExecutions: 100,
      maxQueuedSignals: 7,
      callLimits: { calls: 90 },
    });
    const walker = capabilities.algorithms.find(({ name }) => name === 'dynamic_depth_walker');
    expect(walker?.parameters).toMatchObject({ maxWalks: 10 });
    expect(capabilities.algorithms.map(({ name }) => name)).toContain('resting');
    expect(Object.isFrozen(capabilities.venues['script'])).toBe(true);
    expect(Object.isFrozen(capabilities.limits)).toBe(true);
  });
});
