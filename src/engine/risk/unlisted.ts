/** Markets that a venue lists no more: what was won and lost in them counts all the same. */
import type { Instrument } from '../../domain/instrument.ts';
import { lots, ticks } from '../../domain/numbers.ts';

/** In units so fine that every stored price and quantity is a whole number of them. */
const UNLISTED: Instrument = {
  venue: '',
  symbol: '',
  priceUnit: '0.00000001',
  lotSize: '0.00000001',
  payout: ticks(100_000_000),
  tickRanges: [],
  minQuantity: lots(1),
  quantityStep: lots(1),
  fees: { kind: 'none' },
};

/** For arithmetic alone: nothing is traded by it, and a pair of YES and NO pays a dollar. */
export const instrumentIn = (listed: ReadonlyMap<string, Instrument>, market: string): Instrument =>
  listed.get(market) ?? { ...UNLISTED, symbol: market };
