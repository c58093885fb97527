/**
 * A book as the owner of one contract sees it: live, read in place, with own resting orders taken
 * out. It never copies but in `freeze`; prices of NO are the payout less those of YES, with the
 * sides changed.
 */
import { invariant } from '../domain/errors.ts';
import { tickAbove, tickBelow } from '../domain/grid.ts';
import type { Action, Instrument, OutcomeSide, TickRange } from '../domain/instrument.ts';
import { ownRanges } from '../domain/instrument.ts';
import type { BookSide, Level } from '../domain/market-data.ts';
import { type Lots, lots, minLots, NO_LOTS, type Ticks, ticks } from '../domain/numbers.ts';
import type { BookView, Sweep } from './book-view.ts';
import { HalfBook } from './half-book.ts';

/** Own displayed size at a price of the own contract; it is taken out of what the book shows. */
export type OwnSize = (side: BookSide, price: Ticks) => Lots;

interface Halves {
  readonly version: number;
  readonly bids: HalfBook;
  readonly asks: HalfBook;
}

const nothingOwn: OwnSize = () => NO_LOTS;
const opposite = (side: BookSide): BookSide => (side === 'bid' ? 'ask' : 'bid');
const takenSide = (action: Action): BookSide => (action === 'buy' ? 'ask' : 'bid');

export class OwnView implements BookView {
  readonly #book: Halves;
  readonly #ranges: readonly TickRange[];
  /** What a YES price is subtracted from; null where prices are taken as they are. */
  readonly #payout: number | null;
  readonly #ownSize: OwnSize;

  constructor(book: Halves, ranges: readonly TickRange[], payout: number | null, ownSize: OwnSize) {
    this.#book = book;
    this.#ranges = ranges;
    this.#payout = payout;
    this.#ownSize = ownSize;
  }

  get version(): number {
    return this.#book.version;
  }

  get bid(): Level | null {
    return this.ladder('bid', 1)[0] ?? null;
  }

  get ask(): Level | null {
    return this.ladder('ask', 1)[0] ?? null;
  }

  get spread(): number | null {
    const { bid, ask } = this;
    return bid === null || ask === null ? null : ask.price - bid.price;
  }

  get midDoubled(): number | null {
    const { bid, ask } = this;
    return bid === null || ask === null ? null : ask.price + bid.price;
  }

  get micropriceMilliticks(): number | null {
    const { bid, ask } = this;
    if (bid === null || ask === null) return null;
    const above = ((ask.price - bid.price) * 1000 * bid.size) / (bid.size + ask.size);
    return bid.price * 1000 + Math.round(above);
  }

  ladder(side: BookSide, levels: number): readonly Level[] {
    const found: Level[] = [];
    if (levels > 0)
      this.#walk(side, (price, size) => {
        found.push({ price, size });
        return found.length < levels;
      });
    return found;
  }

  sizeAt(side: BookSide, price: Ticks): Lots {
    return this.#foreign(side, price, this.#half(side).sizeAt(this.#flip(price)));
  }

  sweep(action: Action, quantity: Lots, limit: Ticks | null): Sweep {
    let got = 0;
    let cost = 0;
    let worst: Ticks | null = null;
    this.#walkTo(action, limit, (price, size) => {
      const take = minLots(size, lots(quantity - got));
      if (take <= 0) return false;
      got += take;
      cost += take * price;
      worst = price;
      return got < quantity;
    });
    invariant(Number.isSafeInteger(cost), 'the cost of a sweep is an exact integer', cost);
    return { quantity: lots(got), ticksTimesLots: cost, worst };
  }

  depthWithin(action: Action, steps: number, limit: Ticks | null): Lots {
    const next = action === 'buy' ? tickAbove : tickBelow;
    let last = this[takenSide(action)]?.price ?? null;
    for (let step = 0; step < steps && last !== null; step += 1) last = next(this.#ranges, last);
    let depth = 0;
    // Past the end of the grid there is no last price: every level that is left lies within.
    this.#walkTo(action, limit, (price, size) => {
      if (last !== null && isPast(action, price, last)) return false;
      depth += size;
      return true;
    });
    return lots(depth);
  }

  /** The same view of the book as it is now; it never changes, whatever the book does. */
  freeze(): BookView {
    const bids = new HalfBook(1);
    const asks = new HalfBook(-1);
    this.#walk('bid', (price, size) => keep(bids, price, size));
    this.#walk('ask', (price, size) => keep(asks, price, size));
    return new OwnView({ version: this.version, bids, asks }, this.#ranges, null, nothingOwn);
  }

  #half(side: BookSide): HalfBook {
    const yesSide = this.#payout === null ? side : opposite(side);
    return yesSide === 'bid' ? this.#book.bids : this.#book.asks;
  }

  #flip(price: number): Ticks {
    return ticks(this.#payout === null ? price : this.#payout - price);
  }

  #foreign(side: BookSide, price: Ticks, size: Lots): Lots {
    return lots(Math.max(0, size - this.#ownSize(side, price)));
  }

  /** Visits the levels of others, best first, until `visit` answers false. */
  #walk(side: BookSide, visit: (price: Ticks, size: Lots) => boolean): void {
    const half = this.#half(side);
    for (let rank = 0; rank < half.count; rank += 1) {
      const price = this.#flip(half.priceAt(rank));
      const size = this.#foreign(side, price, lots(half.sizeAtRank(rank)));
      if (size > 0 && !visit(price, size)) return;
    }
  }

  #walkTo(action: Action, limit: Ticks | null, visit: (price: Ticks, size: Lots) => boolean): void {
    this.#walk(
      takenSide(action),
      (price, size) => !(limit !== null && isPast(action, price, limit)) && visit(price, size),
    );
  }
}

/** Whether a price is worse for the taker than a bound. */
const isPast = (action: Action, price: Ticks, bound: Ticks): boolean =>
  action === 'buy' ? price > bound : price < bound;

function keep(half: HalfBook, price: Ticks, size: Lots): true {
  half.set(price, size);
  return true;
}

/** The live view of an instrument's book for one outcome. */
export function ownView(
  book: Halves,
  instrument: Instrument,
  outcome: OutcomeSide,
  ownSize: OwnSize = nothingOwn,
): OwnView {
  const ranges = ownRanges(instrument, outcome);
  return new OwnView(book, ranges, outcome === 'no' ? instrument.payout : null, ownSize);
}
