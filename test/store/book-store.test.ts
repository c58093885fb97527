import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BookSnapshotRecord, Store } from '../../src/domain/records.ts';
import { openStore } from '../../src/store/open-store.ts';
import { expectedHours } from './book-average.ts';
import { bookSnapshot } from './given.ts';
import { MarketFile } from './market-file.ts';
import { storeFile } from './store-file.ts';

const HOUR_MS = 3_600_000;
const START_MS = 1_759_996_800_000;

let file: string;
let store: Store;
let market: MarketFile;

beforeEach(() => {
  file = storeFile();
  market = new MarketFile(file);
  store = openStore({ file });
});
afterEach(() => store.close());

/** A book a minute. */
const books = (count: number, special: Partial<BookSnapshotRecord> = {}): BookSnapshotRecord[] =>
  Array.from({ length: count }, (_, minute) =>
    bookSnapshot({
      atMs: START_MS + minute * 60_000,
      bookVersion: minute,
      bids: `[["0.7000","${minute}.25"],["0.6900","3.00"]]`,
      ...special,
    }),
  );

const foldAll = (rowsMax: number): readonly number[] => {
  const steps: number[] = [];
  for (;;) {
    const oldest = store.oldestBook(null);
    if (oldest === null) return steps;
    steps.push(store.foldBooks(oldest, rowsMax));
  }
};

describe('the oldest book', () => {
  it('leads from market to market by name, whatever came first', () => {
    const places = [
      ['b', 'X', 5],
      ['a', 'Y', 9],
      ['a', 'X', 7],
      ['a', 'X', 3],
      ['a', 'X', 4],
    ] as const;
    for (const [venue, name, atMs] of places)
      store.saveBooks([bookSnapshot({ venue, market: name, atMs })]);
    const seen = [];
    for (let next = store.oldestBook(null); next !== null; next = store.oldestBook(next))
      seen.push(next);
    expect(seen).toEqual([
      { venue: 'a', market: 'X', atMs: 3 },
      { venue: 'a', market: 'Y', atMs: 9 },
      { venue: 'b', market: 'X', atMs: 5 },
    ]);
  });

  it('of nothing is none', () => {
    expect(store.oldestBook(null)).toBeNull();
  });
});

describe('folding', () => {
  it('takes a bounded part of one hour of one market at a time', () => {
    const all = [...books(125), ...books(3, { market: 'SNOW' })];
    store.saveBooks(all);
    expect(foldAll(25)).toEqual([25, 25, 10, 25, 25, 10, 5, 3]);
    expect(market.snapshotTimes()).toHaveLength(0);
    expect(market.hours()).toEqual(expectedHours(all));
  });

  it('splits books of one instant without losing or repeating one', () => {
    const all = books(7, { atMs: START_MS });
    store.saveBooks(all);
    expect(foldAll(3)).toEqual([3, 3, 1]);
    expect(market.hours()).toEqual(expectedHours(all));
  });

  it('takes in what comes after its hour was folded', () => {
    const [early, late] = [books(10), books(4, { atMs: START_MS + 1, bestBid: '0.1234' })];
    store.saveBooks(early);
    foldAll(100);
    store.saveBooks(late);
    foldAll(2);
    expect(market.hours()).toEqual(expectedHours([...early, ...late]));
  });

  it('leaves the other hours and markets alone', () => {
    store.saveBooks([...books(61), ...books(1, { venue: 'other' })]);
    expect(store.foldBooks({ ...bookSnapshot(), atMs: START_MS + 59 * 60_000 }, 100)).toBe(60);
    expect(market.snapshotTimes()).toHaveLength(2);
    expect(store.foldBooks({ ...bookSnapshot(), atMs: START_MS + 9 * HOUR_MS }, 100)).toBe(0);
  });

  it('does both or neither: what cannot be deleted is not averaged', () => {
    store.saveBooks(books(3));
    market.with((database) =>
      database.exec(
        `create trigger keeper before delete on order_book_snapshots when old.book_version = 2
         begin select raise(abort, 'not this one'); end`,
      ),
    );
    expect(() => foldAll(100)).toThrow('averaging books failed and nothing of it was kept');
    expect([market.snapshotTimes().length, market.hours()]).toEqual([3, []]);
    market.with((database) => database.exec('drop trigger keeper'));
    expect(foldAll(100)).toEqual([3]);
    expect(market.hours()).toEqual(expectedHours(books(3)));
  });

  it.each(['[["0.70"]]', '[["0.70","many"]]', '[7]'])('refuses a ladder like %s', (bids) => {
    store.saveBooks([bookSnapshot({ bids })]);
    expect(() => foldAll(10)).toThrow('averaging books failed');
    expect(market.snapshotTimes()).toHaveLength(1);
  });

  it('waits for nobody who writes to the file', () => {
    store.saveBooks(books(2));
    market.with((database) => {
      database.exec('begin immediate');
      const startMs = performance.now();
      expect(() => foldAll(10)).toThrow('database is locked');
      expect(() => store.saveBooks(books(9))).toThrow('database is locked');
      expect(performance.now() - startMs).toBeLessThan(900);
    });
    expect(foldAll(10)).toEqual([2]);
  });
});

describe('a market file of the version before', () => {
  it('keeps its snapshots and can fold them', () => {
    store.saveBooks(books(5));
    store.close();
    market.with((database) => {
      database.exec('drop table order_book_hourly');
      database.pragma('user_version = 1');
    });
    store = openStore({ file });
    expect(foldAll(100)).toEqual([5]);
    expect(market.hours()).toEqual(expectedHours(books(5)));
  });
});
