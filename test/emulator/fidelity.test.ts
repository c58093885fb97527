/**
 * A recording goes in, and its own frames come out: what the emulator tells of a market in which
 * nobody of ours trades is what the venue told.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OrderBook } from '../../src/book/order-book.ts';
import type { Frame } from '../../src/emulator/session.ts';
import { openTape, type Tape } from '../../src/replay/tape-reader.ts';
import { tapeSource } from '../../src/replay/tape-source.ts';
import { deltaOf, snapshotOf } from '../../src/venues/kalshi/translate.ts';
import { decodeFrame } from '../../src/venues/kalshi/wire.ts';
import { fixtureTape } from '../cli/cli.ts';
import { Desk } from './desk.ts';

/** The adapter's reading of our frames: another pair of eyes. */
function bookFrom(frames: readonly Frame[], ticker: string): OrderBook {
  const book = new OrderBook(ticker);
  for (const raw of frames) {
    const frame = decodeFrame(JSON.parse(JSON.stringify(raw)));
    if (frame.type === 'orderbook_snapshot' && frame.msg.market_ticker === ticker)
      book.apply(snapshotOf(frame));
    if (frame.type === 'orderbook_delta' && frame.msg.market_ticker === ticker)
      expect(book.apply(deltaOf(frame))).not.toBe('negativeLevel');
  }
  return book;
}

function recordedBook(tape: Tape, ticker: string, untilMs: number): OrderBook {
  const book = new OrderBook(ticker);
  for (const { atMs, event } of tape.events) {
    if (atMs > untilMs || event.symbol !== ticker) continue;
    if (event.type === 'book.snapshot' || event.type === 'book.delta' || event.type === 'book.gap')
      book.apply(event);
  }
  return book;
}

const rowsOf = (book: OrderBook): readonly string[] =>
  (['bids', 'asks'] as const).flatMap((side) =>
    Array.from(
      { length: book[side].count },
      (_, rank) => `${side} ${book[side].priceAt(rank)} ${book[side].sizeAtRank(rank)}`,
    ),
  );

/** What was told, and what was recorded. */
function replayed(path: string, ms: number) {
  const tape = openTape(path);
  const source = tapeSource([tape]);
  const desk = new Desk({ source, startMs: source.startMs });
  const { session, frames } = desk.connect();
  const market_tickers = [...tape.markets.keys()];
  const channels = ['orderbook_delta', 'trade'];
  session.receive(
    JSON.stringify({ id: 1, cmd: 'subscribe', params: { channels, market_tickers } }),
  );
  desk.wait(ms);
  for (const sid of [1, 2]) {
    const counts = frames.filter((frame) => frame['sid'] === sid).map(({ seq }) => seq);
    expect(counts).toEqual(counts.map((_, index) => index + 1));
  }
  return market_tickers.map((ticker) => ({
    told: rowsOf(bookFrom(frames, ticker)),
    recorded: rowsOf(recordedBook(tape, ticker, source.startMs + ms)),
  }));
}

it('tells the synthetic minute as it was', () => {
  const books = replayed(fixtureTape('sixty-seconds.jsonl'), 40_000);
  expect(books.map(({ told }) => told)).toEqual(books.map(({ recorded }) => recorded));
  expect(books[0]?.told.length).toBeGreaterThan(10);
});

const TAPES = resolve(import.meta.dirname, '../../../shared/tapes/kalshi-wire');
const isHere = existsSync(TAPES);
const demo = isHere ? readdirSync(TAPES).filter((name) => name.includes('DEMO')) : [];

describe.skipIf(!isHere)('recordings (skipped: ../shared/tapes is not there)', () => {
  it.each(demo)('%s', (name) => {
    const books = replayed(join(TAPES, name), 120_000);
    expect(books).toHaveLength(5);
    for (const { told, recorded } of books) expect(told).toEqual(recorded);
  });
});
