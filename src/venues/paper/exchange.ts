/**
 * The exchange side of the paper venue: commands in, reports out, at the exchange's own time. It
 * has no clock and no latency, so that a sequence of events and commands alone decides what
 * happens.
 */
import { isOnGrid } from '../../domain/grid.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { NO_LOTS } from '../../domain/numbers.ts';
import type {
  AmendOutcome,
  AmendRequest,
  CancelOutcome,
  OrderRef,
  OrderReport,
  OrderRequest,
  SubmitOutcome,
} from '../../domain/order.ts';
import type { Random, VenueOrder, VenueReport } from '../../domain/ports.ts';
import { Account } from './account.ts';
import { Audit } from './audit.ts';
import { DEFAULT_FILL_MODEL, type FillModel } from './fill-model.ts';
import { type Match, PaperMarket } from './market.ts';
import { bookSideOf, leavesOf, type PaperOrder, priceFor } from './paper-order.ts';
import type { MarketDataEvent } from './source.ts';

export interface ExchangeOptions {
  readonly name: string;
  readonly instruments: readonly Instrument[];
  /** Dollars to begin with, a plain decimal. */
  readonly balance: string;
  readonly report: (report: VenueReport) => void;
  readonly model?: FillModel;
  /** Draws what a stress of the model leaves to chance. */
  readonly random?: Random;
}

type Refusal = { readonly kind: 'rejected'; readonly reason: string };

const refuse = (reason: string): Refusal => ({ kind: 'rejected', reason });

export class Exchange {
  readonly account: Account;
  readonly audit: Audit;
  readonly #name: string;
  readonly #send: (report: VenueReport) => void;
  readonly #markets: ReadonlyMap<string, PaperMarket>;
  readonly #orders = new Map<string, PaperOrder>();
  #ended = false;

  constructor({ name, instruments, balance, report, model, random }: ExchangeOptions) {
    this.account = new Account(name, balance);
    this.#name = name;
    this.#send = report;
    const fill = model ?? DEFAULT_FILL_MODEL;
    const markets = new Map<string, PaperMarket>();
    this.#markets = markets;
    this.audit = new Audit({
      orders: this.#orders,
      markets,
      account: this.account,
      balance,
      takeHaircut: fill.takeHaircut,
    });
    for (const instrument of instruments) {
      const { symbol } = instrument;
      const chance = random === undefined ? {} : { random: random.fork(symbol) };
      const attributed = this.audit.attributed;
      markets.set(symbol, new PaperMarket({ instrument, model: fill, attributed, ...chance }));
    }
  }

  markets(): readonly PaperMarket[] {
    return [...this.#markets.values()];
  }

  /** `followedBy`: of a print, the lots that its level is about to lose at the same time. */
  onMarket(event: MarketDataEvent, nowMs: number, followedBy = 0): void {
    const market = this.#markets.get(event.symbol);
    if (market === undefined) return;
    const wasSettled = market.settledAt !== null;
    for (const match of market.apply(event, nowMs, followedBy)) this.#book(match, market, nowMs);
    if (event.type === 'market.closed' || event.type === 'market.settled')
      for (const order of market.resting()) this.#end(order, 'cancelled', 'market closed');
    if (event.type === 'market.settled' && !wasSettled)
      this.account.settle(market.instrument, event.value);
  }

  /** Nothing more will trade: orders are refused, what rests stays, cancels work. */
  endRecording(): void {
    this.#ended = true;
  }

  submit(request: OrderRequest, nowMs: number): SubmitOutcome {
    if (this.#orders.has(request.clientOrderId)) return { kind: 'exists' };
    const market = this.#markets.get(request.symbol);
    if (market === undefined) return refuse('market not found');
    const refusal = this.#refusal(market, request, nowMs);
    if (refusal !== null) return refusal;
    const order = this.#newOrder(market, request, nowMs);
    const plan = market.plan(order.side, order.price, request.quantity, nowMs);
    this.#orders.set(request.clientOrderId, order);
    if (request.timeInForce === 'fok' && plan.left > 0 && !plan.selfCross) {
      // A killed fill-or-kill has used up its id.
      order.status = 'rejected';
      return refuse('fill or kill: insufficient resting volume');
    }
    const { clientOrderId } = request;
    const { venueOrderId } = order;
    this.#report(order, { type: 'order.accepted', clientOrderId, venueOrderId });
    this.#match(order, market, nowMs);
    return { kind: 'accepted', venueOrderId };
  }

  /**
   * A new price or a larger total goes to the back of the queue; a smaller total keeps its place.
   */
  amend(request: AmendRequest, nowMs: number): AmendOutcome {
    const found = this.#resting(request);
    if ('kind' in found) return found;
    const { order, market } = found;
    const { clientOrderId, price, quantity } = request;
    const amended = { ...order.request, price, quantity };
    const refusal = this.#refusal(market, amended, nowMs);
    if (refusal !== null) return refusal;
    if (quantity < order.filled) return refuse('total must not be below what has filled');
    const keepsPlace = price === order.request.price && quantity <= order.request.quantity;
    order.request = amended;
    if (quantity === order.filled) {
      market.remove(order);
      this.#end(order, 'cancelled', 'amended down to what has filled');
      return { kind: 'accepted', price, quantity };
    }
    this.#report(order, { type: 'order.amended', clientOrderId, price, quantity });
    if (!keepsPlace) {
      market.remove(order);
      order.price = priceFor(market.instrument, amended.outcome, price);
      this.#match(order, market, nowMs);
    }
    return { kind: 'accepted', price, quantity };
  }

  cancel(ref: OrderRef): CancelOutcome {
    const found = this.#resting(ref);
    if ('kind' in found) return found;
    this.#end(found.order, 'cancelled', 'cancelled on request');
    return { kind: 'accepted', cumulative: found.order.filled };
  }

  cancelAll(): void {
    for (const order of this.#allResting()) this.#end(order, 'cancelled', 'cancelled on request');
  }

  expireDue(nowMs: number): void {
    for (const order of this.#allResting()) {
      const { expiresAtMs } = order.request;
      if (expiresAtMs !== null && expiresAtMs <= nowMs) this.#end(order, 'expired', 'expired');
    }
  }

  order(ref: OrderRef): VenueOrder | null {
    const order = this.#orders.get(ref.clientOrderId);
    return order === undefined ? null : venueOrderOf(order);
  }

  openOrders(): readonly VenueOrder[] {
    return this.#allResting().map(venueOrderOf);
  }

  #allResting(): readonly PaperOrder[] {
    return this.markets().flatMap((market) => market.resting());
  }

  #resting(ref: OrderRef): { readonly order: PaperOrder; readonly market: PaperMarket } | Refusal {
    const order = this.#orders.get(ref.clientOrderId);
    const market = order && this.#markets.get(order.request.symbol);
    if (order === undefined || market === undefined) return refuse('order not found');
    if (order.status !== 'resting') return refuse(`order is not resting: ${order.status}`);
    return { order, market };
  }

  #refusal(market: PaperMarket, request: OrderRequest, nowMs: number): Refusal | null {
    if (this.#ended) return refuse('recording ended');
    if (market.phase !== 'open') return refuse(`market is ${market.phase}`);
    if (!market.synced) return refuse('market has no book yet');
    const reason = faultOf(market.instrument, request, nowMs);
    if (reason !== null) return refuse(reason);
    const crosses = request.postOnly && this.#wouldCross(market, request, nowMs);
    return crosses ? refuse('post only cross') : null;
  }

  #wouldCross(market: PaperMarket, request: OrderRequest, nowMs: number): boolean {
    const { outcome, action, price, quantity } = request;
    const limit = priceFor(market.instrument, outcome, price);
    const plan = market.plan(bookSideOf(outcome, action), limit, quantity, nowMs);
    return plan.takes.length > 0 || plan.selfCross;
  }

