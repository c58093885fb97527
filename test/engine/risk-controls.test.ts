/** The controls at the gate and at admission, each with its rule, value and limit. */
import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../src/domain/numbers.ts';
import type { RiskLimits } from '../../src/risk/limits.ts';
import { START_MS } from '../support/rig.ts';
import { atPrice, riskWorld as world } from '../support/risk-world.ts';
import { HONEST } from '../support/scripted-venue.ts';

describe('at admission', () => {
  it.each<readonly [string, Partial<RiskLimits>, object, string]>([
    ['a market that is not listed', { markets: ['N'] }, {}, 'list are traded: was M, allowed N'],
    ['more than the budget', { budget: '5' }, {}, 'budget: was 5.175, allowed 5'],
    [
      'more than an event may lose',
      { maxEventRisk: '5' },
      {},
      'maxEventRisk: was 5.175, allowed 5',
    ],
    [
      'more than a category may lose',
      { bankroll: '100', maxCategoryShare: '0.05' },
      {},
      'maxCategoryShare: was 0.05175, allowed 0.05',
    ],
    ['more than may be held', { maxPosition: '9' }, {}, 'maxPosition: was 10, allowed 9'],
    ['more than may be open', { maxOpenNotional: '5' }, {}, 'maxOpenNotional: was 5.175'],
    ['more than a day may fill', { maxDailyVolume: '5' }, {}, 'maxDailyVolume: was 5.175'],
  ])('refuses %s', async (_, limits, changes, reason) => {
    const { rig, run, refusal } = await world(limits);
    const id = run(changes);
    await rig.pass(100);
    expect(rig.results.get(id)?.outcome).toBe('refused');
    expect(refusal(id)).toContain(reason);
  });

  it('adds up the markets of an event, and of a category, while they are open', async () => {
    const facts = {
      M: { event: 'E', category: 'rain' },
      N: { event: 'E', category: 'rain' },
      O: { event: 'F', category: 'rain' },
    };
    const limits = { maxEventRisk: '8', bankroll: '100', maxCategoryShare: '0.12' };
    const { rig, run, refusal } = await world(limits, facts);
    const [first, same, other, last] = [
      run(),
      run({ market: 'N' }),
      run({ market: 'O' }),
      run({ market: 'O', quantity: '5' }),
    ];
    await rig.pass(100);
    expect(rig.results.get(first)).toBeUndefined();
    expect(refusal(same)).toContain('maxEventRisk: was 10.35, allowed 8');
    expect(rig.results.get(other)).toBeUndefined();
    expect(refusal(last)).toContain('maxCategoryShare');
    // What ends frees its share.
    rig.runtime.cancel(first, 'enough');
    await rig.pass(100);
    const next = run({ market: 'N' });
    await rig.pass(100);
    expect(rig.results.get(next)).toBeUndefined();
  });

  it('counts what is held: its cost, and nothing for what closes it', async () => {
    const { rig, venue, run, refusal } = await world({ maxEventRisk: '6' });
    const id = run();
    await rig.pass(50);
    venue.fill(rig.records[0]?.orders.values().next().value?.clientOrderIds[0] ?? '', 10);
    await rig.pass(100);
    expect(rig.results.get(id)?.outcome).toBe('completed');
    const [more, less] = [run(), run({ action: 'sell', limitPrice: '0.10' })];
    await rig.pass(50);
    expect(refusal(more)).toContain('maxEventRisk: was 9.675, allowed 6');
    expect(rig.results.get(less)).toBeUndefined();
  });

  it.each<readonly [string, Partial<RiskLimits>, string]>([
    ['what is held', { budget: '8' }, 'budget: was 9.675, allowed 8'],
    ['what an event may lose', { maxEventRisk: '8' }, 'maxEventRisk: was 9.675, allowed 8'],
    ['the volume of a day', { maxDailyVolume: '9' }, 'maxDailyVolume: was 9.675, allowed 9'],
  ])('counts a fill of the same turn: in %s', async (_, limits, reason) => {
    const { rig, venue, run, refusal } = await world(limits);
    run();
    await rig.pass(50);
    // Neither open nor durable when the next one is judged.
    const fill = { fillId: 'f', price: ticks(45), quantity: lots(10), fee: '0' };
    const circumstances = { liquidity: 'maker', timeMs: START_MS, printSequence: null } as const;
    rig.runtime.enqueue(rig.runtime.hostOf('M'), {
      type: 'order.filled',
      clientOrderId: venue.calls[0]?.clientOrderId ?? '',
      fill: { ...fill, ...circumstances },
    });
    const id = run();
    await rig.pass(50);
    expect(refusal(id)).toContain(reason);
  });

  it('lets so many executions trade in a day, those that live included', async () => {
    const { rig, run, refusal } = await world({ maxDailyTrades: 2 });
    const ids = [run(), run(), run()];
    await rig.pass(100);
    expect(ids.map((id) => rig.results.get(id)?.outcome)).toEqual([
      undefined,
      undefined,
      'refused',
    ]);
    expect(refusal(ids[2] ?? '')).toContain('maxDailyTrades: was 3, allowed 2');
  });
});

