/** All that is said to and by an execution: one wish of a strategy, worked by its split orders. */
import type { Json } from '../../src/domain/json.ts';
import type { Lots, Ticks } from '../../src/domain/numbers.ts';
import type { OrderReport, TimeInForce } from '../../src/domain/order.ts';
import type { Quantity } from '../../src/ledger/quantity.ts';
import type { OrderTerms, SplitOrderReported } from '../split-order/split-order.protocol.ts';

/** A directive with the ids it was stamped with; decisions are applied as decided, never again. */
export type StampedDirective =
  | {
      readonly kind: 'place';
      readonly splitOrderId: string;
      readonly clientOrderId: string;
      readonly price: Ticks;
      readonly quantity: Lots;
      readonly timeInForce: TimeInForce;
      readonly postOnly: boolean;
      readonly reason: string;
    }
  | {
      readonly kind: 'reprice';
      readonly splitOrderId: string;
      /** For the new attempt, where the venue cannot amend. */
      readonly clientOrderId: string;
      readonly price: Ticks;
      readonly reason: string;
    }
  | { readonly kind: 'cancel'; readonly splitOrderId: string; readonly reason: string }
  | { readonly kind: 'finish'; readonly reason: string };

/** Fixed at admission, for the life of the execution. */
export interface Admission {
  /** Highest price payable, or lowest acceptable when selling. */
  readonly cap: Ticks;
  readonly startedAtMs: number;
  /** Closing begins then, so that it is done at `deadlineMs`. */
  readonly closeAtMs: number;
  readonly deadlineMs: number;
}

/** What becomes of an execution that a restart finds open. */
export type RecoveryPolicy = 'resume' | 'cancel-and-stop' | 'ask';

export interface ExecutionInput {
  readonly id: string;
  readonly terms: Omit<OrderTerms, 'timeInForce' | 'postOnly' | 'expiresAtMs'>;
  readonly target: Lots;
  /** The venue changes resting orders in place. */
  readonly amendable: boolean;
  /** Resting orders carry the venue's own expiry as a dead-man switch. */
  readonly expiring: boolean;
  /** The book can be decided on at this moment. */
  readonly bookLive: boolean;
  readonly whenStale: 'cancel' | 'keep';
}

export type Outcome = 'completed' | 'partial' | 'unfilled' | 'cancelled' | 'failed' | 'refused';

/** Why it closes. 'deadline' and 'finished' leave the outcome to what was filled. */
export type ClosingCause = 'deadline' | 'finished' | 'cancelled' | 'failed' | 'refused';

export type OrderLine = Omit<SplitOrderReported, 'type'>;

export interface ExecutionContext extends Omit<ExecutionInput, 'target'> {
  readonly quantity: Quantity;
  readonly admission: Admission | null;
  /** A list, for ids that come and go are dear as the keys of an object that is copied. */
  readonly orders: readonly OrderLine[];
  /** What the decider left behind for its next call. */
  readonly algorithmState: Json;
  readonly wakeAtMs: number | null;
  readonly decisions: number;
  readonly rejections: number;
  readonly closing: { readonly cause: ClosingCause; readonly reason: string } | null;
  readonly urgent: boolean;
}

export interface ExecutionDecided {
  readonly type: 'execution.decided';
  readonly trigger: string;
  readonly directives: readonly StampedDirective[];
  readonly algorithmState: Json;
  readonly wakeAtMs: number | null;
  readonly viewVersion: number;
  readonly touch: { readonly bid: string | null; readonly ask: string | null };
  /** Why the wished algorithm was left, where it was left for this decision. */
  readonly fallbackReason?: string;
}

/** What enters from outside: the inputs that the journal keeps and a fold repeats. */
export type ExecutionMessage =
  /** `notes` are the host's own, who must know them again after a restart. */
  | ({ readonly type: 'execution.admitted'; readonly notes?: Json } & Admission)
  | { readonly type: 'execution.refused'; readonly reason: string }
  | ExecutionDecided
  | { readonly type: 'execution.cancel'; readonly reason: string; readonly urgent: boolean }
  /** A fault of our own: orders are in doubt until the venue is asked, and it closes. */
  | { readonly type: 'execution.faulted'; readonly reason: string }
  /** A new process took it up: no outcome that was awaited will come, and no timer is armed. */
  | { readonly type: 'execution.restarted'; readonly policy: RecoveryPolicy }
  /** A person's word for one that asks. */
  | { readonly type: 'execution.resume'; readonly actor: string }
  | { readonly type: 'deadline.due'; readonly deadline: Deadline; readonly atMs: number }
  | { readonly type: 'book.stale' | 'book.live'; readonly reason: string }
  | {
      readonly type: 'order.reported';
      readonly splitOrderId: string;
      readonly report: OrderReport;
    };

export type Deadline = 'close' | 'wake' | 'retry' | 'recovery';

export type ExecutionEvent = ExecutionMessage | SplitOrderReported;
