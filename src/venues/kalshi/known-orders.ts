/**
 * What this process has seen of orders: which id of the venue's is which of ours, and what an order
 * was made for. A memory only: what is missing here is asked for, and it decides nothing.
 */
import type { Action, OutcomeSide } from '../../domain/instrument.ts';
import type { Lots } from '../../domain/numbers.ts';
import { type OwnId, ownIdOf } from './order-id.ts';

export interface KnownOrder {
  readonly venueOrderId: string;
  readonly outcome: OutcomeSide;
  readonly action: Action;
  /** What fills and rests, as the venue last confirmed; null while a change of it is in doubt. */
  readonly total: Lots | null;
}

/** Days of a busy engine; the oldest goes first, and would be asked for again. */
const ORDERS_MAX = 100_000;

export class KnownOrders {
  readonly #byClientId = new Map<string, KnownOrder>();
  /** The id on the wire, by the venue's. */
  readonly #wireIds = new Map<string, string>();

  of(clientOrderId: string): KnownOrder | null {
    return this.#byClientId.get(clientOrderId) ?? null;
  }

  note(clientOrderId: string, order: KnownOrder): void {
    keep(this.#byClientId, clientOrderId, order);
  }

  /** The total is no longer known. */
  doubt(clientOrderId: string): void {
    const order = this.of(clientOrderId);
    if (order !== null) this.note(clientOrderId, { ...order, total: null });
  }

  /** A change that is in doubt gave it another id of the venue's. */
  move(clientOrderId: string, venueOrderId: string): void {
    const order = this.of(clientOrderId);
    if (order?.total === null) this.note(clientOrderId, { ...order, venueOrderId });
  }

  name(venueOrderId: string, wireId: string): void {
    keep(this.#wireIds, venueOrderId, wireId);
  }

  /** Null for an order that was never seen here. */
  ownIdOf(venueOrderId: string): OwnId | null {
    const wireId = this.#wireIds.get(venueOrderId);
    return wireId === undefined ? null : ownIdOf(wireId);
  }
}

function keep<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > ORDERS_MAX && oldest !== undefined) map.delete(oldest);
}
