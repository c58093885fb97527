/** Listings in pages, the newest first. A cursor names the last row that was told. */
import { invalidParameters } from './refusal.ts';

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 1_000;

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly cursor: string;
}

/** `rows` in the order in which they came to be; what comes later never moves a page. */
export function pageOf<Row>(
  rows: readonly Row[],
  query: URLSearchParams,
  keep: (row: Row) => boolean,
): Page<Row> {
  const limit = integerIn(query, 'limit') ?? LIMIT_DEFAULT;
  if (limit < 0 || limit > LIMIT_MAX) throw invalidParameters('limit must be at most 1000');
  const start = startOf(query.get('cursor') ?? '', rows.length);
  const found: Row[] = [];
  for (let index = start - 1; index >= 0; index -= 1) {
    const row = rows[index];
    if (row === undefined || !keep(row)) continue;
    if (found.length === (limit === 0 ? LIMIT_DEFAULT : limit))
      return { rows: found, cursor: cursorAt(index + 1) };
    found.push(row);
  }
  return { rows: found, cursor: '' };
}

const cursorAt = (index: number): string => Buffer.from(`row:${index}`).toString('base64url');

function startOf(cursor: string, count: number): number {
  if (cursor === '') return count;
  const index = /^row:(\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  if (index === undefined) throw invalidParameters('invalid cursor');
  return Math.min(count, Number(index));
}

export function integerIn(query: URLSearchParams, name: string): number | null {
  const text = query.get(name) ?? '';
  if (text === '') return null;
  if (!/^-?\d{1,15}$/.test(text)) throw invalidParameters(`${name} must be an integer`);
  return Number(text);
}

/** Seconds on the wire: from the first to the last, both included. */
export function isWithin(query: URLSearchParams, atMs: number): boolean {
  const [least, most] = [integerIn(query, 'min_ts'), integerIn(query, 'max_ts')];
  return (least === null || atMs >= least * 1_000) && (most === null || atMs < (most + 1) * 1_000);
}

/** "a,b" and repeated parameters alike; null where it is not given. */
export function listIn(query: URLSearchParams, name: string): readonly string[] | null {
  const texts = query.getAll(name).flatMap((text) => text.split(','));
  const given = texts.filter((text) => text !== '');
  return given.length === 0 ? null : given;
}

/** Rows under what they have in common, in the order of their first. */
export function grouped<Row>(
  rows: Iterable<Row>,
  keyOf: (row: Row) => string,
): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}
