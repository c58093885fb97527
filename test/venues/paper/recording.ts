/** Small recordings written by hand, and a paper venue on them under a virtual clock. */
import type { Action } from '../../../src/domain/instrument.ts';
import type { BookSide } from '../../../src/domain/market-data.ts';
import { lots, ticks } from '../../../src/domain/numbers.ts';
import type { Clock } from '../../../src/domain/ports.ts';
import { seededRandom } from '../../../src/env/seeded-random.ts';
import { VirtualClock } from '../../../src/env/virtual-clock.ts';
import type { FillModel } from '../../../src/venues/paper/fill-model.ts';
import { fixedLatency, type PaperLatency } from '../../../src/venues/paper/latency.ts';
import type { MarketDataEvent, MarketDataSource } from '../../../src/venues/paper/source.ts';
import { paper } from '../../../src/venues/paper/venue.ts';
import { CENTS, MARKET, PLAIN, shown } from './notation.ts';

export const START = 1_000_000;

/** An event so many milliseconds after the start. */
export type Timed = readonly [
  afterMs: number,
  event: (timeMs: number, sequence: number) => MarketDataEvent,
];

export const book =
  (bids: readonly [number, number][], asks: readonly [number, number][]) =>
  (timeMs: number, sequence: number): MarketDataEvent => ({
    type: 'book.snapshot',
    symbol: MARKET,
    bids: bids.map(([price, size]) => ({ price: ticks(price), size: lots(size) })),
    asks: asks.map(([price, size]) => ({ price: ticks(price), size: lots(size) })),
    sequence,
    timeMs,
  });

export const print =
  (quantity: number, price: number, taker: Action = 'sell') =>
  (timeMs: number, sequence: number): MarketDataEvent => {
    const size = { price: ticks(price), quantity: lots(quantity) };
    return { type: 'print', symbol: MARKET, ...size, taker, timeMs, sequence };
  };

export const delta =
  (side: BookSide, price: number, by: number) =>
  (timeMs: number, sequence: number): MarketDataEvent => {
    const level = { side, price: ticks(price), change: { by } };
    return { type: 'book.delta', symbol: MARKET, ...level, timeMs, sequence };
  };

export function sourceOf(timed: readonly Timed[]): MarketDataSource {
  const events = timed.map(([after, make], index) => {
    const atMs = START + after;
    return { atMs, event: make(atMs, index + 1) };
  });
  let index = 0;
  return {
    instruments: [CENTS],
    startMs: START,
    next: () => events[index++] ?? null,
  };
}

export const MARKET_OPEN: Timed = [0, book([[48, 10]], [[52, 40]])];
/** Keeps a recording running. */
export const LATER: Timed = [10_000, delta('bid', 10, 1)];

interface Setting {
  readonly latency?: PaperLatency;
  readonly fill?: FillModel;
  readonly startMs?: number;
  /** How late a timer is that is armed so many milliseconds after the start. */
  readonly lateMs?: (armedAtMs: number) => number;
}

/** `heard` says what was reported, and whatever is noted, with the milliseconds since the start. */
export function setUp(timed: readonly Timed[], setting: Setting = {}) {
  const { latency = fixedLatency(20, 40, 30), startMs = START, lateMs = () => 0 } = setting;
  const { fill = PLAIN } = setting;
  const clock = new VirtualClock(startMs);
  const lateClock: Clock = {
    wallMs: () => clock.wallMs(),
    // As a live clock, which counts parts of a millisecond.
    monotonicMs: () => clock.monotonicMs() * 1.001,
    setTimeout: (callback, delayMs) =>
      clock.setTimeout(callback, Math.floor(delayMs) + lateMs(clock.wallMs() - startMs)),
    clearTimeout: (id) => clock.clearTimeout(id),
  };
  const source = sourceOf([MARKET_OPEN, ...timed]);
  const venue = paper({ clock: lateClock, random: seededRandom(1), source, latency, fill });
  const heard: string[] = [];
  const note = (text: string): number => heard.push(`${clock.wallMs() - startMs} ${text}`);
  venue.reports$.subscribe(({ report }) => note(shown(report)));
  return { clock, venue, heard, note };
}
