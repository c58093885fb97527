/**
 * The books and trades of the markets that somebody follows, as one connection after another tells
 * them. It folds nothing: it passes on what is complete, and says when something is not.
 */
import { messageOf } from '../../domain/errors.ts';
import { ANSWER_TIMEOUT_MS } from '../../domain/limits.ts';
import type { BookEvent, BookSnapshot, Print } from '../../domain/market-data.ts';
import type { Clock, Log, Stream } from '../../domain/ports.ts';
import { type Convention, conventionOf, isCrossed } from './books-convention.ts';
import type { BestBids } from './rest.ts';
import type { Subscriptions } from './socket-subscriptions.ts';
import { deltaOf, printOf, snapshotOf } from './translate.ts';
import type { DeltaFrame, SnapshotFrame, TradeFrame } from './wire.ts';

/** A book may rest for hours; its subscription may also be dead, and only a question tells. */
export const PROBE_AFTER_MS = 60_000;

export interface BooksOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly bestBids: (symbol: string) => Promise<BestBids>;
  /** How the market stands, for somebody who begins to listen. */
  readonly standing: (symbol: string) => readonly BookEvent[];
  /** The venue may have no book any more of one that is closed. */
  readonly isClosed: (symbol: string) => boolean;
}

interface Followed {
  readonly listeners: Set<(event: BookEvent) => void>;
  readonly traders: Set<(print: Print) => void>;
  /** When its book was last spoken of, or asked for in vain. */
  heardAtMs: number;
  /** When its snapshot was asked for; null where none is awaited. */
  askedAtMs: number | null;
}

/** Whether the prices of NO are those that were asked for; while it is 'unknown' none is told. */
type Trust = 'unknown' | 'assumed' | 'proven' | 'broken';

export class Books {
  readonly #options: BooksOptions;
  readonly #followed = new Map<string, Followed>();
  /** Of the connection that is live; null while none is. */
  #subscriptions: Subscriptions | null = null;
  #trust: Trust = 'unknown';
  #isAsking = false;
  /** Once it looked wrong: the market may have moved between the two readings. */
  #isDoubted = false;
  #downReason = 'not connected yet';
  #heardAtMs = 0;
  #prints = 0;

  constructor(options: BooksOptions) {
    this.#options = options;
  }

  get symbols(): Iterable<string> {
    return this.#followed.keys();
  }

  isFollowed(symbol: string): boolean {
    return this.#followed.has(symbol);
  }

