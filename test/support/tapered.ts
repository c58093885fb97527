/** A contract of a prediction market whose ticks are finer near 0 and 1, made up for tests. */
import type { Instrument, TickRange } from '../../src/domain/instrument.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';

export const rangeOf = (from: number, to: number, step: number): TickRange => ({
  from: ticks(from),
  to: ticks(to),
  step: ticks(step),
});

/** In 0.0001: steps of 0.001 up to 0.10 and from 0.90 on, of 0.01 between. */
export const TAPERED: Instrument = {
  venue: 'paper',
  symbol: 'RAIN-TOMORROW',
  priceUnit: '0.0001',
  lotSize: '0.01',
  payout: ticks(10_000),
  tickRanges: [rangeOf(10, 1_000, 10), rangeOf(1_000, 9_000, 100), rangeOf(9_000, 9_990, 10)],
  minQuantity: lots(100),
  quantityStep: lots(10),
  fees: { kind: 'none' },
};

/** A share: no payout, so no NO side. */
export const SHARE: Instrument = {
  ...TAPERED,
  symbol: 'ACME',
  priceUnit: '0.01',
  payout: null,
  tickRanges: [rangeOf(1, 10_000_000, 1)],
};
