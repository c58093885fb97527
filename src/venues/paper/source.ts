/**
 * Where a paper venue gets its market from: a recording or a simulated exchange. Both are the same
 * to it, a sequence of market events in the order of the exchange's clock.
 */
import type { Instrument } from '../../domain/instrument.ts';
import type { BookEvent, Print } from '../../domain/market-data.ts';

export type MarketDataEvent = BookEvent | Print;

export interface TimedEvent {
  /** Exchange time in milliseconds, never less than that of the event before. */
  readonly atMs: number;
  readonly event: MarketDataEvent;
}

export interface MarketDataSource {
  readonly instruments: readonly Instrument[];
  /** The time of the first event. */
  readonly startMs: number;
  /** The next event, or null at the end. Prints come before the deltas of the same instant. */
  next(): TimedEvent | null;
}
