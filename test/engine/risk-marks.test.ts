/** What is held, at what it would sell for: a side of the book may be empty, a moment or long. */
import { describe, expect, it } from 'vitest';
import type { MarketHost } from '../../src/engine/market/market-host.ts';
import { Marks } from '../../src/engine/risk/marks.ts';
import { centsInstrument } from '../support/cents.ts';

const [YES, NO] = [5, -5];

function market(best: { readonly bid?: number; readonly ask?: number }, fresh = true): MarketHost {
  const bids = { best: best.bid ?? -Infinity };
  const asks = { best: best.ask ?? Infinity };
  const instrument = centsInstrument('script', 'M');
  return { instrument, feed: { fresh, book: { bids, asks } } } as unknown as MarketHost;
}

describe('a mark', () => {
  it('is the bid for YES, the offer for NO, and nothing new while the feed is not fresh', () => {
    const marks = new Marks();
    expect(marks.of(market({ bid: 40, ask: 43 }), YES, 0)).toBe(40);
    expect(marks.of(market({ bid: 40, ask: 43 }), NO, 0)).toBe(43);
    expect(marks.of(market({ bid: 40, ask: 43 }, false), YES, 0)).toBeNull();
  });

  it('is nothing at all where nobody has bid for a minute', () => {
    const marks = new Marks();
    const seen = [0, 20_000, 40_000, 60_000].map((ms) => marks.of(market({ ask: 43 }), YES, ms));
    expect(seen).toEqual([null, null, null, 0]);
    // And giving NO back would cost the whole payout.
    const owed = [0, 30_000, 60_000].map((ms) => marks.of(market({ bid: 40 }), NO, ms));
    expect(owed).toEqual([null, null, 100]);
  });

  it('waits anew where nobody looked meanwhile, or another side is empty', () => {
    const marks = new Marks();
    expect(marks.of(market({ ask: 43 }), YES, 0)).toBeNull();
    // Closed, and bought again an hour later.
    expect(marks.of(market({ ask: 43 }), YES, 3_600_000)).toBeNull();
    expect(marks.of(market({ bid: 40 }), NO, 3_659_000)).toBeNull();
    expect(marks.of(market({ bid: 40 }), NO, 3_661_000)).toBeNull();
  });
});