describe('at the gate', () => {
  it.each<readonly [string, Partial<RiskLimits>, string]>([
    ['a wide book', { maxSpread: '0.09' }, 'maxSpread: 0.1, allowed 0.09'],
    ['a book without offers', { maxSpread: '0.54' }, 'maxSpread: 0.55, allowed 0.54'],
    ['a late process', { maxLagMs: 250 }, 'maxLagMs: 400, allowed 250'],
  ])('refuses on %s', async (_, limits, reason) => {
    const { rig, venue, clock, run, refusal } = await world(limits);
    if (reason.includes('0.55')) venue.snapshot('M', [[45, 500]], []);
    if (limits.maxLagMs !== undefined) {
      run({ quantity: '1', market: 'N' });
      await rig.pass(900);
      clock.stalledMs = 400;
      await rig.pass(150);
    }
    const id = run();
    await rig.pass(50);
    expect(refusal(id)).toContain(reason);
  });

  it('halts where risk cannot be watched, and does not break', async () => {
    const { rig, halts, run } = await world({ maxDailyLoss: '5' });
    run(atPrice(45));
    await rig.pass(100);
    rig.runtime.risk.losses.look = () => {
      throw new Error('no such market');
    };
    await rig.pass(1_500);
    expect(halts).toEqual([['risk cannot be watched: no such market', { venue: 'script' }]]);
  });

  it('opens the breaker where the account was not compared for too long', async () => {
    const { rig, run, venue } = await world({ maxReconcileAgeMs: 60_000 });
    const { reconciliation, risk } = rig.runtime;
    Object.defineProperty(reconciliation, 'ageMs', { get: () => 61_000 });
    const id = run(atPrice(45));
    await rig.pass(2_000);
    expect(risk.breaker.view).toMatchObject({
      circuit: 'open',
      reason: 'the account was not reconciled for 61000 ms',
    });
    expect([venue.calls, rig.results.get(id)?.outcome]).toEqual([[], 'refused']);
  });

  it('keeps prices within the collar of the mid', async () => {
    const { rig, venue, run } = await world({ collarSteps: 2, collarPercent: 0 });
    run(atPrice(60));
    await rig.pass(20);
    // The mid is 50: two steps of a cent beyond it.
    expect(venue.calls.map(({ price }) => price)).toEqual([52]);
  });

  it('keeps prices within the collar of the mid a minute ago, too, and sends them', async () => {
    const { rig, venue, run } = await world({ collarSteps: 5, collarPercent: 0 });
    run({ ...atPrice(40), quantity: '1' });
    await rig.pass(2_000);
    venue.snapshot('M', [[59, 500]], [[61, 500]]);
    run(atPrice(62));
    await rig.pass(2_000);
    // The mid is 60, but was 50: what ran so fast is not run after.
    expect(venue.calls.at(-1)?.price).toBe(55);
    await rig.pass(60_000);
    run(atPrice(62));
    await rig.pass(2_000);
    expect(venue.calls.map(({ price }) => price)).toEqual([40, 55, 62]);
  });

  it('believes no book that jumped, until it stays', async () => {
    const { rig, venue, run, refusal } = await world({ maxBookMove: '0.05' });
    run({ ...atPrice(40), quantity: '1' });
    await rig.pass(2_000);
    venue.snapshot('M', [[65, 500]], [[67, 500]]);
    const id = run(atPrice(64));
    await rig.pass(20);
    expect(refusal(id)).toContain('maxBookMove: 0.16, allowed 0.05');
    await rig.pass(7_000);
    expect(venue.calls.at(-1)?.price).toBe(64);
  });

  it('keeps a gap between orders in one market, not in another', async () => {
    const { rig, venue, run, refusal } = await world({ minOrderGapMs: 500 });
    const [, second] = [run(atPrice(45)), run(atPrice(44)), run({ ...atPrice(45), market: 'N' })];
    await rig.pass(100);
    expect(venue.calls).toHaveLength(2);
    expect(refusal(second)).toContain('minOrderGapMs: 0, allowed 500');
    await rig.pass(2_000);
    expect(venue.calls.map(({ price }) => price)).toEqual([45, 45, 44]);
  });

  it('places nothing twice while the first is in doubt', async () => {
    const { rig, venue, run, refusal } = await world({});
    venue.plan = () => ({ ...HONEST, arrives: false, reply: 'throw' });
    run(atPrice(45));
    await rig.pass(50);
    venue.plan = () => HONEST;
    const [same, other] = [run(atPrice(45)), run(atPrice(44))];
    await rig.pass(50);
    expect(refusal(same)).toContain('not placed again while the same one is in doubt');
    expect(refusal(other)).toBe('');
    // It never arrived: once that is proven the place is free.
    await rig.pass(120_000);
    expect(venue.calls.filter(({ price }) => price === 45)).toHaveLength(3);
  });
});

