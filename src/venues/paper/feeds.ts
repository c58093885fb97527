/**
 * Market data of the paper exchange on their way to subscribers: a book and a trade stream for each
 * market.
 */
import { InputError } from '../../domain/errors.ts';
import type { BookEvent, Print } from '../../domain/market-data.ts';
import type { Agenda } from './agenda.ts';
import { DelayedStream, type Listener } from './delayed-stream.ts';
import type { PaperMarket } from './market.ts';
import type { MarketDataEvent } from './source.ts';

interface Feed {
  readonly market: PaperMarket;
  readonly book: DelayedStream<BookEvent>;
  readonly trades: DelayedStream<Print>;
}

export class Feeds {
  readonly #agenda: Agenda;
  readonly #feeds: ReadonlyMap<string, Feed>;
  #ended = false;

  /** `drawsFor` gives each stream, by its name, latencies of its own. */
  constructor(
    markets: readonly PaperMarket[],
    agenda: Agenda,
    drawsFor: (stream: string) => () => number,
  ) {
    this.#agenda = agenda;
    this.#feeds = new Map(
      markets.map((market) => {
        const { symbol } = market.instrument;
        const book = new DelayedStream<BookEvent>(agenda, drawsFor(`book ${symbol}`), (listener) =>
          this.#welcome(symbol, listener),
        );
        const trades = new DelayedStream<Print>(agenda, drawsFor(`trades ${symbol}`));
        return [symbol, { market, book, trades }];
      }),
    );
  }

  /** Throws an `InputError` for a market that is not of this venue. */
  of(symbol: string): Feed {
    const feed = this.#feeds.get(symbol);
    if (feed === undefined)
      throw new InputError('market must be one of this venue', symbol, 'see instruments()');
    return feed;
  }

  send(event: MarketDataEvent): void {
    const feed = this.#feeds.get(event.symbol);
    if (event.type === 'print') feed?.trades.send(event);
    else feed?.book.send(event);
  }

  end(): void {
    this.#ended = true;
    for (const [symbol, { book }] of this.#feeds) book.send(endOf(symbol));
  }

  /** A subscriber is told how the market stands, as by a venue, and from then on what changes. */
  #welcome(symbol: string, listener: Listener<BookEvent>): void {
    const { book, market } = this.of(symbol);
    const tell = (event: BookEvent): void => book.send(event, [listener]);
    if (this.#ended) return tell(endOf(symbol));
    const timeMs = this.#agenda.nowMs();
    tell({ type: 'feed.up', symbol, reason: 'subscribed' });
    if (market.synced) tell(market.snapshot(timeMs));
    if (market.phase !== 'open') tell({ type: `market.${market.phase}`, symbol, timeMs });
    const value = market.settledAt;
    if (value !== null) tell({ type: 'market.settled', symbol, value, timeMs });
  }
}

const endOf = (symbol: string): BookEvent => ({
  type: 'feed.down',
  symbol,
  reason: 'end of recording',
});
