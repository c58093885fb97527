/**
 * Puts a source in the order of the exchange's own times: recordings hold what came over several
 * channels. It looks ahead as far as it is told, and what comes later than that stays where it is.
 */
import type { Print } from '../../domain/market-data.ts';
import type { MarketDataEvent, MarketDataSource, TimedEvent } from './source.ts';

const TAIL_TRIMMED = 1_024;

/** A channel never overtakes itself: its times only rise. */
interface Channels {
  bookMs: number;
  tradesMs: number;
}

/** The same source; at the same time the print of a market comes before its deltas. */
export function reordered(source: MarketDataSource, reorderMs: number): MarketDataSource {
  if (reorderMs === 0) return source;
  const buffer = new ReorderBuffer(source, reorderMs);
  return { ...source, next: () => buffer.next() };
}

class ReorderBuffer {
  readonly #source: MarketDataSource;
  readonly #reorderMs: number;
  readonly #channels = new Map<string, Channels>();
  /** In order, from `#first` on. */
  readonly #waiting: TimedEvent[] = [];
  #first = 0;
  /** The source is read up to here; null at its end. */
  #readMs: number | null = Number.NEGATIVE_INFINITY;
  #toldMs = Number.NEGATIVE_INFINITY;

  constructor(source: MarketDataSource, reorderMs: number) {
    this.#source = source;
    this.#reorderMs = reorderMs;
  }

  next(): TimedEvent | null {
    for (;;) {
      const next = this.#waiting[this.#first];
      if (this.#readMs === null && next === undefined) return null;
      const isDue = this.#readMs === null || this.#readMs > (next?.atMs ?? 0) + this.#reorderMs;
      if (next !== undefined && isDue) return this.#take(next);
      this.#read();
    }
  }

  #take(next: TimedEvent): TimedEvent {
    this.#first += 1;
    if (this.#first === TAIL_TRIMMED) {
      this.#waiting.copyWithin(0, this.#first);
      this.#waiting.length -= this.#first;
      this.#first = 0;
    }
    this.#toldMs = next.atMs;
    const followedBy = next.event.type === 'print' ? this.#leaving(next.event, next.atMs) : 0;
    return followedBy === 0 ? next : { ...next, followedBy };
  }

  /** Lots that leave the level of a print at its time. */
  #leaving({ symbol, price, taker }: Print, atMs: number): number {
    const side = taker === 'buy' ? 'ask' : 'bid';
    let leaving = 0;
    for (let index = this.#first; this.#waiting[index]?.atMs === atMs; index += 1) {
      const event = this.#waiting[index]?.event;
      if (event?.type !== 'book.delta' || event.symbol !== symbol) continue;
      if (event.side === side && event.price === price && 'by' in event.change)
        leaving += Math.max(0, -event.change.by);
    }
    return leaving;
  }

  #read(): void {
    const timed = this.#source.next();
    this.#readMs = timed?.atMs ?? null;
    if (timed === null) return;
    const atMs = Math.max(this.#toldMs, this.#timeOf(timed));
    this.#insert(atMs === timed.atMs ? timed : { ...timed, atMs });
  }

  #timeOf({ atMs, event }: TimedEvent): number {
    const channels = this.#channelsOf(event.symbol);
    const ownMs = Math.min(atMs, 'timeMs' in event ? (event.timeMs ?? atMs) : atMs);
    const channel = event.type === 'print' ? 'tradesMs' : 'bookMs';
    channels[channel] = Math.max(channels[channel], ownMs);
    return channels[channel];
  }

  #channelsOf(symbol: string): Channels {
    const known = this.#channels.get(symbol);
    if (known !== undefined) return known;
    const channels = { bookMs: 0, tradesMs: 0 };
    this.#channels.set(symbol, channels);
    return channels;
  }

  #insert(timed: TimedEvent): void {
    const waiting = this.#waiting;
    let place = waiting.length;
    // Nearly all come in order.
    if ((waiting[place - 1]?.atMs ?? 0) < timed.atMs) {
      waiting.push(timed);
      return;
    }
    for (let index = place - 1; index >= this.#first; index -= 1) {
      const other = waiting[index];
      if (other === undefined || !goesBefore(timed, other)) {
        // Of another market at the same time: what lies before it may still be ours.
        if (other?.atMs === timed.atMs && other.event.symbol !== timed.event.symbol) continue;
        break;
      }
      place = index;
    }
    waiting.splice(place, 0, timed);
  }
}

const goesBefore = (timed: TimedEvent, other: TimedEvent): boolean =>
  timed.atMs < other.atMs ||
  (timed.atMs === other.atMs && isBeforeAtOnce(timed.event, other.event));

const isBeforeAtOnce = (event: MarketDataEvent, other: MarketDataEvent): boolean =>
  event.type === 'print' && other.type === 'book.delta' && event.symbol === other.symbol;
