/** A market whose others do what a test says, as a source of market data: it never ends. */
import type { Instrument } from '../../src/domain/instrument.ts';
import type { BookDelta } from '../../src/domain/market-data.ts';
import { type Lots, lots, type Ticks, ticks } from '../../src/domain/numbers.ts';
import type {
  MarketDataEvent,
  MarketDataSource,
  TimedEvent,
} from '../../src/venues/paper/source.ts';

/** So often the market is looked at, and gives a sign of life. */
const TICK_MS = 20;

/** In cents and contracts, at each of its prices. */
const BIDS = [45, 40];
const ASKS = [55, 60];
const SIZE = 500;

export interface StagedOptions {
  readonly instrument: Instrument;
  readonly startMs: number;
  readonly ticksPerCent: number;
  readonly lotsPerContract: number;
}

export class StagedMarket implements MarketDataSource {
  readonly instruments: readonly Instrument[];
  readonly startMs: number;
  readonly #symbol: string;
  readonly #options: StagedOptions;
  readonly #coming: MarketDataEvent[] = [];
  #atMs: number;
  #sequence = 0;
  #prints = 0;

  constructor(options: StagedOptions) {
    this.#options = options;
    this.instruments = [options.instrument];
    this.#symbol = options.instrument.symbol;
    this.startMs = options.startMs;
    this.#atMs = options.startMs;
    this.#snapshot();
  }

  /**
   * Facts for a contract: between the bests nobody is, and the best ask shows ten times as much.
   */
  get facts() {
    return {
      symbol: this.#symbol,
      restingPrice: this.#price(50),
      takingPrice: this.#price(55),
      quantity: this.#size(40),
    };
  }

  next(): TimedEvent {
    const event = this.#coming.shift();
    if (event !== undefined) return { atMs: this.#atMs, event };
    this.#atMs += TICK_MS;
    const reason = 'still there';
    return { atMs: this.#atMs, event: { type: 'feed.alive', symbol: this.#symbol, reason } };
  }

  /** Comes with the next tick. */
  tell(type: 'market.paused' | 'market.resumed' | 'market.closed'): void {
    this.#coming.push({ type, symbol: this.#symbol, timeMs: this.#atMs });
  }

  gap(): void {
    const [expected, received] = [this.#sequence + 1, this.#sequence + 2];
    this.#coming.push({ type: 'book.gap', symbol: this.#symbol, expected, received });
    this.#snapshot();
  }

  /** YES it is. */
  settle(): void {
    const value = this.#price(100);
    this.tell('market.closed');
    const timeMs = this.#atMs;
    this.#coming.push({ type: 'market.settled', symbol: this.#symbol, value, timeMs });
  }

  /** Somebody sells so many lots, at any price: to whom bids most. */
  sells(quantity: Lots): void {
    this.#print('sell', 2, quantity);
  }

  /** The makers move three levels. */
  stir(): void {
    this.#delta('bid', 40, 7);
    this.#delta('ask', 60, -3);
    this.#delta('ask', 58, 5);
  }

  trade(): void {
    this.#print('buy', 55, this.#size(2));
    this.#delta('ask', 55, -2);
  }

  #snapshot(): void {
    const levels = (cents: readonly number[]) =>
      cents.map((cent) => ({ price: this.#price(cent), size: this.#size(SIZE) }));
    const book = { bids: levels(BIDS), asks: levels(ASKS), sequence: this.#next() };
    this.#coming.push({ type: 'book.snapshot', symbol: this.#symbol, ...book, timeMs: null });
  }

  #delta(side: BookDelta['side'], cents: number, contracts: number): void {
    const [price, by] = [this.#price(cents), this.#size(contracts)];
    const [sequence, timeMs] = [this.#next(), this.#atMs];
    const where = { symbol: this.#symbol, side, price };
    this.#coming.push({ type: 'book.delta', ...where, change: { by }, sequence, timeMs });
  }

  #print(taker: 'buy' | 'sell', cents: number, quantity: Lots): void {
    this.#prints += 1;
    const [sequence, timeMs] = [this.#prints, this.#atMs];
    const traded = { symbol: this.#symbol, price: this.#price(cents), quantity, taker };
    this.#coming.push({ type: 'print', ...traded, timeMs, sequence });
  }

  readonly #price = (cents: number): Ticks => ticks(cents * this.#options.ticksPerCent);

  readonly #size = (contracts: number): Lots => lots(contracts * this.#options.lotsPerContract);

  #next(): number {
    this.#sequence += 1;
    return this.#sequence;
  }
}
