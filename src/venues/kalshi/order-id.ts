/**
 * Kalshi nets YES and NO into one book and does not tell afterwards in which of them an order was
 * made: selling YES and buying NO are both `ask`. So the client order id says it: that of an order
 * on NO ends in "-no" on the wire, and nowhere else. Every frame and answer is read through here.
 * The numbers in our ids have letters, and one of them is "no": such an order on YES says so, too.
 */
import type { Action, OutcomeSide } from '../../domain/instrument.ts';
import type { BookSide } from '../../domain/market-data.ts';
import { type Ticks, ticks } from '../../domain/numbers.ts';
import { PAYOUT } from './translate.ts';

const NO_MARK = '-no';
const YES_MARK = '-yes';

export interface OwnId {
  readonly clientOrderId: string;
  readonly outcome: OutcomeSide;
}

/** The id as the venue gets it. */
export function wireIdOf({ clientOrderId, outcome }: OwnId): string {
  if (outcome === 'no') return `${clientOrderId}${NO_MARK}`;
  const isMarked = clientOrderId.endsWith(NO_MARK) || clientOrderId.endsWith(YES_MARK);
  return isMarked ? `${clientOrderId}${YES_MARK}` : clientOrderId;
}

/** The id as the engine knows it, and which contract it was about; YES for foreign orders. */
export function ownIdOf(wireId: string): OwnId {
  if (wireId.endsWith(NO_MARK))
    return { clientOrderId: wireId.slice(0, -NO_MARK.length), outcome: 'no' };
  const isMarked = wireId.endsWith(YES_MARK);
  return { clientOrderId: isMarked ? wireId.slice(0, -YES_MARK.length) : wireId, outcome: 'yes' };
}

/** Buying YES and selling NO are bids. */
export const bookSideOf = (outcome: OutcomeSide, action: Action): BookSide =>
  (outcome === 'yes') === (action === 'buy') ? 'bid' : 'ask';

export const actionOf = (outcome: OutcomeSide, side: BookSide): Action =>
  (outcome === 'yes') === (side === 'bid') ? 'buy' : 'sell';

/** From a YES price to one of the own contract, and back. */
export const ownPriceOf = (outcome: OutcomeSide, price: Ticks): Ticks =>
  outcome === 'yes' ? price : ticks(PAYOUT - price);
