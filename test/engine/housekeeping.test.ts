/** Ten days of books: whole for a week, then hours, whatever comes between. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BookSnapshotRecord, Store } from '../../src/domain/records.ts';
import {
  DEFAULT_RETENTION,
  Housekeeping,
  type Retention,
} from '../../src/engine/market/housekeeping.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import { connectSqlite, type Sqlite } from '../../src/store/sqlite.ts';
import { expectedHours } from '../store/book-average.ts';
import { bookSnapshot } from '../store/given.ts';
import { MarketFile } from '../store/market-file.ts';
import { storeFile } from '../store/store-file.ts';
import { type LogLine, logTo, START_MS } from '../support/rig.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

let file: string;
let market: MarketFile;
let store: Store;
let clock: VirtualClock;
let log: LogLine[];
let given: BookSnapshotRecord[];

beforeEach(() => {
  file = storeFile();
  market = new MarketFile(file);
  store = openStore({ file });
  // Not on the hour.
  clock = new VirtualClock(START_MS + 1_234_567);
  log = [];
  given = [];
});
afterEach(() => store.close());

const start = (special: Partial<Retention> = {}): Housekeeping =>
  new Housekeeping({
    store,
    clock,
    log: logTo(log),
    retention: { ...DEFAULT_RETENTION, ...special },
  });

const PRICES = ['0.4100', '0.4250', '0.4999', '0.3333'];

/** A book a minute, of three markets in turns, for as long as the test runs; one side may fail. */
function feed(job: Housekeeping): void {
  const save = (count: number): void => {
    const bestBid = PRICES[count % PRICES.length] ?? '';
    const bestAsk = count % 5 === 0 ? null : '0.5000';
    const spread = `0.${String(5_000 - Number(bestBid.slice(2))).padStart(4, '0')}`;
    const book = bookSnapshot({
      market: ['RAIN', 'SNOW', 'WIND'][count % 3] ?? '',
      atMs: clock.wallMs(),
      bookVersion: count,
      bids: JSON.stringify([[bestBid, `${count}.25`]]),
      asks: bestAsk === null ? '[]' : JSON.stringify([[bestAsk, '7.5']]),
      bestBid,
      bestAsk,
      spread: bestAsk === null ? null : spread,
    });
    given.push(book);
    store.saveBooks([book]);
    job.wake();
    clock.setTimeout(() => save(count + 1), MINUTE_MS);
  };
  save(0);
}

const pass = (ms: number): void => clock.runUntil(clock.wallMs() + ms);

/** Every snapshot is there as it was, or in the average of its hour, and in one of them only. */
function expectExact(): void {
  const left = new Set(market.snapshotTimes());
  const folded = given.filter(({ atMs }) => !left.has(atMs));
  expect(market.hours()).toEqual(expectedHours(folded));
  expect(left.size + folded.length).toBe(given.length);
}

/** When the last hour ends that is older than a week. */
const foldedUntilMs = (): number => Math.floor((clock.wallMs() - 7 * DAY_MS) / HOUR_MS) * HOUR_MS;

/** What is whole is as old as it may be and, but for the hour since the last sweep, no older. */
function expectWeekKept(): void {
  const left = market.snapshotTimes();
  const young = given.map(({ atMs }) => atMs).filter((atMs) => atMs >= foldedUntilMs());
  expect(left.slice(-young.length)).toEqual(young);
  expect(left.filter((atMs) => atMs < foldedUntilMs() - HOUR_MS)).toEqual([]);
}

