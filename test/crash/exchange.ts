/**
 * The venue of the crash tests, alive while engines die: it takes orders, fills them as it likes,
 * and keeps a log of the truth. Its listings lag, its answers and reports may get lost; what it
 * says is never wrong.
 */
import type { BookSnapshot } from '../../src/domain/market-data.ts';
import { lots, minLots, ticks } from '../../src/domain/numbers.ts';
import type {
  AmendOutcome,
  AmendRequest,
  CancelOutcome,
  FoundStatus,
  OrderRef,
  OrderReport,
  OrderRequest,
  SubmitOutcome,
} from '../../src/domain/order.ts';
import type { Clock, Random, VenueFill, VenueOrder, VenueReport } from '../../src/domain/ports.ts';
import { chance, integer } from '../../src/env/draws.ts';
import { centsInstrument } from '../support/cents.ts';

export const VENUE = 'crash';
export const SYMBOLS = ['RAIN', 'SNOW'] as const;

/** Between two moves of the market. */
const TICK_MS = 400;
/** Contracts at each level of the book, and so the most that an order takes at once. */
const DEPTH = 40;

export interface TrueOrder {
  readonly request: OrderRequest;
  readonly venueOrderId: string;
  readonly acceptedAtMs: number;
  /** Newest last; the first is what was asked for. */
  readonly terms: { readonly atMs: number; readonly price: number; readonly quantity: number }[];
  readonly fills: VenueFill[];
  end: { readonly atMs: number; readonly status: FoundStatus } | null;
}

/** What happened, in order: the ground on which engines are judged. */
export interface Truth {
  readonly kind: 'accepted' | 'amended' | 'filled' | 'ended';
  readonly clientOrderId: string;
  /** Lots that rest after it. */
  readonly resting: number;
  /** Lots that have filled in all. */
  readonly filled: number;
}

export interface ExchangeOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly report: (report: VenueReport) => void;
  readonly book: (event: BookSnapshot) => void;
}

const filledOf = ({ fills }: TrueOrder, untilMs = Infinity): number =>
  fills.reduce((sum, { quantity, timeMs }) => (timeMs <= untilMs ? sum + quantity : sum), 0);

const wanted = ({ terms }: TrueOrder): number => terms.at(-1)?.quantity ?? 0;

export const restingOf = (order: TrueOrder): number =>
  order.end === null ? wanted(order) - filledOf(order) : 0;

