/** What an answer of the venue means for an order, in the words of an order report. Pure. */
import { messageOf } from '../domain/errors.ts';
import type { Lots, Ticks } from '../domain/numbers.ts';
import type {
  AmendOutcome,
  CancelOutcome,
  Failure,
  OrderCommandKind,
  OrderRef,
  OrderReport,
  SubmitOutcome,
} from '../domain/order.ts';
import type { VenueOrder } from '../domain/ports.ts';

/** What we know of an order without asking anybody. */
export interface OwnWord {
  /** When its submission was decided; by our wall clock, which may have been wrong. */
  readonly intentAtMs: number;
  /**
   * How long ago the last that could place it was sent, or the last was heard of it, by the clock
   * that never jumps; null where that was before a restart.
   */
  readonly quietMs: number | null;
  /** What is known of an order that the venue took; null for one that it may never have taken. */
  readonly taken: { readonly filled: Lots; readonly price: Ticks; readonly quantity: Lots } | null;
  /** The venue has said that it is over; its fills may not add up yet. */
  readonly hasEnded: boolean;
}

/** What it says beside its kind. */
const termsOf = ({ reason, throttled }: Omit<Failure, 'kind'>) => ({
  reason,
  ...(throttled === true ? { throttled } : {}),
});

const TAKEN = { reason: 'the venue has an order of this id already' };

const doubted = (
  clientOrderId: string,
  command: OrderCommandKind,
  failure: Omit<Failure, 'kind'>,
): OrderReport => ({ type: 'order.doubted', clientOrderId, command, ...termsOf(failure) });

/** A call that threw says nothing of what the venue did: a timeout, a reset, a 5xx are doubt. */
export const thrownReport = (
  clientOrderId: string,
  command: OrderCommandKind,
  thrown: unknown,
): OrderReport => doubted(clientOrderId, command, { reason: messageOf(thrown) });

export function submitReport(clientOrderId: string, outcome: SubmitOutcome): OrderReport {
  switch (outcome.kind) {
    case 'accepted':
      return { type: 'order.accepted', clientOrderId, venueOrderId: outcome.venueOrderId };
    case 'rejected':
      return { type: 'order.rejected', clientOrderId, ...termsOf(outcome) };
    case 'exists':
      return doubted(clientOrderId, 'submit', TAKEN);
    case 'ambiguous':
      return doubted(clientOrderId, 'submit', outcome);
  }
}

export function amendReport(clientOrderId: string, outcome: AmendOutcome): OrderReport {
  switch (outcome.kind) {
    case 'accepted': {
      const { price, quantity } = outcome;
      return { type: 'order.amended', clientOrderId, price, quantity };
    }
    case 'rejected':
      return { type: 'order.amendRejected', clientOrderId, ...termsOf(outcome) };
    case 'ambiguous':
      return doubted(clientOrderId, 'amend', outcome);
  }
}

export function cancelReport(
  clientOrderId: string,
  outcome: CancelOutcome,
  reason: string,
): OrderReport {
  switch (outcome.kind) {
    case 'accepted':
      return { type: 'order.cancelled', clientOrderId, cumulative: outcome.cumulative, reason };
    case 'rejected':
      return { type: 'order.cancelRejected', clientOrderId, ...termsOf(outcome) };
    case 'ambiguous':
      return doubted(clientOrderId, 'cancel', outcome);
  }
}

/**
 * What is missing of what a venue says has filled: nothing; nothing but what it has taken back;
 * that too, perhaps, of a fill that was never heard of itself; or some fills.
 */
export type FillGap = 'none' | 'takenBack' | 'unclear' | 'some';

/** `isSettled`: the order is over, and there are no fills of it but those that are known. */
export const foundReport = ({ request, ...found }: VenueOrder, isSettled = false): OrderReport => ({
  type: 'order.found',
  clientOrderId: found.clientOrderId,
  venueOrderId: found.venueOrderId,
  status: found.status,
  cumulative: found.cumulative,
  price: request.price,
  quantity: request.quantity,
  ...(isSettled ? { settled: true } : {}),
});

/** An order that is provably nowhere: never taken, or, where it was, dropped by the venue since. */
export function absentReport(
  ref: OrderRef,
  { taken }: Pick<OwnWord, 'taken'>,
  evidence: string,
): OrderReport {
  const { clientOrderId } = ref;
  if (taken === null) return { type: 'order.neverAccepted', clientOrderId, evidence };
  const { filled: cumulative, price, quantity } = taken;
  const status = 'cancelled';
  return { type: 'order.found', clientOrderId, status, cumulative, price, quantity };
}
