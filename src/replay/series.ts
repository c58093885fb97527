/**
 * What a Kalshi recording does not carry: tick structure and fees of the series a market belongs
 * to. Our own table of public facts; a live venue asks the venue instead and never reads this.
 */
import type { QuadraticFees } from '../domain/fees.ts';
import type { Instrument } from '../domain/instrument.ts';
import { lots } from '../domain/numbers.ts';
import { LOT_SIZE, PAYOUT, PRICE_UNIT, tickRangesOf } from '../venues/kalshi/translate.ts';
import type { PriceRange } from '../venues/kalshi/wire.ts';

interface SeriesFacts {
  readonly priceRanges: readonly PriceRange[];
  readonly takerRate: string;
  readonly makerRate: string;
}

/** The venue's names: a cent throughout, or a tenth of it below 0.10 and above 0.90. */
const LINEAR_CENT: readonly PriceRange[] = [{ start: '0', end: '1', step: '0.01' }];
const TAPERED_DECI_CENT: readonly PriceRange[] = [
  { start: '0', end: '0.10', step: '0.001' },
  { start: '0.10', end: '0.90', step: '0.01' },
  { start: '0.90', end: '1', step: '0.001' },
];

const USUAL: SeriesFacts = { priceRanges: LINEAR_CENT, takerRate: '0.07', makerRate: '0' };

const SERIES: ReadonlyMap<string, SeriesFacts> = new Map([
  ['KXBTC15M', { ...USUAL, priceRanges: TAPERED_DECI_CENT }],
]);

const seriesOf = (ticker: string): string => ticker.split('-')[0] ?? ticker;

const feesOf = ({ takerRate, makerRate }: SeriesFacts): QuadraticFees => ({
  kind: 'quadratic',
  takerRate,
  makerRate,
  multiplier: '1',
  tradeFeeStep: '0.0001',
  balanceStep: '0.01',
});

/** The instrument of a ticker such as "KXBTC15M-26MAY130900-00". */
export function kalshiInstrument(ticker: string): Instrument {
  const facts = SERIES.get(seriesOf(ticker)) ?? USUAL;
  return {
    venue: 'kalshi',
    symbol: ticker,
    priceUnit: PRICE_UNIT,
    lotSize: LOT_SIZE,
    payout: PAYOUT,
    tickRanges: tickRangesOf(facts.priceRanges),
    minQuantity: lots(1),
    quantityStep: lots(1),
    fees: feesOf(facts),
  };
}

/** What was assumed of a market, for a report; null where the table knows its series. */
export const assumedFacts = (ticker: string): string | null =>
  SERIES.has(seriesOf(ticker))
    ? null
    : `series ${seriesOf(ticker)} is not in the table: 0.01 ticks, taker 0.07 and maker 0 assumed`;
