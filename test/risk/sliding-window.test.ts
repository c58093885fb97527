import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SlidingWindow } from '../../src/risk/sliding-window.ts';

function spent(...each: readonly (readonly [atMs: number, amount: number])[]): SlidingWindow {
  const window = new SlidingWindow(1_000);
  for (const [atMs, amount] of each) window.spend(atMs, amount);
  return window;
}

describe('a sliding window', () => {
  it('counts an amount until it is past the window, by a millisecond that may be rounding', () => {
    const window = spent([0, 10], [400, 3]);
    expect([0, 999, 1_000, 1_001, 1_400, 1_401].map((atMs) => window.used(atMs))).toEqual([
      13, 13, 13, 3, 3, 0,
    ]);
  });

  it('says when enough of it will have left', () => {
    const window = spent([0, 10], [400, 3], [500, 2]);
    expect([15, 14, 5, 4, 2, 1, 0, -1].map((most) => window.atMostAtMs(600, most))).toEqual([
      600,
      1_001,
      1_001,
      1_401,
      1_401,
      1_501,
      1_501,
      Infinity,
    ]);
  });

  it('takes nothing for older because the clock stepped back', () => {
    const window = spent([5_000, 1], [4_000, 1]);
    expect([0, 4_000, 6_000, 6_001].map((atMs) => window.used(atMs))).toEqual([2, 2, 2, 0]);
  });

  it('forgets no amount too early, whatever the clock does, and keeps none for ever', () => {
    const step = fc.record({
      afterMs: fc.oneof(fc.nat({ max: 300 }), fc.integer({ min: -2_000, max: 4_000 })),
      amount: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const window = new SlidingWindow(1_000);
        const all: { readonly atMs: number; readonly amount: number }[] = [];
        let nowMs = 0;
        for (const { afterMs, amount } of steps) {
          nowMs += afterMs;
          const latestMs = Math.max(nowMs, all.at(-1)?.atMs ?? nowMs);
          const counting = all.filter(({ atMs }) => latestMs - atMs <= 1_000);
          const used = counting.reduce((sum, each) => sum + each.amount, 0);
          expect(window.used(nowMs)).toBe(used);
          const freeAtMs = window.atMostAtMs(nowMs, used >> 1);
          expect(window.used(freeAtMs)).toBeLessThanOrEqual(used >> 1);
          if (freeAtMs > nowMs) expect(window.used(freeAtMs - 1)).toBeGreaterThan(used >> 1);
          window.spend(nowMs, amount);
          all.push({ atMs: latestMs, amount });
        }
      }),
    );
  });
});
