import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contestsOf, pairsOf } from '../../src/cli/ranking.ts';
import { summarize } from '../../src/index.ts';
import { FILL_MODES } from '../../src/venues/paper/venue.ts';

/** Cents of one execution for each algorithm, in the order of the modes. */
const rows = (cents: Readonly<Record<string, readonly (string | null)[]>>) =>
  summarize(
    Object.entries(cents).flatMap(([algorithm, byMode]) =>
      byMode.map((allInCents, index) => ({
        algorithm,
        liquidityCategory: FILL_MODES[index] ?? '',
        ordered: '1',
        filled: '1',
        filledAsMaker: '1',
        allInCents,
        fees: '0',
        walks: 0,
        calls: 0,
      })),
    ),
  );

const pairs = (cents: Parameters<typeof rows>[0]) => pairsOf(contestsOf(rows(cents)));

describe('a ranking', () => {
  it('holds where one is cheaper in every mode, the cheaper one first', () => {
    expect(pairs({ a: ['2', '1.5', '1'], b: ['1', '0.5', '-1.25'] })).toEqual([
      { algorithms: ['b', 'a'], centsApart: ['1', '1', '2.25'], identified: true },
    ]);
  });

  it('is not identified where two change places', () => {
    expect(pairs({ a: ['1', '1', '1'], b: ['2', '1.1', '0.9'] })).toEqual([
      { algorithms: ['a', 'b'], centsApart: ['1', '0.1', '-0.1'], identified: false },
    ]);
  });

  it('holds where they are equal in a mode: nobody changes places', () => {
    expect(pairs({ a: ['1', '1', '1'], b: ['1', '1', '2'] })).toMatchObject([{ identified: true }]);
  });

  it('is not identified where one was never measured', () => {
    expect(pairs({ a: ['1', '1', null], b: ['2', '2', '2'] })).toMatchObject([
      { centsApart: ['1', '1', null], identified: false },
    ]);
  });

  it('compares every two, and only those', () => {
    const cents = { a: ['3', '3', '3'], b: ['1', '1', '4'], c: ['2', '2', '2'] };
    expect(pairs(cents).map(({ algorithms, identified }) => [...algorithms, identified])).toEqual([
      ['b', 'c', false],
      ['b', 'a', false],
      ['c', 'a', true],
    ]);
    expect(pairs({ a: ['1', '1', '1'] })).toEqual([]);
  });

  it('is the same whoever comes first', () => {
    const figures = fc.array(fc.integer({ min: -3, max: 3 }).map(String), {
      minLength: 3,
      maxLength: 3,
    });
    fc.assert(
      fc.property(figures, figures, (a, b) => {
        const [one] = pairs({ a, b });
        const [other] = pairs({ b, a });
        expect(other?.identified).toBe(one?.identified);
      }),
    );
  });
});
