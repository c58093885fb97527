/**
 * A recording as the frames it holds, in wire order: one JSON object a line, plain or gzipped. It
 * decodes and names the line of whatever is damaged; it never skips one.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { InputError, messageOf } from '../domain/errors.ts';
import { decodeFrame, type KalshiFrame } from '../venues/kalshi/wire.ts';

/** Unpacked. The longest tape we know has 40 MB; a bomb is refused before it fills memory. */
const TAPE_BYTES_MAX = 2 ** 30;

const NEWLINE = 10;
const GZIP_MAGIC = 0x8b1f;
const SHOWN_CHARACTERS_MAX = 60;

/** The recorder's note of which market it listens to. */
export interface WatchedMarket {
  readonly type: 'watch_market';
  readonly symbol: string;
  readonly closeMs: number | null;
}

export interface TapeLine {
  /** Counts from 1. */
  readonly line: number;
  /** The recorder's name of the connection; '' where it wrote none. */
  readonly conn: string;
  readonly frame: KalshiFrame | WatchedMarket;
}

/** Throws an `InputError` for a file that cannot be read, unpacked or decoded. */
export function* readTapeLines(path: string): Generator<TapeLine, void> {
  const bytes = readMaybeGzipped(path, 'a tape');
  let line = 0;
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline;
    line += 1;
    const text = bytes.toString('utf8', start, end);
    start = end + 1;
    if (text.trim() !== '') yield decodeLine(text, line, path);
  }
  if (line === 0)
    throw new InputError('a tape must hold at least one line', path, 'record it again');
}

/** Told by its first bytes, whatever the file is called. */
export function readMaybeGzipped(path: string, what: string): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (thrown) {
    throw new InputError(`${what} must be a readable file`, path, messageOf(thrown));
  }
  if (bytes.length < 2 || bytes.readUInt16LE(0) !== GZIP_MAGIC) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: TAPE_BYTES_MAX });
  } catch (thrown) {
    const wayOut = `it is cut off or damaged (${messageOf(thrown)}): copy it again`;
    throw new InputError(`${what} must be a whole gzip file`, path, wayOut);
  }
}

function decodeLine(text: string, line: number, path: string): TapeLine {
  const place = placeOf(line, path);
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    const shown = text.slice(0, SHOWN_CHARACTERS_MAX);
    throw new InputError(`${place} must be JSON`, shown, 'cut the tape before this line');
  }
  return located(place, () => ({
    line,
    conn: textAt(raw, 'conn') ?? '',
    frame: watchedMarket(raw) ?? decodeFrame(raw),
  }));
}

export const placeOf = (line: number, path: string): string => `line ${line} of ${path}`;

/** Adds the place to the error of a frame that is refused. */
export function located<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw thrown;
    // The error keeps its value with the quotes around it, and would put on a second pair.
    const value = thrown.value.replace(/^"(.*)"$/, '$1');
    throw new InputError(`${place}: ${thrown.rule}`, value, thrown.wayOut);
  }
}

function watchedMarket(raw: unknown): WatchedMarket | null {
  if (textAt(raw, 'type') !== 'watch_market') return null;
  const msg = valueAt(raw, 'msg');
  const symbol = textAt(msg, 'market_ticker');
  if (symbol === undefined)
    throw new InputError('watch_market must name a market_ticker', JSON.stringify(msg), 'add it');
  const closeMs = Date.parse(textAt(msg, 'close_time') ?? '');
  return { type: 'watch_market', symbol, closeMs: Number.isNaN(closeMs) ? null : closeMs };
}

function textAt(object: unknown, key: string): string | undefined {
  const value = valueAt(object, key);
  return typeof value === 'string' ? value : undefined;
}

const valueAt = (object: unknown, key: string): unknown =>
  typeof object === 'object' && object !== null && Object.hasOwn(object, key)
    ? Reflect.get(object, key)
    : undefined;
