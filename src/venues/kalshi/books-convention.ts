/**
 * In which prices Kalshi writes the levels of NO. We always say which, and the venue has announced
 * that what we say will one day be ignored: so the first book of each connection is compared with
 * what REST says, whose bids are always in prices of their own contract.
 */
import type { BookSnapshot } from '../../domain/market-data.ts';
import type { BestBids } from './rest.ts';
import { PAYOUT } from './translate.ts';

/** 'unproven': there is no NO level to tell it by, or it lies exactly between. */
export type Convention = 'asAsked' | 'flipped' | 'unproven';

/**
 * `snapshot` was read as asked: asks are what NO bids offer. Read the other way round, the best ask
 * would be the payout less what is now the worst one.
 */
export function conventionOf(snapshot: BookSnapshot, { no }: BestBids): Convention {
  const asks = snapshot.asks.map(({ price }) => price);
  if (asks.length === 0 || no === null) return 'unproven';
  const told = PAYOUT - no;
  const asked = Math.abs(Math.min(...asks) - told);
  const flipped = Math.abs(PAYOUT - Math.max(...asks) - told);
  if (asked === flipped) return 'unproven';
  return asked < flipped ? 'asAsked' : 'flipped';
}

/** Bids of both contracts never add up to a dollar: without REST that is all there is to see. */
export function isCrossed({ bids, asks }: BookSnapshot): boolean {
  const bid = Math.max(...bids.map(({ price }) => price));
  const ask = Math.min(...asks.map(({ price }) => price));
  return bid >= ask;
}
