/**
 * A venue that does what a test says: each command follows a plan (does it arrive, what is
 * answered, when), each report is told once, twice, late or never. It keeps the truth, and asks
 * nobody.
 */
import { Subject } from 'rxjs';
import type { Instrument } from '../../src/domain/instrument.ts';
import type { BookEvent, Level, Print } from '../../src/domain/market-data.ts';
import { type Lots, lots, minLots, NO_LOTS, ticks } from '../../src/domain/numbers.ts';
import type {
  AmendOutcome,
  AmendRequest,
  CancelOutcome,
  Fill,
  FoundStatus,
  OrderCommandKind,
  OrderRef,
  OrderReport,
  OrderRequest,
  SubmitOutcome,
} from '../../src/domain/order.ts';
import type {
  Clock,
  Venue,
  VenueCapabilities,
  VenueFill,
  VenueOrder,
  VenueReport,
} from '../../src/domain/ports.ts';
import { centsInstrument } from './cents.ts';

export interface Plan {
  /** False: it is lost on its way. */
  readonly arrives: boolean;
  readonly reply: 'truth' | 'reject' | 'ambiguous' | 'exists' | 'throw' | 'never';
  readonly entryMs: number;
  readonly replyMs: number;
}

export const HONEST: Plan = { arrives: true, reply: 'truth', entryMs: 5, replyMs: 5 };

export interface Call {
  readonly kind: OrderCommandKind;
  readonly clientOrderId: string;
  readonly atMs: number;
  readonly price: number | null;
  readonly quantity: number | null;
}

export interface TrueOrder {
  request: OrderRequest;
  readonly venueOrderId: string;
  status: FoundStatus;
  filled: Lots;
}

type Refusal = { readonly kind: 'rejected'; readonly reason: string };

export interface ScriptedVenueOptions {
  readonly clock: Clock;
  readonly name?: string;
  readonly symbols?: readonly string[];
  readonly amends?: boolean;
  readonly capabilities?: Partial<VenueCapabilities>;
}

export class ScriptedVenue implements Venue {
  readonly name: string;
  readonly capabilities: VenueCapabilities;
  readonly reports$ = new Subject<VenueReport>();
  readonly calls: Call[] = [];
  readonly orders = new Map<string, TrueOrder>();
  readonly fills: VenueFill[] = [];
  /** Lots by client order id, reversed ones included. */
  readonly everFilled = new Map<string, number>();
  /** Replaced by a test: how the next command fares. */
  plan: (kind: OrderCommandKind, clientOrderId: string) => Plan = () => HONEST;
  /** After how many ms each report is told; empty: it is lost. */
  told: (report: OrderReport) => readonly number[] = () => [5];
  /** At the very moment of a call, before anything else. */
  onCall: (call: Call) => void = () => undefined;
  /** What `order` answers; null: it knows none. Replaced to hide what is true. */
  answers: (order: TrueOrder | null) => Promise<TrueOrder | null> = async (order) => order;
  asOfMs: () => number;
  readonly #clock: Clock;
  readonly #books = new Map<string, Subject<BookEvent>>();
  readonly #trades = new Map<string, Subject<Print>>();
  readonly #amends: boolean;
  #sequence = 0;
  #fills = 0;

