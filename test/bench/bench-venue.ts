/**
 * A venue without any time or network of its own: it accepts every order at once, and fills it at
 * once or never. What is measured over it is the engine.
 */
import type { Instrument } from '../../src/domain/instrument.ts';
import type { BookEvent, Print } from '../../src/domain/market-data.ts';
import { type Lots, NO_LOTS, ticks } from '../../src/domain/numbers.ts';
import type {
  CancelOutcome,
  Fill,
  OrderReport,
  OrderRequest,
  SubmitOutcome,
} from '../../src/domain/order.ts';
import type { Clock, Stream, Venue, VenueReport } from '../../src/domain/ports.ts';
import { directionOf } from '../../src/ledger/exposure.ts';
import { kalshiInstrument } from '../../src/replay/series.ts';

/** The least that a stream can be: who listens is called. */
export class Wire<T> implements Stream<T> {
  #next: (value: T) => void = () => undefined;

  subscribe(next: (value: T) => void) {
    this.#next = next;
    return { unsubscribe: () => (this.#next = () => undefined) };
  }

  send(value: T): void {
    this.#next(value);
  }
}

export interface BenchVenueOptions {
  readonly clock: Clock;
  readonly symbols: readonly string[];
  readonly fills: 'atOnce' | 'never';
}

export class BenchVenue implements Venue {
  readonly name = 'bench';
  readonly capabilities = {
    amend: null,
    postOnly: true,
    ioc: true,
    fok: true,
    expiry: false,
    lookupByClientId: true,
    outlivesEngine: false,
    heartbeatMs: null,
    latencyP99Ms: 1,
  };
  readonly reports$ = new Wire<VenueReport>();
  /** Called in the moment of the write. */
  onSubmit: (request: OrderRequest) => void = () => undefined;
  readonly #options: BenchVenueOptions;
  readonly #books: ReadonlyMap<string, Wire<BookEvent>>;
  /** Lots, signed: the account is compared with ours while a bench runs. */
  readonly #positions = new Map<string, number>();
  #orders = 0;

  constructor(options: BenchVenueOptions) {
    this.#options = options;
    this.#books = new Map(options.symbols.map((symbol) => [symbol, new Wire()]));
  }

  async instruments(): Promise<readonly Instrument[]> {
    return this.#options.symbols.map((symbol) => ({
      ...kalshiInstrument(symbol),
      venue: this.name,
    }));
  }

  book$(symbol: string): Wire<BookEvent> {
    const book = this.#books.get(symbol);
    if (book === undefined) throw new Error(`no such market: ${symbol}`);
    return book;
  }

  trades$ = (): Wire<Print> => new Wire();

  /** Tells a book that orders can rest on: 0.44 to 0.46, and nine levels behind each. */
  open(symbol: string): void {
    const levels = (from: number, step: number) =>
      Array.from({ length: 10 }, (_, rank) => ({
        price: ticks(from + rank * step),
        size: 100_000 as Lots,
      }));
    this.book$(symbol).send({
      type: 'book.snapshot',
      symbol,
      bids: levels(4_400, -100),
      asks: levels(4_600, 100),
      sequence: 1,
      timeMs: this.#options.clock.wallMs(),
    });
  }

  async submit(request: OrderRequest): Promise<SubmitOutcome> {
    this.onSubmit(request);
    this.#orders += 1;
    if (this.#options.fills === 'atOnce')
      this.#options.clock.setTimeout(() => this.fill(request, request.quantity), 0);
    return { kind: 'accepted', venueOrderId: `v${this.#orders}` };
  }

  fill({ clientOrderId, symbol, outcome, action, price }: OrderRequest, quantity: Lots): void {
    this.#orders += 1;
    const held = this.#positions.get(symbol) ?? 0;
    this.#positions.set(symbol, held + directionOf(outcome, action) * quantity);
    const terms = { price, quantity, timeMs: this.#options.clock.wallMs() };
    const fill: Fill = {
      ...terms,
      fillId: `f${this.#orders}`,
      fee: '0.01',
      liquidity: 'maker',
      printSequence: null,
    };
    const report: OrderReport = { type: 'order.filled', clientOrderId, fill };
    this.reports$.send({ symbol, report });
  }

  cancel = async (): Promise<CancelOutcome> => ({
    kind: 'accepted',
    cumulative: NO_LOTS,
  });
  cancelAll = async () => undefined;
  order = async () => null;
  openOrders = async () => [];
  fillsSince = async () => ({ fills: [], cursor: '' });
  positions = async () => [...this.#positions].map(([symbol, quantity]) => ({ symbol, quantity }));
  balance = async () => '1000000';
  asOf = async () => this.#options.clock.wallMs();
}
