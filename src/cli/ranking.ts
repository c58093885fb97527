/** Whether the order of algorithms survives the bracket of fill models; pure. */
import { decimal, formatMoney, type Money, type QualitySummary } from '../index.ts';
import { type CancelsAheadMode, FILL_MODES } from '../venues/paper/venue.ts';

/** One algorithm under the three modes. */
export interface Contest {
  readonly algorithm: string;
  readonly byMode: Readonly<Record<CancelsAheadMode, QualitySummary | null>>;
}

/** Two algorithms and how many cents the second one is dearer, by mode; null where unmeasured. */
export interface Pair {
  readonly algorithms: readonly [string, string];
  readonly centsApart: readonly (string | null)[];
  /** False where they change places inside of the bracket, or one was never measured. */
  readonly identified: boolean;
}

/** Rows of `summarize` whose liquidity category is the mode, cheapest in the usual mode first. */
export function contestsOf(rows: readonly QualitySummary[]): readonly Contest[] {
  const names = [...new Set(rows.map(({ algorithm }) => algorithm))];
  const rowOf = (name: string, mode: CancelsAheadMode): QualitySummary | null =>
    rows.find((row) => row.algorithm === name && row.liquidityCategory === mode) ?? null;
  const contests = names.map((algorithm) => ({
    algorithm,
    byMode: {
      conservative: rowOf(algorithm, 'conservative'),
      probabilistic: rowOf(algorithm, 'probabilistic'),
      optimistic: rowOf(algorithm, 'optimistic'),
    },
  }));
  return contests.toSorted((left, right) => {
    const apart = centsApart(left, right, 'probabilistic');
    // The dearer one later; what was not measured stays where it is.
    return apart === null ? 0 : -Math.sign(apart.comparedTo(0));
  });
}

function centsOf(contest: Contest, mode: CancelsAheadMode): Money | null {
  const cents = contest.byMode[mode]?.averageAllInCents ?? null;
  return cents === null ? null : decimal(cents, 'all-in');
}

function centsApart(first: Contest, second: Contest, mode: CancelsAheadMode): Money | null {
  const [left, right] = [centsOf(first, mode), centsOf(second, mode)];
  return left === null || right === null ? null : right.minus(left);
}

/** All pairs, in the order of the contests. */
export function pairsOf(contests: readonly Contest[]): readonly Pair[] {
  return contests.flatMap((first, index) =>
    contests.slice(index + 1).map((second) => pairOf(first, second)),
  );
}

function pairOf(first: Contest, second: Contest): Pair {
  const apart = FILL_MODES.map((mode) => centsApart(first, second, mode));
  const signs = new Set(apart.map((cents) => cents?.comparedTo(0) ?? null));
  return {
    algorithms: [first.algorithm, second.algorithm],
    centsApart: apart.map((cents) => (cents === null ? null : formatMoney(cents))),
    identified: !signs.has(null) && !(signs.has(1) && signs.has(-1)),
  };
}
