/** Recordings: lines that were changed, torn or packed badly are refused with their place. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { InputError } from '../../src/domain/errors.ts';
import { openTape } from '../../src/replay/tape-reader.ts';
import { verifyTape } from '../../src/replay/verify-tape.ts';
import {
  deltaFrame,
  linesOf,
  MARKET,
  START_MS,
  snapshotFrame,
  tickerFrame,
} from '../replay/tape-file.ts';
import { claim, type Ready, type Target, type Verdict } from './target.ts';

const trade = {
  type: 'trade',
  sid: 3,
  seq: 1,
  conn: 'a',
  msg: {
    trade_id: 't',
    market_ticker: MARKET,
    yes_price_dollars: '0.4000',
    count_fp: '1.00',
    taker_side: 'no',
    ts_ms: START_MS + 20,
  },
};

const watch = {
  type: 'watch_market',
  conn: 'a',
  msg: { market_ticker: MARKET, close_time: '2027-01-01T00:15:00Z' },
};

const plain = [watch, snapshotFrame(1), tickerFrame(5), deltaFrame(2, 10), deltaFrame(3, 20)];
const TAPES: readonly (readonly object[])[] = [
  plain,
  [...plain, trade, snapshotFrame(1, { conn: 'b' }), deltaFrame(2, 30, { conn: 'b' })],
];

const HEADER = 'ts_ms,ticker,yes_price,qty,taker_side,delta_seq,inference';
const ROW = `${START_MS + 10},${MARKET},0.4000,1.00,no,2,exact`;

const EVENT_TYPES = new Set(['book.snapshot', 'book.delta', 'book.gap', 'print', 'market.closed']);

function judgeTape(path: string): Verdict {
  try {
    const tape = openTape(path);
    for (const { atMs, event } of tape.events) {
      claim(Number.isSafeInteger(atMs), 'an event has a time', event.type, atMs);
      const isKnown = EVENT_TYPES.has(event.type) || event.type.startsWith('market.');
      claim(isKnown, 'an event is one of ours', event.type);
    }
    verifyTape(tape);
    return 'valid';
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw thrown;
    claim(thrown.message.length < 2_000, 'an error can be read', thrown.message.length);
    return 'rejected';
  }
}

function inFolder(
  write: (folder: string, text: string) => string,
  fixtures: readonly unknown[],
): Ready {
  const folder = mkdtempSync(join(tmpdir(), 'depthwalker-fuzz-'));
  return {
    fixtures,
    judge: (_, text) => judgeTape(write(folder, text)),
    close: () => rmSync(folder, { recursive: true }),
  };
}

const textOfLines = (value: unknown): string =>
  Array.isArray(value)
    ? linesOf(...(value as readonly object[]))
    : `${JSON.stringify(value) ?? ''}\n`;

export const tapes: Target = {
  name: 'tapes',
  weight: 10,
  textOf: textOfLines,
  prepare: () =>
    inFolder((folder, text) => {
      const path = join(folder, 'tape.jsonl');
      writeFileSync(path, text);
      return path;
    }, TAPES),
};

/** One character is one byte. */
const packed = (frames: readonly object[]): string =>
  gzipSync(linesOf(...frames)).toString('latin1');

export const packedTapes: Target = {
  name: 'packed-tapes',
  weight: 5,
  textOf: (value) => (typeof value === 'string' ? value : packed([{ value }])),
  prepare: () =>
    inFolder((folder, text) => {
      const path = join(folder, 'packed.jsonl.gz');
      writeFileSync(path, Buffer.from(text, 'latin1'));
      return path;
    }, TAPES.map(packed)),
};

export const prints: Target = {
  name: 'prints',
  weight: 5,
  textOf: (value) =>
    (Array.isArray(value) ? value : [value])
      .map((row) => (typeof row === 'string' ? row : JSON.stringify(row)))
      .join('\n'),
  prepare: () =>
    inFolder(
      (folder, text) => {
        const path = join(folder, 'traded.jsonl');
        writeFileSync(path, linesOf(...plain));
        writeFileSync(join(folder, 'traded.prints.csv'), text);
        return path;
      },
      [
        [HEADER, ROW],
        [HEADER, ROW, ROW.replace(',2,', ',3,').replace('10,K', '20,K')],
      ],
    ),
};
