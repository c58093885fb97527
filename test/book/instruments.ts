/** Instruments and levels for the tests of the book. */
import type { Instrument } from '../../src/domain/instrument.ts';
import type { BookDelta, BookSide, BookSnapshot, Level } from '../../src/domain/market-data.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';

/** One cent ticks from 0.01 to 0.99, a contract that pays a dollar. */
export const CONTRACT: Instrument = {
  venue: 'test',
  symbol: 'TEST',
  priceUnit: '0.01',
  lotSize: '1',
  payout: ticks(100),
  tickRanges: [{ from: ticks(1), to: ticks(99), step: ticks(1) }],
  minQuantity: lots(1),
  quantityStep: lots(1),
  fees: { kind: 'none' },
};

/** A tenth of a cent at both ends, a cent between. */
export const TAPERED: Instrument = {
  ...CONTRACT,
  priceUnit: '0.001',
  payout: ticks(1_000),
  tickRanges: [
    { from: ticks(1), to: ticks(100), step: ticks(1) },
    { from: ticks(100), to: ticks(900), step: ticks(10) },
    { from: ticks(900), to: ticks(999), step: ticks(1) },
  ],
};

export const level = (price: number, size: number): Level => ({
  price: ticks(price),
  size: lots(size),
});

export const snapshot = (
  bids: readonly (readonly [number, number])[],
  asks: readonly (readonly [number, number])[],
  timeMs: number | null = null,
): BookSnapshot => ({
  type: 'book.snapshot',
  symbol: 'TEST',
  bids: bids.map(([price, size]) => level(price, size)),
  asks: asks.map(([price, size]) => level(price, size)),
  sequence: 1,
  timeMs,
});

export const delta = (side: BookSide, price: number, by: number, timeMs = 0): BookDelta => ({
  type: 'book.delta',
  symbol: 'TEST',
  side,
  price: ticks(price),
  change: { by },
  sequence: 2,
  timeMs,
});

export const setTo = (side: BookSide, price: number, size: number): BookDelta => ({
  ...delta(side, price, 0),
  change: { to: lots(size) },
});
