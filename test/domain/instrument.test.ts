import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floorToGrid, isOnGrid } from '../../src/domain/grid.ts';
import {
  formatPrice,
  formatQuantity,
  mirror,
  ownRanges,
  parsePrice,
  parseQuantity,
} from '../../src/domain/instrument.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import { rangeOf, SHARE, TAPERED } from '../support/tapered.ts';

const outcome = fc.constantFrom('yes' as const, 'no' as const);
const yesPrice = fc.integer({ min: 10, max: 9_990 }).map((at) => ticks(at));

describe('the NO side', () => {
  it('has the mirrored grid, and mirrored twice the same', () => {
    fc.assert(
      fc.property(yesPrice, (at) => {
        const opposite = mirror(TAPERED, at);
        expect(at + opposite).toBe(10_000);
        expect(mirror(TAPERED, opposite)).toBe(at);
        expect(isOnGrid(ownRanges(TAPERED, 'no'), opposite)).toBe(isOnGrid(TAPERED.tickRanges, at));
      }),
    );
    const lopsided = { ...TAPERED, tickRanges: [rangeOf(10, 500, 10), rangeOf(500, 9_900, 100)] };
    expect(ownRanges(lopsided, 'no')).toEqual([
      rangeOf(100, 9_500, 100),
      rangeOf(9_500, 9_990, 10),
    ]);
  });

  it('is refused where there is none', () => {
    expect(() => ownRanges(SHARE, 'no')).toThrow(
      'only a contract that pays a fixed sum has a NO side, was "ACME"; use "yes"',
    );
  });
});

describe('parsePrice', () => {
  it('reads back every price of either side', () => {
    fc.assert(
      fc.property(outcome, yesPrice, (side, at) => {
        const onGrid = floorToGrid(ownRanges(TAPERED, side), at) ?? ticks(10);
        expect(parsePrice(TAPERED, side, formatPrice(TAPERED, onGrid), 'price')).toBe(onGrid);
      }),
    );
  });

  it('takes a price where two ranges touch, also when the lower one does not reach it', () => {
    const uneven = { ...TAPERED, tickRanges: [rangeOf(10, 95, 10), rangeOf(95, 995, 100)] };
    expect(parsePrice(uneven, 'yes', '0.0095', 'price')).toBe(95);
  });

  const grid =
    '0.0010 from 0.0010 to 0.1000, 0.0100 from 0.1000 to 0.9000, 0.0010 from 0.9000 to 0.9990';
  it.each([
    [
      '0.715',
      `limitPrice must be on the tick grid of RAIN-TOMORROW (${grid})`,
      'round it to a tick',
    ],
    [
      '0.00005',
      `limitPrice must be on the tick grid of RAIN-TOMORROW (${grid})`,
      'round it to a tick',
    ],
    [
      '1.00',
      'limitPrice must lie between 0.0010 and 0.9990',
      'choose a price that RAIN-TOMORROW trades at',
    ],
    [
      '-0.00',
      'limitPrice must lie between 0.0010 and 0.9990',
      'choose a price that RAIN-TOMORROW trades at',
    ],
    ['71c', 'limitPrice must be a plain decimal', 'write it like "0.7100"'],
  ])('says of "%s" the rule, the value and the way out', (text, rule, wayOut) => {
    expect(() => parsePrice(TAPERED, 'yes', text, 'limitPrice')).toThrow(
      expect.objectContaining({ name: 'InputError', rule, value: `"${text}"`, wayOut }),
    );
  });
});

describe('parseQuantity', () => {
  it('reads back every quantity that can be traded', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 1e12 }), (steps) => {
        const quantity = lots(steps * TAPERED.quantityStep);
        expect(parseQuantity(TAPERED, formatQuantity(TAPERED, quantity))).toBe(quantity);
      }),
    );
  });

  it.each([
    ['0', 'quantity must be at least 1.00', 'ask for more'],
    ['-5', 'quantity must be at least 1.00', 'ask for more'],
    ['0.99', 'quantity must be at least 1.00', 'ask for more'],
    ['1.05', 'quantity must be a multiple of 0.10', 'RAIN-TOMORROW trades in such steps'],
    ['1.001', 'quantity must be a multiple of 0.10', 'RAIN-TOMORROW trades in such steps'],
    ['999999999999999999', 'quantity must be at most 90071992547409.91', 'write a smaller one'],
    ['ten', 'quantity must be a plain decimal', 'write it like "0.7100"'],
  ])('says of "%s" the rule, the value and the way out', (text, rule, wayOut) => {
    expect(() => parseQuantity(TAPERED, text)).toThrow(
      expect.objectContaining({ name: 'InputError', rule, value: `"${text}"`, wayOut }),
    );
  });
});
