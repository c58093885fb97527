/** The books of a feed, ours and ccxt's, each told the same levels; and whether they agree. */
import type { HalfBook } from '../../src/book/half-book.ts';
import { OrderBook } from '../../src/book/order-book.ts';
import type { BookDelta, BookSide, BookSnapshot } from '../../src/domain/market-data.ts';
import type { CcxtSide, CcxtSides } from './ccxt-side.ts';

export type BookChange = BookDelta | BookSnapshot;

/** A level of a ccxt book: it knows absolute sizes only, in any unit. */
export interface LevelSize {
  readonly symbol: string;
  readonly side: BookSide;
  readonly price: number;
  readonly size: number;
}

export class OurBooks {
  readonly books = new Map<string, OrderBook>();

  apply(change: BookChange): void {
    this.of(change.symbol).apply(change);
  }

  of(symbol: string): OrderBook {
    let book = this.books.get(symbol);
    if (book === undefined) {
      book = new OrderBook(symbol);
      this.books.set(symbol, book);
    }
    return book;
  }
}

export class TheirBooks {
  readonly #books = new Map<string, Readonly<Record<BookSide, CcxtSide>>>();
  readonly #sides: CcxtSides;

  constructor(sides: CcxtSides) {
    this.#sides = sides;
  }

  store({ symbol, side, price, size }: LevelSize): void {
    this.of(symbol)[side].store(price, size);
  }

  of(symbol: string): Readonly<Record<BookSide, CcxtSide>> {
    let book = this.#books.get(symbol);
    if (book === undefined) {
      book = { bid: new this.#sides.Bids(), ask: new this.#sides.Asks() };
      this.#books.set(symbol, book);
    }
    return book;
  }
}

const SIDES = ['bid', 'ask'] as const;

export const levelsOf = (half: HalfBook): readonly (readonly [number, number])[] =>
  Array.from({ length: half.count }, (_, rank) => [half.priceAt(rank), half.sizeAtRank(rank)]);

/** What a change leaves behind, as absolute sizes; what a snapshot does not name is gone. */
function sizesAfter(book: OrderBook, change: BookChange): readonly LevelSize[] {
  const { symbol } = change;
  if (change.type === 'book.delta') {
    book.apply(change);
    const { side, price } = change;
    return [{ symbol, side, price, size: book.sizeAt(side, price) }];
  }
  const gone = SIDES.flatMap((side) =>
    levelsOf(book.side(side)).map(([price]) => ({ symbol, side, price, size: 0 })),
  );
  book.apply(change);
  const there = SIDES.flatMap((side) =>
    levelsOf(book.side(side)).map(([price, size]) => ({ symbol, side, price, size })),
  );
  return [...gone, ...there];
}

/** The same feed for ccxt: relative sizes are summed up beforehand, which is to its favour. */
export function levelSizesOf(changes: readonly BookChange[]): readonly LevelSize[] {
  const ours = new OurBooks();
  return changes.flatMap((change) => sizesAfter(ours.of(change.symbol), change));
}

/** Throws where a level differs. */
export function assertSame(ours: OurBooks, theirs: TheirBooks): void {
  for (const [symbol, book] of ours.books)
    for (const side of SIDES) {
      const mine = JSON.stringify(levelsOf(book.side(side)));
      const other = JSON.stringify(Array.from(theirs.of(symbol)[side]));
      if (mine !== other) throw new Error(`the ${side}s of ${symbol} differ: ${mine} ${other}`);
    }
}
