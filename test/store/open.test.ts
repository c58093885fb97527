import { chmodSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/domain/errors.ts';
import { loadDriver } from '../../src/store/driver.ts';
import { openStore } from '../../src/store/open-store.ts';
import { type Connect, connectSqlite } from '../../src/store/sqlite.ts';
import { StoreError } from '../../src/store/store-error.ts';
import { bookSnapshot, signal, turn, wholeTurn } from './given.ts';
import { storeFile } from './store-file.ts';

const Database = loadDriver();

function refusal(file: string, connect?: Connect): InputError {
  try {
    openStore({ file }, connect).close();
  } catch (thrown) {
    if (thrown instanceof InputError) return thrown;
    throw thrown;
  }
  throw new Error('it opened');
}

const withDatabase = <T>(file: string, use: (database: BetterSqlite3.Database) => T): T => {
  const database = new Database(file);
  try {
    return use(database);
  } finally {
    database.close();
  }
};

/** Every connection a store makes, to look at its settings. */
function watched(file: string) {
  const seen = new Map<string, BetterSqlite3.Database>();
  const store = openStore({ file }, (path, timeout) => {
    const database = connectSqlite(path, timeout);
    seen.set(path, database);
    return database;
  });
  const setting = (path: string, name: string): unknown =>
    seen.get(path)?.pragma(name, { simple: true });
  return { store, setting };
}

const schemaOf = (file: string): unknown =>
  withDatabase(file, (database) => [
    database.pragma('user_version', { simple: true }),
    database.pragma('schema_version', { simple: true }),
    database.prepare('select name, sql from sqlite_schema order by name').all(),
  ]);

/** Root may write everywhere: it steps down to nobody for the length of the call. */
function asNobody<T>(act: () => T): T {
  if (process.getuid?.() !== 0) return act();
  process.seteuid?.(65_534);
  try {
    return act();
  } finally {
    process.seteuid?.(0);
  }
}

const failing = (error: Error) => (): never => {
  throw error;
};

/** Does as it is told, except when told to sync. */
class WeakDatabase extends Database {
  override pragma(source: string, options?: BetterSqlite3.PragmaOptions): unknown {
    return super.pragma(source.replace('synchronous = full', 'synchronous = normal'), options);
  }
}

const weak: Connect = (path) => new WeakDatabase(path);

describe('opening a store', () => {
  it('never gives out an epoch below the clock, whatever became of the file', () => {
    const file = storeFile();
    const first = openStore({ file, leastEpoch: 1_800_000_000 });
    expect(first.epoch).toBe(1_800_000_000);
    first.close();
    const sooner = openStore({ file, leastEpoch: 1_700_000_000 });
    expect(sooner.epoch).toBe(1_800_000_001);
    sooner.close();
  });

  it('counts the epoch up and keeps the id counter', () => {
    const file = storeFile();
    const first = openStore({ file });
    expect([first.epoch, first.nextSequence]).toEqual([1, 0]);
    first.commit(wholeTurn({ nextSequence: 41 }));
    expect(first.nextSequence).toBe(41);
    first.close();
    const second = openStore({ file });
    expect([second.epoch, second.nextSequence]).toEqual([2, 41]);
    expect(second.execution('dw-1')?.signal).toEqual(signal());
    second.close();
  });

  it('sets the files to lose nothing, each time', () => {
    const file = storeFile();
    for (let round = 0; round < 2; round += 1) {
      const { store, setting } = watched(file);
      store.commit(wholeTurn());
      store.saveBooks([bookSnapshot()]);
      expect(setting(file, 'journal_mode')).toBe('wal');
      expect(setting(file, 'synchronous')).toBe(2);
      expect(setting(`${file}.market`, 'journal_mode')).toBe('wal');
      expect(setting(`${file}.market`, 'synchronous')).toBe(1);
      for (const name of ['foreign_keys', 'fullfsync', 'cell_size_check'])
        expect([name, setting(file, name)]).toEqual([name, 1]);
      expect(setting(file, 'trusted_schema')).toBe(0);
      expect(setting(file, 'busy_timeout')).toBe(1_000);
      store.close();
    }
  });

  it('refuses to run on a connection that does not sync, and lets the file go', () => {
    const file = storeFile();
    expect(() => openStore({ file }, weak)).toThrow('synchronous must be FULL (2), was 1');
    openStore({ file }).close();
  });

  it('makes files that only their owner can read', () => {
    const file = storeFile();
    const store = openStore({ file });
    store.commit(wholeTurn());
    store.saveBooks([bookSnapshot()]);
    const files = ['', '-wal', '-shm', '.market', '.market-wal', '.lock'].map((end) => file + end);
    expect(files.map((path) => (statSync(path).mode & 0o777).toString(8))).toEqual(
      files.map(() => '600'),
    );
    store.close();
  });

  it('migrates once: a second opening finds nothing to do', () => {
    const file = storeFile();
    openStore({ file }).close();
    const [account, market] = [schemaOf(file), schemaOf(`${file}.market`)];
    openStore({ file }).close();
    expect(schemaOf(file)).toEqual(account);
    expect(schemaOf(`${file}.market`)).toEqual(market);
  });

  it('keeps a memory store apart from every other, and on no disk', () => {
    const [one, two] = [openStore({ file: ':memory:' }), openStore({ file: ':memory:' })];
    one.commit(wholeTurn({ nextSequence: 3 }));
    one.saveBooks([bookSnapshot()]);
    expect(one.executionOfSignal('edge-1')).toBe('dw-1');
    expect(two.executionOfSignal('edge-1')).toBeNull();
    expect([one.epoch, two.epoch, two.nextSequence]).toEqual([1, 1, 0]);
    expect(existsSync(':memory:')).toBe(false);
    one.close();
    two.close();
  });
});

describe('a second engine', () => {
  it('is refused while the first is there, by a link too, and welcome afterwards', () => {
    const file = storeFile();
    const store = openStore({ file });
    const link = join(dirname(file), 'link.db');
    symlinkSync(file, link);
    for (const path of [file, link]) {
      const error = refusal(path);
      expect(error.rule).toBe('a store belongs to one engine at a time');
      expect(error.wayOut).toContain('stop the other engine');
    }
    store.commit(turn({ nextSequence: 1 }));
    store.close();
    expect(openStore({ file }).epoch).toBe(2);
  });
});

describe('a file that cannot be the store', () => {
  it('is no database', () => {
    const file = storeFile();
    writeFileSync(file, 'Dear diary, '.repeat(100));
    expect(refusal(file).rule).toBe('the store must be a SQLite database');
    expect(refusal(file).value).toBe(`"${file}"`);
  });

  it("is another program's database, which stays as it was", () => {
    const file = storeFile();
    withDatabase(file, (database) => database.exec('create table recipes (name text)'));
    expect(refusal(file).rule).toBe('the store must be a file of depthwalker');
    const mode = withDatabase(file, (database) =>
      database.pragma('journal_mode', { simple: true }),
    );
    expect(mode).toBe('delete');
  });

  it('is the market file of a store', () => {
    const file = storeFile();
    openStore({ file }).close();
    expect(refusal(`${file}.market`).rule).toBe('the store must be a file of depthwalker');
  });

  it('is of a newer version', () => {
    const file = storeFile();
    openStore({ file }).close();
    withDatabase(file, (database) => database.pragma('user_version = 99'));
    const error = refusal(file);
    expect(error.rule).toContain('must be at most version 3');
    expect(error.value).toBe('99');
    expect(error.wayOut).toContain('update depthwalker');
  });

  it('is damaged', () => {
    const file = storeFile();
    openStore({ file }).close();
    withDatabase(file, (database) => {
      database.unsafeMode();
      database.pragma('writable_schema = on');
      database.exec("update sqlite_schema set rootpage = 2 where name = 'fills'");
    });
    expect(refusal(file).wayOut).toBe('restore it from a backup');
  });

  it('is a folder, in no folder, below a file, or has no name', () => {
    const file = storeFile();
    mkdirSync(file);
    expect(refusal(file).rule).toBe('the store must be a file that can be opened');
    expect(refusal(join(dirname(file), 'none', 'bot.db')).rule).toBe(
      'the folder of the store must exist',
    );
    writeFileSync(`${file}.txt`, '');
    expect(refusal(join(`${file}.txt`, 'bot.db')).rule).toBe('the folder of the store must exist');
    expect(refusal(' ').rule).toBe('a store needs a file');
  });

  it.skipIf(process.platform === 'win32')(
    'may not be written, itself or its folder (skipped on Windows: no modes)',
    () => {
      const file = storeFile();
      const folder = dirname(file);
      openStore({ file }).close();
      for (const end of ['', '.lock', '.market']) chmodSync(file + end, 0o444);
      chmodSync(folder, 0o777);
      expect(asNobody(() => refusal(file)).rule).toBe('the store must be writable');
      chmodSync(folder, 0o555);
      const other = join(folder, 'other.db');
      expect(asNobody(() => refusal(other)).rule).toBe('the store must be writable');
      chmodSync(folder, 0o755);
    },
  );

  it('is being written by another program', () => {
    const file = storeFile();
    openStore({ file }).close();
    withDatabase(file, (database) => {
      database.exec('begin immediate');
      expect(refusal(file).rule).toBe('no other program may be writing to the store');
    });
  });

  it('can be opened once its fault is mended: a refusal holds no lock', () => {
    const file = storeFile();
    openStore({ file }).close();
    withDatabase(file, (database) => database.pragma('user_version = 99'));
    refusal(file);
    withDatabase(file, (database) => database.pragma('user_version = 3'));
    const store = openStore({ file });
    expect(store.epoch).toBe(2);
    store.close();
  });
});

describe('a Node.js without the native module', () => {
  it.each([
    new Error('Could not locate the bindings file. Tried:\n -> build/better_sqlite3.node'),
    Object.assign(new Error('compiled against another version'), { code: 'ERR_DLOPEN_FAILED' }),
    Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' }),
  ])('is told what to install: $message', (error) => {
    const { rule, wayOut } = refusal(storeFile(), failing(error));
    expect(rule).toBe('the native module of better-sqlite3 must be installed for this Node.js');
    for (const tool of ['python3', 'make', 'g++', 'npm rebuild better-sqlite3'])
      expect(wayOut).toContain(tool);
  });

  it('is not blamed for another fault', () => {
    const error = Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' });
    expect(() => openStore({ file: storeFile() }, failing(error))).toThrow(StoreError);
  });
});
