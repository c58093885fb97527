/** What a session says when it is over: tables for people, one object for machines. */
import {
  decimal,
  type ExecutionResult,
  formatMoney,
  type QualitySummary,
  summarize,
} from '../index.ts';
import { latencyTable } from './latency-table.ts';
import type { SessionPlan } from './plan.ts';
import type { SessionOutcome } from './session.ts';
import { type Column, table } from './table.ts';
import { seconds } from './text.ts';
import { engineFacts } from './version.ts';

export const NONE = '-';
export const CENT_PLACES = 2;
const PRICE_PLACES = 4;

export function places(text: string | null, count: number): string {
  if (text === null) return NONE;
  // Plus 0: what rounds to nothing has no sign.
  const rounded = formatMoney(decimal(text, 'figure').toDecimalPlaces(count).plus(0));
  const [whole = '', rest = ''] = rounded.split('.');
  return `${whole}.${rest.padEnd(count, '0')}`;
}

export const percent = (share: string | null): string =>
  share === null ? NONE : `${formatMoney(decimal(share, 'share').times(100).toDecimalPlaces(0))} %`;

export type Quality = Parameters<typeof summarize>[0][number];

export const qualityOf = (result: ExecutionResult): Quality => ({
  algorithm: result.algorithm,
  liquidityCategory: stratumOf(result),
  ordered: result.targetQuantity,
  filled: result.filledQuantity,
  filledAsMaker: makerQuantity(result),
  allInCents: result.allInCentsPerContract,
  fees: result.fees,
  walks: result.walks,
  calls: result.calls,
});

/** What was too large to be measured is not averaged with what was not. */
const stratumOf = ({ liquidityCategory, impact }: ExecutionResult): string =>
  impact === 'impact-suspect' ? `${liquidityCategory}, ${impact}` : liquidityCategory;

/** By liquidity, the best first, then by algorithm. */
export const summaryOf = (results: readonly ExecutionResult[]): readonly QualitySummary[] =>
  summarize(results.map(qualityOf)).toSorted((left, right) => compare(keyOf(left), keyOf(right)));

// Their names happen to be in order: liquid, moderate, thin, unknown.
const keyOf = ({ liquidityCategory, algorithm }: QualitySummary): string =>
  `${liquidityCategory} ${algorithm}`;

const compare = (left: string, right: string): number => (left < right ? -1 : 1);

const makerQuantity = ({ fills }: ExecutionResult): string =>
  formatMoney(
    fills
      .filter(({ liquidity }) => liquidity === 'maker')
      .reduce((sum, { quantity }) => sum.plus(decimal(quantity, 'quantity')), decimal('0', 'sum')),
  );

/** The whole result as one line of JSON. */
export function jsonOf(plan: SessionPlan, outcome: SessionOutcome): string {
  const { results, conservation, latency } = outcome;
  const { checked, violations } = conservation;
  return JSON.stringify({
    seed: plan.config.run.seed,
    config: plan.config,
    source: { ...plan.data.source, markets: plan.markets },
    executions: results,
    summary: summaryOf(results),
    conservation: { checked, violations },
    latency,
    engine: engineFacts(),
  });
}

export function titleOf({ config, data, markets, signals }: SessionPlan): string {
  const { source } = data;
  const { seed } = config.run;
  const what =
    source.kind === 'simulated'
      ? `simulated exchange, seed ${seed}`
      : `${source.files.join(' ')}, seed ${seed}`;
  const count = signals.length === 1 ? '1 signal' : `${signals.length} signals`;
  const where = markets.length === 1 ? markets[0] : `${markets.length} markets`;
  return `depthwalker paper session: ${count} on ${where} (${what})`;
}

export function tablesOf(plan: SessionPlan, outcome: SessionOutcome): string {
  const { results, conservation, latency } = outcome;
  const { checked, violations } = conservation;
  return [
    ...resultTables(plan.startMs, results),
    latencyTable(latency),
    `Conservation: ${checked} checks, one set after every event: ${violations} violations.`,
  ].join('\n\n');
}

export const resultTables = (
  startMs: number,
  results: readonly ExecutionResult[],
): readonly string[] => [
  table(executionColumns(startMs), results),
  'By algorithm and liquidity at arrival:',
  table(SUMMARY_COLUMNS, summaryOf(results)),
  LEGEND,
];

const LEGEND = `\
all-in: cents per ordered contract against the mid at arrival, with fees, the unfilled rest taken
from the book at the end; less is better. Times are seconds after the first book. impact-suspect:
more than was displayed and than a quarter of the trading; alone in the market it looks too cheap.`;

const executionColumns = (startMs: number): readonly Column<ExecutionResult>[] => [
  { title: 'execution', cell: ({ id }) => id },
  { title: 'market', cell: ({ market }) => market },
  { title: 'wish', cell: ({ action, outcomeSide }) => `${action} ${outcomeSide}` },
  { title: 'target', align: 'right', cell: ({ targetQuantity }) => places(targetQuantity, 2) },
  { title: 'filled', align: 'right', cell: ({ filledQuantity }) => places(filledQuantity, 2) },
  { title: 'limit', align: 'right', cell: ({ limitPrice }) => places(limitPrice, 3) },
  { title: 'average', align: 'right', cell: (row) => places(row.averagePrice, PRICE_PLACES) },
  { title: 'mid', align: 'right', cell: ({ arrivalMid }) => places(arrivalMid, PRICE_PLACES) },
  {
    title: 'all-in',
    align: 'right',
    cell: (row) => places(row.allInCentsPerContract, CENT_PLACES),
  },
  { title: 'fees', align: 'right', cell: ({ fees }) => places(fees, CENT_PLACES) },
  { title: 'walks', align: 'right', cell: ({ walks }) => String(walks) },
  { title: 'splits', align: 'right', cell: ({ splits }) => String(splits) },
  { title: 'calls', align: 'right', cell: ({ calls }) => String(calls) },
  { title: 'start', align: 'right', cell: ({ startedAtMs }) => seconds(startedAtMs - startMs, 1) },
  { title: 'took', align: 'right', cell: (row) => seconds(row.endedAtMs - row.startedAtMs, 1) },
  { title: 'outcome', cell: ({ outcome }) => outcome },
  { title: 'algorithm', cell: ({ algorithm }) => algorithm },
];

const SUMMARY_COLUMNS: readonly Column<QualitySummary>[] = [
  { title: 'liquidity', cell: ({ liquidityCategory }) => liquidityCategory },
  { title: 'algorithm', cell: ({ algorithm }) => algorithm },
  { title: 'executions', align: 'right', cell: ({ executions }) => String(executions) },
  { title: 'unfilled', align: 'right', cell: ({ unfilled }) => String(unfilled) },
  { title: 'fill rate', align: 'right', cell: ({ fillRate }) => percent(fillRate) },
  { title: 'all-in', align: 'right', cell: (row) => places(row.averageAllInCents, CENT_PLACES) },
  { title: 'weighted', align: 'right', cell: (row) => places(row.weightedAllInCents, CENT_PLACES) },
  { title: 'as maker', align: 'right', cell: ({ makerShare }) => percent(makerShare) },
  { title: 'fees', align: 'right', cell: ({ fees }) => places(fees, CENT_PLACES) },
  { title: 'walks', align: 'right', cell: ({ walks }) => String(walks) },
  { title: 'calls', align: 'right', cell: ({ calls }) => String(calls) },
];
