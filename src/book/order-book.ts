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
  #timeMs = 0;
  #heardAtMs = Number.NEGATIVE_INFINITY;

  constructor(symbol: string) {
    this.symbol = symbol;
  }

  /** Counts the changes, those of health included. */
  get version(): number {
    return this.#version;
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

  /** Milliseconds since the market last spoke, on the clock `heardAtMs` was given in. */
  silentForMs(nowMs: number): number {
    return Math.max(0, nowMs - this.#heardAtMs);
  }

  /** A sign of life that changes no level: a ticker, a heartbeat of the subscription. */
  heard(atMs: number): void {
    if (atMs > this.#heardAtMs) this.#heardAtMs = atMs;
  }

  /**
   * Folds one event. Live feeds give `heardAtMs` of their own clock, since two clocks are never
   * subtracted; a recording leaves it out and the exchange's time is its clock.
   */
  apply(event: BookSnapshot | BookDelta | BookGap, heardAtMs?: number): BookFault | null {
    if (event.type === 'book.delta') return this.#applyDelta(event, heardAtMs);
    if (event.type === 'book.snapshot') return this.#applySnapshot(event, heardAtMs);
    this.#version += 1;
    this.#health = 'gapped';
    return 'gapped';
  }

  #applyDelta(delta: BookDelta, heardAtMs: number | undefined): BookFault | null {
    this.#note(delta.timeMs, heardAtMs);
    if (this.#health === 'empty') return 'beforeSnapshot';
    if (this.#health === 'gapped') return 'gapped';
    const half = delta.side === 'bid' ? this.bids : this.asks;
    const { change } = delta;
    let missing = 0;
    if ('by' in change) missing = half.add(delta.price, change.by);
    else half.set(delta.price, change.to);
    this.#version += 1;
    const crossing = this.#judge();
    return missing > 0 ? 'negativeLevel' : crossing;
  }

  #applySnapshot(snapshot: BookSnapshot, heardAtMs: number | undefined): BookFault | null {
    this.#note(snapshot.timeMs, heardAtMs);
    this.bids.clear();
    this.asks.clear();
    const whole = load(this.bids, snapshot.bids) && load(this.asks, snapshot.asks);
    this.#version += 1;
    const crossing = this.#judge();
    return whole ? crossing : 'negativeLevel';
  }

  #judge(): BookFault | null {
    const crossed = this.bids.priceAt(0) > this.asks.priceAt(0);
    this.#health = crossed ? 'crossed' : 'live';
    return crossed ? 'crossed' : null;
  }

  #note(timeMs: number | null, heardAtMs: number | undefined): void {
    if (timeMs !== null && timeMs > this.#timeMs) this.#timeMs = timeMs;
    const heard = heardAtMs ?? timeMs;
    if (heard !== null) this.heard(heard);
  }
}

/** A level named twice is summed, a size below zero is left out and reported. */
function load(half: HalfBook, levels: readonly Level[]): boolean {
  let whole = true;
  for (const { price, size } of levels) if (half.add(price, size) > 0) whole = false;
  return whole;
}
