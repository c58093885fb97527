/**
 * The exchange: it matches by price and time, remembers all it ever did, and is the truth that the
 * engine is judged by. It has no network: whatever is said to it has arrived.
 */
import { tradeFeeOf } from '../../src/domain/fees.ts';
import type { Instrument } from '../../src/domain/instrument.ts';
import { formatMoney, times } from '../../src/domain/money.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import type {
  AmendOutcome,
  AmendRequest,
  CancelOutcome,
  FoundStatus,
  Liquidity,
  OrderReport,
  OrderRequest,
  SubmitOutcome,
} from '../../src/domain/order.ts';
import type { VenueFill, VenueOrder, VenuePosition, VenueReport } from '../../src/domain/ports.ts';
import { integer } from '../../src/env/draws.ts';
import type { Ground } from './ground.ts';
import { VenueMarket } from './venue-market.ts';

/** So long Kalshi says that a cancel of all may still cancel new orders. */
const LINGERS_MS = 60_000;

/** How an order was from some time on. */
interface Version {
  readonly atMs: number;
  readonly status: FoundStatus;
  readonly filled: number;
  readonly request: OrderRequest;
}

export class TrueOrder {
  readonly venueOrderId: string;
  readonly market: VenueMarket;
  readonly versions: Version[] = [];
  request: OrderRequest;
  status: FoundStatus = 'resting';
  filled = 0;

  constructor(venueOrderId: string, market: VenueMarket, request: OrderRequest) {
    this.venueOrderId = venueOrderId;
    this.market = market;
    this.request = request;
  }

  get id(): string {
    return this.request.clientOrderId;
  }

  /** What it may still fill. */
  get leaves(): number {
    return this.status === 'resting' ? this.request.quantity - this.filled : 0;
  }

  asOf(atMs: number): Version | null {
    return this.versions.findLast((version) => version.atMs <= atMs) ?? null;
  }
}

export interface TrueFill {
  readonly atMs: number;
  readonly fill: VenueFill;
  reverted: boolean;
}

type Refusal = { readonly kind: 'rejected'; readonly reason: string };

const refuse = (reason: string): Refusal => ({ kind: 'rejected', reason });

export interface VenueModelOptions {
  readonly ground: Ground;
  readonly instruments: readonly Instrument[];
  /** After each change of an order. */
  readonly moved: (order: TrueOrder) => void;
  readonly report: (report: VenueReport) => void;
  /** It is nowhere listed: the venue says it more than once. */
  readonly busted: (report: VenueReport, fillId: string) => void;
}

export class VenueModel {
  readonly markets: ReadonlyMap<string, VenueMarket>;
  readonly orders = new Map<string, TrueOrder>();
  readonly fills: TrueFill[] = [];
  readonly reverted: TrueFill[] = [];
  readonly #ground: Ground;
  readonly #options: VenueModelOptions;
  #lingersUntilMs = 0;

  constructor(options: VenueModelOptions) {
    this.#options = options;
    this.#ground = options.ground;
    this.markets = new Map(
      options.instruments.map((instrument) => [
        instrument.symbol,
        new VenueMarket(instrument, options.ground, (order, price, count) =>
          this.#fill(order, price, count, 'maker'),
        ),
      ]),
    );
  }

  endedBefore(clientOrderId: string, atMs: number): boolean {
    const order = this.orders.get(clientOrderId);
    const endedAtMs = order?.versions.at(-1)?.atMs ?? Infinity;
    return order !== undefined && order.status !== 'resting' && endedAtMs < atMs;
  }

  get open(): readonly TrueOrder[] {
    return [...this.orders.values()].filter(({ status }) => status === 'resting');
  }

