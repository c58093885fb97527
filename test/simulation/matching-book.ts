/**
 * One market's book as the exchange keeps it: queues by price, in YES prices, strangers and our own
 * orders alike, matched by price and then time. It knows no ids and no rules but that one.
 */
import type { BookSide } from '../../src/domain/market-data.ts';

/** A place in a queue; `owner` null is a stranger. */
export interface Resting<Owner> {
  readonly owner: Owner | null;
  lots: number;
}

export interface Match<Owner> {
  readonly price: number;
  readonly lots: number;
  readonly resting: Resting<Owner>;
}

export interface Front<Owner> {
  readonly price: number;
  readonly resting: Resting<Owner>;
}

export const contraOf = (side: BookSide): BookSide => (side === 'bid' ? 'ask' : 'bid');

export class MatchingBook<Owner> {
  readonly #sides = {
    bid: new Map<number, Resting<Owner>[]>(),
    ask: new Map<number, Resting<Owner>[]>(),
  };
  readonly #changed: (side: BookSide, price: number, lots: number) => void;

  /** `changed` is told each new size of a level. */
  constructor(changed: (side: BookSide, price: number, lots: number) => void) {
    this.#changed = changed;
  }

  /** Prices of a side, best first. */
  prices(side: BookSide): readonly number[] {
    const prices = [...this.#sides[side].keys()];
    return prices.toSorted((left, right) => (side === 'bid' ? right - left : left - right));
  }

  best(side: BookSide): number | null {
    return this.prices(side)[0] ?? null;
  }

  sizeAt(side: BookSide, price: number): number {
    const queue = this.#sides[side].get(price) ?? [];
    return queue.reduce((sum, { lots }) => sum + lots, 0);
  }

  /** What an order of a side could take of strangers within its price. */
  available(side: BookSide, price: number): number {
    let sum = 0;
    for (const [each, queue] of this.#sides[contraOf(side)])
      if (this.#crosses(side, price, each))
        for (const { owner, lots } of queue) if (owner === null) sum += lots;
    return sum;
  }

  /** The front of the best queue that an order of this side would meet within its price. */
  next(side: BookSide, price: number): Front<Owner> | null {
    const contra = contraOf(side);
    const best = this.best(contra);
    if (best === null || !this.#crosses(side, price, best)) return null;
    const resting = this.#sides[contra].get(best)?.[0];
    return resting === undefined ? null : { price: best, resting };
  }

  /** Takes up to so many lots within a price, in the order of price and time. */
  take(side: BookSide, price: number, lots: number): readonly Match<Owner>[] {
    const matches: Match<Owner>[] = [];
    let left = lots;
    while (left > 0) {
      const next = this.next(side, price);
      if (next === null) break;
      const count = Math.min(left, next.resting.lots);
      left -= count;
      next.resting.lots -= count;
      matches.push({ price: next.price, lots: count, resting: next.resting });
      this.#tidy(contraOf(side), next.price);
    }
    return matches;
  }

  rest(side: BookSide, price: number, resting: Resting<Owner>): void {
    const queue = this.#sides[side].get(price) ?? [];
    queue.push(resting);
    this.#sides[side].set(price, queue);
    this.#tidy(side, price);
  }

  /** The order's place, wherever it is; its remainder leaves the book. */
  remove(owner: Owner): void {
    for (const side of ['bid', 'ask'] as const)
      for (const [price, queue] of this.#sides[side]) {
        const place = queue.find((each) => each.owner === owner);
        if (place === undefined) continue;
        place.lots = 0;
        this.#tidy(side, price);
      }
  }

  /** Strangers of a level take back so many lots, the last to come first. */
  withdraw(side: BookSide, price: number, lots: number): void {
    let left = lots;
    for (const place of this.#sides[side].get(price)?.toReversed() ?? []) {
      if (place.owner !== null) continue;
      const count = Math.min(left, place.lots);
      place.lots -= count;
      left -= count;
    }
    this.#tidy(side, price);
  }

  #crosses(side: BookSide, price: number, other: number): boolean {
    return side === 'bid' ? other <= price : other >= price;
  }

  #tidy(side: BookSide, price: number): void {
    const queue = this.#sides[side].get(price)?.filter(({ lots }) => lots > 0) ?? [];
    if (queue.length === 0) this.#sides[side].delete(price);
    else this.#sides[side].set(price, queue);
    this.#changed(side, price, this.sizeAt(side, price));
  }
}
