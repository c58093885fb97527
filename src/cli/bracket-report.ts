/** What a bracket says: the modes side by side, and whether they agree on who is cheaper. */
import type { Config } from '../config/schema.ts';
import { type QualitySummary, summarize } from '../index.ts';
import { type CancelsAheadMode, FILL_MODES } from '../venues/paper/venue.ts';
import { type Contest, contestsOf, type Pair, pairsOf } from './ranking.ts';
import { CENT_PLACES, NONE, percent, places, type Quality } from './report.ts';
import { type Column, table } from './table.ts';
import { engineFacts } from './version.ts';

export interface WorkedTape {
  readonly file: string;
  readonly markets: readonly string[];
  readonly signals: number;
  /** One for each execution; its liquidity category is the mode it was worked in. */
  readonly qualities: readonly Quality[];
  /** Every contestant worked the same signals. */
  readonly isContest: boolean;
}

/** Fine enough to show on which side of nothing a difference lies. */
const APART_PLACES = 4;

const SHORT: Readonly<Record<CancelsAheadMode, string>> = {
  conservative: 'cons.',
  probabilistic: 'prob.',
  optimistic: 'opt.',
};

/** The three modes of one figure: its name stands over the first. */
const figure = (name: string, text: (row: QualitySummary) => string): readonly Column<Contest>[] =>
  FILL_MODES.map((mode, index) => ({
    title: index === 0 ? `${name} ${SHORT[mode]}` : SHORT[mode],
    align: 'right',
    cell: ({ byMode }) => {
      const row = byMode[mode];
      return row === null ? NONE : text(row);
    },
  }));

const COLUMNS: readonly Column<Contest>[] = [
  { title: 'algorithm', cell: ({ algorithm }) => algorithm },
  {
    title: 'executions',
    align: 'right',
    cell: ({ byMode }) => String(byMode.probabilistic?.executions ?? 0),
  },
  ...figure('filled', ({ fillRate }) => percent(fillRate)),
  ...figure('all-in', ({ averageAllInCents }) => places(averageAllInCents, CENT_PLACES)),
  ...figure('as maker', ({ makerShare }) => percent(makerShare)),
];

export const LEGEND = `\
cons., prob., opt.: what is cancelled in a queue stood behind us, on both sides of us, before us.
all-in: cents per ordered contract against the mid at arrival, with fees, the unfilled rest taken
from the book at the end; less is better. How much of a difference is chance, none of this says.`;

export function titleOf({ file, markets, signals }: WorkedTape): string {
  const count = signals === 1 ? '1 signal' : `${signals} signals`;
  return `${file}: ${count} on ${markets.join(', ')}`;
}

const contestsIn = (tapes: readonly WorkedTape[]): readonly Contest[] =>
  contestsOf(summarize(tapes.flatMap(({ qualities }) => qualities)));

/** Several tapes count as one, each execution once. */
export function tablesOf(tapes: readonly WorkedTape[]): string {
  const contests = contestsIn(tapes);
  const verdict = isContest(tapes) ? verdictOf(contests) : [NO_CONTEST];
  return [table(COLUMNS, contests), ...(contests.length > 1 ? verdict : [])].join('\n');
}

const isContest = (tapes: readonly WorkedTape[]): boolean => tapes.every((tape) => tape.isContest);

const NO_CONTEST =
  'Ranking: none, for each algorithm worked signals of its own; name contestants with --algorithm.';

function verdictOf(contests: readonly Contest[]): readonly string[] {
  const pairs = pairsOf(contests);
  const open = pairs.filter(({ identified }) => !identified);
  if (pairs.length === 0) return [];
  const names = contests.map(({ algorithm }) => algorithm).join(', then ');
  if (open.length === 0) return [`Ranking: no two change places inside of the bracket: ${names}.`];
  return open.map(openText);
}

function openText({ algorithms: [first, second], centsApart }: Pair): string {
  const apart = centsApart.map((cents) => places(cents, APART_PLACES)).join(', ');
  return `Ranking: not identified: ${first} against ${second}; the second costs more by ${apart}.`;
}

export interface BracketOutcome {
  readonly config: Config;
  readonly tapes: readonly WorkedTape[];
  readonly conservation: { readonly checked: number; readonly violations: number };
  readonly interrupted: boolean;
}

/** The whole outcome as one line of JSON. */
export function jsonOf({ tapes, config, ...outcome }: BracketOutcome): string {
  return JSON.stringify({
    seed: config.run.seed,
    config,
    ...outcome,
    tapes: tapes.map((tape) => {
      const { file, markets, signals } = tape;
      return { file, markets, signals, ...figuresOf([tape]) };
    }),
    all: figuresOf(tapes),
    engine: engineFacts(),
  });
}

function figuresOf(tapes: readonly WorkedTape[]) {
  const contests = contestsIn(tapes);
  if (!isContest(tapes)) return { contests, ranking: [], identified: null };
  const ranking = pairsOf(contests);
  return { contests, ranking, identified: ranking.every(({ identified }) => identified) };
}
