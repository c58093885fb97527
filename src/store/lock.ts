/**
 * Keeps a second engine out: an exclusive SQLite transaction held open on an empty file beside the
 * store. The operating system drops it with the process, so kill -9 leaves nothing to clean up; the
 * store itself stays readable to others, which `locking_mode=EXCLUSIVE` on it would forbid.
 */
import { InputError } from '../domain/errors.ts';
import { type Connect, privateFile, type Sqlite } from './sqlite.ts';
import { codeOf } from './store-error.ts';

/**
 * Held until the connection that it gives back is closed. The file stays: removing it would race.
 */
export function holdLock(file: string, connect: Connect): Sqlite {
  const lock = connect(privateFile(`${file}.lock`), 0);
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
