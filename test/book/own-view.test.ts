import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BookView } from '../../src/book/book-view.ts';
import { OrderBook } from '../../src/book/order-book.ts';
import { type OwnSize, ownView } from '../../src/book/own-view.ts';
import type { Action, Instrument, OutcomeSide } from '../../src/domain/instrument.ts';
import { ownRanges } from '../../src/domain/instrument.ts';
import type { BookSide, Level } from '../../src/domain/market-data.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import { CONTRACT, delta, level, snapshot, TAPERED } from './instruments.ts';

type Rows = readonly (readonly [number, number])[];

const bookOf = (bids: Rows, asks: Rows): OrderBook => {
  const book = new OrderBook('TEST');
  book.apply(snapshot(bids, asks));
  return book;
};

const viewOf = (
  bids: Rows,
  asks: Rows,
  outcome: OutcomeSide = 'yes',
  instrument: Instrument = CONTRACT,
): BookView => ownView(bookOf(bids, asks), instrument, outcome);

const BIDS: Rows = [
  [71, 30],
  [70, 50],
  [65, 10],
];
const ASKS: Rows = [
  [73, 10],
  [74, 40],
  [80, 5],
];

describe('YES', () => {
  const view = viewOf(BIDS, ASKS);

  it('sees the touch', () => {
    expect(view.bid).toEqual(level(71, 30));
    expect(view.ask).toEqual(level(73, 10));
    expect(view.spread).toBe(2);
    expect(view.midDoubled).toBe(144);
    // 71 and three quarters of the way to 73: the heavier bid pushes up.
    expect(view.micropriceMilliticks).toBe(72_500);
  });

  it('lists a ladder, best first', () => {
    expect(view.ladder('bid', 2)).toEqual([level(71, 30), level(70, 50)]);
    expect(view.ladder('ask', 9)).toHaveLength(3);
    expect(view.ladder('ask', 0)).toEqual([]);
    expect(view.sizeAt('bid', ticks(70))).toBe(50);
    expect(view.sizeAt('ask', ticks(70))).toBe(0);
  });

  it('sweeps up to the quantity or the limit', () => {
    expect(view.sweep('buy', lots(30), null)).toEqual({
      quantity: 30,
      ticksTimesLots: 10 * 73 + 20 * 74,
      worst: 74,
    });
    expect(view.sweep('buy', lots(30), ticks(73))).toEqual({
      quantity: 10,
      ticksTimesLots: 730,
      worst: 73,
    });
    expect(view.sweep('sell', lots(1_000), ticks(70))).toEqual({
      quantity: 80,
      ticksTimesLots: 30 * 71 + 50 * 70,
      worst: 70,
    });
    expect(view.sweep('buy', lots(1), ticks(72))).toEqual({
      quantity: 0,
      ticksTimesLots: 0,
      worst: null,
    });
    expect(view.sweep('buy', lots(0), null).quantity).toBe(0);
  });

  it('measures depth in steps of the grid', () => {
    expect(view.depthWithin('buy', 0, null)).toBe(10);
    expect(view.depthWithin('buy', 1, null)).toBe(50);
    expect(view.depthWithin('buy', 7, null)).toBe(55);
    expect(view.depthWithin('buy', 1_000, null)).toBe(55);
    expect(view.depthWithin('buy', 7, ticks(74))).toBe(50);
    expect(view.depthWithin('sell', 1, null)).toBe(80);
  });

  it('steps by the local tick', () => {
    const tapered = viewOf(
      [],
      [
        [99, 1],
        [100, 2],
        [110, 4],
        [120, 8],
      ],
      'yes',
      TAPERED,
    );
    expect(tapered.depthWithin('buy', 1, null)).toBe(3);
    expect(tapered.depthWithin('buy', 2, null)).toBe(7);
  });

  it('has no middle on a one-sided book', () => {
    const oneSided = viewOf(BIDS, []);
    expect(oneSided.ask).toBeNull();
    expect([oneSided.spread, oneSided.midDoubled, oneSided.micropriceMilliticks]).toEqual([
      null,
      null,
      null,
    ]);
    expect(oneSided.depthWithin('buy', 3, null)).toBe(0);
  });

  it('tells a crossed and a locked book by its spread', () => {
    expect(viewOf([[60, 1]], [[59, 1]]).spread).toBe(-1);
    expect(viewOf([[60, 1]], [[60, 1]]).spread).toBe(0);
  });
});

describe('NO', () => {
  const view = viewOf(BIDS, ASKS, 'no');

  it('is the mirror', () => {
    expect(view.bid).toEqual(level(27, 10));
    expect(view.ask).toEqual(level(29, 30));
    expect(view.ladder('ask', 3)).toEqual([level(29, 30), level(30, 50), level(35, 10)]);
    expect(view.sizeAt('bid', ticks(26))).toBe(40);
    expect(view.sweep('buy', lots(40), ticks(30)).ticksTimesLots).toBe(30 * 29 + 10 * 30);
    expect(view.depthWithin('sell', 1, null)).toBe(50);
  });
});

