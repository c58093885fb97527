/**
 * The chart of a connection at work: it opens sockets, keeps the time, and asks by REST what no
 * stream repeats. What a frame means is for others; when it may be believed is decided here.
 */
import { type ActorRefFrom, createActor } from 'xstate';
import { venueSessionMachine } from '../../../machines/venue-session/venue-session.machine.ts';
import type { SessionEvent } from '../../../machines/venue-session/venue-session.protocol.ts';
import { pauseMs } from '../../../machines/venue-session/venue-session.rules.ts';
import { messageOf } from '../../domain/errors.ts';
import { ANSWER_TIMEOUT_MS } from '../../domain/limits.ts';
import type { Clock, Log, Random, TimerId } from '../../domain/ports.ts';
import type { Books } from './books.ts';
import type { KalshiRest } from './rest.ts';
import type { Listings } from './session-listings.ts';
import { LISTING_AGE_MS, type MarketStates } from './session-markets.ts';
import type { PrivateOrders } from './session-orders.ts';
import type { Dial, Line } from './socket.ts';
import { NEWS_CHANNELS, Subscriptions } from './socket-subscriptions.ts';
import type { KalshiFrame } from './wire.ts';

/** The venue pings every 10 s. */
export const SILENCE_MS = 30_000;
/** How often is looked at what should have come. */
const WATCH_MS = 1_000;
/** Live for so long, a connection has proven that it can be. */
const STEADY_MS = 60_000;
/** Between two listings of the markets: some open by the clock, and no frame says so. */
const RELIST_MS = 300_000;
/** A pause of the exchange is said by no frame. */
const STATUS_MS = 10_000;
const PAUSES = { firstMs: 500, longestMs: 60_000 };
/** Who is refused is so again, until a person does something. */
const REFUSED_FAILURES = 32;

export interface SessionOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly dial: Dial;
  readonly books: Books;
  readonly orders: PrivateOrders;
  readonly markets: MarketStates;
  readonly indexIds: readonly string[];
  readonly listings: Pick<Listings, 'reconcile' | 'relist'>;
  readonly rest: Pick<KalshiRest, 'exchangeStatus'>;
  /** Hears frames about neither books nor orders nor markets. */
  readonly tell: (frame: KalshiFrame) => void;
  readonly redact?: (text: string) => string;
}

export interface SessionView {
  readonly state: string;
  readonly isLive: boolean;
  readonly isPaused: boolean;
  /** Why there is no connection; null where there is one. */
  readonly reason: string | null;
}

