/**
 * Kalshi's REST in the terms of the `Venue` port: the venue delegates to it what no socket does.
 * It never repeats a write, and a listing is complete or rejects. Ids on the wire are not quite
 * ours: whoever reads a frame's `client_order_id` does so with `ownIdOf`.
 */
import type { Instrument } from '../../domain/instrument.ts';
import type {
  AmendOutcome,
  AmendRequest,
  CancelOutcome,
  OrderRef,
  OrderRequest,
  SubmitOutcome,
} from '../../domain/order.ts';
import type { Clock, Log, VenueFill, VenueOrder, VenuePosition } from '../../domain/ports.ts';
import { type AccountLimits, AccountRest } from './account-rest.ts';
import { FillsRest } from './fills-rest.ts';
import { KnownOrders } from './known-orders.ts';
import {
  type BestBids,
  type ExchangeStatus,
  type KalshiMarket,
  type MarketSelection,
  MarketsRest,
} from './markets-rest.ts';
import { OrderGroupsRest } from './order-groups-rest.ts';
import { OrderListings, type QueuePosition } from './order-listings.ts';
import { type DecreaseOutcome, OrdersRest } from './orders-rest.ts';
import { RestClient } from './rest-client.ts';
import type { SelfTradePrevention } from './rest-translate.ts';
import type { TradingHours } from './schedule.ts';
import type { Signer } from './sign.ts';

export type { AccountLimits } from './account-rest.ts';
export type { BestBids, ExchangeStatus, KalshiMarket, MarketSelection } from './markets-rest.ts';
export type { OrderGroup } from './order-groups-rest.ts';
export type { QueuePosition } from './order-listings.ts';
export type { DecreaseOutcome } from './orders-rest.ts';

export interface KalshiRestOptions {
  readonly environment: { readonly restUrl: string };
  readonly signer: Signer;
  readonly clock: Clock;
  readonly log: Log;
  /** What `instruments` lists. */
  readonly markets: MarketSelection;
  /** The venue's name, also that of its instruments; 'kalshi' unless given. */
  readonly name?: string;
  /** 0 to 63; 0, the primary one, unless given. */
  readonly subaccount?: number;
  /** What the balance is kept in: "0.01", or "0.0001" for direct members. */
  readonly balanceStep?: string;
  /** What is cancelled where two orders of ours meet: the taker's rest unless given. */
  readonly selfTradePrevention?: SelfTradePrevention;
  /** A pause of the venue cancels our orders; false unless given. */
  readonly cancelOnPause?: boolean;
  /** From the last byte sent to the last one received; 30 s unless given. */
  readonly answerTimeoutMs?: number;
}

export class KalshiRest {
  readonly orderGroups: OrderGroupsRest;
  readonly #client: RestClient;
  readonly #orders: OrdersRest;
  readonly #listings: OrderListings;
  readonly #fills: FillsRest;
  readonly #account: AccountRest;
  readonly #markets: MarketsRest;
  readonly #known = new KnownOrders();

