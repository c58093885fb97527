/**
 * The book of a market as an account is shown it: what the recording displays, less what the
 * account took, plus what it has resting. It tells what has changed since it was last told.
 */
import type { BookSide, Level } from '../domain/market-data.ts';
import { type Lots, lots, NO_LOTS, type Ticks } from '../domain/numbers.ts';
import type { PaperMarket } from '../venues/paper/market.ts';
import { leavesOf } from '../venues/paper/paper-order.ts';

export interface LevelChange {
  readonly side: BookSide;
  /** Of YES. */
  readonly price: Ticks;
  /** Signed lots. */
  readonly by: number;
}

const SIDES = ['bid', 'ask'] as const;

export class PublishedBook {
  readonly #market: PaperMarket;
  readonly #told: Readonly<Record<BookSide, Map<Ticks, Lots>>> = { bid: new Map(), ask: new Map() };

  constructor(market: PaperMarket) {
    this.#market = market;
  }

  /** As it was last told; the lowest price first. */
  levels(side: BookSide): readonly Level[] {
    return [...this.#told[side]]
      .map(([price, size]) => ({ price, size }))
      .toSorted((left, right) => left.price - right.price);
  }

  best(side: BookSide): Level | null {
    const told = this.#told[side];
    if (told.size === 0) return null;
    const price = (side === 'bid' ? Math.max : Math.min)(...told.keys()) as Ticks;
    return { price, size: told.get(price) ?? NO_LOTS };
  }

  /** What is different now, at one price or anywhere. */
  changes(nowMs: number, at?: Pick<LevelChange, 'side' | 'price'>): readonly LevelChange[] {
    const own = this.#own();
    const changesAt = (side: BookSide, price: Ticks): readonly LevelChange[] => {
      const shown = this.#market.displayed(side).available(price, nowMs);
      return this.#tell(side, price, lots(shown + (own[side].get(price) ?? 0)));
    };
    if (at !== undefined) return changesAt(at.side, at.price);
    return SIDES.flatMap((side) => {
      const shown = this.#market.displayed(side).levels();
      const prices = [...this.#told[side].keys(), ...shown.map(({ price }) => price)];
      return [...new Set([...prices, ...own[side].keys()])].flatMap((price) =>
        changesAt(side, price),
      );
    });
  }

  #tell(side: BookSide, price: Ticks, size: Lots): readonly LevelChange[] {
    const by = size - (this.#told[side].get(price) ?? 0);
    if (by === 0) return [];
    if (size === 0) this.#told[side].delete(price);
    else this.#told[side].set(price, size);
    return [{ side, price, by }];
  }

  /** What the account has resting, by price. */
  #own(): Readonly<Record<BookSide, ReadonlyMap<Ticks, number>>> {
    const own = { bid: new Map<Ticks, number>(), ask: new Map<Ticks, number>() };
    for (const order of this.#market.resting()) {
      const { side, price } = order;
      own[side].set(price, (own[side].get(price) ?? 0) + leavesOf(order));
    }
    return own;
  }
}
