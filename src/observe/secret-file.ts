/** Secrets from files that nobody but their owner can read. It never shows what is in them. */
import { readFileSync, statSync } from 'node:fs';
import { InputError, messageOf } from '../domain/errors.ts';

const OTHERS = 0o077;

/** The lines of a file, without empty ones. Throws an `InputError` for one that others may read. */
export function secretLines(path: string): readonly string[] {
  let mode: number;
  let text: string;
  try {
    ({ mode } = statSync(path));
    text = readFileSync(path, 'utf8');
  } catch (thrown) {
    throw new InputError('a secret is in a file that can be read', path, messageOf(thrown));
  }
  if (process.platform !== 'win32' && (mode & OTHERS) !== 0)
    throw new InputError(
      `a secret is its owner's alone, mode 600 (${path})`,
      `mode ${(mode & 0o777).toString(8)}`,
      `chmod 600 ${path}`,
    );
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const found = lines.filter((line) => line !== '');
  if (found.length === 0)
    throw new InputError('a secret file holds a secret', path, 'write it into the first line');
  return found;
}
