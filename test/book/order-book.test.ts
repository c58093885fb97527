import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderBook } from '../../src/book/order-book.ts';
import type { BookGap, BookSide, Level } from '../../src/domain/market-data.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import { delta, level, setTo, snapshot } from './instruments.ts';

const GAP: BookGap = { type: 'book.gap', symbol: 'TEST', expected: 5, received: 7 };

const levelsOf = (book: OrderBook, side: BookSide): readonly Level[] => {
  const half = book.side(side);
  return Array.from({ length: half.count }, (_, rank) => half.level(rank) ?? level(0, 0));
};

const opened = (): OrderBook => {
  const book = new OrderBook('TEST');
  book.apply(
    snapshot(
      [
        [48, 10],
        [50, 7],
      ],
      [
        [55, 3],
        [52, 9],
      ],
    ),
  );
  return book;
};

describe('a book', () => {
  it('holds a snapshot best first, whatever its order', () => {
    const book = opened();
    expect(levelsOf(book, 'bid')).toEqual([level(50, 7), level(48, 10)]);
    expect(levelsOf(book, 'ask')).toEqual([level(52, 9), level(55, 3)]);
    expect(book.health).toBe('live');
    expect(book.sizeAt('bid', ticks(49))).toBe(0);
    expect(book.bids.level(2)).toBeNull();
    expect(book.bids.priceAt(2)).toBeNaN();
    expect(book.bids.sizeAtRank(2)).toBe(0);
  });

  it('replaces all of it with the next snapshot and sums a price named twice', () => {
    const book = opened();
    expect(
      book.apply(
        snapshot(
          [
            [40, 1],
            [40, 2],
          ],
          [],
        ),
      ),
    ).toBeNull();
    expect(levelsOf(book, 'bid')).toEqual([level(40, 3)]);
    expect(levelsOf(book, 'ask')).toEqual([]);
    expect(book.health).toBe('live');
  });

  it('adds, sets and removes levels', () => {
    const book = opened();
    book.apply(delta('bid', 51, 4));
    book.apply(delta('bid', 50, -7));
    book.apply(setTo('ask', 52, 1));
    book.apply(setTo('ask', 55, 0));
    book.apply(setTo('ask', 60, 0));
    expect(levelsOf(book, 'bid')).toEqual([level(51, 4), level(48, 10)]);
    expect(levelsOf(book, 'ask')).toEqual([level(52, 1)]);
  });

  it('reports a level below zero and leaves it empty', () => {
    const book = opened();
    expect(book.apply(delta('bid', 50, -8))).toBe('negativeLevel');
    expect(book.apply(delta('bid', 30, -1))).toBe('negativeLevel');
    expect(levelsOf(book, 'bid')).toEqual([level(48, 10)]);
    expect(book.apply(snapshot([[50, -1]], []))).toBe('negativeLevel');
    expect(book.bids.count).toBe(0);
  });

  it('is crossed while a bid stands above an ask, and only then', () => {
    const book = opened();
    expect(book.apply(delta('bid', 53, 1))).toBe('crossed');
    expect(book.health).toBe('crossed');
    expect(book.apply(delta('bid', 53, -1))).toBeNull();
    expect(book.apply(delta('bid', 52, 1))).toBeNull();
    expect(book.health).toBe('live');
  });

  it('takes nothing before its first snapshot', () => {
    const book = new OrderBook('TEST');
    expect(book.health).toBe('empty');
    expect(book.apply(delta('bid', 50, 1))).toBe('beforeSnapshot');
    expect(book.bids.count).toBe(0);
    expect(book.version).toBe(0);
  });

  it('takes nothing between a gap and the next snapshot', () => {
    const book = opened();
    expect(book.apply(GAP)).toBe('gapped');
    expect(book.apply(delta('bid', 51, 1))).toBe('gapped');
    expect(book.health).toBe('gapped');
    expect(levelsOf(book, 'bid')[0]).toEqual(level(50, 7));
    expect(book.apply(snapshot([[51, 1]], []))).toBeNull();
    expect(book.health).toBe('live');
  });

  it('counts its changes', () => {
    const book = opened();
    expect(book.version).toBe(1);
    book.apply(delta('bid', 50, 1));
    book.apply(GAP);
    book.apply(delta('bid', 50, 1));
    expect(book.version).toBe(3);
  });

  it('counts apart when a best price changed', () => {
    const book = opened();
    const before = book.touchVersion;
    for (const change of [delta('bid', 50, 1), setTo('ask', 52, 3), delta('ask', 53, 1), GAP])
      book.apply(change);
    expect(book.touchVersion).toBe(before);
    book.apply(snapshot([[50, 7]], [[52, 9]]));
    book.apply(delta('bid', 51, 1));
    book.apply(setTo('ask', 52, 0));
    expect(book.touchVersion).toBe(before + 3);
  });

  it('is searched from its best and from its far end', () => {
    const book = new OrderBook('TEST');
    const prices = Array.from({ length: 40 }, (_, index) => 10 + 2 * index);
    book.apply(
      snapshot(
        prices.map((price) => [price, price] as const),
        [],
      ),
    );
    for (const price of [9, 10, 11, 70, 74, 75, 88, 89]) book.apply(setTo('bid', price, 1));
    const expected = new Map(prices.map((price) => [price, price]));
    for (const price of [9, 10, 11, 70, 74, 75, 88, 89]) expected.set(price, 1);
    const sorted = [...expected].toSorted(([left], [right]) => right - left);
    expect(levelsOf(book, 'bid')).toEqual(sorted.map(([price, size]) => level(price, size)));
  });

  it('cuts a side to its best levels', () => {
    const book = opened();
    book.asks.truncate(1);
    book.bids.truncate(5);
    expect(levelsOf(book, 'ask')).toEqual([level(52, 9)]);
    expect(book.bids.count).toBe(2);
  });
});

