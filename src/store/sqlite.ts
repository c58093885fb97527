/**
 * One connection to one SQLite file: made private, recognised as ours, set up, and read back. Every
 * reason why a file cannot be used becomes one `InputError`.
 */
import { closeSync, openSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type Database from 'better-sqlite3';
import { InputError, messageOf } from '../domain/errors.ts';
import type { Cell } from './codec.ts';
import { loadDriver } from './driver.ts';
import { codeOf, StoreError } from './store-error.ts';

export type Sqlite = Database.Database;
export type Hot = Database.Statement<Cell[], Cell[]>;
export type Connect = (path: string, busyTimeoutMs: number) => Sqlite;

export const MEMORY = ':memory:';

/** Only a foreign program can be in the way, and waiting for it blocks the event loop. */
export const BUSY_TIMEOUT_MS = 1_000;

export const connectSqlite: Connect = (path, timeout) => new (loadDriver())(path, { timeout });

/** For whoever only looks: it creates nothing, and can write nothing. */
export const connectReader: Connect = (path, timeout) =>
  new (loadDriver())(path, { timeout, readonly: true, fileMustExist: true });

/** Prepared once and run raw, rows as arrays: a Kysely promise for each costs ten times as much. */
export const prepare = (database: Sqlite, { sql }: { readonly sql: string }): Hot => {
  const statement = database.prepare<Cell[], Cell[]>(sql);
  return statement.reader ? statement.raw() : statement;
};

export const pragma = (database: Sqlite, name: string): unknown =>
  database.pragma(name, { simple: true });

/** FULL syncs each commit; NORMAL may lose the newest ones to a power cut, but none in between. */
export function setUp(database: Sqlite, synchronous: 'full' | 'normal'): void {
  for (const setting of [
    'journal_mode = wal',
    `synchronous = ${synchronous}`,
    // macOS: without it a sync stops at the drive's cache.
    'fullfsync = on',
    'checkpoint_fullfsync = on',
    'foreign_keys = on',
    'trusted_schema = off',
    'cell_size_check = on',
  ])
    database.pragma(setting);
}

/** Creates the file for its owner alone; gives its real path, so that no link has its own lock. */
export function privateFile(file: string): string {
  const path = resolve(file.trim());
  try {
    // Never opens an existing file: closing it would drop this process's own SQLite locks on it.
    closeSync(openSync(path, 'wx', 0o600));
  } catch (thrown) {
    if (codeOf(thrown) !== 'EEXIST') throw thrown;
  }
  return realpathSync(path);
}

const WAYS_OUT: readonly (readonly [codes: RegExp, rule: string, wayOut: string])[] = [
  [
    /^(?:MODULE_NOT_FOUND|ERR_DLOPEN_FAILED|NO_BINDINGS)$/,
    'the native module of better-sqlite3 must be installed for this Node.js',
    'install python3, make and g++ (macOS: xcode-select --install; Windows: Visual Studio Build ' +
      'Tools), then run "npm rebuild better-sqlite3"',
  ],
  [/^(?:ENOENT|ENOTDIR)$/, 'the folder of the store must exist', 'create it first'],
  [
    /^(?:EACCES|EPERM|EROFS|SQLITE_READONLY.*)$/,
    'the store must be writable',
    'choose another place, or give the user of this process the right to write there',
  ],
  [/^SQLITE_NOTADB$/, 'the store must be a SQLite database', 'choose another file'],
  [/^SQLITE_CORRUPT.*$/, 'the store must be whole', 'restore it from a backup'],
  [/^SQLITE_CANTOPEN.*$/, 'the store must be a file that can be opened', 'choose another file'],
  [/^SQLITE_BUSY.*$/, 'no other program may be writing to the store', 'close it there'],
];

/** Says what kept a store from opening. */
export function openFailure(thrown: unknown, file: string): Error {
  if (thrown instanceof InputError) return thrown;
  // The loader of better-sqlite3's addon gives its error no code.
  const noBindings = messageOf(thrown).startsWith('Could not locate the bindings file');
  const code = noBindings ? 'NO_BINDINGS' : (codeOf(thrown) ?? '');
  for (const [codes, rule, wayOut] of WAYS_OUT)
    if (codes.test(code)) return new InputError(rule, file, wayOut);
  return new StoreError(`opening the store ${file}`, thrown);
}
