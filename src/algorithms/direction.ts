/**
 * Price arithmetic in the sense of the own order, so that buying and selling are one code path:
 * "bolder" is up for a buyer and down for a seller. It knows the grid, and never a book.
 */
import type { BookView } from '../book/book-view.ts';
import { ceilToGrid, floorToGrid, tickAbove, tickBelow } from '../domain/grid.ts';
import type { Action, TickRange } from '../domain/instrument.ts';
import type { BookSide, Level } from '../domain/market-data.ts';
import { type Ticks, ticks } from '../domain/numbers.ts';

export interface Direction {
  /** The side that own orders rest on, and the side that they would take. */
  readonly rests: BookSide;
  readonly takes: BookSide;
  isBolder(left: Ticks, right: Ticks): boolean;
  shyest(first: Ticks, ...others: readonly (Ticks | null)[]): Ticks;
  /** The next grid price that is bolder, or shyer; null at the end of the grid. */
  bolder(price: Ticks): Ticks | null;
  shyer(price: Ticks): Ticks | null;
  /** Rounded to the grid without becoming bolder; null when the grid has nothing there. */
  rounded(price: number): Ticks | null;
  /** `count` ticks bolder, off the grid or not. */
  advanced(price: Ticks, count: number): Ticks;
  ownTouch(book: BookView): Level | null;
  otherTouch(book: BookView): Level | null;
}

export function directionOf(action: Action, ranges: readonly TickRange[]): Direction {
  const buys = action === 'buy';
  const sign = buys ? 1 : -1;
  const up = (price: Ticks): Ticks | null => tickAbove(ranges, price);
  const down = (price: Ticks): Ticks | null => tickBelow(ranges, price);
  const isBolder = (left: Ticks, right: Ticks): boolean => (left - right) * sign > 0;
  return {
    rests: buys ? 'bid' : 'ask',
    takes: buys ? 'ask' : 'bid',
    isBolder,
    shyest: (first, ...others) =>
      others.reduce<Ticks>(
        (shyest, price) => (price !== null && isBolder(shyest, price) ? price : shyest),
        first,
      ),
    bolder: buys ? up : down,
    shyer: buys ? down : up,
    rounded: (price) => (buys ? floorToGrid(ranges, price) : ceilToGrid(ranges, price)),
    advanced: (price, count) => ticks(price + sign * count),
    ownTouch: (book) => (buys ? book.bid : book.ask),
    otherTouch: (book) => (buys ? book.ask : book.bid),
  };
}

/**
 * The boldest price at which an order may rest: within the cap, on the grid, and short of the other
 * side's touch, so that it never crosses. Null when no such price exists.
 */
export function passiveBound(direction: Direction, book: BookView, cap: Ticks): Ticks | null {
  const within = direction.rounded(cap);
  const touch = direction.otherTouch(book);
  if (within === null || touch === null) return within;
  const short = direction.shyer(touch.price);
  return short === null ? null : direction.shyest(within, short);
}
