/**
 * What is held, at what it would sell for: the best bid for YES, the best offer for giving back
 * what is short of it. A side that is empty for long is worth nothing; a moment may be the feed's.
 */
import { type Ticks, ticks } from '../../domain/numbers.ts';
import type { MarketHost } from '../market/market-host.ts';

const EMPTY_GRACE_MS = 60_000;

export class Marks {
  readonly #emptySinceMs = new Map<string, number>();

  /** In YES ticks; null where nothing new can be said, and the last mark stands. */
  of({ instrument, feed }: MarketHost, held: number, nowMs: number): Ticks | null {
    if (!feed.fresh) return null;
    const { symbol, payout } = instrument;
    const { best } = held > 0 ? feed.book.bids : feed.book.asks;
    if (Number.isFinite(best)) {
      this.#emptySinceMs.delete(symbol);
      return ticks(best);
    }
    const sinceMs = this.#emptySinceMs.get(symbol) ?? nowMs;
    this.#emptySinceMs.set(symbol, sinceMs);
    if (nowMs - sinceMs < EMPTY_GRACE_MS) return null;
    return held > 0 ? ticks(0) : payout;
  }
}