  submit(request: OrderRequest): SubmitOutcome {
    const market = this.markets.get(request.symbol);
    if (this.orders.has(request.clientOrderId)) return { kind: 'exists' };
    if (market === undefined) return refuse('no such market');
    if (market.status !== 'open') return refuse(`the market is ${market.status}`);
    const { side, price } = market.placeOf(request);
    const available = market.book.available(side, price);
    if (request.postOnly && market.book.next(side, price) !== null) return refuse('post only');
    if (request.timeInForce === 'fok' && available < request.quantity)
      return refuse('not all of it could be filled');
    const order = new TrueOrder(`v${this.orders.size + 1}`, market, request);
    this.orders.set(order.id, order);
    const { venueOrderId } = order;
    this.#note(order, { type: 'order.accepted', clientOrderId: order.id, venueOrderId });
    this.#expireInTime(order);
    if (this.#ground.clock.wallMs() < this.#lingersUntilMs) this.#endSoon(order);
    this.#take(order);
    if (order.leaves > 0 && request.timeInForce === 'gtc') market.rest(order);
    else if (order.leaves > 0) this.end(order, 'cancelled', 'it may not rest');
    return { kind: 'accepted', venueOrderId };
  }

  /** A new price or a larger total goes to the back of the queue. */
  amend({ clientOrderId, price, quantity }: AmendRequest): AmendOutcome {
    const order = this.orders.get(clientOrderId);
    if (order?.status !== 'resting') return refuse('no such order rests');
    if (order.market.status !== 'open') return refuse(`the market is ${order.market.status}`);
    if (quantity <= order.filled) return refuse('it has filled as much');
    order.market.book.remove(order);
    order.request = { ...order.request, price, quantity };
    this.#note(order, { type: 'order.amended', clientOrderId, price, quantity });
    this.#take(order);
    if (order.leaves > 0) order.market.rest(order);
    return { kind: 'accepted', price, quantity };
  }

  cancel(clientOrderId: string): CancelOutcome {
    const order = this.orders.get(clientOrderId);
    if (order?.status !== 'resting') return refuse('no such order rests');
    this.end(order, 'cancelled', 'as asked');
    return { kind: 'accepted', cumulative: lots(order.filled) };
  }

  end(order: TrueOrder, status: 'cancelled' | 'expired', reason: string): void {
    if (order.status !== 'resting') return;
    order.status = status;
    order.market.book.remove(order);
    if (this.#ground.plant === 'lateFill') this.#fillLater(order);
    const [clientOrderId, cumulative] = [order.id, lots(order.filled)];
    this.#note(order, { type: `order.${status}`, clientOrderId, cumulative, reason });
  }

  /** All that rests; where it `lingers`, also what is placed within the next minute. */
  cancelAll(lingers: boolean, isMeant: (order: TrueOrder) => boolean = () => true): boolean {
    const meant = this.open.filter(isMeant);
    for (const order of meant) this.end(order, 'cancelled', 'cancel all');
    if (lingers) this.#lingersUntilMs = this.#ground.clock.wallMs() + LINGERS_MS;
    return meant.length > 0;
  }

  /** Takes a fill back, as a bust does. */
  revert(fill: TrueFill): void {
    fill.reverted = true;
    this.reverted.push(fill);
    const { clientOrderId, symbol, fillId } = fill.fill;
    this.#ground.trace.note('venue bust', fillId);
    const report = { type: 'order.fillReverted', clientOrderId, fillId } as const;
    this.#options.busted({ symbol, report }, fillId);
  }

  /** As the venue would list it, from data of that time; null where it knew none by then. */
  orderAsOf(clientOrderId: string, atMs: number): VenueOrder | null {
    const order = this.orders.get(clientOrderId);
    const version = order?.asOf(atMs) ?? null;
    if (order === undefined || version === null) return null;
    const { status, request, filled } = version;
    const { venueOrderId } = order;
    const { symbol } = request;
    return { clientOrderId, venueOrderId, symbol, status, request, cumulative: lots(filled) };
  }

  openAsOf(atMs: number): readonly VenueOrder[] {
    return this.#allAsOf(atMs).filter(({ status }) => status === 'resting');
  }

  closedAsOf(atMs: number, sinceMs: number): readonly VenueOrder[] {
    return this.#allAsOf(atMs).filter(({ clientOrderId, status }) => {
      const endedAtMs = this.orders.get(clientOrderId)?.asOf(atMs)?.atMs ?? 0;
      return status !== 'resting' && endedAtMs >= sinceMs;
    });
  }

