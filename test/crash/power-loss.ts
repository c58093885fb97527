/**
 * A store that lives through a power cut, as often as one likes: its files are kept at each commit
 * that was acknowledged, then cut as the disk may leave them, and opened again. What was synced by
 * when is read from the connection's own settings; nothing here assumes that it is enough.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../src/domain/errors.ts';
import type { Random } from '../../src/domain/ports.ts';
import type { TurnRecord } from '../../src/domain/records.ts';
import { chance, integer } from '../../src/env/draws.ts';
import { openStore } from '../../src/store/open-store.ts';
import { connectSqlite, pragma, type Sqlite } from '../../src/store/sqlite.ts';
import { executionState, fill, journalEntry, signal, splitOrder, turn } from '../store/given.ts';
import { afterPowerLoss } from './disk.ts';

/** SQLite's number of `synchronous = full`: each commit is synced before it returns. */
const FULL = 2;

/** The files as they were written when commit number `commits` was acknowledged. */
interface Moment {
  readonly commits: number;
  readonly database: Buffer;
  readonly wal: Buffer;
  /** The moment whose log was synced last; its own number where each commit is. */
  readonly synced: number;
  /** This commit ended with a checkpoint: the log was synced, then moved into the database. */
  readonly isCheckpoint: boolean;
}

export interface RecordOptions {
  readonly commits: number;
  /** What is set on the store's connection once it is open. */
  readonly settings: readonly string[];
  readonly random: Random;
}

const clientOrderId = (commit: number): string => `dw-${commit}`;

/** One intent and some inputs, of a size that spills over pages now and then. */
function turnOf(commit: number, random: Random): TurnRecord {
  const atMs = commit;
  const body = JSON.stringify({ text: 'x'.repeat(integer(random, 0, 3_000)) });
  const request = { request: { clientOrderId: clientOrderId(commit) } };
  const inputs = Array.from({ length: integer(random, 1, 3) }, () => journalEntry({ atMs, body }));
  const intent = { kind: 'command', type: 'submit', body: JSON.stringify(request) } as const;
  const [filledLots, targetLots] = [commit, 1_000_000];
  const quantity = { filledLots, targetLots, workingLots: 0, inDoubtLots: 0 };
  return turn({
    journal: [...inputs, journalEntry({ atMs, ...intent })],
    signals: [signal()],
    executions: [executionState({ ...quantity, unreleasedLots: targetLots - filledLots })],
    splitOrders: [splitOrder()],
    fills: [fill({ fillId: `f-${commit}` })],
    nextSequence: commit,
  });
}

/** Commits one turn after the other, and keeps the files of each. */
export function recordMoments(
  folder: string,
  { commits, settings, random }: RecordOptions,
): readonly Moment[] {
  const file = join(folder, 'bot.db');
  const opened: Sqlite[] = [];
  const store = openStore({ file }, (path, timeout) => {
    const database = connectSqlite(path, timeout);
    if (path === file) opened.push(database);
    return database;
  });
  try {
    for (const setting of settings) opened[0]?.pragma(setting);
    const moments: Moment[] = [];
    for (let commit = 0; commit <= commits; commit += 1) {
      if (commit > 0) store.commit(turnOf(commit, random));
      const database = readFileSync(file);
      const before = moments.at(-1);
      const isCheckpoint = before !== undefined && !before.database.equals(database);
      const isSynced = isCheckpoint || opened.every((each) => pragma(each, 'synchronous') === FULL);
      const synced = isSynced ? commit : (before?.synced ?? 0);
      const wal = readFileSync(`${file}-wal`);
      moments.push({ commits: commit, database, wal, synced, isCheckpoint });
    }
    return moments;
  } finally {
    store.close();
  }
}

/** One cut: what was acknowledged, and what the disk holds. */
interface Cut {
  readonly acknowledged: number;
  readonly database: Buffer;
  readonly wal: Buffer;
}

/** The power fails while the commit after a moment is written, or while it is checkpointed. */
export function cutOnce(moments: readonly Moment[], random: Random): Cut {
  const index = integer(random, 0, moments.length - 2);
  const [before, after] = [moments[index] as Moment, moments[index + 1] as Moment];
  if (after.isCheckpoint && chance(random, 0.5))
    return {
      acknowledged: before.commits,
      database: afterPowerLoss(before.database, after.database, random),
      wal: after.wal,
    };
  const synced = moments[before.synced] as Moment;
  return {
    acknowledged: before.commits,
    database: before.database,
    wal: afterPowerLoss(synced.wal, after.wal, random),
  };
}

export type Verdict = 'whole' | `lost ${number} of ${number}` | `not whole: ${string}`;

/** Opens what a cut left in `folder`, as an engine would, and looks at all that it should hold. */
export function judge({ acknowledged, database, wal }: Cut, folder: string): Verdict {
  const file = join(folder, 'bot.db');
  rmSync(`${file}-shm`, { force: true });
  writeFileSync(file, database);
  writeFileSync(`${file}-wal`, wal);
  try {
    return verdictOf(file, acknowledged);
  } catch (thrown) {
    return `not whole: ${messageOf(thrown)}`;
  }
}

function verdictOf(file: string, acknowledged: number): Verdict {
  const opened: Sqlite[] = [];
  const store = openStore({ file }, (path, timeout) => {
    const database = connectSqlite(path, timeout);
    opened.push(database);
    return database;
  });
  try {
    for (const each of opened) {
      const health = each.name.endsWith('.lock') ? 'ok' : pragma(each, 'integrity_check');
      if (health !== 'ok') return `not whole: ${String(health)}`;
    }
    const kept = store.nextSequence;
    const told = [...new Set(store.inputsOf('dw-1').map(({ atMs }) => atMs))];
    const isPrefix = told.length === kept && told.every((atMs, at) => atMs === at + 1);
    if (!isPrefix) return `not whole: ${kept} commits, but inputs of ${told.join(' ')}`;
    const state = store.execution('dw-1')?.state.filledLots ?? 0;
    const fills = [...store.fills('paper', null)].length;
    if (state !== kept || fills !== kept)
      return `not whole: ${kept} commits, ${state} lots, ${fills} fills`;
    for (let commit = 1; commit <= acknowledged; commit += 1)
      if (store.ownerOf(clientOrderId(commit)) === null)
        return `lost ${acknowledged - kept} of ${acknowledged}`;
    return 'whole';
  } finally {
    store.close();
  }
}
