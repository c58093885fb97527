/** All that is said to and by a split order: one line of an execution's plan. */
import type { Action, OutcomeSide } from '../../src/domain/instrument.ts';
import type { Lots, Ticks } from '../../src/domain/numbers.ts';
import type {
  AmendRequest,
  OrderCommandKind,
  OrderRef,
  OrderReport,
  OrderRequest,
  TimeInForce,
} from '../../src/domain/order.ts';
import type { Line } from '../../src/ledger/quantity.ts';

/** What stays the same in all attempts of one split order. */
export interface OrderTerms {
  readonly symbol: string;
  readonly outcome: OutcomeSide;
  readonly action: Action;
  readonly timeInForce: TimeInForce;
  readonly postOnly: boolean;
  readonly expiresAtMs: number | null;
}

/** One venue order. A split order has at most one alive, and each has its own client order id. */
export interface Attempt {
  readonly clientOrderId: string;
  readonly venueOrderId: string | null;
  readonly acknowledged: boolean;
  /** The venue order's own total: what it may fill in all. */
  readonly quantity: Lots;
}

/** A wanted new price. `clientOrderId` is for the attempt that a withdrawal ends in. */
export interface Walk {
  readonly price: Ticks;
  readonly clientOrderId: string;
  readonly reason: string;
}

export type Ending = 'filled' | 'cancelled' | 'rejected' | 'expired' | 'failed';

/** The venue's word that an attempt is over, and at which cumulative quantity. */
export interface VenueEnd {
  readonly ending: Ending;
  readonly cumulative: Lots;
  readonly reason: string;
}

export interface SplitOrderInput {
  readonly id: string;
  readonly executionId: string;
  readonly terms: OrderTerms;
  readonly clientOrderId: string;
  readonly price: Ticks;
  readonly quantity: Lots;
  /** The venue changes a resting order in place; else a walk withdraws it and places a new one. */
  readonly amendable: boolean;
}

export interface SplitOrderContext {
  readonly id: string;
  readonly executionId: string;
  readonly terms: OrderTerms;
  readonly amendable: boolean;
  readonly price: Ticks;
  /** The line's own total, over all attempts. */
  readonly quantity: Lots;
  readonly attempt: Attempt;
  /** By fill id, so that a fill counts once and can be taken back. */
  readonly fills: Readonly<
    Record<string, { readonly clientOrderId: string; readonly quantity: Lots }>
  >;
  readonly walk: Walk | null;
  readonly walks: number;
  /** Why it shall be cancelled; null while it shall not. */
  readonly cancelWanted: string | null;
  /** The command whose outcome is in doubt. */
  readonly doubt: OrderCommandKind | null;
  readonly venueEnd: VenueEnd | null;
  readonly ending: Ending | null;
}

export type SplitOrderEvent =
  | OrderReport
  | ({ readonly type: 'splitOrder.walk' } & Walk)
  | { readonly type: 'splitOrder.cancel'; readonly reason: string; readonly urgent: boolean }
  /** The host could not follow: whatever was sent is in doubt until the venue is asked. */
  | { readonly type: 'splitOrder.doubt'; readonly reason: string };

/** Told to the execution after every change. */
export interface SplitOrderReported extends Line {
  readonly type: 'splitOrder.reported';
  readonly splitOrderId: string;
  readonly acknowledged: boolean;
  /** A walk or a cancel is unanswered. */
  readonly busy: boolean;
  readonly ending: Ending | null;
}

/** Commands of the outbox; the gateway carries them out after they are durable. */
export interface SubmitCommand {
  readonly splitOrderId: string;
  readonly executionId: string;
  readonly request: OrderRequest;
}

export interface AmendCommand {
  readonly splitOrderId: string;
  readonly executionId: string;
  readonly request: AmendRequest;
  readonly reason: string;
}

export interface CancelCommand {
  readonly splitOrderId: string;
  readonly executionId: string;
  readonly ref: OrderRef;
  readonly reason: string;
}

export interface ResolveCommand {
  readonly splitOrderId: string;
  readonly executionId: string;
  readonly ref: OrderRef;
  readonly doubt: OrderCommandKind;
}