  constructor({ clock, name = 'script', symbols = ['M'], ...rest }: ScriptedVenueOptions) {
    this.#clock = clock;
    this.name = name;
    this.#amends = rest.amends ?? true;
    this.asOfMs = () => clock.wallMs();
    for (const symbol of symbols) {
      this.#books.set(symbol, new Subject());
      this.#trades.set(symbol, new Subject());
    }
    this.capabilities = {
      amend: this.#amends ? 'total' : null,
      postOnly: true,
      ioc: true,
      fok: true,
      expiry: false,
      lookupByClientId: true,
      outlivesEngine: false,
      heartbeatMs: null,
      latencyP99Ms: 50,
      ...rest.capabilities,
    };
    if (!this.#amends) Object.defineProperty(this, 'amend', { value: undefined });
  }

  async instruments(): Promise<readonly Instrument[]> {
    return [...this.#books.keys()].map((symbol) => centsInstrument(this.name, symbol));
  }

  book$(symbol: string): Subject<BookEvent> {
    return this.#books.get(symbol) ?? new Subject();
  }

  trades$(symbol: string): Subject<Print> {
    return this.#trades.get(symbol) ?? new Subject();
  }

  submit(request: OrderRequest): Promise<SubmitOutcome> {
    const act = (): SubmitOutcome => this.#accept(request);
    return this.#command<SubmitOutcome>('submit', request, act, { kind: 'exists' });
  }

  amend(request: AmendRequest): Promise<AmendOutcome> {
    return this.#command<AmendOutcome>('amend', request, () => this.#amend(request));
  }

  cancel(ref: OrderRef): Promise<CancelOutcome> {
    return this.#command<CancelOutcome>('cancel', ref, () => this.#cancel(ref));
  }

  async cancelAll(): Promise<void> {
    for (const id of this.orders.keys()) this.end(id, 'cancelled');
  }

  async order(ref: OrderRef): Promise<VenueOrder | null> {
    const order = await this.answers(this.orders.get(ref.clientOrderId) ?? null);
    return order === null ? null : listed(order);
  }

  async openOrders(): Promise<readonly VenueOrder[]> {
    return this.resting().map(listed);
  }

  async fillsSince(_cursor: string | null) {
    return { fills: [...this.fills], cursor: 'all' };
  }

  positions = async () => {
    const held = new Map<string, number>();
    for (const { clientOrderId, symbol, quantity } of this.fills) {
      const { outcome, action } = this.orders.get(clientOrderId)?.request ?? {};
      const sign = (outcome === 'yes') === (action === 'buy') ? 1 : -1;
      held.set(symbol, (held.get(symbol) ?? 0) + sign * quantity);
    }
    return [...held].map(([symbol, quantity]) => ({ symbol, quantity }));
  };
  balance = async () => '1000';
  asOf = async () => this.asOfMs();

  resting(): readonly TrueOrder[] {
    return [...this.orders.values()].filter(({ status }) => status === 'resting');
  }

  /** A snapshot of the book: levels as [price, size]. */
  snapshot(
    symbol = 'M',
    bids: readonly (readonly [number, number])[] = [[45, 500]],
    asks: readonly (readonly [number, number])[] = [[55, 500]],
  ): void {
    this.#sequence += 1;
    const event = { symbol, bids: levels(bids), asks: levels(asks), sequence: this.#sequence };
    this.book$(symbol).next({ type: 'book.snapshot', ...event, timeMs: this.#clock.wallMs() });
  }

  /** Fills what rests of an order, at most `quantity`; the fill id, or null where nothing rests. */
  fill(clientOrderId: string, quantity: number, fillId = `f${++this.#fills}`) {
    const order = this.orders.get(clientOrderId);
    if (order?.status !== 'resting') return null;
    const { request } = order;
    const left = lots(request.quantity - order.filled);
    const fill = this.madeFill(order, minLots(lots(quantity), left), fillId);
    order.filled = lots(order.filled + fill.quantity);
    if (order.filled >= request.quantity) order.status = 'filled';
    this.fills.push({ ...fill, clientOrderId, symbol: request.symbol });
    const before = this.everFilled.get(clientOrderId) ?? 0;
    this.everFilled.set(clientOrderId, before + fill.quantity);
    this.report(request.symbol, { type: 'order.filled', clientOrderId, fill });
    return fillId;
  }

  madeFill({ request }: TrueOrder, quantity: Lots, fillId: string): Fill {
    const timeMs = this.#clock.wallMs();
    const terms = { fillId, price: request.price, quantity, fee: '0.01', timeMs };
    return { ...terms, liquidity: 'maker', printSequence: null };
  }

  /**
   * Takes a fill back, as after a bust: the order's count falls with it. It is told a second later.
   */
  revert(fillId: string): void {
    const fill = this.fills.find((each) => each.fillId === fillId);
    const order = this.orders.get(fill?.clientOrderId ?? '');
    if (fill === undefined || order === undefined) return;
    this.fills.splice(this.fills.indexOf(fill), 1);
    order.filled = lots(order.filled - fill.quantity);
    const { clientOrderId, symbol } = fill;
    const report: OrderReport = { type: 'order.fillReverted', clientOrderId, fillId };
    this.#clock.setTimeout(() => this.reports$.next({ symbol, report }), 1_000);
  }

  end(clientOrderId: string, status: 'cancelled' | 'expired'): void {
    const order = this.orders.get(clientOrderId);
    if (order?.status !== 'resting') return;
    order.status = status;
    const { filled: cumulative, request } = order;
    const reason = `${status} at the venue`;
    this.report(request.symbol, { type: `order.${status}`, clientOrderId, cumulative, reason });
  }

  /** Tells a report as `told` says: once, twice, late or never. */
  report(symbol: string, report: OrderReport): void {
    for (const delayMs of this.told(report))
      this.#clock.setTimeout(() => this.reports$.next({ symbol, report }), delayMs);
  }

  #command<Outcome extends { readonly kind: string }>(
    kind: OrderCommandKind,
    terms: { readonly clientOrderId: string; readonly price?: number; readonly quantity?: number },
    act: () => Outcome | Refusal,
    exists?: Outcome,
  ): Promise<Outcome> {
    const { clientOrderId, price = null, quantity = null } = terms;
    const call = { kind, clientOrderId, atMs: this.#clock.wallMs(), price, quantity };
    this.calls.push(call);
    this.onCall(call);
    const { arrives, reply, entryMs, replyMs } = this.plan(kind, clientOrderId);
    return new Promise((resolve, reject) => {
      this.#clock.setTimeout(() => {
        const refused = { kind: 'rejected', reason: 'refused by plan' } as const;
        const truth = arrives && reply !== 'reject' ? act() : refused;
        this.#clock.setTimeout(() => {
          if (reply === 'never') return;
          if (reply === 'throw') return reject(new Error('connection reset'));
          if (reply === 'ambiguous') return resolve({ kind: reply, reason: '503' } as never);
          resolve((reply === 'exists' && exists !== undefined ? exists : truth) as Outcome);
        }, replyMs);
      }, entryMs);
    });
  }

  #accept(request: OrderRequest): SubmitOutcome {
    const { clientOrderId, symbol } = request;
    if (this.orders.has(clientOrderId)) return { kind: 'exists' };
    const venueOrderId = `v${this.orders.size + 1}`;
    this.orders.set(clientOrderId, { request, venueOrderId, status: 'resting', filled: NO_LOTS });
    this.report(symbol, { type: 'order.accepted', clientOrderId, venueOrderId });
    if (request.timeInForce !== 'gtc') this.end(clientOrderId, 'cancelled');
    return { kind: 'accepted', venueOrderId };
  }

