/**
 * What is held, at what it would sell for: the best bid for YES, the best offer for giving back
 * what is short of it. A side that is empty for long is worth nothing; a moment may be the feed's.
 */
import { type Ticks, ticks } from '../../domain/numbers.ts';
import type { MarketHost } from '../market/market-host.ts';

const EMPTY_GRACE_MS = 60_000;

export class Marks {
  readonly #empty = new Map<string, { readonly sinceMs: number; readonly seenAtMs: number }>();

  /** In YES ticks; null where nothing new can be said, and the last mark stands. Monotonic time. */
  of({ instrument, feed }: MarketHost, held: number, nowMs: number): Ticks | null {
    if (!feed.fresh) return null;
    const { symbol, payout } = instrument;
    const { best } = held > 0 ? feed.book.bids : feed.book.asks;
    const side = `${symbol} ${held > 0}`;
    if (Number.isFinite(best)) {
      this.#empty.delete(side);
      return ticks(best);
    }
    const known = this.#empty.get(side);
    // What was empty when somebody looked last may have been full since.
    const isSame = known !== undefined && nowMs - known.seenAtMs < EMPTY_GRACE_MS;
    const sinceMs = isSame ? known.sinceMs : nowMs;
    this.#empty.set(side, { sinceMs, seenAtMs: nowMs });
    if (nowMs - sinceMs < EMPTY_GRACE_MS) return null;
    return held > 0 ? ticks(0) : payout;
  }
}
