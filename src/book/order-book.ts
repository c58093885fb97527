/**
 * The book of one market in YES prices, folded in place from the venue's events in their order. It
 * never repairs what it doubts: after a gap it waits for the next snapshot and says so by its
 * health.
 */
import type { BookDelta, BookGap, BookSide, BookSnapshot, Level } from '../domain/market-data.ts';
import type { Lots, Ticks } from '../domain/numbers.ts';
import { HalfBook } from './half-book.ts';

/** 'empty' saw no snapshot yet; 'crossed' has a bid above an ask, as inside a transaction. */
export type BookHealth = 'empty' | 'live' | 'gapped' | 'crossed';

/**
 * 'gapped': continuity was lost, a delta is dropped until the next snapshot. 'beforeSnapshot':
 * dropped too. 'negativeLevel': more was taken than stood there, the level is now 0. 'crossed':
 * applied.
 */
export type BookFault = 'gapped' | 'beforeSnapshot' | 'negativeLevel' | 'crossed';

export class OrderBook {
  readonly symbol: string;
  /** Best first, in YES prices. To be read only; `apply` alone changes them. */
  readonly bids = new HalfBook(1);
  readonly asks = new HalfBook(-1);
  #version = 0;
  #health: BookHealth = 'empty';
  #touchVersion = 0;
  #timeMs = 0;

  constructor(symbol: string) {
    this.symbol = symbol;
  }

  /** Counts the changes, those of health included. */
  get version(): number {
    return this.#version;
  }

  /** Counts the changes of a best price: two equal ones are the same touch. */
  get touchVersion(): number {
    return this.#touchVersion;
  }

  get health(): BookHealth {
    return this.#health;
  }

  /** The latest exchange time heard, in milliseconds; 0 before the first. Never runs backwards. */
  get timeMs(): number {
    return this.#timeMs;
  }

  side(side: BookSide): HalfBook {
    return side === 'bid' ? this.bids : this.asks;
  }

  sizeAt(side: BookSide, price: Ticks): Lots {
    return this.side(side).sizeAt(price);
  }

  /** Folds one event. */
  apply(event: BookSnapshot | BookDelta | BookGap): BookFault | null {
    if (event.type === 'book.delta') return this.#applyDelta(event);
    if (event.type === 'book.snapshot') return this.#applySnapshot(event);
    this.#version += 1;
    this.#health = 'gapped';
    return 'gapped';
  }

  #applyDelta({ timeMs, side, price, change }: BookDelta): BookFault | null {
    this.#note(timeMs);
    if (this.#health === 'empty') return 'beforeSnapshot';
    if (this.#health === 'gapped') return 'gapped';
    const half = side === 'bid' ? this.bids : this.asks;
    const { best } = half;
    let missing = 0;
    if ('by' in change) missing = half.add(price, change.by);
    else half.set(price, change.to);
    this.#version += 1;
    // Nearly all deltas leave the touch alone: then the other side is not looked at.
    if (!Object.is(half.best, best)) this.#judge();
    return missing > 0 ? 'negativeLevel' : this.#crossing;
  }

  #applySnapshot(snapshot: BookSnapshot): BookFault | null {
    this.#note(snapshot.timeMs);
    this.bids.clear();
    this.asks.clear();
    const whole = load(this.bids, snapshot.bids) && load(this.asks, snapshot.asks);
    this.#version += 1;
    this.#judge();
    return whole ? this.#crossing : 'negativeLevel';
  }

  get #crossing(): 'crossed' | null {
    return this.#health === 'crossed' ? 'crossed' : null;
  }

  #judge(): void {
    this.#touchVersion += 1;
    this.#health = this.bids.best > this.asks.best ? 'crossed' : 'live';
  }

  #note(timeMs: number | null): void {
    if (timeMs !== null && timeMs > this.#timeMs) this.#timeMs = timeMs;
  }
}

/** A level named twice is summed, a size below zero is left out and reported. */
function load(half: HalfBook, levels: readonly Level[]): boolean {
  let whole = true;
  for (const { price, size } of levels) if (half.add(price, size) > 0) whole = false;
  return whole;
}