export class Exchange {
  readonly orders = new Map<string, TrueOrder>();
  readonly truth: Truth[] = [];
  readonly fills: VenueFill[] = [];
  /** The same order sent a second time: refused, and counted. */
  repeats = 0;
  readonly #options: ExchangeOptions;
  readonly #lagMs: number;
  readonly #mids = new Map<string, number>(SYMBOLS.map((symbol) => [symbol, 50]));
  #sequence = 0;
  #timer: number;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#lagMs = integer(options.random, 0, 1_500);
    this.#timer = options.clock.setTimeout(() => this.#tick(), TICK_MS);
  }

  stop(): void {
    this.#options.clock.clearTimeout(this.#timer);
  }

  instruments = () => SYMBOLS.map((symbol) => centsInstrument(VENUE, symbol));
  balance = (): string => '1000';
  /** Listings are complete up to here. */
  asOf = (): number => this.#nowMs() - this.#lagMs;

  snapshot(symbol: string): BookSnapshot {
    this.#sequence += 1;
    const mid = this.#mids.get(symbol) ?? 50;
    const side = (step: number) =>
      [1, 2, 3].map((rank) => ({ price: ticks(mid + step * rank), size: lots(DEPTH) }));
    const [bids, asks] = [side(-1), side(1)];
    const timeMs = this.#nowMs();
    return { type: 'book.snapshot', symbol, bids, asks, sequence: this.#sequence, timeMs };
  }

  submit(request: OrderRequest): SubmitOutcome {
    const { clientOrderId, symbol } = request;
    if (this.orders.has(clientOrderId)) {
      this.repeats += 1;
      return { kind: 'exists' };
    }
    if (request.postOnly && this.#crosses(request, request.price))
      return { kind: 'rejected', reason: 'it would take' };
    const venueOrderId = `v${this.orders.size + 1}`;
    const [acceptedAtMs, { price, quantity }] = [this.#nowMs(), request];
    const terms = [{ atMs: acceptedAtMs, price, quantity }];
    const order: TrueOrder = { request, venueOrderId, acceptedAtMs, terms, fills: [], end: null };
    this.orders.set(clientOrderId, order);
    this.#note('accepted', order);
    this.#tell(symbol, { type: 'order.accepted', clientOrderId, venueOrderId });
    this.#match(order);
    if (request.timeInForce !== 'gtc') this.#end(order, 'cancelled');
    return { kind: 'accepted', venueOrderId };
  }

  amend({ clientOrderId, price, quantity }: AmendRequest): AmendOutcome {
    const order = this.orders.get(clientOrderId);
    if (order === undefined || order.end !== null || quantity <= filledOf(order))
      return { kind: 'rejected', reason: 'nothing rests' };
    order.terms.push({ atMs: this.#nowMs(), price, quantity });
    this.#note('amended', order);
    const { symbol } = order.request;
    this.#tell(symbol, { type: 'order.amended', clientOrderId, price, quantity });
    this.#match(order);
    return { kind: 'accepted', price, quantity };
  }

  cancel({ clientOrderId }: OrderRef): CancelOutcome {
    const order = this.orders.get(clientOrderId);
    if (order === undefined || order.end !== null)
      return { kind: 'rejected', reason: 'nothing rests' };
    this.#end(order, 'cancelled');
    return { kind: 'accepted', cumulative: lots(filledOf(order)) };
  }

  cancelAll = (): void => {
    for (const order of this.orders.values()) this.#end(order, 'cancelled');
  };

  order({ clientOrderId }: OrderRef): VenueOrder | null {
    const order = this.orders.get(clientOrderId);
    return order === undefined ? null : this.#listed(order);
  }

  openOrders = (): readonly VenueOrder[] =>
    [...this.orders.values()]
      .flatMap((order) => this.#listed(order) ?? [])
      .filter(({ status }) => status === 'resting');

  /** The cursor counts fills: they are told in the order of their times. */
  fillsSince(cursor: string | null) {
    const seen = this.fills.filter(({ timeMs }) => timeMs <= this.asOf());
    return { fills: seen.slice(Number(cursor ?? 0)), cursor: String(seen.length) };
  }

  positions() {
    return SYMBOLS.map((symbol) => {
      const ours = [...this.orders.values()].filter(({ request }) => request.symbol === symbol);
      const signed = ours.map((order) => {
        const { action, outcome } = order.request;
        return filledOf(order, this.asOf()) * ((action === 'buy') === (outcome === 'yes') ? 1 : -1);
      });
      return { symbol, quantity: signed.reduce((sum, each) => sum + each, 0) };
    });
  }

  #nowMs(): number {
    return this.#options.clock.wallMs();
  }

  /** As it was when the listings were complete; null where it was not there yet. */
  #listed(order: TrueOrder): VenueOrder | null {
    const { request, venueOrderId, acceptedAtMs, terms, end } = order;
    const atMs = this.asOf();
    if (acceptedAtMs > atMs) return null;
    const { price, quantity } = terms.findLast((each) => each.atMs <= atMs) ?? request;
    const { clientOrderId, symbol } = request;
    return {
      clientOrderId,
      venueOrderId,
      symbol,
      status: end !== null && end.atMs <= atMs ? end.status : 'resting',
      request: { ...request, price: ticks(price), quantity: lots(quantity) },
      cumulative: lots(filledOf(order, atMs)),
    };
  }

  #crosses({ symbol, action, outcome }: OrderRequest, price: number): boolean {
    const yesMid = this.#mids.get(symbol) ?? 50;
    const mid = outcome === 'yes' ? yesMid : 100 - yesMid;
    return action === 'buy' ? price >= mid + 1 : price <= mid - 1;
  }

  #match(order: TrueOrder): void {
    const { request } = order;
    const price = order.terms.at(-1)?.price ?? request.price;
    const most = request.timeInForce === 'fok' ? Infinity : DEPTH;
    if (this.#crosses(request, price)) this.#fill(order, Math.min(restingOf(order), most));
  }

  #fill(order: TrueOrder, quantity: number): void {
    if (order.end !== null || quantity <= 0) return;
    const { clientOrderId, symbol } = order.request;
    const fill = {
      fillId: `f${this.fills.length + 1}`,
      price: ticks(order.terms.at(-1)?.price ?? order.request.price),
      quantity: minLots(lots(quantity), lots(restingOf(order))),
      fee: '0.01',
      liquidity: 'maker',
      timeMs: this.#nowMs(),
      printSequence: null,
    } as const;
    const listed: VenueFill = { ...fill, clientOrderId, symbol };
    order.fills.push(listed);
    this.fills.push(listed);
    if (filledOf(order) >= wanted(order)) order.end = { atMs: fill.timeMs, status: 'filled' };
    this.#note('filled', order);
    this.#tell(symbol, { type: 'order.filled', clientOrderId, fill });
  }

  #end(order: TrueOrder, status: 'cancelled' | 'expired'): void {
    if (order.end !== null) return;
    order.end = { atMs: this.#nowMs(), status };
    this.#note('ended', order);
    const { clientOrderId, symbol } = order.request;
    const cumulative = lots(filledOf(order));
    this.#tell(symbol, { type: `order.${status}`, clientOrderId, cumulative, reason: status });
  }

  #note(kind: Truth['kind'], order: TrueOrder): void {
    const { clientOrderId } = order.request;
    this.truth.push({ kind, clientOrderId, resting: restingOf(order), filled: filledOf(order) });
  }

  #tell(symbol: string, report: OrderReport): void {
    this.#options.report({ symbol, report });
  }

  #tick(): void {
    const { random, clock, book } = this.#options;
    this.#timer = clock.setTimeout(() => this.#tick(), TICK_MS);
    for (const symbol of SYMBOLS) {
      const mid = (this.#mids.get(symbol) ?? 50) + integer(random, -1, 1);
      this.#mids.set(symbol, Math.min(60, Math.max(40, mid)));
      book(this.snapshot(symbol));
    }
    for (const order of this.orders.values()) {
      if (order.end !== null) continue;
      this.#match(order);
      const rests = restingOf(order);
      if (rests > 0 && chance(random, 0.15)) this.#fill(order, integer(random, 1, rests));
    }
  }
}
