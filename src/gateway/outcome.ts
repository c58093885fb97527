/** What an answer of the venue means for an order, in the words of an order report. Pure. */
import { messageOf } from '../domain/errors.ts';
import type {
  AmendOutcome,
  CancelOutcome,
  OrderCommandKind,
  OrderReport,
  SubmitOutcome,
} from '../domain/order.ts';

const doubted = (
  clientOrderId: string,
  command: OrderCommandKind,
  reason: string,
): OrderReport => ({ type: 'order.doubted', clientOrderId, command, reason });

/** A call that threw says nothing of what the venue did: a timeout, a reset, a 5xx are doubt. */
export const thrownReport = (
  clientOrderId: string,
  command: OrderCommandKind,
  thrown: unknown,
): OrderReport => doubted(clientOrderId, command, messageOf(thrown));

export function submitReport(clientOrderId: string, outcome: SubmitOutcome): OrderReport {
  switch (outcome.kind) {
    case 'accepted':
      return { type: 'order.accepted', clientOrderId, venueOrderId: outcome.venueOrderId };
    case 'rejected':
      return { type: 'order.rejected', clientOrderId, reason: outcome.reason };
    case 'exists':
      return doubted(clientOrderId, 'submit', 'the venue has an order of this id already');
    case 'ambiguous':
      return doubted(clientOrderId, 'submit', outcome.reason);
  }
}

export function amendReport(clientOrderId: string, outcome: AmendOutcome): OrderReport {
  switch (outcome.kind) {
    case 'accepted': {
      const { price, quantity } = outcome;
      return { type: 'order.amended', clientOrderId, price, quantity };
    }
    case 'rejected':
      return { type: 'order.amendRejected', clientOrderId, reason: outcome.reason };
    case 'ambiguous':
      return doubted(clientOrderId, 'amend', outcome.reason);
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
      return { type: 'order.cancelRejected', clientOrderId, reason: outcome.reason };
    case 'ambiguous':
      return doubted(clientOrderId, 'cancel', outcome.reason);
  }
}
