import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addLots,
  lots,
  maxLots,
  minLots,
  NO_LOTS,
  subtractLots,
  sumLots,
  ticks,
} from '../../src/domain/numbers.ts';

const someLots = fc.integer({ min: -1e9, max: 1e9 }).map(lots);

describe('ticks and lots', () => {
  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('are no %d', (count) => {
    expect(() => ticks(count)).toThrow(`a price is a whole number of ticks, was ${count}`);
    expect(() => lots(count)).toThrow(`a quantity is a whole number of lots, was ${count}`);
  });

  it('know one zero', () => {
    expect(Object.is(ticks(-0), 0)).toBe(true);
    expect(Object.is(lots(-0), 0)).toBe(true);
  });

  it('add up', () => {
    fc.assert(
      fc.property(fc.array(someLots), someLots, someLots, (parts, left, right) => {
        expect(sumLots(parts)).toBe(parts.reduce(addLots, NO_LOTS));
        expect(subtractLots(addLots(left, right), right)).toBe(left);
        expect(addLots(minLots(left, right), maxLots(left, right))).toBe(addLots(left, right));
        expect(minLots(left, right)).toBeLessThanOrEqual(maxLots(left, right));
      }),
    );
  });

  it('refuse a sum that a double cannot hold', () => {
    expect(() => addLots(lots(Number.MAX_SAFE_INTEGER), lots(1))).toThrow('whole number of lots');
  });
});
