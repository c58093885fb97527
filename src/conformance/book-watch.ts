/** One subscription to a book, folded as the engine folds it. It judges nothing; cards do. */
import { type BookFault, OrderBook } from '../book/order-book.ts';
import type { BookEvent, Level } from '../domain/market-data.ts';
import type { Venue } from '../domain/ports.ts';

const LEVELS_COMPARED = 10;

export class BookWatch {
  readonly book: OrderBook;
  readonly events: BookEvent[] = [];
  readonly faults: BookFault[] = [];
  readonly #subscription: { unsubscribe(): void };

  constructor(venue: Venue, symbol: string) {
    this.book = new OrderBook(symbol);
    this.#subscription = venue.book$(symbol).subscribe((event) => this.#hear(event));
  }

  stop(): void {
    this.#subscription.unsubscribe();
  }

  /** From the `since`-th event on. */
  has(type: BookEvent['type'], since = 0): boolean {
    return this.events.slice(since).some((event) => event.type === type);
  }

  /** The types of what was heard, in order, without the signs of life. */
  types(since = 0): readonly BookEvent['type'][] {
    const types = this.events.slice(since).map(({ type }) => type);
    return types.filter((type) => type !== 'feed.alive');
  }

  /** The best levels of both sides. */
  get touch(): { readonly bids: readonly Level[]; readonly asks: readonly Level[] } {
    const top = (side: 'bids' | 'asks'): readonly Level[] =>
      Array.from({ length: LEVELS_COMPARED }, (_, rank) => this.book[side].level(rank)).filter(
        (level) => level !== null,
      );
    return { bids: top('bids'), asks: top('asks') };
  }

  #hear(event: BookEvent): void {
    this.events.push(event);
    switch (event.type) {
      case 'book.snapshot':
      case 'book.delta':
      case 'book.gap': {
        const fault = this.book.apply(event);
        if (fault !== null) this.faults.push(fault);
        return;
      }
      case 'feed.down':
        this.book.apply({ type: 'book.gap', symbol: event.symbol, expected: 0, received: 0 });
        return;
      default:
    }
  }
}
