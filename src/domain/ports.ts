/**
 * The doors of the engine. Each is a structural subset of what it adapts, so that any compatible
 * object fits: an RxJS observable is a `Stream`, a pino logger a `Log`.
 */
import type { Instrument } from './instrument.ts';
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

export interface VenueCapabilities {
  /** What the quantity of an amend means; null where the venue has no amend. */
  readonly amend: 'total' | null;
  readonly postOnly: boolean;
  readonly ioc: boolean;
  readonly fok: boolean;
  /** Resting orders may carry the venue's own expiry. */
  readonly expiry: boolean;
  readonly lookupByClientId: boolean;
  /**
   * A sign of life comes at least this often (Kalshi pings every 10 s); null where silence means
   * nothing.
   */
  readonly heartbeatMs: number | null;
  /**
   * The longest a command or a report usually takes, each way: what the closing reserve is made of.
   */
  readonly latencyP99Ms: number;
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
  openOrders(): Promise<readonly VenueOrder[]>;
  fillsSince(
    cursor: string | null,
  ): Promise<{ readonly fills: readonly VenueFill[]; readonly cursor: string }>;
  positions(): Promise<readonly VenuePosition[]>;
  /** Dollars, a plain decimal. */
  balance(): Promise<string>;
  /** The venue's data are complete up to this time. */
  asOf(): Promise<number>;
}
