import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ceilToGrid,
  floorToGrid,
  isOnGrid,
  stepAt,
  tickAbove,
  tickBelow,
} from '../../src/domain/grid.ts';
import { ownRanges, type TickRange } from '../../src/domain/instrument.ts';
import { type Ticks, ticks } from '../../src/domain/numbers.ts';
import { rangeOf, TAPERED } from '../support/tapered.ts';

/** All prices of a grid, found the slow way. */
const pricesOf = (ranges: readonly TickRange[]): readonly number[] => {
  const all = new Set<number>();
  for (const { from, to, step } of ranges)
    for (let price: number = from; price <= to; price += step) all.add(price);
  return [...all].toSorted((left, right) => left - right);
};

/** One to four ranges, each beginning where the one before ends or a little later. */
const grids = fc
  .array(
    fc.record({
      gap: fc.constantFrom(0, 0, 0, 7),
      step: fc.integer({ min: 1, max: 50 }),
      steps: fc.integer({ min: 1, max: 30 }),
      rest: fc.constantFrom(0, 0, 3),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => {
    let from = 10;
    return parts.map(({ gap, step, steps, rest }) => {
      const range = rangeOf(from + gap, from + gap + step * steps + Math.min(rest, step - 1), step);
      from = range.to;
      return range;
    });
  });

const tapered = fc.constant(TAPERED.tickRanges);
const mirrored = fc.constant(ownRanges(TAPERED, 'no'));
const price = fc.integer({ min: 0, max: 10_000 }).map(ticks);

describe.each([
  ['tapered', tapered, price],
  ['mirrored', mirrored, price],
  ['any', grids, fc.integer({ min: 0, max: 6_200 }).map(ticks)],
] as const)('a %s grid', (_name, grid, anyPrice) => {
  const holds = (check: (ranges: readonly TickRange[], at: Ticks) => void): void =>
    fc.assert(fc.property(grid, anyPrice, check), { numRuns: 500 });

  it('knows its prices', () =>
    holds((ranges, at) => {
      expect(isOnGrid(ranges, at)).toBe(pricesOf(ranges).includes(at));
    }));

  it('floors to the highest at or below, ceils to the lowest at or above', () =>
    holds((ranges, at) => {
      const all = pricesOf(ranges);
      expect(floorToGrid(ranges, at)).toBe(all.findLast((each) => each <= at) ?? null);
      expect(ceilToGrid(ranges, at)).toBe(all.find((each) => each >= at) ?? null);
    }));

  it('steps to the neighbours', () =>
    holds((ranges, at) => {
      const all = pricesOf(ranges);
      expect(tickAbove(ranges, at)).toBe(all.find((each) => each > at) ?? null);
      expect(tickBelow(ranges, at)).toBe(all.findLast((each) => each < at) ?? null);
    }));
});

describe('the tapered grid', () => {
  const { tickRanges } = TAPERED;

  it.each([
    [1_000, 990, 1_100],
    [1_050, 1_000, 1_100],
    [9_000, 8_900, 9_010],
    [10, null, 20],
    [9_990, 9_980, null],
  ])('has around %d the neighbours %d and %d', (at, below, above) => {
    expect(tickBelow(tickRanges, ticks(at))).toBe(below);
    expect(tickAbove(tickRanges, ticks(at))).toBe(above);
  });

  it('ends where it ends', () => {
    expect([floorToGrid(tickRanges, 9), ceilToGrid(tickRanges, 9_991)]).toEqual([null, null]);
    expect([floorToGrid(tickRanges, 9_999), ceilToGrid(tickRanges, 0)]).toEqual([9_990, 10]);
  });

  it.each([
    [990, 10],
    [1_000, 10],
    [1_100, 100],
    [9_000, 10],
    [9_990, 10],
  ])('has at %d the step %d, which its mirror has too', (at, step) => {
    expect(stepAt(tickRanges, ticks(at))).toBe(step);
    expect(stepAt(ownRanges(TAPERED, 'no'), ticks(10_000 - at))).toBe(step);
  });
});
