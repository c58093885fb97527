/**
 * What a store says to whoever looks at it from outside, while an engine works on it or none does.
 * It reads only: it takes no lease, and waits for nobody.
 */
import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { sql } from 'kysely';
import { InputError, messageOf } from '../domain/errors.ts';
import {
  entriesSince,
  type Halt,
  KEPT_HALTS,
  type KeptHalts,
  NO_HALTS,
  standing,
  unreadable,
} from '../domain/halts.ts';
import { LATENCY_ROW, type LatencyView } from '../domain/latency.ts';
import { formatMoney, times } from '../domain/money.ts';
import type { ExecutionStateRecord, SplitOrderRecord } from '../domain/records.ts';
import { accountOf } from './account.ts';
import { executionCodec, splitOrderCodec } from './codec.ts';
import { haltFileOf } from './halt-file.ts';
import { isHeld } from './lock.ts';
import { recognise } from './migrate.ts';
import { accountLayout } from './migrations/layouts.ts';
import { tables } from './schema.ts';
import { connectReader, openFailure, pragma, prepare, type Sqlite } from './sqlite.ts';
import { codeOf } from './store-error.ts';

/** Contracts as plain decimals; together they are the target, and what was overfilled. */
export interface ExecutionStatus
  extends Pick<
    ExecutionStateRecord,
    'executionId' | 'signalId' | 'venue' | 'market' | 'outcomeSide' | 'action' | 'algorithm'
  > {
  readonly state: string;
  readonly target: string;
  readonly filled: string;
  readonly working: string;
  readonly inDoubt: string;
  readonly unreleased: string;
  readonly startedAtMs: number;
}

export interface OrderStatus
  extends Pick<
    SplitOrderRecord,
    'splitOrderId' | 'clientOrderId' | 'price' | 'quantity' | 'filledQuantity' | 'state'
  > {
  readonly venue: string;
  readonly market: string;
  readonly placedAtMs: number;
}

export interface LatencyStatus extends LatencyView {
  readonly atMs: number;
}

export interface AccountStatus {
  /** How often an engine has opened it, and more: of the newest opening. */
  readonly epoch: number;
  /** Executions without a result. */
  readonly executions: readonly ExecutionStatus[];
  /** Orders that have not ended, those in doubt ('unknown') among them. */
  readonly orders: readonly OrderStatus[];
  /** How long executions took at each venue, as of a while ago. */
  readonly latency: readonly LatencyStatus[];
  /** The newest row of the journal; null where there is none. */
  readonly newest: {
    readonly executionId: string;
    readonly type: string;
    readonly atMs: number;
  } | null;
}

export interface StoreStatus {
  /** The path of the file, links followed. */
  readonly file: string;
  /** A living process works on it. */
  readonly running: boolean;
  readonly halts: readonly Halt[];
  /** Null while another program keeps it locked: the rest is known all the same. */
  readonly account: AccountStatus | null;
}

/** The file of a store that is there. Throws an `InputError` where there is none. */
export function storePath(file: string): string {
  const path = resolve(file.trim());
  const found = file.trim() === '' ? undefined : statSync(path, { throwIfNoEntry: false });
  if (found?.isFile() === true) return realpathSync(path);
  throw new InputError('there must be such a store', file, 'name the file that the bot works on');
}

/** Whether a living process works on it; asks no database. */
export const isRunning = (file: string): boolean => isHeld(storePath(file), connectReader);

/** Throws an `InputError` for a file that is no store, or cannot be read. */
export function storeStatus(file: string): StoreStatus {
  const path = storePath(file);
  const running = isHeld(path, connectReader);
  let database: Sqlite | null = null;
  try {
    database = connectReader(path, 0);
    recognise(database, { ...accountLayout, examined: false });
    const { account, kept } = readAccount(database);
    return { file: path, running, halts: haltsOf(path, kept), account };
  } catch (thrown) {
    if (codeOf(thrown)?.startsWith('SQLITE_BUSY') !== true) throw openFailure(thrown, path);
    return { file: path, running, halts: haltsOf(path, NO_HALTS), account: null };
  } finally {
    database?.close();
  }
}

function haltsOf(path: string, kept: KeptHalts): readonly Halt[] {
  try {
    return standing(kept.standing, entriesSince(kept, haltFileOf(path).read()));
  } catch (thrown) {
    return [...kept.standing, { ...unreadable(messageOf(thrown)), id: 'unreadable', atMs: 0 }];
  }
}

interface Read {
  readonly account: AccountStatus;
  readonly kept: KeptHalts;
}

