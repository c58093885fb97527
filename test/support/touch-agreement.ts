/**
 * How often the venue's own ticker and a book folded from its deltas show the same touch: at the
 * very moment the ticker comes, or at some moment within a second of it.
 */
import { OrderBook } from '../../src/book/order-book.ts';
import { wholeUnits } from '../../src/domain/fixed-point.ts';
import { readTapeLines } from '../../src/replay/tape-lines.ts';
import { deltaOf, PAYOUT, snapshotOf } from '../../src/venues/kalshi/translate.ts';
import type { TickerFrame } from '../../src/venues/kalshi/wire.ts';

const WITHIN_MS = 1_000;

export interface Agreement {
  readonly tickers: number;
  readonly atOnce: number;
  readonly within: number;
}

interface Touch {
  readonly timeMs: number;
  readonly text: string;
}

export function touchAgreement(path: string): Agreement {
  const markets = new Map<string, MarketTouches>();
  const marketOf = (symbol: string): MarketTouches => {
    const known = markets.get(symbol) ?? new MarketTouches(symbol);
    markets.set(symbol, known);
    return known;
  };
  for (const { frame } of readTapeLines(path)) {
    if (frame.type === 'orderbook_snapshot')
      marketOf(frame.msg.market_ticker).fold(snapshotOf(frame));
    if (frame.type === 'orderbook_delta') marketOf(frame.msg.market_ticker).fold(deltaOf(frame));
    if (frame.type === 'ticker') marketOf(frame.msg.market_ticker).compare(frame);
  }
  const all = [...markets.values()].map((market) => market.agreement());
  const sum = (of: (one: Agreement) => number): number =>
    all.reduce((total, one) => total + of(one), 0);
  return {
    tickers: sum(({ tickers }) => tickers),
    atOnce: sum(({ atOnce }) => atOnce),
    within: sum(({ within }) => within),
  };
}

class MarketTouches {
  readonly #book: OrderBook;
  readonly #touches: Touch[] = [];
  readonly #tickers: Touch[] = [];
  #atOnce = 0;

  constructor(symbol: string) {
    this.#book = new OrderBook(symbol);
  }

  fold(event: Parameters<OrderBook['apply']>[0]): void {
    this.#book.apply(event);
    const bid = this.#book.bids.level(0)?.price ?? 0;
    const ask = this.#book.asks.level(0)?.price ?? PAYOUT;
    const text = `${bid} ${ask}`;
    if (this.#touches.at(-1)?.text !== text)
      this.#touches.push({ timeMs: this.#book.timeMs, text });
  }

  compare({ msg }: TickerFrame): void {
    const bid = wholeUnits(msg.yes_bid_dollars ?? '', 4);
    const ask = wholeUnits(msg.yes_ask_dollars ?? '', 4);
    if (bid === null || ask === null) return;
    const text = `${bid} ${ask}`;
    this.#tickers.push({ timeMs: msg.ts_ms, text });
    if (this.#touches.at(-1)?.text === text) this.#atOnce += 1;
  }

  agreement(): Agreement {
    const within = this.#tickers.filter((ticker) => this.#showed(ticker)).length;
    return { tickers: this.#tickers.length, atOnce: this.#atOnce, within };
  }

  /** A touch stands until the next one begins. */
  #showed({ timeMs, text }: Touch): boolean {
    return this.#touches.some(
      (touch, index) =>
        touch.text === text &&
        touch.timeMs <= timeMs + WITHIN_MS &&
        (this.#touches[index + 1]?.timeMs ?? Number.POSITIVE_INFINITY) >= timeMs - WITHIN_MS,
    );
  }
}
