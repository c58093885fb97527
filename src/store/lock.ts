/**
 * Keeps a second engine out: an exclusive SQLite transaction held open on an empty file beside the
 * store. The operating system drops it with the process, so kill -9 leaves nothing to clean up; the
 * store itself stays readable to others, which `locking_mode=EXCLUSIVE` on it would forbid.
 */
import { existsSync } from 'node:fs';
import { InputError } from '../domain/errors.ts';
import { type Connect, privateFile, type Sqlite } from './sqlite.ts';
import { codeOf } from './store-error.ts';

/** Whoever asks about the lock holds it for a moment, and is no second engine. */
const PROBE_MS = 100;

/** Whether a living process has it; `connect` may be one that only reads. */
export function isHeld(file: string, connect: Connect): boolean {
  if (!existsSync(`${file}.lock`)) return false;
  const lock = connect(`${file}.lock`, 0);
  try {
    lock.prepare('select 1 from sqlite_schema').all();
    return false;
  } catch (thrown) {
    if (codeOf(thrown)?.startsWith('SQLITE_BUSY') !== true) throw thrown;
    return true;
  } finally {
    lock.close();
  }
}

/**
 * Held until the connection that it gives back is closed. The file stays: removing it would race.
 */
export function holdLock(file: string, connect: Connect): Sqlite {
  const lock = connect(privateFile(`${file}.lock`), PROBE_MS);
  try {
    lock.exec('begin exclusive');
    return lock;
  } catch (thrown) {
    lock.close();
    if (!codeOf(thrown)?.startsWith('SQLITE_BUSY')) throw thrown;
    throw new InputError(
      'a store belongs to one engine at a time',
      file,
      'stop the other engine, or give this one a file of its own',
    );
  }
}
