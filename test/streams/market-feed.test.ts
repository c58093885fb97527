/** Scenes of one feed: what comes in on the left, what the market is told on the right. */
import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { CROSSED_GRACE_MS, HEARTBEATS_MISSED_MAX } from '../../src/domain/limits.ts';
import type { BookEvent, Print } from '../../src/domain/market-data.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { MarketFeed } from '../../src/streams/market-feed.ts';

const symbol = 'M';
const START_MS = 1_800_000_000_000;

const level = (price: number, size: number) => ({ price: ticks(price), size: lots(size) });
const status = (type: 'feed.up' | 'feed.down' | 'feed.alive'): BookEvent => ({
  type,
  symbol,
  reason: 'r',
});
const market = (type: 'market.paused' | 'market.resumed' | 'market.closed'): BookEvent => ({
  type,
  symbol,
  timeMs: null,
});
const delta = (side: 'bid' | 'ask', price: number, by: number): BookEvent => ({
  type: 'book.delta',
  symbol,
  side,
  price: ticks(price),
  change: { by },
  sequence: 2,
  timeMs: START_MS,
});

const EVENTS: Readonly<Record<string, BookEvent>> = {
  up: status('feed.up'),
  down: status('feed.down'),
  alive: status('feed.alive'),
  book: {
    type: 'book.snapshot',
    symbol,
    sequence: 1,
    timeMs: START_MS,
    bids: [level(45, 5)],
    asks: [level(55, 5)],
  },
  crossing: delta('bid', 56, 3),
  uncrossing: delta('bid', 56, -3),
  more: delta('bid', 44, 3),
  tooMuch: delta('bid', 45, -9),
  gap: { type: 'book.gap', symbol, expected: 2, received: 4 },
  pause: market('market.paused'),
  resume: market('market.resumed'),
  close: market('market.closed'),
};

/** A number waits so many milliseconds; '+' and '-' say whether the book is fresh afterwards. */
function play(scene: string, heartbeatMs: number | null): string {
  const clock = new VirtualClock(START_MS);
  const [book$, trades$] = [new Subject<BookEvent>(), new Subject<Print>()];
  const feed = new MarketFeed({ symbol, book$, trades$, clock, heartbeatMs });
  const told: string[] = [];
  feed.news$.subscribe(({ type }) => told.push(type));
  feed.start();
  const lines = scene.split(' ').map((word) => {
    const event = EVENTS[word];
    if (word === 'announce') feed.announce();
    else if (event === undefined) clock.runUntil(clock.wallMs() + Number(word));
    else book$.next(event);
    const news = told.splice(0).map((type) => `:${type}`);
    return `${word}${feed.fresh ? '+' : '-'}${news.join('')}`;
  });
  feed.stop();
  expect(clock.pending).toBe(0);
  expect([book$.observed, trades$.observed]).toEqual([false, false]);
  return lines.join(' ').replace(':feed.up', '');
}

const SILENT_MS = 1_000 * HEARTBEATS_MISSED_MAX;

