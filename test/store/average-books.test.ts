import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatUnits } from '../../src/domain/money.ts';
import type { BookHourRecord, BookSnapshotRecord } from '../../src/domain/records.ts';
import { averageBooks } from '../../src/store/average-books.ts';
import { expectedHours } from './book-average.ts';
import { bookHour, bookSnapshot } from './given.ts';
import { withoutSums } from './market-file.ts';

const HOUR_START_MS = 1_759_996_800_000;

/** Cents and hundredths; a side may be empty. */
const side = (low: number, step: number) =>
  fc
    .array(fc.nat({ max: 1e9 }), { maxLength: 10 })
    .map((sizes) =>
      sizes.map((size, level) => [
        formatUnits(low + step * level, '0.0001'),
        formatUnits(size, '0.01'),
      ]),
    );

const book: fc.Arbitrary<BookSnapshotRecord> = fc
  .record({
    atMs: fc.integer({ min: HOUR_START_MS, max: HOUR_START_MS + 3_599_999 }),
    bookVersion: fc.nat(),
    bids: fc.integer({ min: 4_000, max: 5_000 }).chain((best) => side(best, -10)),
    asks: fc.integer({ min: 5_001, max: 6_000 }).chain((best) => side(best, 10)),
  })
  .map(({ bids, asks, ...when }) => {
    const [bestBid, bestAsk] = [bids[0]?.[0] ?? null, asks[0]?.[0] ?? null];
    const units = (price: string): number => Number(price.replace('.', ''));
    return bookSnapshot({
      ...when,
      bids: JSON.stringify(bids),
      asks: JSON.stringify(asks),
      bestBid,
      bestAsk,
      spread:
        bestBid === null || bestAsk === null
          ? null
          : formatUnits(units(bestAsk) - units(bestBid), '0.0001'),
    });
  });

describe('the average of an hour', () => {
  it('is what whole numbers say it is', () => {
    fc.assert(
      fc.property(fc.array(book, { minLength: 1, maxLength: 30 }), (books) => {
        expect([withoutSums(averageBooks(books, null))]).toEqual(expectedHours(books));
      }),
    );
  });

  it('is the same in any number of parts and in any order', () => {
    const parts = fc.array(fc.array(book, { minLength: 1, maxLength: 5 }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(parts, (batches) => {
        const fold = (all: readonly (readonly BookSnapshotRecord[])[]) =>
          all.reduce<BookHourRecord | null>((hour, part) => averageBooks(part, hour), null);
        const whole = fold([batches.flat()]);
        expect(fold(batches)).toEqual(whole);
        expect(fold(batches.toReversed())).toEqual(whole);
      }),
    );
  });

  it('leaves out a price that was not there, and counts its depth as none', () => {
    const hour = averageBooks(
      [
        bookSnapshot(),
        bookSnapshot({
          atMs: HOUR_START_MS,
          bids: '[["0.60","1"],["0.50","2"]]',
          asks: '[["0.65","4.5"]]',
          bestBid: '0.60',
          bestAsk: '0.65',
          spread: '0.05',
        }),
      ],
      null,
    );
    expect(withoutSums(hour)).toEqual({
      ...withoutSums(bookHour()),
      snapshots: 2,
      firstAtMs: HOUR_START_MS,
      bestBid: '0.65',
      bestAsk: '0.65',
      mid: '0.625',
      spread: '0.05',
      bidTouchDepth: '250.5',
      askTouchDepth: '2.25',
      bidDepth: '251.5',
      askDepth: '2.25',
    });
  });

  it('of one book is that book', () => {
    expect(withoutSums(averageBooks([bookSnapshot()], null))).toEqual(withoutSums(bookHour()));
  });

  it('is of one hour, and of something', () => {
    const next = bookSnapshot({ atMs: HOUR_START_MS + 3_600_000 });
    expect(() => averageBooks([bookSnapshot(), next], null)).toThrow(
      `snapshots are of the hour ${HOUR_START_MS}, was ${HOUR_START_MS + 3_600_000}`,
    );
    expect(() => averageBooks([], null)).toThrow('made of something');
  });
});
