/** What hears and tells of one account: books, markets, orders and the session, put together. */
import { Subject } from 'rxjs';
import { messageOf } from '../../domain/errors.ts';
import type { Clock, Log, Random, TimerId, VenueReport } from '../../domain/ports.ts';
import { Books } from './books.ts';
import type { KalshiRest } from './rest.ts';
import { KalshiSession } from './session.ts';
import { Listings, type ListingsOptions } from './session-listings.ts';
import { MarketStates } from './session-markets.ts';
import { type KalshiNews, newsOf } from './session-news.ts';
import { PrivateOrders } from './session-orders.ts';
import type { Dial } from './socket.ts';
import type { KalshiFrame } from './wire.ts';

export interface StreamsOptions {
  readonly rest: ListingsOptions['rest'] &
    Pick<KalshiRest, 'bestBids' | 'exchangeStatus' | 'learn' | 'clockOffsetMs'>;
  readonly dial: Dial;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly indexIds: readonly string[];
  /** Takes secrets out of what the venue says; nothing unless given. */
  readonly redact?: (text: string) => string;
}

/** The venue's own view of an order lags what it did to it. */
const RECHECK_MS = 2_000;

export class Streams {
  readonly reports = new Subject<VenueReport>();
  readonly news = new Subject<KalshiNews>();
  readonly markets: MarketStates;
  readonly books: Books;
  readonly orders: PrivateOrders;
  readonly listings: Listings;
  readonly session: KalshiSession;
  readonly #clock: Clock;
  readonly #rechecks = new Set<TimerId>();

  constructor(options: StreamsOptions) {
    const { rest, clock, log } = options;
    this.#clock = clock;
    this.markets = new MarketStates({
      clock,
      log,
      clockOffsetMs: () => rest.clockOffsetMs,
      tell: (event) => this.books.tell(event),
      reactivated: (symbol) => this.#recheckSoon(symbol, options),
    });
    this.books = new Books({
      clock,
      log,
      bestBids: (symbol) => rest.bestBids(symbol),
      standing: (symbol) => this.markets.standing(symbol),
      isClosed: (symbol) => this.markets.isClosed(symbol),
    });
    this.orders = new PrivateOrders({
      tell: (report) => this.reports.next(report),
      instrumentOf: (symbol) => this.listings.instrumentOf(symbol),
      named: (venueOrderId, wireId) => rest.learn(venueOrderId, wireId),
    });
    const { markets, books, orders } = this;
    const isFollowed = (symbol: string): boolean => books.isFollowed(symbol);
    this.listings = new Listings({ rest, markets, orders, log, isFollowed });
    this.session = new KalshiSession({
      ...options,
      markets,
      books,
      orders,
      listings: this.listings,
      tell: (frame) => this.#tell(frame),
    });
  }

  /** For good. */
  close(): void {
    this.session.close();
    this.markets.stop();
    for (const timer of this.#rechecks) this.#clock.clearTimeout(timer);
    this.reports.complete();
    this.news.complete();
  }

  #tell(frame: KalshiFrame): void {
    const news = newsOf(frame);
    if (news !== null) this.news.next(news);
  }

  #recheckSoon(symbol: string, { clock, log }: StreamsOptions): void {
    const timer = clock.setTimeout(() => {
      this.#rechecks.delete(timer);
      this.listings.recheck(symbol).catch((thrown: unknown) => {
        log.warn({ symbol, reason: messageOf(thrown) }, 'orders of a market are not known');
      });
    }, RECHECK_MS);
    this.#rechecks.add(timer);
  }
}