describe('ten days', () => {
  it('leave a week of books and the averages of what was before', () => {
    feed(start());
    pass(7 * DAY_MS);
    expect(market.hours()).toEqual([]);
    expect(market.snapshotTimes()).toHaveLength(given.length);
    pass(3 * DAY_MS);
    expectExact();
    expectWeekKept();
    expect(market.hours().length).toBeGreaterThan(3 * 70);
    expect(log.filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it('with a restart in the middle end in the same', () => {
    const job = start();
    feed(job);
    pass(8 * DAY_MS);
    job.stop();
    store.close();
    store = openStore({ file });
    const before = market.hours();
    start();
    pass(2 * DAY_MS);
    expect(market.hours().slice(0, 20)).toEqual(before.slice(0, 20));
    expectExact();
    expectWeekKept();
  });

  it('are folded at the next start where nobody did it meanwhile', () => {
    const first = start();
    feed(first);
    first.stop();
    pass(10 * DAY_MS);
    expect(market.hours()).toEqual([]);
    start();
    pass(HOUR_MS / 2);
    expectExact();
    expectWeekKept();
  });

  it('survive the end of the process after any number of steps', () => {
    const idle = start();
    feed(idle);
    idle.stop();
    pass(7 * DAY_MS + 3 * HOUR_MS);
    let lives = 0;
    for (let steps = 0; (market.snapshotTimes()[0] ?? 0) < foldedUntilMs(); steps += 1) {
      // Dropped as it is; another one opens the file and goes on.
      const doomed = start({ batchRows: 7 });
      pass(MINUTE_MS + 10 * (steps % 4));
      doomed.stop();
      store.close();
      store = openStore({ file });
      expectExact();
      lives += 1;
    }
    expect(lives).toBeGreaterThan(5);
    expectWeekKept();
  });
});

describe('a sweep', () => {
  const old = (count: number, name = 'RAIN'): void => {
    const startMs = clock.wallMs() - 8 * DAY_MS + given.length;
    const books = Array.from({ length: count }, (_, n) =>
      bookSnapshot({ market: name, atMs: startMs + n, bookVersion: n }),
    );
    given.push(...books);
    store.saveBooks(books);
  };

  it('is cut into steps, with room for others between them', () => {
    old(100);
    start({ batchRows: 10 });
    const left: number[] = [];
    const look = (): void => {
      left.push(market.snapshotTimes().length);
      if (left.length < 12) clock.setTimeout(look, 10);
    };
    clock.setTimeout(look, MINUTE_MS - 5);
    pass(MINUTE_MS + 200);
    expect(left).toEqual([100, 90, 80, 70, 60, 50, 40, 30, 20, 10, 0, 0]);
  });

  it('stops at once, between two steps', () => {
    old(100);
    const job = start({ batchRows: 10 });
    pass(MINUTE_MS + 25);
    job.stop();
    expect(clock.pending).toBe(0);
    pass(DAY_MS);
    expect(market.snapshotTimes()).toHaveLength(70);
    expectExact();
  });

  it('waits for a file that another program writes to, and says so once an hour', () => {
    old(10);
    start();
    market.with((database) => {
      database.exec('begin immediate');
      pass(3 * HOUR_MS);
    });
    expect(log.map(({ level, message }) => [level, message])).toEqual(
      [1, 2, 3].map(() => ['warn', 'old book snapshots could not be averaged yet']),
    );
    expect(market.snapshotTimes()).toHaveLength(10);
    pass(HOUR_MS);
    expectExact();
    expect(log.at(-1)).toMatchObject({ level: 'info', fields: { snapshots: 10 } });
  });

  it('waits for a full disk', () => {
    for (let n = 10; n < 60; n += 1) old(2, `M${n}`);
    store.close();
    const opened = new Map<string, Sqlite>();
    store = openStore({ file }, (path, timeout) => {
      const database = connectSqlite(path, timeout);
      opened.set(path, database);
      return database;
    });
    const disk = opened.get(`${file}.market`);
    const pages = Number(disk?.pragma('page_count', { simple: true }));
    disk?.pragma(`max_page_count = ${pages}`);
    start();
    pass(HOUR_MS / 2);
    const warnings = log.filter(({ level }) => level === 'warn');
    expect(warnings).toMatchObject([{ fields: { thrown: { code: 'SQLITE_FULL' } } }]);
    expect(market.snapshotTimes().length).toBeGreaterThan(50);
    expectExact();
    disk?.pragma('max_page_count = 1000000');
    pass(HOUR_MS);
    expectExact();
  });

  it('of a file that cannot be read is a matter of the log', () => {
    old(1);
    store.close();
    start();
    pass(HOUR_MS / 2);
    expect(log).toMatchObject([{ level: 'warn', fields: { thrown: { name: 'TypeError' } } }]);
  });

  it('passes by a market whose books cannot be read', () => {
    old(10, 'A');
    old(10, 'C');
    const bad = bookSnapshot({ market: 'B', atMs: clock.wallMs() - 9 * DAY_MS, bids: '[[1]]' });
    store.saveBooks([bad]);
    given.push(bad);
    start();
    pass(HOUR_MS / 2);
    expect(market.hours().map((hour) => hour.market)).toEqual(['A', 'C']);
    expect(log[0]).toMatchObject({ level: 'warn', fields: { market: 'B' } });
    expectExact();
  });

  it('is not missed while there is nothing: the clock comes to rest', () => {
    const job = start();
    expect(clock.pending).toBe(0);
    old(3);
    job.wake();
    pass(HOUR_MS + 100);
    expect(market.hours()).toHaveLength(1);
    pass(HOUR_MS);
    expect(clock.pending).toBe(0);
  });
});