  #amend({ clientOrderId, price, quantity }: AmendRequest): AmendOutcome {
    const order = this.orders.get(clientOrderId);
    if (order?.status !== 'resting') return { kind: 'rejected', reason: 'order is not resting' };
    if (quantity <= order.filled) return { kind: 'rejected', reason: 'total already filled' };
    order.request = { ...order.request, price, quantity };
    const terms = { clientOrderId, price, quantity };
    this.report(order.request.symbol, { type: 'order.amended', ...terms });
    return { kind: 'accepted', price, quantity };
  }

  #cancel({ clientOrderId }: OrderRef): CancelOutcome {
    const order = this.orders.get(clientOrderId);
    if (order?.status !== 'resting') return { kind: 'rejected', reason: 'order is not resting' };
    this.end(clientOrderId, 'cancelled');
    return { kind: 'accepted', cumulative: order.filled };
  }
}

const levels = (pairs: readonly (readonly [number, number])[]): readonly Level[] =>
  pairs.map(([price, size]) => ({ price: ticks(price), size: lots(size) }));

const listed = ({ request, venueOrderId, status, filled }: TrueOrder): VenueOrder => {
  const { clientOrderId, symbol } = request;
  return { clientOrderId, venueOrderId, symbol, status, request, cumulative: filled };
};
