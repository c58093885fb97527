/** The book as a strategy sees it: snapshots that never change, at most one in a macrotask. */
import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../src/domain/numbers.ts';
import { InputError, type MarketBook } from '../../src/index.ts';
import { signal, type World, world } from '../support/embedded.ts';

const watched = async (levels?: number) => {
  const given = await world();
  const seen: MarketBook[] = [];
  const book$ = given.engine.book$('script', 'M', levels);
  const subscription = book$.subscribe((book) => seen.push(book));
  await given.pass(10);
  return { ...given, seen, book$, subscription };
};

let sequence = 100;
const delta = ({ venue, clock }: World, price: number, size: number): void =>
  venue.book$('M').next({
    type: 'book.delta',
    symbol: 'M',
    side: 'bid',
    price: ticks(price),
    change: { to: lots(size) },
    sequence: (sequence += 1),
    timeMs: clock.wallMs(),
  });

describe('book$', () => {
  it('tells nothing before there is a book, and then both sides of it', async () => {
    const given = await watched();
    const { seen, venue, pass, clock } = given;
    expect(seen).toEqual([]);
    venue.snapshot(
      'M',
      [
        [45, 500],
        [44, 20],
      ],
      [[55, 300]],
    );
    await pass(1);
    expect(seen.at(-1)).toEqual({
      venue: 'script',
      market: 'M',
      version: 1,
      health: 'live',
      timeMs: clock.wallMs() - 1,
      yes: {
        bids: [
          { price: '0.45', quantity: '500' },
          { price: '0.44', quantity: '20' },
        ],
        asks: [{ price: '0.55', quantity: '300' }],
      },
      no: {
        bids: [{ price: '0.45', quantity: '300' }],
        asks: [
          { price: '0.55', quantity: '500' },
          { price: '0.56', quantity: '20' },
        ],
      },
    });
  });

  it('never changes what it gave, and conflates what happens at once', async () => {
    const given = await watched();
    const { seen, venue, pass } = given;
    venue.snapshot();
    await pass(1);
    const first = seen.at(-1);
    const before = JSON.stringify(first);
    const count = seen.length;
    for (let size = 1; size <= 50; size += 1) delta(given, 46, size);
    expect(seen).toHaveLength(count);
    await pass(1);
    expect(seen).toHaveLength(count + 1);
    expect(seen.at(-1)?.yes.bids[0]).toEqual({ price: '0.46', quantity: '50' });
    expect(JSON.stringify(first)).toBe(before);
    const parts = [first, first?.yes, first?.yes.bids, first?.yes.bids[0], first?.no?.asks];
    expect(parts.map((part) => Object.isFrozen(part))).toEqual([true, true, true, true, true]);
  });

  it('gives the newest to a new subscriber, and is free while nobody listens', async () => {
    const given = await watched();
    const { seen, venue, pass, book$, subscription, clock } = given;
    venue.snapshot();
    await pass(1);
    const late: MarketBook[] = [];
    const second = book$.subscribe((book) => late.push(book));
    expect(late).toEqual([seen.at(-1)]);
    second.unsubscribe();
    subscription.unsubscribe();
    const idle = clock.pending;
    const count = seen.length;
    delta(given, 46, 1);
    expect(clock.pending).toBe(idle);
    await pass(1);
    expect(seen).toHaveLength(count);
    const again: MarketBook[] = [];
    book$.subscribe((book) => again.push(book));
    expect(again.map(({ version }) => version)).toEqual([2]);
  });

  it('says when it cannot be trusted, by a gap or by the venue', async () => {
    const given = await watched();
    const { seen, venue, pass } = given;
    const health = () => seen.at(-1)?.health;
    venue.snapshot();
    await pass(1);
    expect(health()).toBe('live');
    venue.book$('M').next({ type: 'book.gap', symbol: 'M', expected: 2, received: 5 });
    await pass(1);
    expect(health()).toBe('stale');
    venue.snapshot();
    await pass(1);
    expect(health()).toBe('live');
    venue.book$('M').next({ type: 'market.paused', symbol: 'M', timeMs: null });
    await pass(1);
    expect(health()).toBe('stale');
    venue.book$('M').next({ type: 'market.resumed', symbol: 'M', timeMs: null });
    await pass(1);
    expect(health()).toBe('live');
  });

  it('has as many levels as were asked for', async () => {
    const given = await watched(2);
    given.venue.snapshot('M', [
      [45, 1],
      [44, 2],
      [43, 3],
    ]);
    await given.pass(1);
    expect(given.seen.at(-1)?.yes.bids.map(({ price }) => price)).toEqual(['0.45', '0.44']);
    expect(() => given.engine.book$('script', 'M', 0)).toThrow(InputError);
    expect(() => given.engine.book$('script', 'X')).toThrow(InputError);
    expect(() => given.engine.book$('nobody', 'M')).toThrow(InputError);
  });

  it('completes when the engine stops', async () => {
    const { engine, pass, book$, venue } = await watched();
    venue.snapshot();
    let completed = 0;
    const complete = () => {
      completed += 1;
    };
    book$.subscribe({ complete });
    engine.orders$.subscribe({ complete });
    engine.positions$.subscribe({ complete });
    engine.execute(signal());
    await pass(10);
    await Promise.all([engine.stop(), pass(1_000)]);
    expect(completed).toBe(3);
    let last: unknown;
    book$.subscribe({
      next: (book) => {
        last = book;
      },
      complete,
    });
    expect([completed, last]).toMatchObject([4, { version: 1 }]);
    expect(() => engine.watch('script', 'N')).toThrow(InputError);
    expect(() => engine.book$('script', 'N')).toThrow(InputError);
  });
});
