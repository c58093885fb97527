/** The quantiles of `engine.latency()` for people. */
import type { LatencyView, StageQuantiles } from '../index.ts';
import { type Column, table } from './table.ts';

interface Row extends StageQuantiles {
  readonly venue: string;
}

export function latencyTable(views: readonly LatencyView[]): string {
  const rows = views.flatMap(({ venue, stages }) => stages.map((stage) => ({ ...stage, venue })));
  return `Milliseconds to each stage of an execution's first order:\n\n${table(COLUMNS, rows)}`;
}

/** Three digits that say something: a bucket is no finer. */
const shown = (ms: number): string => String(Number(ms.toPrecision(3)));

const quantile = (title: string, ms: (row: Row) => number): Column<Row> => ({
  title,
  align: 'right',
  cell: (row) => (row.count === 0 ? '-' : shown(ms(row))),
});

const COLUMNS: readonly Column<Row>[] = [
  { title: 'venue', cell: ({ venue }) => venue },
  { title: 'stage', cell: ({ stage }) => stage },
  { title: 'since', cell: ({ since }) => since },
  { title: 'count', align: 'right', cell: ({ count }) => String(count) },
  quantile('p50', ({ p50Ms }) => p50Ms),
  quantile('p90', ({ p90Ms }) => p90Ms),
  quantile('p99', ({ p99Ms }) => p99Ms),
  quantile('max', ({ maxMs }) => maxMs),
];
