/**
 * One side of an order book: prices and sizes by turns in one flat array, the best level at the
 * end, where nearly all changes happen. It never allocates but to grow, and never holds an empty
 * level.
 */
import type { Level } from '../domain/market-data.ts';
import { type Lots, lots, type Ticks, ticks } from '../domain/numbers.ts';

const INITIAL_LEVELS = 32;

/** Nearly all changes are as near to the best as this: only the others are worth a search. */
const NEAR_LEVELS = 8;

export class HalfBook {
  /** 1 for bids, -1 for asks: `direction * price` ascends, so that one code serves both sides. */
  readonly #direction: 1 | -1;
  /** A key and its size for each level: a change of a cold book touches one place of memory. */
  #cells = new Float64Array(INITIAL_LEVELS * 2);
  #count = 0;

  constructor(direction: 1 | -1) {
    this.#direction = direction;
  }

  get count(): number {
    return this.#count;
  }

  /** The best price; NaN where there is none: any comparison with it is false. */
  get best(): number {
    return this.priceAt(0);
  }

  /** The price at a rank, 0 the best; NaN beyond the last. */
  priceAt(rank: number): number {
    return (this.#cells[2 * this.#indexOf(rank)] ?? Number.NaN) * this.#direction;
  }

  sizeAtRank(rank: number): number {
    return this.#cells[2 * this.#indexOf(rank) + 1] ?? 0;
  }

  level(rank: number): Level | null {
    if (rank >= this.#count) return null;
    return { price: ticks(this.priceAt(rank)), size: lots(this.sizeAtRank(rank)) };
  }

  sizeAt(price: Ticks): Lots {
    const key = price * this.#direction;
    const index = this.#lowerBound(key);
    return lots(this.#holds(index, key) ? (this.#cells[2 * index + 1] ?? 0) : 0);
  }

  /** Sets a level to a size of at least 0; 0 removes it. */
  set(price: number, size: number): void {
    const key = price * this.#direction;
    const index = this.#lowerBound(key);
    if (this.#holds(index, key)) {
      if (size === 0) this.#remove(index);
      else this.#cells[2 * index + 1] = size;
    } else if (size !== 0) this.#insert(index, key, size);
  }

  /**
   * Adds a signed size and returns what was missing: 0, or how far the level would have gone below
   * 0.
   */
  add(price: number, by: number): number {
    const key = price * this.#direction;
    const index = this.#lowerBound(key);
    const before = this.#holds(index, key) ? (this.#cells[2 * index + 1] ?? 0) : 0;
    const after = before + by;
    if (before === 0) {
      if (after > 0) this.#insert(index, key, after);
    } else if (after > 0) this.#cells[2 * index + 1] = after;
    else this.#remove(index);
    return after < 0 ? -after : 0;
  }

  /** Keeps the best `levels` only: for venues that send a window of the book. */
  truncate(levels: number): void {
    const surplus = this.#count - levels;
    if (surplus <= 0) return;
    this.#cells.copyWithin(0, 2 * surplus, 2 * this.#count);
    this.#count = levels;
  }

  clear(): void {
    this.#count = 0;
  }

  /** Beyond the last rank an index that no cell has. */
  #indexOf(rank: number): number {
    return rank < this.#count ? this.#count - 1 - rank : -1;
  }

  #holds(index: number, key: number): boolean {
    return index < this.#count && this.#cells[2 * index] === key;
  }

  /** The first index whose key is not below `key`. */
  #lowerBound(key: number): number {
    const cells = this.#cells;
    const near = Math.max(0, this.#count - NEAR_LEVELS);
    let high = this.#count;
    while (high > near && (cells[2 * high - 2] ?? 0) >= key) high -= 1;
    if (high > near) return high;
    let low = 0;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((cells[2 * middle] ?? 0) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #insert(index: number, key: number, size: number): void {
    const cells = this.#roomyCells();
    if (index < this.#count) cells.copyWithin(2 * index + 2, 2 * index, 2 * this.#count);
    cells[2 * index] = key;
    cells[2 * index + 1] = size;
    this.#count += 1;
  }

  #remove(index: number): void {
    this.#count -= 1;
    if (index < this.#count) this.#cells.copyWithin(2 * index, 2 * index + 2, 2 * this.#count + 2);
  }

  /** With room for one more level. */
  #roomyCells(): Float64Array {
    if (2 * this.#count < this.#cells.length) return this.#cells;
    const cells = new Float64Array(this.#cells.length * 2);
    cells.set(this.#cells);
    this.#cells = cells;
    return cells;
  }
}
