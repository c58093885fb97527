/**
 * Kalshi, demo or prod, as a `Venue`: calls go by REST, news come by one WebSocket, which connects
 * when somebody first listens and again whenever it is lost.
 */
import type { Instrument } from '../../domain/instrument.ts';
import type { BookEvent, Print } from '../../domain/market-data.ts';
import type {
  AmendOutcome,
  AmendRequest,
  CancelOutcome,
  OrderRef,
  OrderRequest,
  SubmitOutcome,
} from '../../domain/order.ts';
import type {
  Clock,
  Log,
  Random,
  Stream,
  Venue,
  VenueCapabilities,
  VenueFill,
  VenueOrder,
  VenuePosition,
  VenueReport,
} from '../../domain/ports.ts';
import { liveClock } from '../../env/live-clock.ts';
import { seededRandom } from '../../env/seeded-random.ts';
import {
  ENVIRONMENTS,
  type EnvironmentName,
  endpointOf,
  type KalshiEnvironment,
} from './environments.ts';
import { type AccountLimits, KalshiRest, type KalshiRestOptions } from './rest.ts';
import type { SessionView } from './session.ts';
import type { KalshiNews } from './session-news.ts';
import { Streams } from './session-streams.ts';
import { type Credentials, signerOf } from './sign.ts';
import { type Dial, kalshiDial } from './socket.ts';

export { ENVIRONMENTS, type EnvironmentName, type KalshiEnvironment } from './environments.ts';
export { KalshiError } from './rest-client.ts';
export type { SessionView } from './session.ts';
export type { KalshiNews } from './session-news.ts';
export { type Credentials, readKeyFile, Secret } from './sign.ts';

export interface KalshiOptions
  extends Pick<
    KalshiRestOptions,
    'markets' | 'name' | 'subaccount' | 'balanceStep' | 'selfTradePrevention' | 'cancelOnPause'
  > {
  /** 'demo' and 'prod' have accounts and keys of their own; or the addresses of an emulator. */
  readonly environment: EnvironmentName | KalshiEnvironment;
  readonly credentials: Credentials;
  /** Indices to hear of, as "BRTI", which markets settle against; none unless given. */
  readonly indexIds?: readonly string[];
  /** The machine's own unless given. */
  readonly clock?: Clock;
  /** Draws pauses between connections only. */
  readonly random?: Random;
  /** Nothing is logged unless given. */
  readonly log?: Log;
  /** Hears each frame as it came, private ones too; connections count from 1. For recorders. */
  readonly onText?: (text: string, connection: number) => void;
  /** Opens the connection; a WebSocket to the environment unless given. */
  readonly dial?: Dial;
}

export interface KalshiVenue extends Venue {
  amend(request: AmendRequest): Promise<AmendOutcome>;
  closedOrders(sinceMs: number): Promise<readonly VenueOrder[]>;
  /** What only Kalshi has: order groups, batches, queue positions, schedule. */
  readonly rest: KalshiRest;
  /** Order groups, indices, fees and new events. */
  readonly news$: Stream<KalshiNews>;
  readonly connection: SessionView;
  /** Ends the connection and all calls, for good; orders stay where they are. */
  close(): Promise<void>;
}

/** Throws an `InputError` for options that cannot be used; nothing is asked of the venue yet. */
export const kalshiVenue = (options: KalshiOptions): KalshiVenue => new Kalshi(options);

const nobody = (): void => undefined;
const SILENT: Log = { debug: nobody, info: nobody, warn: nobody, error: nobody };

class Kalshi implements KalshiVenue {
  readonly name: string;
  readonly reports$: Stream<VenueReport>;
  readonly news$: Stream<KalshiNews>;
  readonly rest: KalshiRest;
  readonly #parts: Streams;
  readonly #log: Log;
  #limits: AccountLimits | null = null;
  #isClosed = false;