  #newOrder(market: PaperMarket, request: OrderRequest, nowMs: number): PaperOrder {
    return {
      venueOrderId: `${this.#name}-${this.#orders.size + 1}`,
      side: bookSideOf(request.outcome, request.action),
      acceptedAtMs: nowMs,
      request,
      price: priceFor(market.instrument, request.outcome, request.price),
      filled: NO_LOTS,
      ahead: NO_LOTS,
      pennied: NO_LOTS,
      status: 'resting',
    };
  }

  /** Takes what crosses; the rest rests, or ends as its time in force says. */
  #match(order: PaperOrder, market: PaperMarket, nowMs: number): void {
    const plan = market.plan(order.side, order.price, leavesOf(order), nowMs);
    for (const match of market.take(order, plan, nowMs)) this.#book(match, market, nowMs);
    if (plan.left === 0) return;
    if (plan.selfCross) this.#end(order, 'cancelled', 'meets an own order');
    else if (order.request.timeInForce === 'gtc') market.rest(order, nowMs);
    else this.#end(order, 'cancelled', 'immediate or cancel');
  }

  #book(match: Match, market: PaperMarket, nowMs: number): void {
    const { order } = match;
    const booked = this.account.book(match, market.instrument, nowMs);
    this.audit.record(match, booked);
    const { clientOrderId, symbol: _, outcome: __, action: ___, ...fill } = booked;
    if (leavesOf(order) === 0) order.status = 'filled';
    this.#report(order, { type: 'order.filled', clientOrderId, fill });
  }

  #report({ request: { symbol } }: PaperOrder, report: OrderReport): void {
    this.#send({ symbol, report });
  }

  #end(order: PaperOrder, status: 'cancelled' | 'expired', reason: string): void {
    this.#markets.get(order.request.symbol)?.remove(order);
    order.status = status;
    this.#report(order, {
      type: `order.${status}`,
      clientOrderId: order.request.clientOrderId,
      cumulative: order.filled,
      reason,
    });
  }
}

/** What the exchange itself finds wrong with an order; null for nothing. */
function faultOf(instrument: Instrument, request: OrderRequest, nowMs: number): string | null {
  const { outcome, price, quantity, timeInForce, postOnly, expiresAtMs } = request;
  if (outcome === 'no' && instrument.payout === null) return 'invalid order: there is no NO side';
  if (!isOnGrid(instrument.tickRanges, priceFor(instrument, outcome, price)))
    return `invalid price: ${price} is not on the tick grid`;
  if (quantity < instrument.minQuantity)
    return `invalid quantity: ${quantity} is below the minimum`;
  if (quantity % instrument.quantityStep !== 0)
    return `invalid quantity: ${quantity} is not a multiple of ${instrument.quantityStep}`;
  if (postOnly && timeInForce !== 'gtc') return 'invalid order: post only needs to rest';
  if (timeInForce === 'gtc' && expiresAtMs !== null && expiresAtMs <= nowMs)
    return 'invalid order: expires in the past';
  return null;
}

const venueOrderOf = ({ request, venueOrderId, status, filled }: PaperOrder): VenueOrder => ({
  clientOrderId: request.clientOrderId,
  venueOrderId,
  symbol: request.symbol,
  status,
  request,
  cumulative: filled,
});
