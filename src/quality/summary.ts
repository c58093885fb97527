/**
 * Many executions in one row per algorithm and liquidity category. An execution that got nothing
 * counts as much as any other: left out, it would make the average better.
 */
import { decimal, formatMoney, type Money, times, ZERO } from '../domain/money.ts';

/** One ended execution; plain decimals, contracts and dollars. */
export interface ExecutionQuality {
  readonly algorithm: string;
  readonly liquidityCategory: string;
  readonly ordered: string;
  readonly filled: string;
  readonly filledAsMaker: string;
  /** Cents per ordered contract; null where no mid existed at arrival. */
  readonly allInCents: string | null;
  readonly fees: string;
  readonly walks: number;
  readonly calls: number;
}

export interface QualitySummary {
  readonly algorithm: string;
  readonly liquidityCategory: string;
  readonly executions: number;
  /** Executions with an all-in cost: what the averages are made of. */
  readonly measured: number;
  /** Executions that got nothing at all. */
  readonly unfilled: number;
  /** By quantity, 0 to 1. */
  readonly fillRate: string;
  /** Each execution counts once; null when none was measured. */
  readonly averageAllInCents: string | null;
  /** Each ordered contract counts once. */
  readonly weightedAllInCents: string | null;
  /** Of what filled, by quantity; null when nothing did. */
  readonly makerShare: string | null;
  readonly fees: string;
  readonly walks: number;
  readonly calls: number;
}

const PLACES = 6;

/** Rows in the order in which their algorithm and category first appear. */
export function summarize(executions: readonly ExecutionQuality[]): readonly QualitySummary[] {
  const groups = new Map<string, Group>();
  for (const execution of executions) {
    const { algorithm, liquidityCategory } = execution;
    const key = JSON.stringify([algorithm, liquidityCategory]);
    const group = groups.get(key) ?? { algorithm, liquidityCategory, rows: [] };
    group.rows.push(execution);
    groups.set(key, group);
  }
  return [...groups.values()].map(summaryOf);
}

interface Group {
  readonly algorithm: string;
  readonly liquidityCategory: string;
  readonly rows: ExecutionQuality[];
}

function summaryOf({ algorithm, liquidityCategory, rows }: Group): QualitySummary {
  const measured = rows.filter(isMeasured);
  const filled = sum(rows, filledOf);
  return {
    algorithm,
    liquidityCategory,
    executions: rows.length,
    measured: measured.length,
    unfilled: rows.filter((row) => filledOf(row).isZero()).length,
    fillRate: ratio(filled, sum(rows, orderedOf)) ?? '0',
    averageAllInCents: ratio(sum(measured, centsOf), times('1', measured.length)),
    weightedAllInCents: ratio(sum(measured, weightedCentsOf), sum(measured, orderedOf)),
    makerShare: ratio(sum(rows, makerOf), filled),
    fees: formatMoney(sum(rows, feesOf)),
    walks: rows.reduce((total, { walks }) => total + walks, 0),
    calls: rows.reduce((total, { calls }) => total + calls, 0),
  };
}

type Measured = ExecutionQuality & { readonly allInCents: string };

const isMeasured = (row: ExecutionQuality): row is Measured => row.allInCents !== null;
const orderedOf = ({ ordered }: ExecutionQuality): Money => decimal(ordered, 'ordered');
const filledOf = ({ filled }: ExecutionQuality): Money => decimal(filled, 'filled');
const makerOf = ({ filledAsMaker }: ExecutionQuality): Money =>
  decimal(filledAsMaker, 'filledAsMaker');
const feesOf = ({ fees }: ExecutionQuality): Money => decimal(fees, 'fees');
const centsOf = ({ allInCents }: Measured): Money => decimal(allInCents, 'allInCents');
const weightedCentsOf = (row: Measured): Money => centsOf(row).times(orderedOf(row));

const sum = <Row>(rows: readonly Row[], value: (row: Row) => Money): Money =>
  rows.reduce((total, row) => total.plus(value(row)), ZERO);

const ratio = (part: Money, whole: Money): string | null =>
  whole.isZero() ? null : formatMoney(part.div(whole).toDecimalPlaces(PLACES));
