import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FLOW_LOOKBACK_MS, Flow } from '../../src/book/flow.ts';
import { OrderBook } from '../../src/book/order-book.ts';
import { TimedRing } from '../../src/book/timed-ring.ts';
import type { Action } from '../../src/domain/instrument.ts';
import type { BookDelta, BookSnapshot, Print } from '../../src/domain/market-data.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import { delta, snapshot } from './instruments.ts';

const print = (timeMs: number, taker: Action, quantity: number): Print => ({
  type: 'print',
  symbol: 'TEST',
  price: ticks(50),
  quantity: lots(quantity),
  taker,
  timeMs,
  sequence: timeMs,
});

const flowOf = (...prints: readonly Print[]): Flow => {
  const flow = new Flow(new OrderBook('TEST'));
  for (const one of prints) flow.record(one);
  return flow;
};

describe('prints', () => {
  const flow = flowOf(print(100, 'buy', 5), print(200, 'sell', 2), print(300, 'buy', 1));

  it('are counted after the start and up to the end of a window', () => {
    const view = flow.view('yes');
    expect(view.takerVolume('buy', 100, 300)).toBe(1);
    expect(view.takerVolume('buy', 99, 299)).toBe(5);
    expect(view.takerVolume('sell', 0, 1_000)).toBe(2);
    expect(view.printCount(100, 300)).toBe(2);
    expect(view.imbalance(0, 1_000)).toBe(0.5);
    expect(view.imbalance(300, 1_000)).toBe(0);
  });

  it('change sides for NO: who buys YES takes the bids for NO', () => {
    const view = flow.view('no');
    expect(view.takerVolume('sell', 0, 1_000)).toBe(6);
    expect(view.takerVolume('buy', 0, 1_000)).toBe(2);
    expect(view.printCount(0, 1_000)).toBe(3);
    expect(view.imbalance(0, 1_000)).toBe(-0.5);
  });

  it('are forgotten after the lookback', () => {
    const old = flowOf(
      print(0, 'buy', 5),
      print(1, 'buy', 3),
      print(FLOW_LOOKBACK_MS + 1, 'buy', 1),
    );
    expect(old.view('yes').takerVolume('buy', -1, FLOW_LOOKBACK_MS + 1)).toBe(4);
  });
});

/** As a feed does it: the sample before is kept while the book still is what it was. */
function change(flow: Flow, book: OrderBook, event: BookSnapshot | BookDelta, timeMs: number) {
  flow.keepDepth();
  book.apply({ ...event, timeMs });
}

describe('depth', () => {
  it('is that of the last sample before a moment', () => {
    const book = new OrderBook('TEST');
    const flow = new Flow(book);
    change(flow, book, snapshot([[50, 10]], [[60, 4]]), 1_000);
    change(flow, book, delta('bid', 49, 5), 2_000);
    const yes = flow.view('yes');
    expect(yes.depthAt('bid', 999)).toBeNull();
    expect(yes.depthAt('bid', 1_999)).toBe(10);
    expect(yes.depthAt('bid', 2_000)).toBe(15);
    expect(yes.depthAt('ask', 9_000)).toBe(4);
    expect(flow.view('no').depthAt('ask', 2_000)).toBe(15);
  });

  it('counts the ladder only', () => {
    const book = new OrderBook('TEST');
    const flow = new Flow(book);
    const bids = Array.from({ length: 12 }, (_, index) => [50 - index, 1] as const);
    change(flow, book, snapshot(bids, []), 0);
    expect(flow.view('yes').depthAt('bid', 0)).toBe(10);
  });

  it('reaches back five minutes, however often it is sampled', () => {
    const book = new OrderBook('TEST');
    const flow = new Flow(book);
    for (let timeMs = 0; timeMs < FLOW_LOOKBACK_MS; timeMs += 10)
      change(flow, book, snapshot([[50, timeMs < 2_000 ? 1 : 2]], []), timeMs);
    expect(flow.view('yes').depthAt('bid', 1_000)).toBe(1);
    expect(flow.view('yes').depthAt('bid', 3_000)).toBe(2);
  });

  it('keeps the last sample exact and the past to a tenth of a second, never from later', () => {
    const book = new OrderBook('TEST');
    const flow = new Flow(book);
    book.apply(snapshot([], []));
    for (let timeMs = 0; timeMs <= 1_000; timeMs += 7)
      change(flow, book, delta('bid', 50, 1), timeMs);
    const sizeAt = (timeMs: number): number => Math.floor(timeMs / 7) + 1;
    const view = flow.view('yes');
    expect(view.depthAt('bid', 1_000)).toBe(sizeAt(1_000));
    for (let timeMs = 0; timeMs <= 1_000; timeMs += 1) {
      const depth = view.depthAt('bid', timeMs) ?? 0;
      expect(depth).toBeLessThanOrEqual(sizeAt(timeMs));
      expect(depth).toBeGreaterThanOrEqual(sizeAt(timeMs - 107));
    }
  });
});

