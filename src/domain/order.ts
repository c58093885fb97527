/**
 * Orders as the engine asks for them, and all that can be learnt of one afterwards. Prices are
 * those of the own contract. An `OrderReport` is a fact with a client order id: it may come twice,
 * late, or in any order, from a reply or from a stream, and means the same.
 */
import type { Action, OutcomeSide } from './instrument.ts';
import type { Lots, Ticks } from './numbers.ts';

export type TimeInForce = 'gtc' | 'ioc' | 'fok';
export type Liquidity = 'maker' | 'taker';
export type OrderCommandKind = 'submit' | 'amend' | 'cancel';

export interface OrderRequest {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly outcome: OutcomeSide;
  readonly action: Action;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly timeInForce: TimeInForce;
  readonly postOnly: boolean;
  /** The venue's own dead-man switch on a resting order; null where there is none. */
  readonly expiresAtMs: number | null;
}

export interface OrderRef {
  readonly clientOrderId: string;
  readonly venueOrderId: string | null;
  readonly symbol: string;
}

/** `quantity` is the total: what has filled and what shall rest (Kalshi's own meaning). */
export interface AmendRequest extends OrderRef {
  readonly price: Ticks;
  readonly quantity: Lots;
}

export interface Fill {
  /** The venue's own id of the fill: it counts once. */
  readonly fillId: string;
  readonly price: Ticks;
  readonly quantity: Lots;
  /** Dollars, a plain decimal; negative is a rebate. */
  readonly fee: string;
  readonly liquidity: Liquidity;
  readonly timeMs: number;
  /** The print that filled a resting order on paper; null for takes and live venues. */
  readonly printSequence: number | null;
}

/** How an order stands at the venue, as it answers when asked. */
export type FoundStatus = 'resting' | 'filled' | 'cancelled' | 'expired' | 'rejected';

/** The venue said that there are too many calls; left out where it said anything else. */
interface Throttleable {
  readonly throttled?: true;
}

export type OrderReport =
  | {
      readonly type: 'order.accepted';
      readonly clientOrderId: string;
      readonly venueOrderId: string;
    }
  | (Throttleable & {
      readonly type: 'order.rejected' | 'order.cancelRejected' | 'order.amendRejected';
      readonly clientOrderId: string;
      readonly reason: string;
    })
  | { readonly type: 'order.filled'; readonly clientOrderId: string; readonly fill: Fill }
  | { readonly type: 'order.fillReverted'; readonly clientOrderId: string; readonly fillId: string }
  | {
      readonly type: 'order.cancelled' | 'order.expired';
      readonly clientOrderId: string;
      /** What the venue says has filled of this venue order in all. */
      readonly cumulative: Lots;
      readonly reason: string;
    }
  | {
      /**
       * The venue's order now has this price and this total, by our amend or by its own
       * restatement.
       */
      readonly type: 'order.amended' | 'order.restated';
      readonly clientOrderId: string;
      readonly price: Ticks;
      readonly quantity: Lots;
    }
  | (Throttleable & {
      /** The outcome of a command is in doubt: it may or may not have reached the venue. */
      readonly type: 'order.doubted';
      readonly clientOrderId: string;
      readonly command: OrderCommandKind;
      readonly reason: string;
    })
  | {
      /** Our own gate refused: provably never sent. */
      readonly type: 'order.notSent';
      readonly clientOrderId: string;
      readonly command: OrderCommandKind;
      readonly reason: string;
    }
  | {
      readonly type: 'order.found';
      readonly clientOrderId: string;
      /** Left out where the venue does not say. */
      readonly venueOrderId?: string;
      readonly status: FoundStatus;
      readonly cumulative: Lots;
      readonly price: Ticks;
      readonly quantity: Lots;
      /** All of its fills are known: what the venue counts beyond them, it has taken back. */
      readonly settled?: true;
    }
  | {
      /**
       * Proof, not absence: the venue's as-of time is past the last moment it could have accepted.
       */
      readonly type: 'order.neverAccepted';
      readonly clientOrderId: string;
      readonly evidence: string;
    };

/**
 * A definite no, or a doubt. A venue that says "too many calls" (429) marks it `throttled`: that is
 * never known by its text.
 */
export interface Failure extends Throttleable {
  readonly kind: 'rejected' | 'ambiguous';
  readonly reason: string;
}

/** What a venue answers to a command. Commands resolve to an outcome; they do not throw for it. */
export type SubmitOutcome =
  | { readonly kind: 'accepted'; readonly venueOrderId: string }
  | { readonly kind: 'exists' }
  | Failure;

export type AmendOutcome =
  | { readonly kind: 'accepted'; readonly price: Ticks; readonly quantity: Lots }
  | Failure;

export type CancelOutcome = { readonly kind: 'accepted'; readonly cumulative: Lots } | Failure;
