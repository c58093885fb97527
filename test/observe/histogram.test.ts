/** Against the same durations, sorted: what memory without bound would say. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from '../../src/observe/histogram.ts';

const noted = (durations: readonly number[]): Histogram => {
  const histogram = new Histogram();
  for (const ms of durations) histogram.note(ms);
  return histogram;
};

describe('a histogram', () => {
  it('knows nothing of nothing', () => {
    const empty = new Histogram();
    expect([empty.count, empty.maxMs, empty.quantileMs(0.5)]).toEqual([0, 0, 0]);
  });

  it('is exact below 256 microseconds, and for a single duration', () => {
    const histogram = noted([0.001, 0.002, 0.255]);
    expect([0.3, 0.6, 1].map((share) => histogram.quantileMs(share))).toEqual([
      0.001, 0.002, 0.255,
    ]);
    expect(noted([1_234.567]).quantileMs(0.99)).toBe(1_234.567);
  });

  it('is never below the true quantile, and at most a hundredth above it', () => {
    const micros = fc.integer({ min: 0, max: 2 ** 31 - 1 });
    const shares = fc.constantFrom(0.01, 0.5, 0.9, 0.99, 1);
    fc.assert(
      fc.property(fc.array(micros, { minLength: 1, maxLength: 300 }), shares, (all, share) => {
        const sorted = all.toSorted((left, right) => left - right);
        const wanted = (sorted[Math.ceil(share * sorted.length) - 1] ?? 0) / 1_000;
        const told = noted(all.map((each) => each / 1_000)).quantileMs(share);
        expect(told).toBeGreaterThanOrEqual(wanted);
        expect(told).toBeLessThanOrEqual(wanted * 1.01);
      }),
    );
  });

  it('takes what cannot be: a time that ran backwards, and one without end', () => {
    const histogram = noted([-5, 10 ** 12]);
    expect(histogram.quantileMs(0.5)).toBe(0);
    expect(histogram.maxMs).toBe((2 ** 31 - 1) / 1_000);
  });
});
