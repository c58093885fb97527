import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openTape } from '../../src/replay/tape-reader.ts';
import { verifyTape } from '../../src/replay/verify-tape.ts';
import { SYNTHETIC_CLOSE_MS, SYNTHETIC_MARKET, syntheticTape } from '../support/synthetic-tape.ts';
import {
  deltaFrame,
  linesOf,
  MARKET,
  START_MS,
  snapshotFrame,
  tapeFile,
  tickerFrame,
} from './tape-file.ts';

const FIXTURES = new URL('../fixtures/tapes/', import.meta.url).pathname;

const timesOf = (path: string): readonly (readonly [string, number])[] =>
  openTape(path).events.map(({ atMs, event }) => [event.type, atMs - START_MS]);

const typesOf = (path: string): readonly string[] =>
  openTape(path).events.map(({ event }) => event.type);

describe('the synthetic minute', () => {
  const tape = openTape(`${FIXTURES}sixty-seconds.jsonl`);

  it('folds without a gap, crossed once', () => {
    expect(verifyTape(tape)).toEqual([
      {
        symbol: SYNTHETIC_MARKET,
        deltas: 413,
        prints: 97,
        negativeLevels: 0,
        crossed: 1,
        dropped: 0,
      },
    ]);
  });

  it('knows its market and when it closed', () => {
    const market = tape.markets.get(SYNTHETIC_MARKET);
    expect(market).toMatchObject({ closeMs: SYNTHETIC_CLOSE_MS, deltas: 413, prints: 97 });
    expect(market?.instrument).toMatchObject({ symbol: SYNTHETIC_MARKET, payout: 10_000 });
    expect(tape.events.slice(-2).map(({ event }) => event.type)).toEqual([
      'market.closed',
      'book.snapshot',
    ]);
  });

  it('is the same with trades on the tape and with prints beside it', () => {
    const quiet = openTape(`${FIXTURES}sixty-seconds-quiet.jsonl`);
    expect(quiet.events).toEqual(tape.events);
  });

  it('is the same gzipped, and trades on the tape win over a table', () => {
    const folder = mkdtempSync(join(tmpdir(), 'depthwalker-tape-'));
    const { withTrades, prints } = syntheticTape();
    writeFileSync(join(folder, 'a.jsonl.gz'), gzipSync(withTrades));
    writeFileSync(join(folder, 'a.prints.csv.gz'), gzipSync(prints));
    expect(openTape(join(folder, 'a.jsonl.gz')).events).toEqual(tape.events);
  });

  it('has each print before the delta that it explains', () => {
    let explained = 0;
    for (const [index, { atMs, event }] of tape.events.entries()) {
      if (event.type !== 'print') continue;
      const next = tape.events.slice(index + 1).find((later) => later.event.type === 'book.delta');
      expect(next).toMatchObject({
        atMs,
        event: { price: event.price, change: { by: 0 - event.quantity } },
      });
      explained += 1;
    }
    expect(explained).toBe(97);
  });

  it('never lets its clock run backwards', () => {
    const times = tape.events.map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((left, right) => left - right));
    const backwards = tape.events.filter(
      ({ atMs, event }) => 'timeMs' in event && (event.timeMs ?? atMs) < atMs,
    );
    expect(backwards.length).toBeGreaterThan(0);
  });
});

describe('time', () => {
  it('is given to a snapshot by the next frame of its connection', () => {
    const path = tapeFile(
      linesOf(
        snapshotFrame(1),
        tickerFrame(700),
        deltaFrame(2, 900),
        snapshotFrame(1, { conn: 'b' }),
        deltaFrame(3, 950),
        deltaFrame(2, 2_000, { conn: 'b' }),
      ),
    );
    expect(timesOf(path)).toEqual([
      ['book.snapshot', 700],
      ['book.delta', 900],
      ['book.snapshot', 2_000],
      ['book.delta', 2_000],
      ['book.delta', 2_000],
    ]);
  });

  it('is the running maximum, which the last snapshot takes too', () => {
    const path = tapeFile(
      linesOf(snapshotFrame(1), deltaFrame(2, 500), deltaFrame(3, 400), snapshotFrame(4)),
    );
    expect(timesOf(path).map(([, atMs]) => atMs)).toEqual([500, 500, 500, 500]);
  });
});

