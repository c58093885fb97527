/** Tapes of a few lines, written for one test. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const MARKET = 'KXBTC15M-27JAN010001-01';

export const START_MS = 1_798_761_600_000;

/** The path of a new file in a folder of its own. */
export function tapeFile(content: string | Buffer, name = 'tape.jsonl'): string {
  const path = join(mkdtempSync(join(tmpdir(), 'depthwalker-tape-')), name);
  writeFileSync(path, content);
  return path;
}

export const linesOf = (...frames: readonly object[]): string =>
  frames.map((frame) => `${JSON.stringify(frame)}\n`).join('');

interface Options {
  readonly market?: string;
  readonly conn?: string;
  readonly sid?: number;
}

/** A snapshot with a YES bid at 0.40 and a NO bid at 0.50. */
export const snapshotFrame = (
  seq: number,
  { market = MARKET, conn = 'a', sid = 2 }: Options = {},
) => ({
  type: 'orderbook_snapshot',
  sid,
  seq,
  conn,
  msg: {
    market_ticker: market,
    yes_dollars_fp: [['0.4000', '10.00']],
    no_dollars_fp: [['0.5000', '20.00']],
  },
});

export const deltaFrame = (
  seq: number,
  afterMs: number,
  { market = MARKET, conn = 'a', sid = 2 }: Options = {},
) => ({
  type: 'orderbook_delta',
  sid,
  seq,
  conn,
  msg: {
    market_ticker: market,
    price_dollars: '0.4000',
    delta_fp: '1.00',
    side: 'yes',
    ts_ms: START_MS + afterMs,
  },
});

export const tickerFrame = (afterMs: number) => ({
  type: 'ticker',
  sid: 1,
  conn: 'a',
  msg: { market_ticker: MARKET, ts_ms: START_MS + afterMs },
});
