/**
 * What a venue tells of a market, in the terms of the YES contract (or of the share, the coin).
 * Times are the venue's own, in milliseconds; a sequence is the venue's count within one
 * subscription.
 */
import type { Action, TickRange } from './instrument.ts';
import type { Lots, Ticks } from './numbers.ts';

export type BookSide = 'bid' | 'ask';

export interface Level {
  readonly price: Ticks;
  readonly size: Lots;
}

/** Replaces the whole book; levels in any order. */
export interface BookSnapshot {
  readonly type: 'book.snapshot';
  readonly symbol: string;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
  readonly sequence: number;
  /** null where the venue's snapshot carries no time (Kalshi). */
  readonly timeMs: number | null;
}

/** One level changed: by a signed amount, or to an absolute size. */
export interface BookDelta {
  readonly type: 'book.delta';
  readonly symbol: string;
  readonly side: BookSide;
  readonly price: Ticks;
  readonly change: { readonly by: number } | { readonly to: Lots };
  readonly sequence: number;
  readonly timeMs: number;
}

/** Continuity was lost: nothing may be decided on this book until the next snapshot. */
export interface BookGap {
  readonly type: 'book.gap';
  readonly symbol: string;
  readonly expected: number;
  readonly received: number;
}

/** The connection of a market's feed came, went, or gave a sign of life. */
export interface FeedStatus {
  readonly type: 'feed.up' | 'feed.down' | 'feed.alive';
  readonly symbol: string;
  readonly reason: string;
}

/** The venue paused, resumed or closed the market. */
export interface MarketStatus {
  readonly type: 'market.paused' | 'market.resumed' | 'market.closed';
  readonly symbol: string;
  readonly timeMs: number | null;
}

/**
 * The question is answered: a YES contract is worth `value` (0 or the payout; between them where a
 * market is called off), a NO the rest.
 */
export interface MarketSettled {
  readonly type: 'market.settled';
  readonly symbol: string;
  readonly value: Ticks;
  readonly timeMs: number | null;
}

/** From now on the market trades at other prices; orders that rest stay where they are. */
export interface TicksChanged {
  readonly type: 'market.ticksChanged';
  readonly symbol: string;
  /** YES prices, as in `Instrument`. */
  readonly ranges: readonly TickRange[];
}

export type BookEvent =
  | BookSnapshot
  | BookDelta
  | BookGap
  | FeedStatus
  | MarketStatus
  | MarketSettled
  | TicksChanged;

/** A trade of the market. `taker` is the aggressor's action on YES; `price` the YES price. */
export interface Print {
  readonly type: 'print';
  readonly symbol: string;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly taker: Action;
  readonly timeMs: number;
  /** Unique within its tape or session. */
  readonly sequence: number;
  /** Agreed outside of the book, where the venue says so. */
  readonly block?: boolean;
}