describe('depth, summed up only when it must be', () => {
  const step = fc.tuple(fc.integer({ min: -20, max: 150 }), fc.integer({ min: 1, max: 9 }));

  it('is what summing up at each change gives', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 80 }),
        fc.nat(6_000),
        (steps, askedMs) => {
          const book = new OrderBook('TEST');
          const flow = new Flow(book);
          change(flow, book, snapshot([[50, 1]], []), 0);
          const samples: { timeMs: number; size: number }[] = [{ timeMs: 0, size: 1 }];
          let size = 1;
          let timeMs = 0;
          for (const [waitMs, by] of steps) {
            change(flow, book, delta('bid', 50, by), timeMs + waitMs);
            size += by;
            timeMs = Math.max(timeMs, timeMs + waitMs);
            const [before, last] = samples.slice(-2);
            const isWithin = last !== undefined && last.timeMs - (before?.timeMs ?? 0) < 100;
            if (isWithin) samples.pop();
            samples.push({ timeMs, size });
          }
          const sampled = samples.findLast((sample) => sample.timeMs <= askedMs);
          expect(flow.view('yes').depthAt('bid', askedMs)).toBe(sampled?.size ?? null);
        },
      ),
    );
  });
});

describe('the ring', () => {
  it('takes an earlier time for that of the entry before', () => {
    const ring = new TimedRing(64, 1_000);
    ring.push(100, 1, 0);
    ring.push(90, 2, 0);
    expect([ring.count(95, 100), ring.sumFirst(95, 100), ring.count(0, 95)]).toEqual([2, 3, 0]);
  });

  it('grows with its oldest entry anywhere', () => {
    const ring = new TimedRing(1_000, 1_000);
    for (let timeMs = 0; timeMs < 4_000; timeMs += 100) ring.push(timeMs, 1, 0);
    for (let timeMs = 4_000; timeMs < 4_200; timeMs += 1) ring.push(timeMs, timeMs, 0);
    // The window begins at 3,199; the entry at 3,100 says how things stood then.
    expect(ring.count(0, 5_000)).toBe(209);
    expect(ring.firstAt(4_100)).toBe(4_100);
    expect(ring.sumFirst(3_000, 3_999)).toBe(9);
  });

  it('answers as a list of the latest entries does', () => {
    const entry = fc.tuple(fc.integer({ min: -5, max: 60 }), fc.nat(9), fc.nat(9));
    fc.assert(
      fc.property(
        fc.array(entry, { minLength: 1, maxLength: 400 }),
        fc.integer({ min: 64, max: 300 }),
        fc.integer({ min: 100, max: 5_000 }),
        fc.tuple(fc.nat(10_000), fc.nat(10_000)),
        (entries, capacity, lookbackMs, [sinceMs, untilMs]) => {
          const ring = new TimedRing(capacity, lookbackMs);
          let list: (readonly [number, number, number])[] = [];
          let timeMs = 0;
          for (const [waitMs, first, second] of entries) {
            const given = timeMs + waitMs;
            timeMs = Math.max(timeMs, given);
            ring.push(given, first, second);
            const grown = [...list, [timeMs, first, second] as const];
            const begin = grown.findLastIndex(([time]) => time <= timeMs - lookbackMs);
            list = grown.slice(Math.max(begin, 0)).slice(-capacity);
          }
          const window = list.filter(([time]) => time > sinceMs && time <= untilMs);
          expect(ring.count(sinceMs, Math.max(sinceMs, untilMs))).toBe(window.length);
          expect(ring.sumFirst(sinceMs, untilMs)).toBe(
            window.reduce((sum, [, one]) => sum + one, 0),
          );
          expect(ring.sumSecond(sinceMs, untilMs)).toBe(
            window.reduce((sum, [, , two]) => sum + two, 0),
          );
          const last = list.findLast(([time]) => time <= untilMs);
          expect(ring.firstAt(untilMs)).toBe(last?.[1] ?? null);
          expect(ring.secondAt(untilMs)).toBe(last?.[2] ?? null);
        },
      ),
    );
  });
});
