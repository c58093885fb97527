/**
 * One displayed side of a market and what we took from it. The recording does not know of our
 * takes: what we consumed stays consumed until the level itself shrinks below it, so that nothing
 * is taken twice.
 */
import { HalfBook } from '../../book/half-book.ts';
import type { BookDelta, BookSide, Level } from '../../domain/market-data.ts';
import { type Lots, lots, type Ticks } from '../../domain/numbers.ts';

export interface LevelAudit {
  readonly price: number;
  readonly size: number;
  /** Own takes that the level still owes. */
  readonly taken: number;
  /** Everything ever displayed at this price: the first size and each increase. */
  readonly offered: number;
  /** Everything we ever took at this price. */
  readonly takenInAll: number;
}

export class Displayed {
  readonly half: HalfBook;
  readonly #taken = new Map<number, number>();
  readonly #takenInAll = new Map<number, number>();
  readonly #offered = new Map<number, number>();

  constructor(side: BookSide) {
    this.half = new HalfBook(side === 'bid' ? 1 : -1);
  }

  change(price: Ticks, change: BookDelta['change']): void {
    const before = this.half.sizeAt(price);
    this.#set(price, before, 'to' in change ? change.to : Math.max(0, before + change.by));
  }

  replace(levels: readonly Level[]): void {
    const sizes = new Map<Ticks, number>(this.levels().map(({ price }) => [price, 0]));
    for (const { price, size } of levels) sizes.set(price, (sizes.get(price) ?? 0) + size);
    for (const [price, size] of sizes) this.#set(price, this.half.sizeAt(price), size);
  }

  /** Best first. */
  levels(): readonly Level[] {
    return Array.from({ length: this.half.count }, (_, rank) => ({
      price: this.half.priceAt(rank) as Ticks,
      size: lots(this.half.sizeAtRank(rank)),
    }));
  }

  available(price: Ticks): Lots {
    return lots(this.half.sizeAt(price) - (this.#taken.get(price) ?? 0));
  }

  take(price: Ticks, quantity: Lots): void {
    this.#taken.set(price, (this.#taken.get(price) ?? 0) + quantity);
    this.#takenInAll.set(price, (this.#takenInAll.get(price) ?? 0) + quantity);
  }

  /** The levels that we took from. */
  audit(): readonly LevelAudit[] {
    return [...this.#takenInAll].map(([price, takenInAll]) => ({
      price,
      takenInAll,
      size: this.half.sizeAt(price as Ticks),
      taken: this.#taken.get(price) ?? 0,
      offered: this.#offered.get(price) ?? 0,
    }));
  }

  #set(price: Ticks, before: number, size: number): void {
    if (size > before) this.#offered.set(price, (this.#offered.get(price) ?? 0) + size - before);
    this.half.set(price, size);
    const taken = this.#taken.get(price);
    if (taken !== undefined && taken > size) this.#taken.set(price, size);
  }
}
