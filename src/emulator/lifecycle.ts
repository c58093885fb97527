/** What a market's life is to the venue's own channel. What comes by the clock is not told. */
import type { MarketDataEvent } from '../venues/paper/source.ts';
import { resultOf } from './market-resources.ts';
import { type MarketPhase, type MarketState, priceRangesOf, structureOf } from './market-state.ts';
import { dollars, seconds } from './notation.ts';

const PHASES: Readonly<Partial<Record<MarketDataEvent['type'], MarketPhase>>> = {
  'market.paused': 'paused',
  'market.resumed': 'open',
  'market.closed': 'closed',
  'market.settled': 'settled',
};

export const newPhaseOf = ({ type }: MarketDataEvent): MarketPhase | null => PHASES[type] ?? null;

export function lifecycleOf(
  event: MarketDataEvent,
  { ticker: market_ticker, phase }: MarketState,
  nowMs: number,
): readonly object[] {
  if (event.type === 'market.paused' && phase === 'open')
    return [{ event_type: 'deactivated', market_ticker, is_deactivated: true }];
  if (event.type === 'market.resumed' && phase === 'paused')
    return [{ event_type: 'activated', market_ticker, is_deactivated: false }];
  if (event.type !== 'market.settled' || phase === 'settled') return [];
  const determined = {
    event_type: 'determined',
    market_ticker,
    result: resultOf(event.value),
    determination_ts: seconds(nowMs),
    settlement_value: dollars(event.value),
  };
  return [determined, { event_type: 'settled', market_ticker, settled_ts: seconds(nowMs) }];
}

export const changeOf = ({ ticker, instrument }: MarketState): object => ({
  event_type: 'price_level_structure_updated',
  market_ticker: ticker,
  price_level_structure: structureOf(instrument),
  price_ranges: priceRangesOf(instrument),
});
