/**
 * Kalshi nets YES and NO into one book and does not tell afterwards in which of them an order was
 * made: selling YES and buying NO are both `ask`. So the client order id says it: that of an order
 * on NO ends in "-no" on the wire, and nowhere else. Every frame and answer is read through here.
 */
import { invariant } from '../../domain/errors.ts';
import type { Action, OutcomeSide } from '../../domain/instrument.ts';
import type { BookSide } from '../../domain/market-data.ts';
import { type Ticks, ticks } from '../../domain/numbers.ts';
import { PAYOUT } from './translate.ts';

const NO_MARK = '-no';

export interface OwnId {
  readonly clientOrderId: string;
  readonly outcome: OutcomeSide;
}

/** The id as the venue gets it. */
export function wireIdOf({ clientOrderId, outcome }: OwnId): string {
  invariant(!clientOrderId.endsWith(NO_MARK), `no id of ours ends in ${NO_MARK}`, clientOrderId);
  return outcome === 'no' ? `${clientOrderId}${NO_MARK}` : clientOrderId;
}

/** The id as the engine knows it, and which contract it was about; YES for foreign orders. */
export const ownIdOf = (wireId: string): OwnId =>
  wireId.endsWith(NO_MARK)
    ? { clientOrderId: wireId.slice(0, -NO_MARK.length), outcome: 'no' }
    : { clientOrderId: wireId, outcome: 'yes' };

/** Buying YES and selling NO are bids. */
export const bookSideOf = (outcome: OutcomeSide, action: Action): BookSide =>
  (outcome === 'yes') === (action === 'buy') ? 'bid' : 'ask';

export const actionOf = (outcome: OutcomeSide, side: BookSide): Action =>
  (outcome === 'yes') === (side === 'bid') ? 'buy' : 'sell';

/** From a YES price to one of the own contract, and back. */
export const ownPriceOf = (outcome: OutcomeSide, price: Ticks): Ticks =>
  outcome === 'yes' ? price : ticks(PAYOUT - price);
