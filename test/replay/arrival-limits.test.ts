import { expect, it } from 'vitest';
import type { BookEvent } from '../../src/domain/market-data.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import { type Arrival, limitsNear } from '../../src/replay/arrival-limits.ts';
import type { MarketDataSource } from '../../src/venues/paper/source.ts';
import { TAPERED } from '../support/tapered.ts';

const instrument = { ...TAPERED, symbol: 'M' };
const level = (price: number) => ({ price: ticks(price), size: lots(100) });

/** Bid 0.40 and ask 0.45; the ask is gone after a second; everything after two. */
function source(): MarketDataSource {
  const delta = { type: 'book.delta', symbol: 'M', change: { to: lots(0) } } as const;
  const events: readonly (readonly [number, BookEvent])[] = [
    [
      0,
      {
        type: 'book.snapshot',
        symbol: 'M',
        sequence: 1,
        timeMs: null,
        bids: [level(4_000)],
        asks: [level(4_500)],
      },
    ],
    [1_000, { ...delta, side: 'ask', price: ticks(4_500), sequence: 2, timeMs: 1_000 }],
    [2_000, { ...delta, side: 'bid', price: ticks(4_000), sequence: 3, timeMs: 2_000 }],
  ];
  const left = events.map(([atMs, event]) => ({ atMs, event }));
  return { instruments: [instrument], startMs: 0, next: () => left.shift() ?? null };
}

const arrival = (text: string, atMs: number): Arrival => {
  const [action, outcome] = text.split(' ');
  return { market: 'M', action: action as 'buy', outcome: outcome as 'yes', atMs };
};

it('lies a margin beyond the price that would be taken, in prices of the own contract', () => {
  const wishes = ['buy yes', 'sell yes', 'buy no', 'sell no'].map((text) => arrival(text, 500));
  // Seen from NO the book is 0.55 to 0.60.
  expect(limitsNear(source(), wishes, '0.05')).toEqual(['0.5000', '0.3500', '0.6500', '0.5000']);
});

it('sees the book as it is at each arrival, in whatever order they are asked for', () => {
  const wishes = [arrival('sell yes', 2_500), arrival('buy yes', 1_500), arrival('buy yes', 999)];
  expect(limitsNear(source(), wishes, '0.05')).toEqual(['0.0010', '0.9990', '0.5000']);
});

it('keeps to the grid, away from a worse price than the margin says', () => {
  const wishes = [arrival('buy yes', 0), arrival('sell yes', 0)];
  expect(limitsNear(source(), wishes, '0.0555')).toEqual(['0.5000', '0.3500']);
  expect(limitsNear(source(), wishes, '0.47')).toEqual(['0.9200', '0.0010']);
});