  book$(symbol: string): Stream<BookEvent> {
    return {
      subscribe: (next) => {
        const { listeners } = this.#join(symbol);
        const listener = (event: BookEvent): void => next(event);
        listeners.add(listener);
        this.#welcome(symbol, listener);
        return { unsubscribe: () => this.#leave(symbol, () => listeners.delete(listener)) };
      },
    };
  }

  trades$(symbol: string): Stream<Print> {
    return {
      subscribe: (next) => {
        const { traders } = this.#join(symbol);
        const trader = (print: Print): void => next(print);
        traders.add(trader);
        this.#subscriptions?.syncMarkets();
        return { unsubscribe: () => this.#leave(symbol, () => traders.delete(trader)) };
      },
    };
  }

  /** A new connection: nothing is known of it, its prices of NO included. */
  reset(): void {
    this.#trust = 'unknown';
    this.#isDoubted = false;
  }

  /** The connection is live: markets that it follows already are told anew. */
  up(subscriptions: Subscriptions): void {
    this.#subscriptions = subscriptions;
    this.#isAsking = false;
    const nowMs = this.#options.clock.monotonicMs();
    for (const [symbol, followed] of this.#followed) {
      Object.assign(followed, { heardAtMs: nowMs, askedAtMs: null });
      this.tell({ type: 'feed.up', symbol, reason: 'the connection is live' });
    }
    this.askSnapshots();
    subscriptions.syncMarkets();
  }

  /** Of all markets that may have a book, unless some are named. */
  askSnapshots(symbols: Iterable<string> = this.#followed.keys()): void {
    const open = [...symbols].filter((symbol) => !this.#options.isClosed(symbol));
    const nowMs = this.#options.clock.monotonicMs();
    for (const symbol of this.#subscriptions?.askSnapshots(open) ?? []) {
      const followed = this.#followed.get(symbol);
      if (followed !== undefined) followed.askedAtMs ??= nowMs;
    }
  }

  down(reason: string): void {
    this.#subscriptions = null;
    this.#downReason = reason;
    for (const symbol of this.#followed.keys()) this.tell({ type: 'feed.down', symbol, reason });
  }

  /** A sign of life: all that was sent before it has come. */
  alive(): void {
    if (this.#subscriptions === null || this.#trust === 'broken') return;
    for (const symbol of this.#followed.keys())
      this.tell({ type: 'feed.alive', symbol, reason: 'the venue pings' });
  }

  /** Messages of the books are missing, and nobody knows of which market. */
  gapped(expected: number, received: number): void {
    for (const symbol of this.#followed.keys())
      this.tell({ type: 'book.gap', symbol, expected, received });
  }

  refused(symbol: string, reason: string): void {
    this.tell({ type: 'feed.down', symbol, reason });
  }

  tell(event: BookEvent): void {
    const followed = this.#followed.get(event.symbol);
    if (followed !== undefined) this.#tellAll(followed.listeners, event);
  }

  onFrame(frame: SnapshotFrame | DeltaFrame | TradeFrame): void {
    const followed = this.#followed.get(frame.msg.market_ticker);
    if (followed === undefined || this.#subscriptions === null) return;
    if (frame.type === 'trade') return this.#onTrade(followed, frame);
    this.#heardAtMs = this.#options.clock.monotonicMs();
    followed.heardAtMs = this.#heardAtMs;
    if (frame.type === 'orderbook_snapshot') this.#onSnapshot(followed, frame);
    else if (this.#isTold) this.#tellAll(followed.listeners, deltaOf(frame));
  }

  /**
   * Asks for books that nothing was heard of for long. One that does not come is not trusted any
   * more; false where none came at all: the subscription is dead.
   */
  probe(): boolean {
    const nowMs = this.#options.clock.monotonicMs();
    const silent: string[] = [];
    for (const [symbol, followed] of this.#followed) {
      const { askedAtMs, heardAtMs } = followed;
      if (askedAtMs !== null && nowMs - askedAtMs >= ANSWER_TIMEOUT_MS) {
        if (this.#heardAtMs < askedAtMs) return false;
        this.#options.log.warn({ symbol }, 'a book that was asked for does not come');
        this.tell({ type: 'book.gap', symbol, expected: 0, received: 0 });
        Object.assign(followed, { heardAtMs: nowMs, askedAtMs: null });
      } else if (askedAtMs === null && nowMs - heardAtMs >= PROBE_AFTER_MS) silent.push(symbol);
    }
    if (silent.length > 0) this.askSnapshots(silent);
    return true;
  }

  #onTrade({ traders }: Followed, frame: TradeFrame): void {
    this.#prints += 1;
    this.#tellAll(traders, printOf(frame, this.#prints));
  }

  /** What a listener throws is its own affair, not that of the connection or of others. */
  #tellAll<T>(listeners: Iterable<(value: T) => void>, value: T): void {
    for (const listener of listeners)
      try {
        listener(value);
      } catch (thrown) {
        this.#options.log.error({ reason: messageOf(thrown) }, 'a listener of a market broke');
      }
  }

  get #isTold(): boolean {
    return this.#trust === 'proven' || this.#trust === 'assumed';
  }

  #onSnapshot(followed: Followed, frame: SnapshotFrame): void {
    followed.askedAtMs = null;
    const snapshot = snapshotOf(frame);
    if (this.#isTold) this.tell(snapshot);
    if (this.#trust === 'unknown' || this.#trust === 'assumed') this.#verify(snapshot);
  }

  #verify(snapshot: BookSnapshot): void {
    const { log, bestBids } = this.#options;
    const { symbol } = snapshot;
    const subscriptions = this.#subscriptions;
    if (this.#isAsking) return;
    if (snapshot.asks.length === 0) return this.#conclude('unproven');
    this.#isAsking = true;
    const conclude = (convention: Convention): void => {
      if (this.#subscriptions === subscriptions) this.#conclude(convention);
    };
    bestBids(symbol).then(
      (best) => conclude(conventionOf(snapshot, best)),
      (thrown: unknown) => {
        const reason = messageOf(thrown);
        log.warn({ symbol, reason }, 'the prices of NO could not be compared with REST');
        conclude(isCrossed(snapshot) ? 'flipped' : 'unproven');
      },
    );
  }

  #conclude(convention: Convention): void {
    this.#isAsking = false;
    if (convention === 'flipped' && this.#trust === 'unknown' && !this.#isDoubted) {
      this.#isDoubted = true;
      return this.askSnapshots();
    }
    if (convention === 'flipped') {
      this.#trust = 'broken';
      const reason = 'Kalshi writes NO in prices that were not asked for';
      this.#downReason = reason;
      this.#options.log.error({ reason }, 'no book is told until the next connection');
      for (const symbol of this.#followed.keys()) this.refused(symbol, reason);
      return;
    }
    const wasHeld = !this.#isTold;
    this.#trust = convention === 'unproven' ? 'assumed' : 'proven';
    if (wasHeld) this.askSnapshots();
  }

  #join(symbol: string): Followed {
    const known = this.#followed.get(symbol);
    if (known !== undefined) return known;
    const heardAtMs = this.#options.clock.monotonicMs();
    const followed: Followed = {
      listeners: new Set(),
      traders: new Set(),
      heardAtMs,
      askedAtMs: null,
    };
    this.#followed.set(symbol, followed);
    return followed;
  }

  #leave(symbol: string, forget: () => void): void {
    forget();
    const followed = this.#followed.get(symbol);
    if (followed === undefined || followed.listeners.size + followed.traders.size > 0) return;
    this.#followed.delete(symbol);
    this.#subscriptions?.syncMarkets();
  }

  /** Of a market that is subscribed to already a book is asked for, which harms nobody else. */
  #welcome(symbol: string, listener: (event: BookEvent) => void): void {
    const isUp = this.#subscriptions !== null && this.#trust !== 'broken';
    const reason = isUp ? 'the connection is live' : this.#downReason;
    this.#tellAll([listener], { type: isUp ? 'feed.up' : 'feed.down', symbol, reason });
    for (const event of this.#options.standing(symbol)) this.#tellAll([listener], event);
    this.askSnapshots([symbol]);
    this.#subscriptions?.syncMarkets();
  }
}