describe('again and again', () => {
  it('without a fill disables the market, for the engine to say', async () => {
    const { rig, halts, venue, run } = await world({ maxRepeats: 3 });
    for (const price of [41, 42, 43]) run(atPrice(price));
    await rig.pass(100);
    expect([venue.calls.length, halts]).toEqual([3, []]);
    run(atPrice(44));
    await rig.pass(100);
    expect(venue.calls).toHaveLength(3);
    expect(halts[0]).toEqual([
      'disabled: maxRepeats: 4 orders in a minute without a fill',
      { venue: 'script', market: 'M' },
    ]);
  });

  it('begins anew with a fill, and counts each market for itself', async () => {
    const { rig, halts, venue, run } = await world({ maxRepeats: 2 });
    run(atPrice(41));
    run(atPrice(42));
    await rig.pass(100);
    venue.fill(venue.calls[0]?.clientOrderId ?? '', 1);
    await rig.pass(100);
    run(atPrice(43));
    run({ ...atPrice(43), market: 'N' });
    await rig.pass(100);
    expect([venue.calls.length, halts]).toEqual([4, []]);
  });

  it('rejected for the same reason disables the market', async () => {
    const { rig, halts, venue, run } = await world({ maxSameRejects: 2 });
    venue.plan = () => ({ ...HONEST, reply: 'reject' });
    run(atPrice(45));
    await rig.pass(3_000);
    expect(halts[0]?.[0]).toMatch(/^disabled: maxSameRejects: 2 times rejected, buy 10 at 0.45: /);
    expect(halts[0]?.[1]).toEqual({ venue: 'script', market: 'M' });
  });
});
