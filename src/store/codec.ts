/**
 * Records to rows and back, by position. It changes no value: decimals stay text, times and lots
 * integers; a number that is not a safe integer is refused before SQLite rounds it or makes it
 * NULL.
 */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { invariant } from '../domain/errors.ts';
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
import type { Row } from './schema.ts';

export type Cell = string | number | null;
type Cells<R> = { readonly [Field in keyof R]: Cell };
export type Column<R> = keyof Row<R> & string;

export interface Codec<R> {
  readonly columns: readonly Column<R>[];
  readonly encode: (record: R) => Cell[];
  readonly decode: (cells: readonly Cell[]) => R;
}

export const snakeCase = (field: string): string =>
  field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function checked(cell: Cell, field: string): Cell {
  if (cell === null || typeof cell === 'string') return cell;
  invariant(Number.isSafeInteger(cell), `${field} must be a safe integer`, cell);
  return cell;
}

/** The type asks for every field of the record, so a new one cannot be forgotten here. */
function codecOf<R extends Cells<R>>(order: { readonly [Field in keyof R]-?: true }): Codec<R> {
  const fields = Object.keys(order) as (keyof R & string)[];
  return {
    columns: fields.map(snakeCase) as Column<R>[],
    encode: (record) => fields.map((field) => checked(record[field], field)),
    decode: (cells) =>
      Object.fromEntries(fields.map((field, index) => [field, cells[index]])) as unknown as R,
  };
}

/** One `?` for each column: what a statement is compiled with. */
export const placeholders = <R>({ columns }: Codec<R>): Row<R> =>
  Object.fromEntries(columns.map((column) => [column, null])) as unknown as Row<R>;

/**
 * Assigns every column what the conflicting insert brought, but for the key: the update half of an
 * upsert. A key that is assigned, even to itself, makes SQLite look for rows that refer to it.
 */
export const incoming = <R, Key extends Column<R>>(
  { columns }: Codec<R>,
  key: readonly Key[],
): { [C in Exclude<Column<R>, Key>]: RawBuilder<never> } =>
  Object.fromEntries(
    columns
      .filter((column) => !key.some((part) => part === column))
      .map((column) => [column, sql<never>`${sql.ref(`excluded.${column}`)}`]),
  ) as { [C in Exclude<Column<R>, Key>]: RawBuilder<never> };

/** True for the row that holds the same values; `is` so that NULL equals NULL. */
export const sameAs = (columns: readonly string[]): RawBuilder<SqlBool> =>
  sql`${sql.join(
    columns.map((column) => sql`${sql.ref(column)} is ?`),
    sql` and `,
  )}`;

export const journalCodec = codecOf<JournalRecord>({
  executionId: true,
  splitOrderId: true,
  kind: true,
  type: true,
  body: true,
  stateBefore: true,
  stateAfter: true,
  rule: true,
  bookVersion: true,
  touchBid: true,
  touchAsk: true,
  atMs: true,
});

export const signalCodec = codecOf<SignalRecord>({
  signalId: true,
  executionId: true,
  body: true,
  receivedAtMs: true,
});

export const executionCodec = codecOf<ExecutionStateRecord>({
  executionId: true,
  signalId: true,
  venue: true,
  market: true,
  outcomeSide: true,
  action: true,
  algorithm: true,
  parameters: true,
  limitPrice: true,
  capPrice: true,
  targetLots: true,
  filledLots: true,
  workingLots: true,
  inDoubtLots: true,
  unreleasedLots: true,
  overfilledLots: true,
  lotSize: true,
  state: true,
  outcome: true,
  reason: true,
  startedAtMs: true,
  deadlineMs: true,
  endedAtMs: true,
});

export const splitOrderCodec = codecOf<SplitOrderRecord>({
  splitOrderId: true,
  executionId: true,
  clientOrderId: true,
  venueOrderId: true,
  price: true,
  quantity: true,
  filledQuantity: true,
  state: true,
  timeInForce: true,
  priceWalkHistory: true,
  placedAtMs: true,
  endedAtMs: true,
});

export const fillCodec = codecOf<FillRecord>({
  venue: true,
  fillId: true,
  executionId: true,
  splitOrderId: true,
  clientOrderId: true,
  price: true,
  quantity: true,
  fee: true,
  liquidity: true,
  timeMs: true,
  bookVersion: true,
  touchBid: true,
  touchAsk: true,
  printSequence: true,
});

export const tradeCodec = codecOf<TradeRecord>({
  executionId: true,
  signalId: true,
  venue: true,
  market: true,
  outcomeSide: true,
  action: true,
  quantity: true,
  averagePrice: true,
  fees: true,
  closedAtMs: true,
});

export const metricsCodec = codecOf<MetricsRecord>({
  executionId: true,
  algorithm: true,
  algorithmVersion: true,
  liquidityCategory: true,
  arrivalMid: true,
  averagePrice: true,
  allInCentsPerContract: true,
  fillRate: true,
  makerShare: true,
  fees: true,
  walks: true,
  splits: true,
  calls: true,
  durationMs: true,
  outcome: true,
});

export const settlementCodec = codecOf<SettlementRecord>({
  venue: true,
  market: true,
  value: true,
  atMs: true,
});

export const riskStateCodec = codecOf<RiskStateRecord>({ name: true, body: true, atMs: true });

export const operationCodec = codecOf<OperationRecord>({
  kind: true,
  scope: true,
  actor: true,
  reason: true,
  epoch: true,
  atMs: true,
});

export const bookSnapshotCodec = codecOf<BookSnapshotRecord>({
  venue: true,
  market: true,
  atMs: true,
  bookVersion: true,
  bids: true,
  asks: true,
  bestBid: true,
  bestAsk: true,
  spread: true,
});

export const bookHourCodec = codecOf<BookHourRecord>({
  venue: true,
  market: true,
  hourMs: true,
  snapshots: true,
  firstAtMs: true,
  firstVersion: true,
  lastAtMs: true,
  lastVersion: true,
  bestBid: true,
  bestAsk: true,
  mid: true,
  spread: true,
  bidTouchDepth: true,
  askTouchDepth: true,
  bidDepth: true,
  askDepth: true,
  sums: true,
});