describe('time', () => {
  it('is the latest exchange time and never runs backwards', () => {
    const book = opened();
    expect(book.timeMs).toBe(0);
    book.apply(delta('bid', 50, 1, 2_000));
    book.apply(delta('bid', 50, 1, 1_990));
    expect(book.timeMs).toBe(2_000);
    book.apply(snapshot([], [], null));
    expect(book.timeMs).toBe(2_000);
  });
});

describe('against a map', () => {
  const step = fc.record({
    side: fc.constantFrom<BookSide>('bid', 'ask'),
    price: fc.integer({ min: 1, max: 300 }),
    change: fc.oneof(
      fc.record({ by: fc.integer({ min: -30, max: 30 }) }),
      fc.record({ to: fc.integer({ min: 0, max: 30 }).map(lots) }),
    ),
  });

  it('is the same book after any deltas', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const book = new OrderBook('TEST');
        book.apply(snapshot([], []));
        const naive = { bid: new Map<number, number>(), ask: new Map<number, number>() };
        for (const { side, price, change } of steps) {
          const before = naive[side].get(price) ?? 0;
          const after = 'by' in change ? before + change.by : change.to;
          naive[side].set(price, Math.max(0, after));
          const fault = book.apply({ ...delta(side, price, 0), change });
          expect(fault === 'negativeLevel').toBe(after < 0);
          expect(book.health === 'crossed').toBe(best(naive.bid, 'bid') > best(naive.ask, 'ask'));
        }
        for (const side of ['bid', 'ask'] as const)
          expect(levelsOf(book, side)).toEqual(sorted(naive[side], side));
      }),
    );
  });

  const sorted = (levels: ReadonlyMap<number, number>, side: BookSide): readonly Level[] =>
    [...levels]
      .filter(([, size]) => size > 0)
      .toSorted(([left], [right]) => (side === 'bid' ? right - left : left - right))
      .map(([price, size]) => level(price, size));

  const best = (levels: ReadonlyMap<number, number>, side: BookSide): number =>
    sorted(levels, side)[0]?.price ?? Number.NaN;
});
