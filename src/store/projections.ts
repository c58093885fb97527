/**
 * What the journal amounts to, kept as rows. Executions and split orders are upserted; signals,
 * fills, trades and metrics are written once: the same again is ignored, something else under the
 * same key throws.
 */
import { sql } from 'kysely';
import { invariant } from '../domain/errors.ts';
import type { SplitOrderRecord, StoredExecution, TurnRecord } from '../domain/records.ts';
import {
  type Cell,
  type Codec,
  executionCodec,
  fillCodec,
  incoming,
  metricsCodec,
  placeholders,
  sameAs,
  signalCodec,
  splitOrderCodec,
  tradeCodec,
} from './codec.ts';
import { tables } from './schema.ts';
import { prepare, type Sqlite } from './sqlite.ts';

type Table = 'signals' | 'fills' | 'trades' | 'execution_metrics';
type Write<R> = (records: readonly R[]) => void;

const UPSERT_EXECUTION = tables
  .insertInto('execution_state')
  .values(placeholders(executionCodec))
  .onConflict((key) =>
    key.column('execution_id').doUpdateSet(incoming(executionCodec, ['execution_id'])),
  )
  .compile();

const UPSERT_SPLIT_ORDER = tables
  .insertInto('split_orders')
  .values(placeholders(splitOrderCodec))
  .onConflict((key) =>
    key.column('split_order_id').doUpdateSet(incoming(splitOrderCodec, ['split_order_id'])),
  )
  .compile();

const EXECUTION = tables
  .selectFrom('execution_state')
  .select(executionCodec.columns)
  .where('execution_id', '=', '')
  .compile();

const OPEN = tables
  .selectFrom('execution_state')
  .select(executionCodec.columns)
  .where('ended_at_ms', 'is', null)
  .where('venue', '=', '')
  .orderBy('started_at_ms')
  .orderBy('execution_id')
  .compile();

const SPLIT_ORDERS = tables
  .selectFrom('split_orders')
  .select(splitOrderCodec.columns)
  .where('execution_id', '=', '')
  .orderBy('placed_at_ms')
  .orderBy('split_order_id')
  .compile();

const FILL = tables
  .selectFrom('fills')
  .select('fill_id')
  .where('venue', '=', '')
  .where('fill_id', '=', '')
  .compile();

const SIGNAL = tables
  .selectFrom('signals')
  .select(signalCodec.columns)
  .where('signal_id', '=', '')
  .compile();

function writer<R>(database: Sqlite, query: { readonly sql: string }, codec: Codec<R>): Write<R> {
  const statement = prepare(database, query);
  return (records) => {
    for (const record of records) statement.run(...codec.encode(record));
  };
}

/** `circumstances` may differ when the same thing is heard again: those of the first time stay. */
function onceWriter<R>(
  database: Sqlite,
  table: Table,
  codec: Codec<R>,
  insert: { readonly sql: string },
  circumstances: readonly string[] = [],
): Write<R> {
  const told = codec.columns.map((column) => !circumstances.includes(column));
  const only = <T>(values: readonly T[]): T[] => values.filter((_, index) => told[index]);
  const known = prepare(
    database,
    tables
      .selectFrom(table)
      .select(sql`1`.as('known'))
      .where(sameAs(only(codec.columns)))
      .compile(),
  );
  const statement = prepare(database, insert);
  return (records) => {
    for (const record of records) {
      const cells = codec.encode(record);
      if (statement.run(...cells).changes === 1) continue;
      const same = known.get(...only<Cell>(cells)) !== undefined;
      invariant(same, `a row of ${table} is never changed`, cells.slice(0, 2).join(', '));
    }
  };
}

const INSERTS = {
  signals: tables
    .insertInto('signals')
    .values(placeholders(signalCodec))
    .onConflict((key) => key.column('signal_id').doNothing())
    .compile(),
  fills: tables
    .insertInto('fills')
    .values(placeholders(fillCodec))
    .onConflict((key) => key.columns(['venue', 'fill_id']).doNothing())
    .compile(),
  trades: tables
    .insertInto('trades')
    .values(placeholders(tradeCodec))
    .onConflict((key) => key.column('execution_id').doNothing())
    .compile(),
  metrics: tables
    .insertInto('execution_metrics')
    .values(placeholders(metricsCodec))
    .onConflict((key) => key.column('execution_id').doNothing())
    .compile(),
};

/** A fill that is heard twice was seen beside two different books. */
const SEEN_AT_A_FILL = ['book_version', 'touch_bid', 'touch_ask'];

export interface Projections {
  readonly write: (turn: TurnRecord) => void;
  readonly executionOfSignal: (signalId: string) => string | null;
  readonly hasFill: (venue: string, fillId: string) => boolean;
  readonly execution: (executionId: string) => StoredExecution | null;
  readonly openExecutions: (venue: string) => readonly StoredExecution[];
  readonly splitOrdersOf: (executionId: string) => readonly SplitOrderRecord[];
}

function turnWriter(database: Sqlite): (turn: TurnRecord) => void {
  const signals = onceWriter(database, 'signals', signalCodec, INSERTS.signals);
  const executions = writer(database, UPSERT_EXECUTION, executionCodec);
  const splitOrders = writer(database, UPSERT_SPLIT_ORDER, splitOrderCodec);
  const fills = onceWriter(database, 'fills', fillCodec, INSERTS.fills, SEEN_AT_A_FILL);
  const trades = onceWriter(database, 'trades', tradeCodec, INSERTS.trades);
  const metrics = onceWriter(database, 'execution_metrics', metricsCodec, INSERTS.metrics);
  // Parents before children: the foreign keys are checked row by row.
  return (turn) => {
    signals(turn.signals);
    executions(turn.executions);
    splitOrders(turn.splitOrders);
    fills(turn.fills);
    trades(turn.trades);
    metrics(turn.metrics);
  };
}

export function projectionsOf(database: Sqlite): Projections {
  const signalById = prepare(database, SIGNAL);
  const executionById = prepare(database, EXECUTION);
  const open = prepare(database, OPEN);
  const fillById = prepare(database, FILL);
  const signalOf = (signalId: string) => {
    const cells = signalById.get(signalId);
    return cells === undefined ? null : signalCodec.decode(cells);
  };
  const splitOrders = prepare(database, SPLIT_ORDERS);
  const stored = (cells: readonly Cell[]): StoredExecution => {
    const state = executionCodec.decode(cells);
    const signal = signalOf(state.signalId);
    invariant(signal !== null, 'every execution has its signal', state.executionId);
    return { state, signal };
  };
  return {
    write: turnWriter(database),
    hasFill: (venue, fillId) => fillById.get(venue, fillId) !== undefined,
    executionOfSignal: (signalId) => signalOf(signalId)?.executionId ?? null,
    execution: (executionId) => {
      const cells = executionById.get(executionId);
      return cells === undefined ? null : stored(cells);
    },
    openExecutions: (venue) => open.all(venue).map(stored),
    splitOrdersOf: (executionId) => splitOrders.all(executionId).map(splitOrderCodec.decode),
  };
}