  /** Signed lots by market, of fills that stand; those of orders that `counts` takes. */
  positions(counts: (clientOrderId: string) => boolean = () => true): readonly VenuePosition[] {
    const held = new Map<string, number>();
    for (const { fill, reverted } of this.fills) {
      const request = this.orders.get(fill.clientOrderId)?.request;
      if (reverted || request === undefined || !counts(fill.clientOrderId)) continue;
      const sign = (request.action === 'buy') === (request.outcome === 'yes') ? 1 : -1;
      held.set(fill.symbol, (held.get(fill.symbol) ?? 0) + sign * fill.quantity);
    }
    return [...held].map(([symbol, quantity]) => ({ symbol, quantity }));
  }

  #allAsOf(atMs: number): readonly VenueOrder[] {
    return [...this.orders.keys()].flatMap((id) => this.orderAsOf(id, atMs) ?? []);
  }

  #take(order: TrueOrder): void {
    const { market, request } = order;
    const { side, price } = market.placeOf(request);
    for (;;) {
      const next = order.leaves > 0 ? market.book.next(side, price) : null;
      if (next === null) return;
      const { owner } = next.resting;
      // No account trades with itself: what rests gives way.
      if (owner !== null) this.end(owner, 'cancelled', 'self-trade prevention');
      else {
        const [match] = market.book.take(side, price, Math.min(order.leaves, next.resting.lots));
        if (match !== undefined) this.#fill(order, match.price, match.lots, 'taker');
      }
    }
  }

  #fill(order: TrueOrder, yesPrice: number, count: number, liquidity: Liquidity): void {
    const { instrument } = order.market;
    const price = ticks(order.request.outcome === 'yes' ? yesPrice : 100 - yesPrice);
    const fee = tradeFeeOf(instrument.fees, {
      price: times(instrument.priceUnit, price),
      quantity: times(instrument.lotSize, count),
      liquidity,
    });
    order.filled += count;
    if (this.#ground.plant === 'overfill' && order.filled === order.request.quantity)
      this.#fill(order, yesPrice, 1, liquidity);
    if (order.filled >= order.request.quantity) order.status = 'filled';
    const timeMs = this.#ground.clock.wallMs();
    const fill = {
      fillId: `f${this.fills.length + 1}`,
      price,
      quantity: lots(count),
      fee: formatMoney(fee),
      liquidity,
      timeMs,
      printSequence: null,
    };
    const [clientOrderId, { symbol, outcome, action }] = [order.id, order.request];
    const listed = { ...fill, clientOrderId, symbol, outcome, action };
    this.fills.push({ atMs: timeMs, fill: listed, reverted: false });
    const told = this.#ground.plant === 'wrongFee' ? { ...fill, fee: '0.01' } : fill;
    this.#note(order, { type: 'order.filled', clientOrderId, fill: told });
  }

  #note(order: TrueOrder, report: OrderReport): void {
    const { status, filled, request } = order;
    order.versions.push({ atMs: this.#ground.clock.wallMs(), status, filled, request });
    this.#ground.trace.note('venue', report);
    this.#options.moved(order);
    this.#options.report({ symbol: request.symbol, report });
  }

  #endSoon(order: TrueOrder): void {
    const { clock, faults } = this.#ground;
    const waitMs = integer(faults.random('cancelAllLingers'), 50, 5_000);
    clock.setTimeout(() => this.end(order, 'cancelled', 'cancel all, still'), waitMs);
  }

  /** As no honest venue does. */
  #fillLater(order: TrueOrder): void {
    const { clock } = this.#ground;
    clock.setTimeout(
      () => this.#fill(order, order.market.placeOf(order.request).price, 1, 'maker'),
      5_000,
    );
  }

  #expireInTime(order: TrueOrder): void {
    const { expiresAtMs } = order.request;
    if (expiresAtMs === null) return;
    const { clock } = this.#ground;
    clock.setTimeout(
      () => this.end(order, 'expired', 'its time is up'),
      expiresAtMs - clock.wallMs(),
    );
  }
}
