/** The pause before a connection is tried again: drawn from a bound that doubles, up to another. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pauseMs } from '../../machines/venue-session/venue-session.rules.ts';

const PAUSES = { firstMs: 500, longestMs: 60_000 };

describe('the pause between two connections', () => {
  it.each([
    [0, 500],
    [1, 1_000],
    [6, 32_000],
    [7, 60_000],
    [1_000_000, 60_000],
  ])('after %i failures is anything up to %i ms', (failures, most) => {
    expect(pauseMs(failures, 0, PAUSES)).toBe(0);
    expect(pauseMs(failures, 0.5, PAUSES)).toBe(most / 2);
    expect(pauseMs(failures, 1 - Number.EPSILON, PAUSES)).toBe(most);
  });

  it('is whole, and never beyond its bounds', () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (failures, draw) => {
        const waitMs = pauseMs(failures, draw, PAUSES);
        expect(Number.isSafeInteger(waitMs)).toBe(true);
        expect(waitMs).toBeGreaterThanOrEqual(0);
        expect(waitMs).toBeLessThanOrEqual(PAUSES.longestMs);
      }),
    );
  });
});