  /** Throws an `InputError` for an address that cannot be used. */
  constructor(options: KalshiRestOptions) {
    const { name = 'kalshi', subaccount = 0, log, balanceStep = '0.01' } = options;
    const client = new RestClient(options);
    const parts = { client, known: this.#known, subaccount };
    this.#client = client;
    this.#listings = new OrderListings(parts);
    this.#orders = new OrdersRest({
      ...parts,
      listings: this.#listings,
      selfTradePrevention: options.selfTradePrevention ?? 'taker_at_cross',
      cancelOnPause: options.cancelOnPause ?? false,
    });
    this.#fills = new FillsRest({ ...parts, listings: this.#listings });
    this.#account = new AccountRest(parts);
    this.#markets = new MarketsRest({ client, log, name, balanceStep, selection: options.markets });
    this.orderGroups = new OrderGroupsRest(parts);
  }

  /** What to add to our wall clock to get the venue's, in ms; 0 while nothing proves another. */
  get clockOffsetMs(): number {
    return this.#client.clockOffsetMs;
  }

  /** Throws an `InputError` that says what is wrong with the key; rejects where nobody answers. */
  checkKey(): Promise<void> {
    return this.#account.checkKey();
  }

  /** Orders that are placed from now on belong to this group; null for none. */
  useOrderGroup(id: string | null): void {
    this.#orders.groupId = id;
  }

  /**
   * The outermost breaker of size: a group of our own for all orders from now on, which the venue
   * ends once more than `limit` lots of it match within 15 s. The id of the group; a person resets
   * it.
   */
  async armSizeBreaker(limit: number): Promise<string> {
    const id = await this.orderGroups.create(limit);
    this.useOrderGroup(id);
    return id;
  }

  /** Takes the group away again, unless orders are left in it: those would be cancelled. */
  async disarmSizeBreaker(): Promise<void> {
    const id = this.#orders.groupId;
    this.useOrderGroup(null);
    if (id !== null && !(await this.#listings.hasOpenIn(id))) await this.orderGroups.delete(id);
  }

  instruments(): Promise<readonly Instrument[]> {
    return this.#markets.instruments();
  }

  /** Instruments with what only Kalshi tells: status and closing time. */
  markets(): Promise<readonly KalshiMarket[]> {
    return this.#markets.list();
  }

  /** Null where the venue knows no such market: a new one may be unknown for a moment. */
  market(symbol: string): Promise<KalshiMarket | null> {
    return this.#markets.one(symbol);
  }

  /** Best bids of both legs, each in its own price: they add up to less than a dollar. */
  bestBids(symbol: string): Promise<BestBids> {
    return this.#markets.bestBids(symbol);
  }

  exchangeStatus(): Promise<ExchangeStatus> {
    return this.#markets.status();
  }

  tradingHours(): Promise<TradingHours> {
    return this.#markets.hours();
  }

  /** Token buckets and costs, as `VenueCapabilities` wants them. */
  accountLimits(): Promise<AccountLimits> {
    return this.#account.limits();
  }

  submit(request: OrderRequest): Promise<SubmitOutcome> {
    return this.#orders.submit(request);
  }

  /** One call for several orders, which costs as much as one for each; outcomes in their order. */
  submitBatch(requests: readonly OrderRequest[]): Promise<readonly SubmitOutcome[]> {
    return this.#orders.submitBatch(requests);
  }

  amend(request: AmendRequest): Promise<AmendOutcome> {
    return this.#orders.amend(request);
  }

  /** Leaves `remaining` lots at the venue; the order keeps its place in the queue. */
  decrease(ref: OrderRef, remaining: number): Promise<DecreaseOutcome> {
    return this.#orders.decrease(ref, remaining);
  }

  cancel(ref: OrderRef): Promise<CancelOutcome> {
    return this.#orders.cancel(ref);
  }

  cancelBatch(refs: readonly OrderRef[]): Promise<readonly CancelOutcome[]> {
    return this.#orders.cancelBatch(refs);
  }

  /** All orders of the subaccount; ones placed within the next minute may be cancelled too. */
  cancelAll(): Promise<void> {
    return this.#orders.cancelAll();
  }

  order(ref: OrderRef): Promise<VenueOrder | null> {
    return this.#listings.order(ref);
  }

  openOrders(): Promise<readonly VenueOrder[]> {
    return this.#listings.open();
  }

  /** Orders that ended since, of those that were placed on the day before or later. */
  closedOrders(sinceMs: number): Promise<readonly VenueOrder[]> {
    return this.#listings.closed(sinceMs);
  }

  /** Contracts ahead of each resting order of these markets; of all for none. */
  queuePositions(symbols: readonly string[]): Promise<readonly QueuePosition[]> {
    return this.#listings.queuePositions(symbols);
  }

  fillsSince(
    cursor: string | null,
  ): Promise<{ readonly fills: readonly VenueFill[]; readonly cursor: string }> {
    return this.#fills.since(cursor);
  }

  positions(): Promise<readonly VenuePosition[]> {
    return this.#account.positions();
  }

  balance(): Promise<string> {
    return this.#account.balance();
  }

  asOf(): Promise<number> {
    return this.#account.asOf();
  }

  /** A private frame named both ids of an order: its fills need not be asked about. */
  learn(venueOrderId: string, wireId: string): void {
    this.#known.name(venueOrderId, wireId);
  }

  /** Unanswered calls end as unknown; nothing is sent afterwards. */
  close(): void {
    this.#client.close();
  }
}
