/**
 * What Kalshi says of orders when it is asked. Listings are complete or reject; that an order is in
 * none of them proves nothing here.
 */
import { TIME_LIMIT_MS_MAX } from '../../domain/limits.ts';
import type { Lots } from '../../domain/numbers.ts';
import type { OrderRef } from '../../domain/order.ts';
import type { VenueOrder } from '../../domain/ports.ts';
import type { KnownOrder } from './known-orders.ts';
import { KalshiError, type Query, type RestParts } from './rest-client.ts';
import { endedAtOf, lotsIn, venueOrderOf, wireIdIn } from './rest-translate.ts';
import * as wire from './rest-wire.ts';

export interface QueuePosition {
  readonly venueOrderId: string;
  readonly symbol: string;
  /** Lots that fill before it does. */
  readonly ahead: Lots;
}

const ORDERS = '/portfolio/orders';
const RESTING = { status: 'resting' } as const;

export class OrderListings {
  readonly #parts: RestParts;

  constructor(parts: RestParts) {
    this.#parts = parts;
  }

  async open(): Promise<readonly VenueOrder[]> {
    return (await this.#list(RESTING)).map(venueOrderOf);
  }

  async hasOpenIn(groupId: string): Promise<boolean> {
    const open = await this.#list(RESTING);
    return open.some(({ order_group_id }) => order_group_id === groupId);
  }

  /**
   * What Kalshi filters by, the birth of an order or its end, it does not say: orders that may have
   * lived for a day are asked for, and those that ended before are left out here.
   */
  async closed(sinceMs: number): Promise<readonly VenueOrder[]> {
    const min_ts = Math.max(0, Math.floor((sinceMs - TIME_LIMIT_MS_MAX) / 1_000));
    const cancelled = await this.#list({ status: 'canceled', min_ts });
    const executed = await this.#list({ status: 'executed', min_ts });
    return [...cancelled, ...executed]
      .filter((order) => (endedAtOf(order) ?? sinceMs) >= sinceMs)
      .map(venueOrderOf);
  }

  /** Everything that is still listed, whatever became of it. */
  async all(): Promise<readonly VenueOrder[]> {
    return (await this.#list({})).map(venueOrderOf);
  }

  async order(ref: OrderRef): Promise<VenueOrder | null> {
    const own = this.#parts.known.of(ref.clientOrderId);
    const id = own?.venueOrderId ?? ref.venueOrderId;
    const found = id === null ? null : await this.byId(id);
    // An amend before a restart, or without an answer, may have moved it to an id that we never
    // heard of, and it may be over there.
    const isMoved = (own?.total ?? null) === null && found?.status === 'cancelled';
    if (found !== null && !isMoved) return found;
    return (await this.#listed(ref, isMoved ? {} : RESTING)) ?? found;
  }

  /** Null where the venue knows none. */
  async byId(venueOrderId: string): Promise<VenueOrder | null> {
    try {
      const place = `${ORDERS}/${encodeURIComponent(venueOrderId)}`;
      const { order } = await this.#parts.client.read(place, wire.orderAnswer);
      return this.#see(order);
    } catch (thrown) {
      if (thrown instanceof KalshiError && thrown.status === 404) return null;
      throw thrown;
    }
  }

  /** The venue's id of an order, from memory or from its listing; null where it is in neither. */
  async idOf(ref: OrderRef): Promise<string | null> {
    const id = this.#parts.known.of(ref.clientOrderId)?.venueOrderId ?? ref.venueOrderId;
    return id ?? (await this.#listed(ref, RESTING))?.venueOrderId ?? null;
  }

  /** Where it rests, if not under this id and if a change of it may have moved it; else null. */
  async movedFrom(ref: OrderRef, venueOrderId: string): Promise<string | null> {
    if ((this.#parts.known.of(ref.clientOrderId)?.total ?? null) !== null) return null;
    const found = await this.#listed(ref, RESTING);
    return found === null || found.venueOrderId === venueOrderId ? null : found.venueOrderId;
  }

  /** What an order was made for, too: a change must say it again. */
  async find(ref: OrderRef): Promise<KnownOrder | null> {
    const remembered = this.#parts.known.of(ref.clientOrderId);
    if (remembered !== null) return remembered;
    const order = await this.order(ref);
    if (order === null) return null;
    const { outcome, action } = order.request;
    return { venueOrderId: order.venueOrderId, outcome, action, total: null };
  }

  async queuePositions(symbols: readonly string[]): Promise<readonly QueuePosition[]> {
    const { client, subaccount } = this.#parts;
    const market_tickers = symbols.length === 0 ? undefined : symbols.join(',');
    const { queue_positions } = await client.read(
      `${ORDERS}/queue_positions`,
      wire.queuePositions,
      { market_tickers, subaccount },
    );
    return (queue_positions ?? []).map(({ order_id, market_ticker, queue_position_fp }) => ({
      venueOrderId: order_id,
      symbol: market_ticker,
      ahead: lotsIn(queue_position_fp, 'queue_position_fp'),
    }));
  }

  /** Our own id is no filter of Kalshi's. Of several, the one that rests, or that filled most. */
  async #listed(ref: OrderRef, filter: Query): Promise<VenueOrder | null> {
    const { clientOrderId, symbol: ticker } = ref;
    const listed = (await this.#list({ ...filter, ticker })).map(venueOrderOf);
    const own = listed
      .filter((order) => order.clientOrderId === clientOrderId)
      .toSorted((left, right) => right.cumulative - left.cumulative);
    const found = own.find(({ status }) => status === 'resting') ?? own[0] ?? null;
    if (found !== null) this.#parts.known.move(clientOrderId, found.venueOrderId);
    return found;
  }

  /** Pages may overlap where an order came in between: each counts once, as last told. */
  async #list(query: Query): Promise<readonly wire.WireOrder[]> {
    const { client, subaccount } = this.#parts;
    const pages = await client.pages(ORDERS, wire.orderPage, { ...query, subaccount });
    const orders = new Map<string, wire.WireOrder>();
    for (const order of pages.flatMap((page) => page.orders)) {
      this.#see(order);
      orders.set(order.order_id, order);
    }
    return [...orders.values()];
  }

  #see(order: wire.WireOrder): VenueOrder {
    this.#parts.known.name(order.order_id, wireIdIn(order));
    return venueOrderOf(order);
  }
}