  constructor(options: KalshiOptions) {
    const { clock = liveClock, log = SILENT, indexIds = [], environment: place } = options;
    const environment = typeof place === 'string' ? ENVIRONMENTS[place] : place;
    const url = endpointOf(environment.wsUrl, 'wss:');
    const signer = signerOf(options.credentials);
    const rest = new KalshiRest({ ...options, environment, signer, clock, log });
    const clockOffsetMs = (): number => rest.clockOffsetMs;
    const heard = options.onText === undefined ? {} : { onText: options.onText };
    const dial =
      options.dial ?? kalshiDial({ url, sign: signer.sign, clock, clockOffsetMs, ...heard });
    const random = options.random ?? seededRandom(`kalshi ${clock.wallMs()}`);
    this.name = options.name ?? 'kalshi';
    this.rest = rest;
    this.#log = log;
    const { redact } = signer;
    this.#parts = new Streams({ rest, dial, clock, random, log, indexIds, redact });
    this.reports$ = this.#opening(this.#parts.reports);
    this.news$ = this.#opening(this.#parts.news);
  }

  get connection(): SessionView {
    return this.#parts.session.view;
  }

  /** Calls are counted by the account's own limits once instruments were listed. */
  get capabilities(): VenueCapabilities {
    return this.#limits === null
      ? CAPABILITIES
      : { ...CAPABILITIES, costs: this.#limits.costs, buckets: this.#limits.buckets };
  }

  /** Says at once, by an `InputError`, where the key is not one of this environment. */
  async instruments(): Promise<readonly Instrument[]> {
    await this.rest.checkKey();
    this.#limits = await this.rest.accountLimits();
    return this.#parts.listings.relist();
  }

  book$(symbol: string): Stream<BookEvent> {
    return this.#opening(this.#parts.books.book$(symbol));
  }

  trades$(symbol: string): Stream<Print> {
    return this.#opening(this.#parts.books.trades$(symbol));
  }

  async submit(request: OrderRequest): Promise<SubmitOutcome> {
    const { orders, session } = this.#parts;
    orders.submitting(request);
    let outcome: SubmitOutcome | null = null;
    try {
      outcome = await this.rest.submit(request);
      return this.#looked('a new order', request, outcome);
    } finally {
      orders.submitted(request, outcome);
      if (outcome?.kind === 'rejected' && PAUSED.test(outcome.reason)) session.askStatus();
    }
  }

  async amend(request: AmendRequest): Promise<AmendOutcome> {
    return this.#looked('an amend', request, await this.rest.amend(request));
  }

  async cancel(ref: OrderRef): Promise<CancelOutcome> {
    return this.#looked('a cancel', ref, await this.rest.cancel(ref));
  }

  cancelAll(): Promise<void> {
    return this.rest.cancelAll();
  }

  order(ref: OrderRef): Promise<VenueOrder | null> {
    return this.rest.order(ref);
  }

  openOrders(): Promise<readonly VenueOrder[]> {
    return this.rest.openOrders();
  }

  closedOrders(sinceMs: number): Promise<readonly VenueOrder[]> {
    return this.rest.closedOrders(sinceMs);
  }

  fillsSince(
    cursor: string | null,
  ): Promise<{ readonly fills: readonly VenueFill[]; readonly cursor: string }> {
    return this.#parts.listings.fillsSince(cursor);
  }

  positions(): Promise<readonly VenuePosition[]> {
    return this.rest.positions();
  }

  balance(): Promise<string> {
    return this.rest.balance();
  }

  asOf(): Promise<number> {
    return this.rest.asOf();
  }

  clockOffsetMs(): number {
    return this.rest.clockOffsetMs;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#parts.close();
    this.rest.close();
  }

  /** Why nobody knows; what is done about it is for whoever gave the order. */
  #looked<T extends SubmitOutcome | AmendOutcome | CancelOutcome>(
    what: string,
    { clientOrderId: order }: Pick<OrderRef, 'clientOrderId'>,
    outcome: T,
  ): T {
    if (outcome.kind === 'ambiguous' && !this.#isClosed)
      this.#log.warn(
        { order, reason: outcome.reason },
        `nobody knows whether ${what} was taken: Kalshi is asked until it is known`,
      );
    return outcome;
  }

  /** Whoever listens first opens the connection. */
  #opening<T>(stream: Stream<T>): Stream<T> {
    return {
      subscribe: (next) => {
        const subscription = stream.subscribe(next);
        this.#parts.session.open();
        return subscription;
      },
    };
  }
}

const PAUSED = /trading_is_paused/i;

const CAPABILITIES: VenueCapabilities = {
  amend: 'total',
  postOnly: true,
  ioc: true,
  fok: true,
  expiry: true,
  lookupByClientId: false,
  outlivesEngine: true,
  realMoney: true,
  heartbeatMs: 10_000,
  latencyP99Ms: 500,
};
