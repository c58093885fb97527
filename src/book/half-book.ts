/**
 * One side of an order book: prices and sizes in two flat arrays, the best level at the end, where
 * nearly all changes happen. It never allocates but to grow, and never holds an empty level.
 */
import type { Level } from '../domain/market-data.ts';
import { type Lots, lots, type Ticks, ticks } from '../domain/numbers.ts';

const INITIAL_LEVELS = 64;

export class HalfBook {
  /** 1 for bids, -1 for asks: `direction * price` ascends, so that one code serves both sides. */
  readonly #direction: 1 | -1;
  #keys = new Float64Array(INITIAL_LEVELS);
  #sizes = new Float64Array(INITIAL_LEVELS);
  #count = 0;

  constructor(direction: 1 | -1) {
    this.#direction = direction;
  }

  get count(): number {
    return this.#count;
  }

  /** The price at a rank, 0 the best; NaN beyond the last: any comparison with it is false. */
  priceAt(rank: number): number {
    return (this.#keys[this.#indexOf(rank)] ?? Number.NaN) * this.#direction;
  }

  sizeAtRank(rank: number): number {
    return this.#sizes[this.#indexOf(rank)] ?? 0;
  }

  level(rank: number): Level | null {
    if (rank >= this.#count) return null;
    return { price: ticks(this.priceAt(rank)), size: lots(this.sizeAtRank(rank)) };
  }

  sizeAt(price: Ticks): Lots {
    const key = price * this.#direction;
    const index = this.#lowerBound(key);
    return lots(this.#holds(index, key) ? (this.#sizes[index] ?? 0) : 0);
  }

  /** Sets a level to a size of at least 0; 0 removes it. */
  set(price: number, size: number): void {
    const key = price * this.#direction;
    const index = this.#lowerBound(key);
    if (this.#holds(index, key)) {
      if (size === 0) this.#remove(index);
      else this.#sizes[index] = size;
    } else if (size !== 0) this.#insert(index, key, size);
  }

  /**
   * Adds a signed size and returns what was missing: 0, or how far the level would have gone below
   * 0.
   */
  add(price: number, by: number): number {
    const key = price * this.#direction;
    const index = this.#lowerBound(key);
    const before = this.#holds(index, key) ? (this.#sizes[index] ?? 0) : 0;
    const after = before + by;
    if (before === 0) {
      if (after > 0) this.#insert(index, key, after);
    } else if (after > 0) this.#sizes[index] = after;
    else this.#remove(index);
    return after < 0 ? -after : 0;
  }

  /** Keeps the best `levels` only: for venues that send a window of the book. */
  truncate(levels: number): void {
    const surplus = this.#count - levels;
    if (surplus <= 0) return;
    this.#keys.copyWithin(0, surplus, this.#count);
    this.#sizes.copyWithin(0, surplus, this.#count);
    this.#count = levels;
  }

  clear(): void {
    this.#count = 0;
  }

  #indexOf(rank: number): number {
    return rank < this.#count ? this.#count - 1 - rank : -1;
  }

  #holds(index: number, key: number): boolean {
    return index < this.#count && this.#keys[index] === key;
  }

  /** The first index whose key is not below `key`. */
  #lowerBound(key: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] ?? 0) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #insert(index: number, key: number, size: number): void {
    if (this.#count === this.#keys.length) this.#grow();
    this.#keys.copyWithin(index + 1, index, this.#count);
    this.#sizes.copyWithin(index + 1, index, this.#count);
    this.#keys[index] = key;
    this.#sizes[index] = size;
    this.#count += 1;
  }

  #remove(index: number): void {
    this.#keys.copyWithin(index, index + 1, this.#count);
    this.#sizes.copyWithin(index, index + 1, this.#count);
    this.#count -= 1;
  }

  #grow(): void {
    const keys = new Float64Array(this.#keys.length * 2);
    const sizes = new Float64Array(keys.length);
    keys.set(this.#keys);
    sizes.set(this.#sizes);
    this.#keys = keys;
    this.#sizes = sizes;
  }
}