/** All of it as of one moment, whatever an engine writes meanwhile. */
const readAccount = (database: Sqlite): Read =>
  database.transaction((): Read => {
    const known = Number(pragma(database, 'user_version'));
    if (known < accountLayout.migrations.length)
      throw new InputError(
        'the store must be of this version',
        known,
        'start an engine on it once',
      );
    const [epoch] = prepare(database, EPOCH).get() ?? [];
    const [executionId, type, atMs] = prepare(database, NEWEST).get() ?? [];
    const newest =
      executionId === undefined
        ? null
        : { executionId: String(executionId), type: String(type), atMs: Number(atMs) };
    const executions = prepare(database, EXECUTIONS)
      .all()
      .map((cells) => executionOf(executionCodec.decode(cells)));
    const orders = prepare(database, ORDERS)
      .all()
      .map(([venue, market, ...cells]) => ({
        ...orderOf(splitOrderCodec.decode(cells)),
        venue: String(venue),
        market: String(market),
      }));
    const latency = prepare(database, LATENCY)
      .all()
      .map(([text, keptAtMs]) => ({
        ...(JSON.parse(String(text)) as LatencyView),
        atMs: Number(keptAtMs),
      }));
    const body = accountOf(database).riskState(KEPT_HALTS);
    const kept = body === null ? NO_HALTS : keptIn(body);
    return { account: { epoch: Number(epoch), executions, orders, latency, newest }, kept };
  })();

/** Throws an `InputError` for a damaged row: nobody may take it for "nothing is halted". */
function keptIn(body: string): KeptHalts {
  const kept = parsed(body);
  if (isKept(kept)) return kept;
  throw new InputError(
    `the row "${KEPT_HALTS}" of risk_state in the store must be whole`,
    body,
    'restore the store from a backup',
  );
}

function isKept(value: unknown): value is KeptHalts {
  if (typeof value !== 'object' || value === null) return false;
  const { lines, standing: halts } = value as Partial<Record<keyof KeptHalts, unknown>>;
  const isHalt = (halt: Partial<Halt> | null): boolean =>
    typeof halt?.scope === 'object' && typeof halt.reason === 'string';
  return Number.isSafeInteger(lines) && Array.isArray(halts) && halts.every(isHalt);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

const EPOCH = tables.selectFrom('lease').select('epoch').compile();

const LATENCY = tables
  .selectFrom('risk_state')
  .select(['body', 'at_ms'])
  .where('name', 'like', sql.lit(`${LATENCY_ROW}%`))
  .orderBy('name')
  .compile();

const NEWEST = tables
  .selectFrom('journal')
  .select(['execution_id', 'type', 'at_ms'])
  .orderBy('journal_id', 'desc')
  .limit(sql.lit(1))
  .compile();

const EXECUTIONS = tables
  .selectFrom('execution_state')
  .select(executionCodec.columns)
  .where('ended_at_ms', 'is', null)
  .orderBy('started_at_ms')
  .orderBy('execution_id')
  .compile();

const ORDERS = tables
  .selectFrom('split_orders')
  .innerJoin('execution_state', 'execution_state.execution_id', 'split_orders.execution_id')
  .select(['execution_state.venue', 'execution_state.market'])
  .select(splitOrderCodec.columns.map((column) => `split_orders.${column}` as const))
  .where('split_orders.ended_at_ms', 'is', null)
  .orderBy('split_orders.placed_at_ms')
  .orderBy('split_orders.split_order_id')
  .compile();

function executionOf(record: ExecutionStateRecord): ExecutionStatus {
  const { executionId, signalId, venue, market, outcomeSide, action, algorithm } = record;
  const { lotSize, state, startedAtMs } = record;
  const contracts = (count: number): string => formatMoney(times(lotSize, count));
  const identity = { executionId, signalId, venue, market, outcomeSide, action, algorithm };
  return {
    ...identity,
    state,
    target: contracts(record.targetLots),
    filled: contracts(record.filledLots),
    working: contracts(record.workingLots),
    inDoubt: contracts(record.inDoubtLots),
    unreleased: contracts(record.unreleasedLots),
    startedAtMs,
  };
}

function orderOf(record: SplitOrderRecord): Omit<OrderStatus, 'venue' | 'market'> {
  const { splitOrderId, clientOrderId, price, quantity, filledQuantity, state, placedAtMs } =
    record;
  return { splitOrderId, clientOrderId, price, quantity, filledQuantity, state, placedAtMs };
}
