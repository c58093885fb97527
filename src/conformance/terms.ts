/** What two orders, fills or outcomes have in common, whichever side of the contract they speak. */
import { type Instrument, mirror } from '../domain/instrument.ts';
import type { AmendOutcome, CancelOutcome, OrderRequest, SubmitOutcome } from '../domain/order.ts';
import type { Tried } from './stage.ts';

type Outcome = SubmitOutcome | AmendOutcome | CancelOutcome;

/** Buying NO at 0.29 is selling YES at 0.71: a venue may list either. */
export function sameTerms(instrument: Instrument, one: OrderRequest, other: OrderRequest): boolean {
  const yesOf = ({ outcome, action, price }: OrderRequest): string =>
    outcome === 'yes'
      ? `${action} ${price}`
      : `${action === 'buy' ? 'sell' : 'buy'} ${mirror(instrument, price)}`;
  return (
    one.clientOrderId === other.clientOrderId &&
    one.symbol === other.symbol &&
    one.quantity === other.quantity &&
    yesOf(one) === yesOf(other)
  );
}

/** Nobody can tell from it whether the command was done. */
export const isDoubt = (tried: Tried<Outcome>): boolean =>
  'thrown' in tried || tried.value.kind === 'ambiguous';

/** It was certainly not done: the venue said so, or it was never sent. */
export const isRefusal = (tried: Tried<Outcome>): boolean =>
  'thrown' in tried
    ? tried.thrown instanceof Error && tried.thrown.name === 'InputError'
    : tried.value.kind === 'rejected';

export const shownOf = (tried: Tried<unknown>): unknown =>
  'thrown' in tried ? `it threw: ${String(tried.thrown)}` : tried.value;
