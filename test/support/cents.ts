import type { Instrument } from '../../src/domain/instrument.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';

/** Whole cents and whole contracts, a taker fee of 7 % p(1-p). */
export const centsInstrument = (venue: string, symbol: string, makerRate = '0'): Instrument => ({
  venue,
  symbol,
  priceUnit: '0.01',
  lotSize: '1',
  payout: ticks(100),
  tickRanges: [{ from: ticks(1), to: ticks(99), step: ticks(1) }],
  minQuantity: lots(1),
  quantityStep: lots(1),
  fees: {
    kind: 'quadratic',
    takerRate: '0.07',
    makerRate,
    multiplier: '1',
    tradeFeeStep: '0.0001',
    balanceStep: '0.0001',
  },
});
