/** Clocks that are set, that are off, or that nobody has heard; and days that begin meanwhile. */
import { describe, expect, it } from 'vitest';
import { ticks } from '../../src/domain/numbers.ts';
import { START_MS } from '../support/rig.ts';
import { atPrice, riskWorld as world } from '../support/risk-world.ts';

describe('a loss of today', () => {
  it('is one of today, although nobody looked since midnight', async () => {
    const { rig, venue, run } = await world({ maxDailyLoss: '100' });
    run();
    await rig.pass(50);
    venue.fill(venue.calls[0]?.clientOrderId ?? '', 10);
    await rig.pass(86_400_000);
    const { losses } = rig.runtime.risk;
    rig.runtime.portfolio.settle('M', ticks(0));
    run({ market: 'N' });
    await rig.pass(1_500);
    expect(losses.session?.startMs).toBeGreaterThan(START_MS);
    expect(losses.session?.loss.toString()).toBe('4.5');
  });
});

describe('a clock', () => {
  it('sends nothing before the clock of the venue was heard, nor while it is off', async () => {
    const { rig, venue, clock, run, refusal } = await world({ maxClockSkewMs: 1_000 });
    venue.asOf = () => Promise.reject(new Error('no time'));
    const first = run(atPrice(45));
    await rig.pass(50);
    expect(refusal(first)).toContain('maxClockSkewMs: a clock that was not heard yet');
    venue.asOf = () => Promise.resolve(clock.wallMs() + 5_000);
    await rig.pass(31_000);
    const second = run(atPrice(44));
    await rig.pass(50);
    expect(refusal(second)).toContain('maxClockSkewMs: 5000, allowed 1000');
    venue.asOf = () => Promise.resolve(clock.wallMs());
    expect(venue.calls).toEqual([]);
    await rig.pass(35_000);
    expect(new Set(venue.calls.map(({ price }) => price))).toEqual(new Set([44, 45]));
  });

  it.each([
    ['a clock that was set since it was compared', 9_000, 'maxClockSkewMs: 9000, allowed 1000'],
    ['one that was set back', -9_000, 'maxClockSkewMs: 9000, allowed 1000'],
  ])('sends nothing by %s', async (_, byMs, reason) => {
    const { rig, venue, clock, run, refusal } = await world({ maxClockSkewMs: 1_000 });
    venue.asOf = () => Promise.resolve(clock.wallMs());
    run(atPrice(45));
    await rig.pass(5_000);
    expect(venue.calls).toHaveLength(1);
    clock.shiftWall(byMs);
    const id = run(atPrice(44));
    await rig.pass(50);
    expect(refusal(id)).toContain(reason);
    // The venue's clock says that ours is right.
    await rig.pass(35_000);
    expect(venue.calls.at(-1)?.price).toBe(44);
  });

  it('sends nothing by a time that is none', async () => {
    const { rig, venue, run, refusal } = await world({ maxClockSkewMs: 1_000 });
    venue.asOf = () => Promise.resolve(Number.NaN);
    run(atPrice(45));
    await rig.pass(1_500);
    const id = run(atPrice(44));
    await rig.pass(50);
    expect(refusal(id)).toContain('maxClockSkewMs: NaN, allowed 1000');
    expect(venue.calls).toEqual([]);
  });

  it('measures gaps and minutes by a clock that is never set', async () => {
    const limits = { minOrderGapMs: 500, maxRepeats: 2 };
    const { rig, venue, clock, halts, run } = await world(limits);
    run(atPrice(45));
    await rig.pass(1_000);
    clock.shiftWall(-3_600_000);
    run(atPrice(44));
    await rig.pass(1_000);
    expect(venue.calls.map(({ price }) => price)).toEqual([45, 44]);
    clock.shiftWall(7_200_000);
    run(atPrice(43));
    await rig.pass(1_000);
    expect([venue.calls.length, halts[0]?.[0]]).toEqual([2, expect.stringContaining('maxRepeats')]);
  });
});
