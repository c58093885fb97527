/**
 * The book of one market as a strategy sees it: frozen, in decimal text, of the moment it was made.
 * It is never a view of the engine's own book, which moves on.
 */
import { Observable } from 'rxjs';
import { ownView } from '../../book/own-view.ts';
import {
  formatPrice,
  formatQuantity,
  type Instrument,
  type OutcomeSide,
} from '../../domain/instrument.ts';
import type { BookSide, Level } from '../../domain/market-data.ts';
import type { Clock } from '../../domain/ports.ts';
import { newest } from '../views/newest.ts';
import type { MarketHost } from './market-host.ts';

export interface BookLevel {
  /** Dollars a contract of the outcome it is listed under. */
  readonly price: string;
  /** Contracts; own resting orders are in it. */
  readonly quantity: string;
}

/** Best level first. */
export interface OutcomeBook {
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
}

export interface MarketBook {
  readonly venue: string;
  readonly market: string;
  /** Counts the changes of the engine's book; the same version holds the same levels. */
  readonly version: number;
  /** 'stale' while nothing may be decided on it: gapped, crossed, silent, or paused. */
  readonly health: 'live' | 'stale';
  /** The venue's time of the last change, in milliseconds since the epoch; 0 before the first. */
  readonly timeMs: number;
  readonly yes: OutcomeBook;
  /** The same book seen from NO; null for what has no NO side. */
  readonly no: OutcomeBook | null;
}

function outcomeBook(
  { feed, instrument }: MarketHost,
  outcome: OutcomeSide,
  levels: number,
): OutcomeBook {
  const view = ownView(feed.book, instrument, outcome);
  const side = (of: BookSide): readonly BookLevel[] =>
    Object.freeze(view.ladder(of, levels).map((level) => frozenLevel(instrument, level)));
  return Object.freeze({ bids: side('bid'), asks: side('ask') });
}

const frozenLevel = (instrument: Instrument, { price, size }: Level): BookLevel =>
  Object.freeze({
    price: formatPrice(instrument, price),
    quantity: formatQuantity(instrument, size),
  });

function bookOf(host: MarketHost, levels: number, last: MarketBook | null): MarketBook | null {
  const { feed, actor, instrument } = host;
  const { version, timeMs } = feed.book;
  if (feed.book.health === 'empty') return null;
  const isLive = feed.fresh && actor.getSnapshot().context.bookLive;
  const health = isLive ? 'live' : 'stale';
  if (last?.version === version && last.health === health) return last;
  return Object.freeze({
    venue: instrument.venue,
    market: instrument.symbol,
    version,
    health,
    timeMs,
    yes: outcomeBook(host, 'yes', levels),
    no: instrument.payout === null ? null : outcomeBook(host, 'no', levels),
  });
}

/** Nothing is told before the first whole book; it completes when the engine stops. */
export function marketBook$(
  host: MarketHost,
  clock: Clock,
  levels: number,
): Observable<MarketBook> {
  const { feed, actor } = host;
  // A market that is paused has a whole book, and still is not one to decide on.
  const moved$ = new Observable<unknown>((subscriber) => {
    const subscription = actor.subscribe({
      next: (state) => subscriber.next(state),
      error: () => subscriber.complete(),
    });
    subscriber.add(feed.changes$.subscribe(subscriber));
    return () => subscription.unsubscribe();
  });
  const read = (last: MarketBook | null): MarketBook | null => bookOf(host, levels, last);
  return newest({ clock, moved$, read });
}
