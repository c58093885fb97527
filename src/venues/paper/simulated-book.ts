/**
 * The book of a simulated market by grid index, and the events that tell of its changes. It is
 * never crossed, and every print is followed by the delta of the level it traded with.
 */
import { invariant } from '../../domain/errors.ts';
import type { Action, Instrument, TickRange } from '../../domain/instrument.ts';
import type { BookDelta, BookSide, BookSnapshot, Level, Print } from '../../domain/market-data.ts';
import { type Lots, lots, type Ticks, ticks } from '../../domain/numbers.ts';
import type { TimedEvent } from './source.ts';

/** Every price of a grid, ascending. */
export function gridOf(ranges: readonly TickRange[]): readonly Ticks[] {
  const prices = new Set<number>();
  for (const { from, to, step } of ranges)
    for (let price: number = from; price <= to; price += step) prices.add(price);
  return [...prices].map(ticks);
}

export class SimulatedBook {
  readonly grid: readonly Ticks[];
  readonly #symbol: string;
  readonly #emit: (event: TimedEvent) => void;
  readonly #nextPrint: () => number;
  readonly #sizes: { readonly bid: Float64Array; readonly ask: Float64Array };
  readonly #best: { bid: number; ask: number };
  #sequence = 0;

  constructor(
    { symbol, tickRanges }: Instrument,
    emit: (event: TimedEvent) => void,
    nextPrint: () => number,
  ) {
    this.grid = gridOf(tickRanges);
    this.#symbol = symbol;
    this.#emit = emit;
    this.#nextPrint = nextPrint;
    const count = this.grid.length;
    this.#sizes = { bid: new Float64Array(count), ask: new Float64Array(count) };
    this.#best = { bid: -1, ask: count };
  }

  /** The index of the best level: -1 without bids, the grid's length without asks. */
  best(side: BookSide): number {
    return this.#best[side];
  }

  isEmpty(side: BookSide): boolean {
    return this.sizeAt(side, this.#best[side]) === 0;
  }

  sizeAt(side: BookSide, index: number): Lots {
    return lots(this.#sizes[side][index] ?? 0);
  }

  /** Changes a level without a word: before the first snapshot. */
  set(side: BookSide, index: number, size: number): void {
    this.#sizes[side][index] = size;
    const inside = side === 'bid' ? index > this.#best.bid : index < this.#best.ask;
    if (size > 0 && inside) this.#best[side] = index;
    if (size === 0 && index === this.#best[side]) this.#findBest(side);
    invariant(this.#best.bid < this.#best.ask, 'a simulated book is never crossed', index);
  }

  change(side: BookSide, index: number, by: number, atMs: number): void {
    this.set(side, index, this.sizeAt(side, index) + by);
    const event: BookDelta = {
      type: 'book.delta',
      symbol: this.#symbol,
      side,
      price: this.#price(index),
      change: { by },
      sequence: this.#nextSequence(),
      timeMs: atMs,
    };
    this.#emit({ atMs, event });
  }

  remove(side: BookSide, index: number, atMs: number): void {
    this.change(side, index, 0 - this.sizeAt(side, index), atMs);
  }

  /** Sweeps up to an index: all prints first, then the deltas of the same instant. */
  take(taker: Action, limit: number, quantity: Lots, atMs: number): void {
    const side = taker === 'buy' ? 'ask' : 'bid';
    const step = taker === 'buy' ? 1 : -1;
    const taken: (readonly [index: number, size: number])[] = [];
    let left: number = quantity;
    for (let index = this.#best[side]; (limit - index) * step >= 0 && left > 0; index += step) {
      const size = Math.min(left, this.sizeAt(side, index));
      if (size > 0) taken.push([index, size]);
      left -= size;
      if (this.grid[index] === undefined) break;
    }
    for (const [index, size] of taken) this.#print(taker, index, lots(size), atMs);
    for (const [index, size] of taken) this.change(side, index, -size, atMs);
  }

  snapshot(atMs: number): void {
    const event: BookSnapshot = {
      type: 'book.snapshot',
      symbol: this.#symbol,
      bids: this.#levels('bid').toReversed(),
      asks: this.#levels('ask'),
      sequence: this.#nextSequence(),
      timeMs: atMs,
    };
    this.#emit({ atMs, event });
  }

  #levels(side: BookSide): Level[] {
    return this.grid
      .map((price, index) => ({ price, size: this.sizeAt(side, index) }))
      .filter(({ size }) => size > 0);
  }

  #price(index: number): Ticks {
    const price = this.grid[index];
    invariant(price !== undefined, 'an index lies on the grid', index);
    return price;
  }

  #print(taker: Action, index: number, quantity: Lots, atMs: number): void {
    const event: Print = {
      type: 'print',
      symbol: this.#symbol,
      price: this.#price(index),
      quantity,
      taker,
      timeMs: atMs,
      sequence: this.#nextPrint(),
    };
    this.#emit({ atMs, event });
  }

  #nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  #findBest(side: BookSide): void {
    const step = side === 'bid' ? -1 : 1;
    let index = this.#best[side];
    while (this.grid[index] !== undefined && this.#sizes[side][index] === 0) index += step;
    this.#best[side] = index;
  }
}
