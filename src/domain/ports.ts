/**
 * The doors of the engine. Each is a structural subset of what it adapts, so that any compatible
 * object fits: an RxJS observable is a `Stream`, a pino logger a `Log`.
 */
import type { Action, Instrument, OutcomeSide } from './instrument.ts';
import type { BookEvent, Print } from './market-data.ts';
import type { Lots } from './numbers.ts';
import type {
  AmendOutcome,
  AmendRequest,
  CancelOutcome,
  Fill,
  FoundStatus,
  OrderRef,
  OrderReport,
  OrderRequest,
  SubmitOutcome,
} from './order.ts';

export interface Subscription {
  unsubscribe(): void;
}

export interface Stream<T> {
  subscribe(next: (value: T) => void): Subscription;
}

export type TimerId = number;

/** One clock for actors, streams, timers and stamps. */
export interface Clock {
  /** Milliseconds since the epoch. */
  wallMs(): number;
  /** Milliseconds that never run backwards. */
  monotonicMs(): number;
  setTimeout(callback: () => void, delayMs: number): TimerId;
  clearTimeout(id: TimerId): void;
}

export interface Random {
  /** In [0, 1). */
  next(): number;
  /**
   * A generator of its own: draws from one fork never move another. The same name, the same draws.
   */
  fork(name: string): Random;
}

export interface Ids {
  /** A new client order id; never drawn twice, not even after a restart. */
  clientOrderId(): string;
  executionId(): string;
}

export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What each call costs, in tokens of the venue; of a batch, each of its orders. */
export interface CallCosts {
  readonly place: number;
  readonly amend: number;
  readonly cancel: number;
  /** A question about one order. */
  readonly read: number;
}

/**
 * Tokens in any stretch of `windowMs`. A bucket that holds `tokens` and refills in `windowMs` is
 * never overdrawn by who keeps to this.
 */
export interface TokenWindow {
  readonly windowMs: number;
  readonly tokens: number;
  /** The last tokens, kept for cancels. */
  readonly cancelReserve: number;
}

export interface VenueCapabilities {
  /** What the quantity of an amend means; null where the venue has no amend. */
  readonly amend: 'total' | null;
  readonly postOnly: boolean;
  readonly ioc: boolean;
  readonly fok: boolean;
  /** Resting orders may carry the venue's own expiry. */
  readonly expiry: boolean;
  /**
   * An order can be asked about by our own id; else only by the venue's, and is looked for in its
   * listings.
   */
  readonly lookupByClientId: boolean;
  /**
   * Orders and fills are still there when this process is gone; false for one that dies with it.
   */
  readonly outlivesEngine: boolean;
  /** Its orders cost money: an engine for it wants every limit, and guesses none. */
  readonly realMoney?: boolean;
  /**
   * A sign of life comes at least this often (Kalshi pings every 10 s); null where silence means
   * nothing.
   */
  readonly heartbeatMs: number | null;
  /**
   * The longest a command or a report usually takes, each way: what the closing reserve is made of.
   */
  readonly latencyP99Ms: number;
  /** Left out where every call counts as one. */
  readonly costs?: Partial<CallCosts>;
  /** The venue's own limits, besides those of the engine's options. */
  readonly buckets?: {
    readonly writes?: readonly TokenWindow[];
    readonly reads?: readonly TokenWindow[];
  };
}

/** An order as the venue lists it. */
export interface VenueOrder {
  readonly clientOrderId: string;
  readonly venueOrderId: string;
  readonly symbol: string;
  readonly status: FoundStatus;
  readonly request: OrderRequest;
  readonly cumulative: Lots;
}

export interface VenueFill extends Fill {
  readonly clientOrderId: string;
  readonly symbol: string;
  /** Which way it went: of orders that are not ours nobody else could tell. */
  readonly outcome?: OutcomeSide;
  readonly action?: Action;
}

export interface VenuePosition {
  readonly symbol: string;
  /** Signed: positive holds YES, negative NO. */
  readonly quantity: number;
}

/** News of one order, and the market it is of: a foreign order has no other address. */
export interface VenueReport {
  readonly symbol: string;
  readonly report: OrderReport;
}

export interface Venue {
  readonly name: string;
  readonly capabilities: VenueCapabilities;
  instruments(): Promise<readonly Instrument[]>;
  book$(symbol: string): Stream<BookEvent>;
  trades$(symbol: string): Stream<Print>;
  readonly reports$: Stream<VenueReport>;
  submit(request: OrderRequest): Promise<SubmitOutcome>;
  amend?(request: AmendRequest): Promise<AmendOutcome>;
  cancel(ref: OrderRef): Promise<CancelOutcome>;
  cancelAll(): Promise<void>;
  /** What the venue knows of one order; null where it knows none, which is no proof of anything. */
  order(ref: OrderRef): Promise<VenueOrder | null>;
  /**
   * All orders of the account that rest, foreign ones too. Complete, or it rejects: a listing that
   * may have lost a page is no listing.
   */
  openOrders(): Promise<readonly VenueOrder[]>;
  /** Those that ended at or after a time; complete, or it rejects. */
  closedOrders?(sinceMs: number): Promise<readonly VenueOrder[]>;
  /** Fills of the account after a cursor, of all there ever were for null; complete as above. */
  fillsSince(
    cursor: string | null,
  ): Promise<{ readonly fills: readonly VenueFill[]; readonly cursor: string }>;
  positions(): Promise<readonly VenuePosition[]>;
  /** Dollars, a plain decimal. */
  balance(): Promise<string>;
  /** The venue's data are complete up to this time. */
  asOf(): Promise<number>;
  /**
   * What to add to our wall clock to get the venue's, in milliseconds, where its answers tell. Else
   * its as-of time is taken for its clock, which lags.
   */
  clockOffsetMs?(): number;
}