describe('the health of a book', () => {
  it.each([
    ['waits for a whole book', 'more- book+:book.live more+'],
    [
      'is gone with a gap, until the next snapshot',
      'book+:book.live gap-:book.stale more- book+:book.live',
    ],
    ['bears a crossing of 75 ms', 'book+:book.live crossing- 75- uncrossing+ 500+'],
    [
      'is gone with a crossing of 250 ms',
      `book+:book.live crossing- ${CROSSED_GRACE_MS}-:book.stale uncrossing+:book.live`,
    ],
    [
      'counts a crossing from its beginning, and each one anew',
      'book+:book.live crossing- 200- uncrossing+ crossing- 200- uncrossing+ 500+',
    ],
    [
      'is gone when more is taken than stood there, and no delta repairs that',
      'book+:book.live tooMuch-:book.stale more- alive- book+:book.live',
    ],
    [
      'is gone with the connection; what still arrives of the old one repairs nothing',
      'book+:book.live down-:book.stale:feed.down more- alive- up-:feed.up book+:book.live',
    ],
    [
      'passes on what the venue says of the market',
      'book+:book.live pause+:market.paused close+:market.closed',
    ],
    [
      'is live again when a paused market is resumed, for the book never broke',
      'book+:book.live pause+:market.paused resume+:market.resumed:book.live',
    ],
    [
      'is that of a paused market still when the connection is back, until the venue resumes it',
      'book+:book.live pause+:market.paused down-:book.stale:feed.down up-:feed.up ' +
        'book+:market.paused resume+:market.resumed:book.live',
    ],
    [
      'waits, resumed without a book',
      'pause-:market.paused resume-:market.resumed book+:book.live',
    ],
    [
      'is said again to who begins to listen, and never that of a paused market',
      'announce- book+:book.live announce+:book.live pause+:market.paused ' +
        'announce+:market.paused resume+:market.resumed:book.live announce+:book.live',
    ],
  ])('%s', (_, expected) => {
    const scene = expected.replaceAll(/[+-](?::[a-z.]+)*/gi, '').replaceAll(/:[a-z.]+/gi, '');
    expect(play(scene, null)).toBe(expected);
  });

  it.each([
    ['is gone when nothing at all is heard', `book+:book.live ${SILENT_MS - 1}+ 1-:book.stale`],
    [
      'is kept by heartbeats alone',
      `book+:book.live ${SILENT_MS - 1}+ alive+ ${SILENT_MS - 1}+ alive+ ${SILENT_MS - 1}+`,
    ],
    [
      'comes back with the first sign of life on the same connection',
      `book+:book.live ${SILENT_MS}-:book.stale ${SILENT_MS}- alive+:book.live`,
    ],
    [
      'does not come back so where it was broken',
      `book+:book.live gap-:book.stale ${SILENT_MS}- alive-`,
    ],
  ])('%s', (_, expected) => {
    const scene = expected.replaceAll(/[+-](?::[a-z.]+)*/gi, '');
    expect(play(scene, 1_000)).toBe(expected);
  });

  it('means nothing by its silence where the venue promises no heartbeat', () => {
    expect(play('book 9999999', null)).toBe('book+:book.live 9999999+');
  });
});

describe('what changes', () => {
  it('is told apart: the book, or a trade, which flows into the figures', () => {
    const clock = new VirtualClock(START_MS);
    const [book$, trades$] = [new Subject<BookEvent>(), new Subject<Print>()];
    const feed = new MarketFeed({ symbol, book$, trades$, clock, heartbeatMs: null });
    const changes: string[] = [];
    feed.changes$.subscribe((change) => changes.push(change));
    feed.start();
    for (const name of ['book', 'more', 'alive']) {
      const event = EVENTS[name];
      if (event !== undefined) book$.next(event);
    }
    trades$.next({
      type: 'print',
      symbol,
      price: ticks(55),
      quantity: lots(7),
      taker: 'buy',
      timeMs: START_MS,
      sequence: 1,
    });
    expect(changes).toEqual(['book', 'book', 'trade']);
    expect(feed.flow.view('yes').takerVolume('buy', START_MS - 1, START_MS)).toBe(7);
    feed.stop();
  });

  it('is told to the engine where the touch moved, and to watchers as long as they watch', () => {
    const clock = new VirtualClock(START_MS);
    const [book$, trades$] = [new Subject<BookEvent>(), new Subject<Print>()];
    const feed = new MarketFeed({ symbol, book$, trades$, clock, heartbeatMs: null });
    const told: string[] = [];
    feed.onChange = (change) => told.push(`engine: ${change}`);
    const watching = feed.changes$.subscribe({
      next: () => told.push('watcher'),
      complete: () => told.push('end'),
    });
    feed.changes$.subscribe({ complete: () => told.push('end of another') });
    feed.start();
    const tell = (name: string): void => {
      const event = EVENTS[name];
      if (event !== undefined) book$.next(event);
    };
    tell('book');
    tell('more');
    watching.unsubscribe();
    tell('more');
    tell('crossing');
    feed.stop();
    expect(told).toEqual([
      'engine: touch',
      'watcher',
      'watcher',
      'engine: touch',
      'end of another',
    ]);
  });
});
