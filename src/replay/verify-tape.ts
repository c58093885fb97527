/** Folds a recording through its books before anybody measures on it. */
import { OrderBook } from '../book/order-book.ts';
import { InputError } from '../domain/errors.ts';
import type { BookDelta, BookGap, BookSnapshot } from '../domain/market-data.ts';
import { placeOf } from './tape-lines.ts';
import type { Tape } from './tape-reader.ts';

export interface MarketCheck {
  readonly symbol: string;
  readonly deltas: number;
  readonly prints: number;
  /** Deltas that took more than stood there: 0 on a sound recording. */
  readonly negativeLevels: number;
  /** Deltas that left the book crossed, as inside a venue's transaction. */
  readonly crossed: number;
  /** Deltas that came before a snapshot or after a gap. */
  readonly dropped: number;
}

/** Throws an `InputError` with the line of the first gap. */
export function verifyTape(tape: Tape): readonly MarketCheck[] {
  const gap = tape.gaps[0];
  if (gap !== undefined)
    throw new InputError(
      `${placeOf(gap.line, tape.path)} must carry sequence ${gap.expected}`,
      gap.received,
      'frames are missing: cut the tape',
    );
  const folds = new Map(
    [...tape.markets.keys()].map((symbol) => [symbol, new CheckedBook(symbol)]),
  );
  for (const { event } of tape.events)
    if (event.type === 'book.delta' || event.type === 'book.snapshot' || event.type === 'book.gap')
      folds.get(event.symbol)?.fold(event);
  return [...tape.markets].map(([symbol, { deltas, prints }]) => {
    const { negativeLevels = 0, crossed = 0, dropped = 0 } = folds.get(symbol)?.faults ?? {};
    return { symbol, deltas, prints, negativeLevels, crossed, dropped };
  });
}

/** A book with a count of what was wrong. */
class CheckedBook {
  readonly faults = { negativeLevels: 0, crossed: 0, dropped: 0 };
  readonly #book: OrderBook;

  constructor(symbol: string) {
    this.#book = new OrderBook(symbol);
  }

  fold(event: BookSnapshot | BookDelta | BookGap): void {
    const fault = this.#book.apply(event);
    if (fault === 'negativeLevel') this.faults.negativeLevels += 1;
    else if (fault === 'crossed') this.faults.crossed += 1;
    else if (fault !== null && event.type === 'book.delta') this.faults.dropped += 1;
  }
}