describe('own orders', () => {
  const own =
    (side: BookSide, price: number, size: number): OwnSize =>
    (at, on) =>
      lots(at === side && on === price ? size : 0);

  it('are taken out, a level that is all ours with them', () => {
    const view = ownView(bookOf(BIDS, ASKS), CONTRACT, 'yes', own('bid', 71, 30));
    expect(view.bid).toEqual(level(70, 50));
    expect(view.ladder('bid', 9)).toHaveLength(2);
    expect(view.sizeAt('bid', ticks(71))).toBe(0);
  });

  it('are named in prices of the own contract', () => {
    const view = ownView(bookOf(BIDS, ASKS), CONTRACT, 'no', own('bid', 27, 4));
    expect(view.bid).toEqual(level(27, 6));
    expect(view.freeze().bid).toEqual(level(27, 6));
  });

  it('never make a size negative', () => {
    const view = ownView(bookOf(BIDS, ASKS), CONTRACT, 'yes', own('ask', 73, 99));
    expect(view.sizeAt('ask', ticks(73))).toBe(0);
    expect(view.ask).toEqual(level(74, 40));
  });
});

describe('a live view', () => {
  it('follows the book, and a frozen one does not', () => {
    const book = bookOf(BIDS, ASKS);
    const live = ownView(book, CONTRACT, 'no');
    const frozen = live.freeze();
    book.apply(delta('ask', 72, 9));
    expect(live.bid).toEqual(level(28, 9));
    expect(live.version).toBe(2);
    expect(frozen.bid).toEqual(level(27, 10));
    expect(frozen.version).toBe(1);
    expect(frozen.depthWithin('sell', 1, null)).toBe(50);
  });
});

describe('any book', () => {
  const side = fc.uniqueArray(
    fc.tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 50 })),
    { selector: ([price]) => price, maxLength: 25 },
  );
  const outcome = fc.constantFrom<OutcomeSide>('yes', 'no');
  const action = fc.constantFrom<Action>('buy', 'sell');
  const limit = fc.option(fc.integer({ min: 1, max: 99 }).map(ticks), { nil: null });

  const naiveLadder = (bids: Rows, asks: Rows, of: OutcomeSide, on: BookSide): readonly Level[] => {
    const rows = (on === 'bid') === (of === 'yes') ? bids : asks;
    return rows
      .map(([price, size]) => level(of === 'yes' ? price : 100 - price, size))
      .toSorted((left, right) =>
        on === 'bid' ? right.price - left.price : left.price - right.price,
      );
  };

  it('sweeps and measures as a list does', () => {
    fc.assert(
      fc.property(
        side,
        side,
        outcome,
        action,
        limit,
        fc.integer({ min: 0, max: 400 }),
        fc.integer({ min: 0, max: 20 }),
        (bids, asks, of, act, bound, wanted, steps) => {
          const view = viewOf(bids, asks, of);
          const ladder = naiveLadder(bids, asks, of, act === 'buy' ? 'ask' : 'bid');
          const within = ladder.filter(
            ({ price }) => bound === null || (act === 'buy' ? price <= bound : price >= bound),
          );
          let [left, cost] = [wanted, 0];
          for (const { price, size } of within) {
            const take = Math.min(left, size);
            left -= take;
            cost += take * price;
          }
          const sweep = view.sweep(act, lots(wanted), bound);
          expect([sweep.quantity, sweep.ticksTimesLots]).toEqual([wanted - left, cost]);
          const touch = ladder[0]?.price ?? 0;
          const near = within.filter(({ price }) => Math.abs(price - touch) <= steps);
          const depth = near.reduce((sum, { size }) => sum + size, 0);
          expect(view.depthWithin(act, steps, bound)).toBe(depth);
          expect(view.ladder(act === 'buy' ? 'ask' : 'bid', 99)).toEqual(ladder);
        },
      ),
    );
  });

  it('is the same frozen, and NO of NO is YES', () => {
    fc.assert(
      fc.property(side, side, outcome, (bids, asks, of) => {
        const view = ownView(bookOf(bids, asks), CONTRACT, of);
        const mirrored = bookOf(
          view.ladder('bid', 99).map(({ price, size }) => [price, size]),
          view.ladder('ask', 99).map(({ price, size }) => [price, size]),
        );
        const back = ownView(mirrored, CONTRACT, of);
        for (const on of ['bid', 'ask'] as const) {
          expect(view.freeze().ladder(on, 99)).toEqual(view.ladder(on, 99));
          expect(back.ladder(on, 99)).toEqual(viewOf(bids, asks).ladder(on, 99));
        }
        expect(ownRanges(CONTRACT, of)).toEqual(CONTRACT.tickRanges);
      }),
    );
  });
});
