/**
 * Where a paper venue gets its market from: a recording or a simulated exchange. Both are the same
 * to it: a sequence of market events, as they came, on a clock that never runs backwards.
 */
import type { Instrument } from '../../domain/instrument.ts';
import type { BookEvent, Print } from '../../domain/market-data.ts';

export type MarketDataEvent = BookEvent | Print;

export interface TimedEvent {
  /**
   * Milliseconds, never less than those of the event before. The exchange's own time stands in the
   * event; where that lies before this one, the venue puts the event back to where it belongs.
   */
  readonly atMs: number;
  readonly event: MarketDataEvent;
  /** Of a print: lots that leave its level at the same time, as the next events will say. */
  readonly followedBy?: number;
}

export interface MarketDataSource {
  readonly instruments: readonly Instrument[];
  /** The time of the first event. */
  readonly startMs: number;
  /** The next event, or null at the end. */
  next(): TimedEvent | null;
}
