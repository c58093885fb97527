/**
 * The tables as Kysely types, derived from the records: a column is the field's name in snake_case.
 * The migrations spell the same columns out a second time, and a test compares the two.
 */
import {
  DummyDriver,
  type Generated,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type {
  BookHourRecord,
  BookSnapshotRecord,
  ExecutionStateRecord,
  FillRecord,
  JournalRecord,
  MetricsRecord,
  OperationRecord,
  RiskStateRecord,
  SettlementRecord,
  SignalRecord,
  SplitOrderRecord,
  TradeRecord,
} from '../domain/records.ts';
import type { UpdateRecord } from '../domain/updates.ts';

export type SnakeCase<Text extends string> = Text extends `${infer Head}${infer Tail}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${SnakeCase<Tail>}`
  : '';

export type Row<R> = { readonly [Field in keyof R & string as SnakeCase<Field>]: R[Field] };

/** What this process's turn at the account is, and the id counter; one row. */
interface LeaseRow {
  readonly lease_id: number;
  readonly epoch: number;
  readonly next_sequence: number;
  /** Of the newest row: a journal that ends earlier has lost its end. */
  readonly last_journal_id: number;
}

export interface Tables {
  readonly journal: Row<JournalRecord> & { readonly journal_id: Generated<number> };
  readonly signals: Row<SignalRecord>;
  readonly execution_state: Row<ExecutionStateRecord>;
  readonly split_orders: Row<SplitOrderRecord>;
  readonly fills: Row<FillRecord>;
  readonly trades: Row<TradeRecord>;
  readonly execution_metrics: Row<MetricsRecord>;
  readonly lease: LeaseRow;
  readonly settlements: Row<SettlementRecord>;
  readonly risk_state: Row<RiskStateRecord>;
  readonly operations: Row<OperationRecord> & { readonly operation_id: Generated<number> };
  readonly updates: Row<UpdateRecord> & { readonly sequence: Generated<number> };
}

/** The second file: market data. */
export interface MarketTables {
  readonly order_book_snapshots: Row<BookSnapshotRecord> & {
    readonly snapshot_id: Generated<number>;
  };
  readonly order_book_hourly: Row<BookHourRecord>;
}

/** Kysely without a connection: it only compiles; the prepared statements run on better-sqlite3. */
const compilerOf = <T>(): Kysely<T> =>
  new Kysely<T>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });

export const tables = compilerOf<Tables>();
export const marketTables = compilerOf<MarketTables>();
export const migrationBuilder = compilerOf<unknown>();
