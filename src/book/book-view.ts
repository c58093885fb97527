/** A book as the owner of one contract sees it: an order on NO looks at the mirrored book. */
import type { Action } from '../domain/instrument.ts';
import type { BookSide, Level } from '../domain/market-data.ts';
import type { Lots, Ticks } from '../domain/numbers.ts';

export interface Sweep {
  /** What the book holds up to the limit, at most what was asked. */
  readonly quantity: Lots;
  /** Sum of price times quantity, in ticks x lots: an exact integer. */
  readonly ticksTimesLots: number;
  /** The last price touched; null when nothing could be taken. */
  readonly worst: Ticks | null;
}

export interface BookView {
  /** Counts the changes of the book; two equal versions are the same book. */
  readonly version: number;
  readonly bid: Level | null;
  readonly ask: Level | null;
  /** null on a one-sided book; negative when crossed, 0 when locked. */
  readonly spread: number | null;
  /**
   * Bid plus ask, twice the mid: an integer, so that no half tick is lost. Null on a one-sided
   * book.
   */
  readonly midDoubled: number | null;
  /** Size-weighted mid in thousandths of a tick; an estimate of value, never a price to send. */
  readonly micropriceMilliticks: number | null;
  /** Best level first. */
  ladder(side: BookSide, levels: number): readonly Level[];
  sizeAt(side: BookSide, price: Ticks): Lots;
  /** What taking `quantity` at once would get and cost, never past `limit`. */
  sweep(action: Action, quantity: Lots, limit: Ticks | null): Sweep;
  /**
   * Executable size within `steps` grid steps of the touch on the side that `action` takes, never
   * past `limit`.
   */
  depthWithin(action: Action, steps: number, limit: Ticks | null): Lots;
}

/**
 * Recent trading of one market, seen from one contract. Pure queries about the time up to the view.
 */
export interface FlowView {
  /** Volume that aggressors of `action` took in (sinceMs, untilMs]. */
  takerVolume(action: Action, sinceMs: number, untilMs: number): Lots;
  printCount(sinceMs: number, untilMs: number): number;
  /**
   * Displayed size within the ladder of a side as it last was at `timeMs`; null before the first
   * sample.
   */
  depthAt(side: BookSide, timeMs: number): Lots | null;
  /**
   * (buy volume - sell volume) / both over a window, in -1..1; 0 without prints. A statistic, not
   * money.
   */
  imbalance(sinceMs: number, untilMs: number): number;
}
