/**
 * The folder that tapes are written into: their names, and what a crash left of the last one. It
 * never changes a whole tape, and never writes over one.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, messageOf } from '../domain/errors.ts';
import { beginsMember, wholeBytes } from './gzip-members.ts';

/** Of a session and a part: what is called otherwise is somebody else's. */
const PART = /^\d{8}T\d{6}\.\d{3}Z-\d{5,}\.jsonl\.gz$/;

/** Name and part: by their names tapes of a venue are in the order of time. */
export const tapeName = (venue: string, session: string, part: number): string =>
  `${venue}-${session}-${String(part).padStart(5, '0')}.jsonl.gz`;

/** "20260811T194500.125Z": of a time, to the millisecond, so that no two runs share it. */
export const sessionAt = (wallMs: number): string =>
  new Date(wallMs).toISOString().replaceAll(/[-:]/g, '');

export interface Found {
  /** The last tape of this venue; null for the first run. */
  readonly last: string | null;
  /** Bytes that were cut off its end, less than a whole member, and put into a file beside it. */
  readonly cut: number;
}

/**
 * Makes the folder where there is none, and its last tape whole. Throws an `InputError` where the
 * folder cannot be used.
 */
export function prepareFolder(folder: string, venue: string): Found {
  try {
    mkdirSync(folder, { recursive: true });
    const isOurs = (name: string): boolean =>
      name.startsWith(`${venue}-`) && PART.test(name.slice(venue.length + 1));
    const last = readdirSync(folder).filter(isOurs).toSorted().at(-1) ?? null;
    return { last, cut: last === null ? 0 : mend(join(folder, last)) };
  } catch (thrown) {
    throw new InputError('tapes are written into a folder', folder, messageOf(thrown));
  }
}

/** What is cut off is kept beside it: who knows what else has befallen the file. */
function mend(path: string): number {
  const tape = readFileSync(path);
  const whole = wholeBytes(tape);
  const rest = tape.subarray(whole);
  // Another program packed it anew: that is for its owner to judge.
  if (rest.length === 0 ? whole > 0 : !beginsMember(rest)) return 0;
  writeFileSync(`${path}.torn`, rest, { mode: 0o600 });
  // A tape without a line would be none.
  if (whole === 0) rmSync(path);
  else truncateSync(path, whole);
  return rest.length;
}