describe('sequence numbers', () => {
  const gapsOf = (...frames: readonly object[]) => openTape(tapeFile(linesOf(...frames)));

  it('are taken by replies too', () => {
    const tape = gapsOf(
      snapshotFrame(1),
      { type: 'ok', id: 1, sid: 2, seq: 2, conn: 'a' },
      deltaFrame(3, 1),
      { type: 'unsubscribed', id: 2, sid: 2, seq: 4, conn: 'a' },
      deltaFrame(5, 2),
    );
    expect(tape.gaps).toEqual([]);
  });

  it('are counted for each subscription of each connection', () => {
    const tape = gapsOf(
      snapshotFrame(1),
      snapshotFrame(1, { sid: 3, market: 'KXTEST-B' }),
      snapshotFrame(1, { conn: 'b', market: 'KXTEST-C' }),
      deltaFrame(2, 1),
      deltaFrame(2, 2, { conn: 'b', market: 'KXTEST-C' }),
    );
    expect(tape.gaps).toEqual([]);
  });

  it('that skip are a gap in every book of the subscription', () => {
    const path = tapeFile(
      linesOf(
        snapshotFrame(1),
        snapshotFrame(2, { market: 'KXTEST-B' }),
        deltaFrame(3, 1),
        deltaFrame(5, 2),
        snapshotFrame(6),
      ),
    );
    const tape = openTape(path);
    expect(tape.gaps).toEqual([{ line: 4, expected: 4, received: 5 }]);
    expect(
      tape.events.filter(({ event }) => event.type === 'book.gap').map(({ event }) => event),
    ).toEqual([
      { type: 'book.gap', symbol: MARKET, expected: 4, received: 5 },
      { type: 'book.gap', symbol: 'KXTEST-B', expected: 4, received: 5 },
    ]);
    expect(() => verifyTape(tape)).toThrow(
      `line 4 of ${path} must carry sequence 4, was 5; frames are missing: cut the tape`,
    );
  });

  it('that repeat are a gap', () => {
    expect(gapsOf(snapshotFrame(1), deltaFrame(2, 1), deltaFrame(2, 1)).gaps).toHaveLength(1);
  });

  it('that begin anew with a snapshot are a reconnect: other books wait for theirs', () => {
    const path = tapeFile(
      linesOf(
        snapshotFrame(1),
        snapshotFrame(2, { market: 'KXTEST-B' }),
        deltaFrame(3, 1),
        snapshotFrame(1),
        deltaFrame(2, 5),
        snapshotFrame(3, { market: 'KXTEST-B' }),
      ),
    );
    expect(openTape(path).gaps).toEqual([]);
    expect(typesOf(path).slice(3)).toEqual([
      'book.gap',
      'book.gap',
      'book.snapshot',
      'book.delta',
      'book.snapshot',
    ]);
    expect(verifyTape(openTape(path)).map(({ dropped }) => dropped)).toEqual([0, 0]);
  });

  it('that begin anew forget the markets of before', () => {
    const tape = gapsOf(
      snapshotFrame(1, { market: 'KXTEST-B' }),
      snapshotFrame(1),
      deltaFrame(2, 1),
      deltaFrame(4, 2),
    );
    const gaps = tape.events.filter(({ event }) => event.type === 'book.gap');
    expect(gaps.map(({ event }) => event.symbol)).toEqual(['KXTEST-B', MARKET]);
  });

  it('that begin anew with anything else are a gap', () => {
    expect(gapsOf(snapshotFrame(1), deltaFrame(2, 1), deltaFrame(1, 1)).gaps).toHaveLength(1);
  });
});

describe('a tape that cannot be used', () => {
  const minute = syntheticTape();

  it.each([
    ['is empty', '', /^a tape must hold at least one line, was "/],
    ['holds no book', linesOf(tickerFrame(1)), /^a tape must hold the book of a market/],
    [
      'is cut off',
      gzipSync(minute.withTrades).subarray(0, 5_000),
      /^a tape must be a whole gzip file, was ".*unexpected end of file.*copy it again$/,
    ],
    [
      'has a torn line',
      `${linesOf(snapshotFrame(1))}{"type":"orderbook_delta","sid":2,`,
      /^line 2 of .* must be JSON, was "\{"type":"orderbook_delta","sid":2,"; cut the tape/,
    ],
    [
      'has a frame without a field',
      linesOf(snapshotFrame(1), { ...deltaFrame(2, 1), msg: {} }),
      /^line 2 of .*: Kalshi frame, orderbook_delta\.msg\.market_ticker: .*, was "undefined";/,
    ],
    [
      'has a number that is none',
      linesOf({ ...snapshotFrame(1), msg: { market_ticker: 'A', yes_dollars_fp: [['2', '1']] } }),
      /^line 1 of .*: Kalshi frame, yes_dollars_fp price: must lie between 0 and 1, was "2";/,
    ],
    ['names no market to watch', linesOf({ type: 'watch_market', msg: {} }), /market_ticker/],
  ])('%s', (_, content, message) => {
    expect(() => openTape(tapeFile(content))).toThrow(message);
  });

  it('is not there', () => {
    expect(() => openTape('/nowhere/at-all.jsonl')).toThrow(/^a tape must be a readable file/);
  });
});

describe('a table of prints', () => {
  const beside = (prints: string): (() => unknown) => {
    const folder = mkdtempSync(join(tmpdir(), 'depthwalker-tape-'));
    writeFileSync(join(folder, 'a.jsonl'), linesOf(snapshotFrame(1), deltaFrame(2, 5)));
    writeFileSync(join(folder, 'a.prints.csv'), prints);
    return () => openTape(join(folder, 'a.jsonl')).events.map(({ event }) => event.type);
  };
  const header = 'ts_ms,ticker,yes_price,qty,taker_side,delta_seq,inference\n';
  const row = (sequence: number): string =>
    `${START_MS + 5},${MARKET},0.4000,1.50,no,${sequence},unique\n`;

  it('is merged before the deltas it names, several to one', () => {
    expect(beside(header + row(2) + row(2))()).toEqual([
      'book.snapshot',
      'print',
      'print',
      'book.delta',
    ]);
  });

  it('may be empty', () => {
    expect(beside(header)()).toEqual(['book.snapshot', 'book.delta']);
  });

  it.each([
    [
      'of another tape',
      header + row(3),
      /every print must explain a delta of .*1 that explain none/,
    ],
    ['without its columns', row(2), /must begin with ts_ms,ticker,/],
    ['with a bad row', `${header}${row(2)}1,2,3\n`, /^row 3 of .* must be a print, was "1,2,3"/],
  ])('%s is refused', (_, prints, message) => {
    expect(beside(prints)).toThrow(message);
  });
});

it('reads the committed tape from the bytes of the generator', () => {
  expect(readFileSync(`${FIXTURES}sixty-seconds.jsonl`, 'utf8')).toBe(syntheticTape().withTrades);
});
