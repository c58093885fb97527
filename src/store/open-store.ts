/**
 * The store of one engine: `file` for what must never be lost, `file.market` for market data,
 * `file.lock` to be alone. A commit is one IMMEDIATE transaction, synced to disk before it returns.
 */
import { InputError, invariant } from '../domain/errors.ts';
import type { AccountRecord, Store, TurnRecord } from '../domain/records.ts';
import { accountOf } from './account.ts';
import { bookStore } from './book-store.ts';
import { fillReaders } from './fills.ts';
import { haltFileOf } from './halt-file.ts';
import { assertWhole, type Journal, journalOf } from './journal.ts';
import { leaseGuard, leaseWriter, takeLease } from './lease.ts';
import { holdLock } from './lock.ts';
import { migrate, recognise } from './migrate.ts';
import { accountLayout, type Layout, marketLayout } from './migrations/layouts.ts';
import { type Projections, projectionsOf } from './projections.ts';
import {
  BUSY_TIMEOUT_MS,
  type Connect,
  connectSqlite,
  MEMORY,
  openFailure,
  pragma,
  privateFile,
  type Sqlite,
  setUp,
} from './sqlite.ts';
import { written } from './store-error.ts';
import { type KeptUpdates, operationUpdate, updatesOf } from './updates.ts';

export interface StoreOptions {
  /** Path of the file, created (mode 0600) where there is none; ':memory:' keeps nothing. */
  readonly file: string;
  /** The epoch is at least this: the seconds of the clock, so that no file ever repeats one. */
  readonly leastEpoch?: number;
  /**
   * Given, updates are kept until they are forgotten; called after each commit, which may have
   * brought some. It must not throw.
   */
  readonly onUpdates?: () => void;
}

interface Files {
  readonly account: Sqlite;
  readonly market: Sqlite;
  readonly close: () => void;
}

/**
 * Opens the store and takes the lease of its account; every opening counts `epoch` up. Throws an
 * `InputError` for a file that cannot be used: held by another engine, not a store, newer, damaged,
 * read-only, in no folder, or no native SQLite module. Its writes throw `StoreError`.
 */
export function openStore(
  { file, ...options }: StoreOptions,
  connect: Connect = connectSqlite,
): Store {
  if (file.trim() === '')
    throw new InputError('a store needs a file', file, `name one, or use "${MEMORY}"`);
  let files: Files | null = null;
  try {
    files = openFiles(file, connect);
    return storeOn(files, options);
  } catch (thrown) {
    files?.close();
    throw openFailure(thrown, file);
  }
}

function openFiles(file: string, connect: Connect): Files {
  const opened: Sqlite[] = [];
  const close = (): void => {
    // Backwards: the lock, taken first, is let go last.
    for (const database of opened.toReversed()) database.close();
  };
  const keep = (database: Sqlite): Sqlite => {
    opened.push(database);
    return database;
  };
  const open = (path: string, layout: Layout, synchronous: 'full' | 'normal'): Sqlite => {
    const database = keep(connect(path, BUSY_TIMEOUT_MS));
    recognise(database, layout);
    setUp(database, synchronous);
    migrate(database, layout);
    return database;
  };
  const openMarket = (path: string): Sqlite => {
    try {
      return open(path, marketLayout, 'normal');
    } catch (thrown) {
      throw openFailure(thrown, path);
    }
  };
  try {
    const path = file === MEMORY ? MEMORY : privateFile(file);
    if (path !== MEMORY) keep(holdLock(path, connect));
    const account = open(path, accountLayout, 'full');
    assertWhole(account);
    const marketPath = path === MEMORY ? MEMORY : privateFile(`${path}.market`);
    const market = openMarket(marketPath);
    // Whoever writes market data can try again; nobody who trades may wait for it.
    market.pragma('busy_timeout = 0');
    return { account, market, close };
  } catch (thrown) {
    close();
    throw thrown;
  }
}

/** Read back after a write: better-sqlite3's build weakens WAL silently where nobody insists. */
function assertDurable(database: Sqlite): void {
  if (database.memory) return;
  const mode = pragma(database, 'journal_mode');
  invariant(mode === 'wal', 'the journal mode must be wal', mode);
  const synchronous = pragma(database, 'synchronous');
  invariant(synchronous === 2, 'synchronous must be FULL (2)', synchronous);
}

/** Each is one transaction, together with what is told of it. */
function writersOf(
  account: Sqlite,
  epoch: number,
  {
    journal,
    projections,
    updates,
  }: {
    readonly journal: Journal;
    readonly projections: Projections;
    readonly updates: KeptUpdates | null;
  },
) {
  const { keep, writeRisk, ...notes } = accountOf(account, leaseGuard(account, epoch));
  const advance = leaseWriter(account, epoch);
  const commit = account.transaction((turn: TurnRecord) => {
    advance(turn.nextSequence, turn.journal.length);
    projections.write(turn);
    writeRisk(turn.risk ?? []);
    journal.append(turn.journal);
    updates?.append(turn.updates ?? []);
  });
  const note = account.transaction((record: AccountRecord) => {
    keep(record);
    updates?.append((record.operations ?? []).map(operationUpdate));
  });
  return {
    notes,
    commit: (turn: TurnRecord) => written('the commit of a turn', () => commit.immediate(turn)),
    keep: (record: AccountRecord) => written('a note on the account', () => note.immediate(record)),
  };
}

function storeOn(
  { account, market, close }: Files,
  { leastEpoch = 1, onUpdates }: Omit<StoreOptions, 'file'>,
): Store {
  const lease = account.transaction(() => takeLease(account, leastEpoch)).immediate();
  assertDurable(account);
  const journal = journalOf(account);
  const projections = projectionsOf(account);
  const updates = onUpdates === undefined ? null : updatesOf(account);
  const parts = { journal, projections, updates };
  const { commit, keep, notes } = writersOf(account, lease.epoch, parts);
  let { nextSequence } = lease;
  const { append: _, ...journaled } = journal;
  const { write: __, ...projected } = projections;
  return {
    epoch: lease.epoch,
    get nextSequence() {
      return nextSequence;
    },
    commit: (turn) => {
      commit(turn);
      nextSequence = turn.nextSequence;
      onUpdates?.();
    },
    keep: (record) => {
      keep(record);
      onUpdates?.();
    },
    ...(account.memory ? {} : { haltFile: haltFileOf(account.name) }),
    ...(updates === null ? {} : { updates }),
    ...bookStore(market),
    ...notes,
    ...fillReaders(account),
    ...journaled,
    ...projected,
    close,
  };
}
