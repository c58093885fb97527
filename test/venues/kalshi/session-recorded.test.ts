/** Recorded sessions of the venue, frame by frame through decoder, count, books and orders. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { OrderBook } from '../../../src/book/order-book.ts';
import type { OrderReport } from '../../../src/domain/order.ts';
import { kalshiInstrument } from '../../../src/replay/series.ts';
import { readFrame } from '../../../src/venues/kalshi/frame-text.ts';
import { PrivateOrders } from '../../../src/venues/kalshi/session-orders.ts';
import { Subscriptions } from '../../../src/venues/kalshi/socket-subscriptions.ts';
import { deltaOf, snapshotOf } from '../../../src/venues/kalshi/translate.ts';
import { isShared, needsShared, sharedPath } from '../../support/shared.ts';

interface Replay {
  readonly frames: number;
  readonly gaps: readonly string[];
  /** Faults of books, by name. */
  readonly faults: readonly string[];
  readonly books: ReadonlyMap<string, OrderBook>;
  readonly reports: readonly OrderReport[];
}

function replay(lines: readonly string[]): Replay {
  const [gaps, faults, reports]: [string[], string[], OrderReport[]] = [[], [], []];
  const books = new Map<string, OrderBook>();
  const subscriptions = new Subscriptions({
    send: () => undefined,
    nowMs: () => 0,
    wanted: () => [],
    indexIds: [],
    events: {
      subscribed: () => undefined,
      gapped: (channel, expected, received) => gaps.push(`${channel} ${expected} ${received}`),
      overflowed: (channel) => faults.push(channel),
      refused: (symbol) => faults.push(symbol),
      failed: (reason) => faults.push(reason),
    },
  });
  const orders = new PrivateOrders({
    tell: ({ report }) => reports.push(report),
    instrumentOf: kalshiInstrument,
    named: () => undefined,
  });
  const fold = (event: ReturnType<typeof snapshotOf> | ReturnType<typeof deltaOf>): void => {
    const book = books.get(event.symbol) ?? new OrderBook(event.symbol);
    books.set(event.symbol, book);
    const fault = book.apply(event);
    if (fault !== null) faults.push(fault);
  };
  for (const line of lines) {
    const frame = readFrame(line);
    if (!subscriptions.receive(frame)) continue;
    if (frame.type === 'orderbook_snapshot') fold(snapshotOf(frame));
    else if (frame.type === 'orderbook_delta') fold(deltaOf(frame));
    else if (frame.type === 'fill') orders.onFill(frame);
  }
  return { frames: lines.length, gaps, faults, books, reports };
}

const FOLDER = 'tapes/kalshi-wire';
const DEMO = `${FOLDER}/jfreun123_DEMO_EXCHANGE_session_2026-07-01.jsonl.gz`;

const linesOf = (path: string): readonly string[] =>
  gunzipSync(readFileSync(sharedPath(path)))
    .toString()
    .trim()
    .split('\n');

describe.skipIf(!isShared(DEMO))(
  needsShared('a recorded session of the demo exchange', DEMO),
  () => {
    it('has no gap, no negative level, no crossed book, and two fills', () => {
      const lines = linesOf(DEMO);
      const { frames, gaps, faults, books, reports } = replay(lines);
      console.log(`demo session: ${frames} frames, ${books.size} books, ${reports.length} fills`);
      expect(gaps).toEqual([]);
      expect(faults).toEqual([]);
      expect([...books.values()].map(({ health }) => health)).toEqual(Array(5).fill('live'));
      expect(reports).toMatchObject([
        { type: 'order.filled', fill: { price: 1_700, quantity: 552, fee: '0.054600' } },
        { type: 'order.filled', fill: { quantity: 116, fee: '0.011000' } },
      ]);
    });

    it('shows a frame that is left out as a gap, and tells a fill that comes twice once', () => {
      const lines = linesOf(DEMO);
      const cut = lines.filter((_, index) => index !== 1_000);
      expect(replay(cut).gaps).toHaveLength(1);
      const fills = lines.filter((line) => readFrame(line).type === 'fill');
      expect(replay([...lines, ...fills]).reports).toHaveLength(2);
    });
  },
);

describe.each(['cockpit_mlb_wnba_2026-08-07', 'shreyas_kxbtc_ladder_2026-04-18'])('%s', (name) => {
  const path = `${FOLDER}/${name}.jsonl.gz`;
  it.skipIf(!isShared(path))(needsShared('has no gap and no negative level', path), () => {
    const { frames, gaps, faults, books } = replay(linesOf(path));
    console.log(`${name}: ${frames} frames, ${books.size} books, ${gaps.length} gaps`);
    expect(gaps).toEqual([]);
    // A book is crossed within the venue's own transactions; one recorder asked for odd channels.
    const isHarmless = (fault: string): boolean =>
      fault === 'crossed' || fault.includes('Unknown channel name');
    expect(faults.filter((fault) => !isHarmless(fault))).toEqual([]);
  });
});
