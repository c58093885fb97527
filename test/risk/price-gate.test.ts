import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOnGrid } from '../../src/domain/grid.ts';
import type { Action } from '../../src/domain/instrument.ts';
import { type Ticks, ticks } from '../../src/domain/numbers.ts';
import { collarPrice, gatedPrice, type PriceBounds } from '../../src/risk/price-gate.ts';
import { CENT_GRID, cents, TAPERED_GRID } from '../support/view.ts';

const bounds = (changes: Partial<PriceBounds> = {}): PriceBounds => ({
  action: 'buy',
  ranges: CENT_GRID,
  cap: cents(70),
  collar: null,
  ...changes,
});

describe('the price gate', () => {
  it.each([
    ['buy', 65, null, 65],
    ['buy', 71, null, 70],
    ['buy', 69.5, null, 69],
    ['buy', 71, 60, 60],
    ['buy', 71, 60.7, 60],
    ['buy', 0.5, null, null],
    ['sell', 75, null, 75],
    ['sell', 65, null, 70],
    ['sell', 70.5, null, 71],
    ['sell', 65, 80, 80],
    ['sell', 99.5, null, null],
  ] as const)('%s wanted at %f, collar %s, cap 70: %s', (action, wanted, collar, sent) => {
    const given = bounds({ action, collar: collar === null ? null : cents(collar) });
    expect(gatedPrice(cents(wanted), given)).toBe(sent === null ? null : cents(sent));
  });

  const anyTicks = fc.integer({ min: -2_000, max: 12_000 }).map(ticks);
  const anyBounds = fc.record({
    action: fc.constantFrom<Action>('buy', 'sell'),
    ranges: fc.constantFrom(CENT_GRID, TAPERED_GRID),
    cap: anyTicks,
    collar: fc.option(anyTicks),
  });
  const isBolder = (action: Action, left: Ticks, right: Ticks): boolean =>
    action === 'buy' ? left > right : left < right;

  it('lets out only prices on the grid, within the bounds, never bolder (A17, A18)', () => {
    fc.assert(
      fc.property(anyTicks, anyBounds, (wanted, given) => {
        const sent = gatedPrice(wanted, given);
        fc.pre(sent !== null);
        expect(isOnGrid(given.ranges, sent)).toBe(true);
        for (const bound of [wanted, given.cap, given.collar ?? wanted])
          expect(isBolder(given.action, sent, bound)).toBe(false);
        expect(gatedPrice(sent, given)).toBe(sent);
      }),
    );
  });

  it('gives up no more than one step of the grid', () => {
    fc.assert(
      fc.property(anyTicks, anyBounds, (wanted, given) => {
        const { action, ranges, cap, collar } = given;
        const strictest = [cap, collar ?? cap].reduce(
          (kept, bound) => (isBolder(action, kept, bound) ? bound : kept),
          wanted,
        );
        const within = ranges
          .flatMap(({ from, to, step }) =>
            Array.from({ length: (to - from) / step + 1 }, (_, index) =>
              ticks(from + index * step),
            ),
          )
          .filter((price) => !isBolder(action, price, strictest));
        const best = action === 'buy' ? Math.max(...within) : Math.min(...within);
        expect(gatedPrice(wanted, given)).toBe(within.length === 0 ? null : best);
      }),
    );
  });
});

describe('the collar', () => {
  it.each([
    ['buy', 50, 60],
    ['sell', 50, 40],
    ['buy', 5, 15],
    ['sell', 5, 1],
    ['buy', 95, 104.5],
  ] as const)('for a %s at a reference of %i reaches to %f', (action, reference, reach) => {
    expect(collarPrice(action, cents(reference), CENT_GRID)).toBe(cents(reach));
  });
});
