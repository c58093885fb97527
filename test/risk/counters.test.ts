/** What is counted: repeats, faults of a venue, jumps of a price. */
import { describe, expect, it } from 'vitest';
import type { OrderReport } from '../../src/domain/order.ts';
import { breakerOf, DEFAULT_BREAKER } from '../../src/risk/breaker-settings.ts';
import { FaultTally } from '../../src/risk/fault-tally.ts';
import { PriceReference } from '../../src/risk/price-reference.ts';
import { RepeatCount } from '../../src/risk/repeats.ts';

const clientOrderId = 'dw-1-1';
const doubted = (reason: string): OrderReport => ({
  type: 'order.doubted',
  clientOrderId,
  command: 'submit',
  reason,
});
const rejected = (reason: string): OrderReport => ({
  type: 'order.rejected',
  clientOrderId,
  reason,
});
const accepted: OrderReport = { type: 'order.accepted', clientOrderId, venueOrderId: 'v1' };
const notSent: OrderReport = {
  type: 'order.notSent',
  clientOrderId,
  command: 'submit',
  reason: 'our own gate',
};

describe('faults of a venue', () => {
  const tally = () =>
    new FaultTally({
      ...DEFAULT_BREAKER,
      errorsInARow: 3,
      rejectsInARow: 3,
      throttlesPerMinute: 3,
    });
  const heard = (...reports: readonly OrderReport[]) => {
    const counts = tally();
    return reports.map((report) => counts.hear(report, 0)).at(-1);
  };

  it('are so many doubts in a row, and any answer ends the row', () => {
    const fault = doubted('HTTP 503');
    expect(heard(fault, fault)).toBeNull();
    expect(heard(fault, fault, notSent, fault)).toBe(
      '3 commands in a row are in doubt, the last: HTTP 503',
    );
    expect(heard(fault, fault, accepted, fault)).toBeNull();
    expect(heard(fault, fault, rejected('no'), fault)).toBeNull();
  });

  it('are so many rejections in a row, and only an acceptance ends the row', () => {
    const no = rejected('closed');
    expect(heard(no, no, no)).toContain('3 orders in a row were rejected, the last: closed');
    expect(heard(no, no, doubted('timeout'), no)).toContain('rejected');
    expect(heard(no, no, accepted, no)).toBeNull();
  });

  it('are so many throttled calls in a minute, of any kind, known by their mark alone', () => {
    const counts = tally();
    const tooMany = <T extends OrderReport>(report: T) => ({ ...report, throttled: true }) as const;
    const unamended: OrderReport = { type: 'order.amendRejected', clientOrderId: 'a', reason: '' };
    expect(counts.hear(tooMany(rejected('slow down')), 0)).toBeNull();
    expect(counts.hear(tooMany(doubted('slow down')), 30_000)).toBeNull();
    // The first one is a minute old by now.
    expect(counts.hear(tooMany(unamended), 60_001)).toBeNull();
    expect(counts.hear(rejected('HTTP 429'), 60_001)).toBeNull();
    expect(counts.hear(tooMany(rejected('slow down')), 60_002)).toContain('3 times in a minute');
    counts.reset();
    expect(counts.hear(tooMany(rejected('slow down')), 60_003)).toBeNull();
  });

  it.each([
    [{ probes: 0 }],
    [{ cooldownMs: Number.NaN }],
    [{ errorsInARow: Infinity }],
    [{ probeNotional: '-1' }],
    [{ whenOpen: 'panic' as 'close' }],
  ])('are not counted with %j', (wrong) => {
    expect(() => breakerOf(wrong)).toThrow('breaker: ');
  });
});

describe('repeats', () => {
  it('are orders of the last minute since the last fill', () => {
    const count = new RepeatCount();
    for (const atMs of [0, 10_000, 59_000]) count.placed(atMs);
    expect([count.placements(59_000), count.placements(60_000)]).toEqual([3, 2]);
    count.filled();
    expect(count.placements(60_000)).toBe(0);
    expect(count.lastPlacedAtMs).toBe(59_000);
  });

  it('are rejections of the same order for the same reason, one after another', () => {
    const count = new RepeatCount();
    expect([count.rejected('a'), count.rejected('a'), count.rejected('b')]).toEqual([1, 2, 1]);
    count.rejected('a');
    count.accepted();
    expect(count.rejected('a')).toBe(1);
  });
});

describe('a reference price', () => {
  it('is what it was a minute ago, or as long ago as anybody looked', () => {
    const reference = new PriceReference();
    expect(reference.minuteAgo).toBeNull();
    for (let second = 0; second <= 90; second += 1)
      reference.note(second * 1_000, 100 + second, Infinity);
    expect(reference.minuteAgo).toBe(130);
    // Nobody looked for five minutes: what was then is no reference.
    reference.note(400_000, 500, Infinity);
    expect(reference.minuteAgo).toBe(500);
  });

  it('tells a jump from a move, and believes what stays', () => {
    const reference = new PriceReference();
    for (const [atMs, mid] of [
      [0, 100],
      [1_000, 104],
      [2_000, 108],
    ] as const)
      reference.note(atMs, mid, 5);
    expect(reference.jump(108)).toBe(0);
    reference.note(3_000, 140, 5);
    expect(reference.jump(140)).toBe(32);
    reference.note(7_000, 141, 5);
    expect(reference.jump(141)).toBe(33);
    reference.note(8_000, 142, 5);
    expect(reference.jump(142)).toBe(0);
  });

  it('believes no price that jumps on', () => {
    const reference = new PriceReference();
    reference.note(0, 100, 5);
    for (let second = 1; second < 20; second += 1)
      reference.note(second * 1_000, second % 2 === 0 ? 200 : 300, 5);
    expect(reference.jump(200)).toBe(100);
  });
});
