import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { largestRemainder } from '../../src/algorithms/largest-remainder.ts';

describe('largest remainder', () => {
  it.each([
    [100, [6, 4], 1, [60, 40]],
    [1, [6, 4], 1, [1, 0]],
    [3, [6, 4], 1, [2, 1]],
    [10, [1, 1, 1], 1, [4, 3, 3]],
    [1000, [6, 4], 100, [600, 400]],
    [100, [6, 4], 100, [100, 0]],
    [250, [6, 4], 100, [150, 100]],
  ])('shares %i by %j in units of %i', (total, weights, unit, parts) => {
    expect(largestRemainder(total, weights, unit)).toEqual(parts);
  });

  it('loses and invents nothing, and stays within a unit of the exact share (A11)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000_000 }),
        fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 1_000 }),
        (total, weights, unit) => {
          const parts = largestRemainder(total, weights, unit);
          expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
          const whole = weights.reduce((sum, weight) => sum + weight, 0);
          for (const [index, part] of parts.entries()) {
            const exact = (total * (weights[index] ?? 0)) / whole;
            expect(part).toBeGreaterThanOrEqual(0);
            expect(Math.abs(part - exact)).toBeLessThan(2 * unit);
          }
          for (const part of parts.slice(1)) expect(part % unit).toBe(0);
        },
      ),
    );
  });
});
