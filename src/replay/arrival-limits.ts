/** What a strategy would write on its orders: limits near the market as it then is. */
import { OrderBook } from '../book/order-book.ts';
import { ownView } from '../book/own-view.ts';
import { ceilToGrid, floorToGrid } from '../domain/grid.ts';
import {
  type Action,
  formatPrice,
  type Instrument,
  type OutcomeSide,
  ownRanges,
} from '../domain/instrument.ts';
import { ticksOf } from '../domain/money.ts';
import type { MarketDataSource } from '../venues/paper/source.ts';

export interface Arrival {
  readonly market: string;
  readonly outcome: OutcomeSide;
  readonly action: Action;
  /** On the clock of the source. */
  readonly atMs: number;
}

/**
 * One limit for each arrival: `margin` dollars beyond the price that would be taken at once, on the
 * grid; where there is none, the far end of the grid. Reads the source to its last arrival.
 */
export function limitsNear(
  source: MarketDataSource,
  arrivals: readonly Arrival[],
  margin: string,
): readonly string[] {
  const instruments = new Map(source.instruments.map((each) => [each.symbol, each]));
  const books = new Map([...instruments.keys()].map((symbol) => [symbol, new OrderBook(symbol)]));
  const limits = new Map<Arrival, string>();
  let next = source.next();
  for (const arrival of arrivals.toSorted((left, right) => left.atMs - right.atMs)) {
    for (; next !== null && next.atMs <= arrival.atMs; next = source.next()) {
      const { event } = next;
      if (
        event.type === 'book.snapshot' ||
        event.type === 'book.delta' ||
        event.type === 'book.gap'
      )
        books.get(event.symbol)?.apply(event);
    }
    const [book, instrument] = [books.get(arrival.market), instruments.get(arrival.market)];
    if (book !== undefined && instrument !== undefined)
      limits.set(arrival, limitFor(book, instrument, arrival, margin));
  }
  return arrivals.map((arrival) => limits.get(arrival) ?? '');
}

function limitFor(
  book: OrderBook,
  instrument: Instrument,
  { outcome, action }: Arrival,
  margin: string,
): string {
  const ranges = ownRanges(instrument, outcome);
  const { bid, ask } = ownView(book, instrument, outcome);
  const beyond = ticksOf(margin, instrument.priceUnit, 'margin') ?? 0;
  const limit =
    action === 'buy'
      ? floorToGrid(ranges, ask === null ? Number.MAX_SAFE_INTEGER : ask.price + beyond)
      : ceilToGrid(ranges, bid === null ? 0 : bid.price - beyond);
  const end = action === 'buy' ? ranges.at(-1)?.to : ranges[0]?.from;
  const price = limit ?? end;
  return price === undefined ? '' : formatPrice(instrument, price);
}
