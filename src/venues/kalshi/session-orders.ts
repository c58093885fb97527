/**
 * What the private frames say of orders, as reports by our own ids: nothing is told twice, and what
 * came before the answer to its own submission is not lost. It remembers, and asks nobody.
 */
import type { Instrument } from '../../domain/instrument.ts';
import { HELD_REPORTS_MAX } from '../../domain/limits.ts';
import type { OrderRef, OrderReport, OrderRequest, SubmitOutcome } from '../../domain/order.ts';
import type { VenueFill, VenueOrder, VenueReport } from '../../domain/ports.ts';
import { ownIdOf, wireIdOf } from './order-id.ts';
import { fillReportOf, orderReportOf } from './translate.ts';
import type { FillFrame, UserOrderFrame } from './wire.ts';

export interface OrdersOptions {
  readonly tell: (report: VenueReport) => void;
  /** Null for a market that is not listed: nobody of ours trades there. */
  readonly instrumentOf: (symbol: string) => Instrument | null;
  /** Both names of an order were seen together. */
  readonly named: (venueOrderId: string, wireId: string) => void;
}

/** Fills remembered as told; an hour of a very busy account. */
const TOLD_FILLS_MAX = 100_000;
/** Names remembered; what is older has ended. */
const NAMES_MAX = 100_000;

export class PrivateOrders {
  readonly #options: OrdersOptions;
  /** Ids on the wire by the venue's: older fill frames name only the latter. */
  readonly #wireIds = new Map<string, string>();
  readonly #toldFills = new Set<string>();
  /** Fills of orders that have no name yet, while a submission is unanswered. */
  #held: FillFrame[] = [];
  #unanswered = 0;
  /** Ours that rest, as far as we were told. */
  readonly #resting = new Map<string, OrderRef>();

  constructor(options: OrdersOptions) {
    this.#options = options;
  }

  /** Orders that rest as far as we know; of one market, or all. */
  resting(symbol: string | null = null): readonly OrderRef[] {
    const all = [...this.#resting.values()];
    return symbol === null ? all : all.filter((ref) => ref.symbol === symbol);
  }

  submitting({ clientOrderId, symbol }: OrderRequest): void {
    this.#unanswered += 1;
    // It may rest from now on: a lost answer must not hide it.
    this.#resting.set(clientOrderId, { clientOrderId, venueOrderId: null, symbol });
  }

  /** null: nobody knows what became of it. */
  submitted(request: OrderRequest, outcome: SubmitOutcome | null): void {
    const { clientOrderId, symbol } = request;
    this.#unanswered -= 1;
    if (outcome?.kind === 'rejected') this.#resting.delete(clientOrderId);
    if (outcome?.kind === 'accepted') {
      const { venueOrderId } = outcome;
      this.#name(venueOrderId, wireIdOf(request));
      if (this.#resting.has(clientOrderId))
        this.#resting.set(clientOrderId, { clientOrderId, venueOrderId, symbol });
    }
    const held = this.#held;
    this.#held = [];
    for (const frame of held) this.onFill(frame);
  }

  onFill(frame: FillFrame): void {
    const { order_id, market_ticker: symbol, trade_id } = frame.msg;
    const wireId = this.#wireIdOf(frame.msg);
    if (wireId === null && this.#unanswered > 0) {
      this.#held = [...this.#held, frame].slice(-HELD_REPORTS_MAX);
      return;
    }
    const instrument = this.#options.instrumentOf(symbol);
    const own = ownIdOf(wireId ?? order_id);
    if (instrument === null || !this.#isNews(own.clientOrderId, trade_id)) return;
    this.#options.tell({ symbol, report: fillReportOf(frame, { ...own, instrument }) });
  }

  onOrder(frame: UserOrderFrame): void {
    const { order_id: venueOrderId, ticker: symbol, status } = frame.msg;
    const wireId = this.#wireIdOf(frame.msg);
    const instrument = this.#options.instrumentOf(symbol);
    if (instrument === null) return;
    const own = ownIdOf(wireId ?? venueOrderId);
    const { clientOrderId } = own;
    if (this.#isReplaced(frame, clientOrderId)) return;
    if (status !== 'resting') this.#resting.delete(clientOrderId);
    else if (wireId !== null)
      this.#resting.set(clientOrderId, { clientOrderId, venueOrderId, symbol });
    const report = orderReportOf(frame, { ...own, instrument });
    this.#options.tell({ symbol, report });
  }

  /** The venue knows no such order: whoever sent it asks on, if it matters. */
  forget(clientOrderId: string): void {
    this.#resting.delete(clientOrderId);
  }

  /** What a question brought: an order that rests, or rests no more. */
  onListedOrder({ clientOrderId, venueOrderId, symbol, status, ...order }: VenueOrder): void {
    if (status !== 'resting') this.#resting.delete(clientOrderId);
    else if (this.#resting.has(clientOrderId))
      this.#resting.set(clientOrderId, { clientOrderId, venueOrderId, symbol });
    const { cumulative, request } = order;
    const { price, quantity } = request;
    const found = { type: 'order.found', clientOrderId, venueOrderId, status } as const;
    this.#options.tell({ symbol, report: { ...found, cumulative, price, quantity } });
  }

  onListedFill(listed: VenueFill): void {
    const { clientOrderId, symbol, outcome: _, action: __, ...fill } = listed;
    if (this.#options.instrumentOf(symbol) === null || !this.#isNews(clientOrderId, fill.fillId))
      return;
    const report: OrderReport = { type: 'order.filled', clientOrderId, fill };
    this.#options.tell({ symbol, report });
  }

  /** An amend may end one order of the venue and begin another under our id. */
  #isReplaced({ msg }: UserOrderFrame, clientOrderId: string): boolean {
    const known = this.#resting.get(clientOrderId)?.venueOrderId ?? msg.order_id;
    const isAmend = msg.last_update_reason === 'Amend';
    return msg.status === 'canceled' && (isAmend || known !== msg.order_id);
  }

  #wireIdOf(msg: { readonly order_id: string; readonly client_order_id?: string | undefined }) {
    const { order_id, client_order_id: given } = msg;
    if (given !== undefined && given !== '') this.#name(order_id, given);
    return this.#wireIds.get(order_id) ?? null;
  }

  #name(venueOrderId: string, wireId: string): void {
    if (this.#wireIds.get(venueOrderId) === wireId) return;
    this.#wireIds.set(venueOrderId, wireId);
    trim(this.#wireIds, NAMES_MAX);
    this.#options.named(venueOrderId, wireId);
  }

  /** One trade between two orders of ours is a fill of each. */
  #isNews(order: string, fillId: string): boolean {
    const key = `${fillId} ${order}`;
    if (this.#toldFills.has(key)) return false;
    this.#toldFills.add(key);
    trim(this.#toldFills, TOLD_FILLS_MAX);
    return true;
  }
}

/** The oldest goes first. */
function trim(memory: Map<string, unknown> | Set<string>, most: number): void {
  const [oldest] = memory.keys();
  if (memory.size > most && oldest !== undefined) memory.delete(oldest);
}