export class KalshiSession {
  readonly #options: SessionOptions;
  readonly #actor: ActorRefFrom<typeof venueSessionMachine>;
  #line: Line | null = null;
  #subscriptions: Subscriptions;
  #heardAtMs = 0;
  #askedStatusAtMs = -Infinity;
  #relistAtMs = 0;
  #steadyAtMs = 0;
  #watchTimer: TimerId | null = null;
  #retryTimer: TimerId | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#subscriptions = this.#newSubscriptions();
    this.#actor = createActor(this.#provided()).start();
  }

  get view(): SessionView {
    const snapshot = this.#actor.getSnapshot();
    const { link } = snapshot.value;
    return {
      state: typeof link === 'string' ? link : link.open,
      isLive: snapshot.hasTag('live'),
      isPaused: snapshot.hasTag('paused'),
      reason: snapshot.context.reason,
    };
  }

  /** Harmless where it is open. */
  open(): void {
    if (this.#watchTimer !== null || this.view.state === 'closed') return;
    this.#send({ type: 'session.open' });
    this.#watch();
  }

  /** For good. */
  close(): void {
    this.#send({ type: 'session.close' });
    this.#disarm();
  }

  /** An answer to an order says that the exchange pauses, before the next look at its status. */
  askStatus(): void {
    this.#askedStatusAtMs = this.#options.clock.monotonicMs();
    this.#ask('the status of the exchange is not known', this.#readStatus());
  }

  async #readStatus(): Promise<void> {
    const { isActive, isTrading } = await this.#options.rest.exchangeStatus();
    this.#send({ type: isActive && isTrading ? 'exchange.resumed' : 'exchange.paused' });
  }

  #send(event: SessionEvent): void {
    this.#actor.send(event);
  }

  #provided() {
    const { books, markets, log, clock } = this.#options;
    return venueSessionMachine.provide({
      actions: {
        openSocket: () => this.#openSocket(),
        dropSocket: () => {
          this.#line?.close();
          this.#line = null;
        },
        // The handshake carried the signature: a socket that opened is ours.
        authenticate: () => this.#send({ type: 'session.authenticated' }),
        subscribe: () => this.#subscriptions.subscribeNews(),
        reconcile: ({ context }) => this.#reconcile(context.round),
        tellUp: () => {
          log.info({}, 'the connection to Kalshi is live');
          // The listing that was just read may have come from the venue's cache.
          this.#relistAtMs = clock.monotonicMs() + LISTING_AGE_MS;
          this.#steadyAtMs = clock.monotonicMs() + STEADY_MS;
          books.up(this.#subscriptions);
        },
        tellDown: ({ event }) => books.down('reason' in event ? event.reason : event.type),
        askSnapshots: () => books.askSnapshots(),
        armRetry: ({ context }) => this.#armRetry(context.retryAtMs ?? 0),
        tellPaused: () => {
          log.warn({}, 'Kalshi pauses: it takes cancels only');
          markets.setExchange(true);
        },
        tellResumed: () => {
          log.info({}, 'Kalshi trades again');
          markets.setExchange(false);
        },
      },
    });
  }

  #openSocket(): void {
    const { books, dial, clock } = this.#options;
    books.reset();
    this.#subscriptions = this.#newSubscriptions();
    this.#heardAtMs = clock.monotonicMs();
    this.#line = dial({
      opened: () => this.#send({ type: 'socket.opened' }),
      alive: () => {
        this.#heardAtMs = clock.monotonicMs();
        books.alive();
      },
      frame: (frame) => this.#onFrame(frame),
      refused: (reason) => this.#lose('session.refused', reason),
      lost: (reason) => this.#lose('socket.lost', reason),
    });
  }

  #newSubscriptions(): Subscriptions {
    const { books, clock, indexIds, log } = this.#options;
    return new Subscriptions({
      send: (text) => this.#line?.send(text),
      nowMs: () => clock.monotonicMs(),
      wanted: () => books.symbols,
      indexIds,
      events: {
        subscribed: () => this.#send({ type: 'session.subscribed' }),
        gapped: (channel, expected, received) => this.#gapped(channel, expected, received),
        overflowed: (channel) => {
          log.warn({ channel }, 'Kalshi gave up a subscription: its buffer ran over');
          this.#send({ type: 'subscription.lost' });
        },
        refused: (name, told) => {
          const reason = this.#redact(told);
          log.error({ name, reason }, 'a market or a channel cannot be followed');
          books.refused(name, reason);
        },
        failed: (reason, isRefusal) =>
          this.#lose(isRefusal ? 'session.refused' : 'socket.lost', reason),
      },
    });
  }

  #onFrame(frame: KalshiFrame): void {
    const { books, orders, markets, tell } = this.#options;
    this.#heardAtMs = this.#options.clock.monotonicMs();
    if (!this.#subscriptions.receive(frame)) return;
    switch (frame.type) {
      case 'orderbook_delta':
      case 'orderbook_snapshot':
      case 'trade':
        return books.onFrame(frame);
      case 'fill':
        return orders.onFill(frame);
      case 'user_order':
        return orders.onOrder(frame);
      case 'market_lifecycle_v2':
        return markets.onFrame(frame);
      default:
        return tell(frame);
    }
  }

  /** A print or an index value that is missing is gone; all else is asked for again. */
  #gapped(channel: string, expected: number, received: number): void {
    const { books, log } = this.#options;
    log.warn({ channel, expected, received }, 'messages of Kalshi are missing');
    if (channel === 'orderbook_delta') {
      books.gapped(expected, received);
      this.#send({ type: 'books.gapped' });
    } else if (NEWS_CHANNELS.includes(channel)) this.#send({ type: 'news.missed' });
  }

  #redact(told: string): string {
    return this.#options.redact?.(told) ?? told;
  }

  #lose(type: 'socket.lost' | 'socket.silent' | 'session.refused', told: string): void {
    const { clock, random, log } = this.#options;
    if (this.#line === null) return;
    const reason = this.#redact(told);
    const { failures } = this.#actor.getSnapshot().context;
    const grown = type === 'session.refused' ? REFUSED_FAILURES : failures;
    const waitMs = pauseMs(grown, random.next(), PAUSES);
    log.warn({ reason, waitMs }, 'no connection to Kalshi: nothing is placed before it is back');
    this.#send({ type, reason, retryAtMs: clock.wallMs() + waitMs });
  }

  #reconcile(round: number): void {
    const { listings } = this.#options;
    Promise.all([listings.reconcile(), this.#readStatus()]).then(
      () => this.#send({ type: 'session.reconciled', round }),
      (thrown: unknown) => {
        const isLatest = this.#actor.getSnapshot().context.round === round;
        if (isLatest && this.view.state === 'reconciling')
          this.#lose('socket.lost', `the account is not known: ${messageOf(thrown)}`);
      },
    );
  }

  #armRetry(atMs: number): void {
    const { clock } = this.#options;
    const delayMs = Math.max(0, atMs - clock.wallMs());
    this.#retryTimer = clock.setTimeout(() => this.#send({ type: 'retry.due', atMs }), delayMs);
  }

  /** One timer for all that should have come and did not. */
  #watch(): void {
    const { clock } = this.#options;
    this.#watchTimer = clock.setTimeout(() => this.#watch(), WATCH_MS);
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#askedStatusAtMs >= STATUS_MS) this.askStatus();
    if (this.#line === null) return;
    const quietMs = nowMs - this.#heardAtMs;
    const waitingMs = nowMs - (this.#subscriptions.waitingSinceMs ?? nowMs);
    const { state, isLive } = this.view;
    if (quietMs >= (state === 'connecting' ? ANSWER_TIMEOUT_MS : SILENCE_MS))
      this.#lose('socket.silent', `no sign of life for ${Math.floor(quietMs / 1_000)} s`);
    else if (waitingMs >= ANSWER_TIMEOUT_MS)
      this.#lose('socket.lost', 'a command was not answered');
    else if (isLive) this.#lookAround(nowMs);
  }

  #lookAround(nowMs: number): void {
    if (!this.#options.books.probe()) this.#lose('socket.lost', 'books asked for do not come');
    if (nowMs >= this.#steadyAtMs) {
      this.#steadyAtMs = Infinity;
      this.#send({ type: 'session.steady' });
    }
    if (nowMs < this.#relistAtMs) return;
    this.#relistAtMs = nowMs + RELIST_MS;
    this.#ask('the markets are not listed', this.#options.listings.relist());
  }

  /** Not urgent: what fails is asked again the next time. */
  #ask(complaint: string, question: Promise<unknown>): void {
    question.catch((thrown: unknown) => {
      this.#options.log.debug({ reason: messageOf(thrown) }, complaint);
    });
  }

  #disarm(): void {
    for (const timer of [this.#watchTimer, this.#retryTimer])
      if (timer !== null) this.#options.clock.clearTimeout(timer);
  }
}
