/**
 * The venue's list of what rests, against what we hold. An order that is ours and should not be is
 * withdrawn; one that nobody here sent halts; one that is missing is asked about. It ends no order:
 * a listing is no proof of an end.
 */
import { CLOCK_SKEW_MS_MAX } from '../../domain/limits.ts';
import type { OrderRef } from '../../domain/order.ts';
import type { VenueOrder } from '../../domain/ports.ts';
import type { OrderOwner } from '../../domain/records.ts';
import type { Resolver } from '../../gateway/resolver.ts';
import type { Confirmation } from '../execution/confirmation.ts';
import type { Runtime } from '../runtime.ts';
import { type KnownOrder, knownOrders } from './known-order.ts';
import type { LastWords } from './last-words.ts';

export interface OrderCheckParts {
  readonly words: LastWords;
  readonly resolver: Resolver;
  readonly confirmation: Pick<Confirmation, 'suspect'>;
}

type Listing = ReadonlyMap<string, VenueOrder>;

export class OrderCheck {
  readonly #runtime: Runtime;
  readonly #parts: OrderCheckParts;
  #orphans: Listing = new Map();
  #foreign: Listing = new Map();

  constructor(runtime: Runtime, parts: OrderCheckParts) {
    this.#runtime = runtime;
    this.#parts = parts;
  }

  /** With our tag, and unknown to the journal: as of the last listing. */
  get orphans(): readonly VenueOrder[] {
    return [...this.#orphans.values()];
  }

  /** Somebody else's: never touched. */
  get foreign(): readonly VenueOrder[] {
    return [...this.#foreign.values()];
  }

  /** `listed` is complete, and was read after the venue said that its data reach up to `asOfMs`. */
  judge(listed: readonly VenueOrder[], asOfMs: number): void {
    const { tag } = this.#runtime.options;
    const byId = new Map(listed.map((order) => [order.clientOrderId, order]));
    const known = knownOrders(this.#runtime);
    const orphans = new Map<string, VenueOrder>();
    const foreign = new Map<string, VenueOrder>();
    for (const [id, order] of byId) {
      const own = known.get(id);
      if (!id.startsWith(`${tag}-`)) foreign.set(order.venueOrderId, order);
      else if (own !== undefined) this.#judgeOwn(own, order, asOfMs);
      else if (!this.#judgeGone(order, asOfMs)) orphans.set(id, order);
    }
    this.#foreign = foreign;
    this.#noteOrphans(orphans);
    for (const [id, own] of known) if (!byId.has(id)) this.#judgeMissing(own, asOfMs);
  }

  #judgeOwn(own: KnownOrder, order: VenueOrder, asOfMs: number): void {
    if (!this.#isYounger(asOfMs, own.ref)) return;
    if (own.state === 'ended') return this.#withdraw(own, order);
    if (own.state !== 'doubted') return;
    this.#parts.resolver.seen(order).catch((thrown: unknown) => {
      this.#runtime.options.log.warn({ ...own.ref, thrown }, 'the fills of an order are not known');
    });
  }

  /** False for one that the journal does not know. */
  #judgeGone(order: VenueOrder, asOfMs: number): boolean {
    const { store } = this.#runtime.options;
    const owner = store.ownerOf(order.clientOrderId);
    if (owner === null) return false;
    const endedAtMs = store.execution(owner.executionId)?.state.endedAtMs ?? 0;
    if (asOfMs > endedAtMs + CLOCK_SKEW_MS_MAX) this.#withdraw(owner, order);
    return true;
  }

  #judgeMissing(own: KnownOrder, asOfMs: number): void {
    const isHeld = own.state === 'open' && own.acknowledged;
    if (isHeld && this.#isYounger(asOfMs, own.ref)) this.#parts.confirmation.suspect(own);
  }

  /** No reading is believed that may be older than what we last sent or heard. */
  #isYounger(asOfMs: number, { clientOrderId }: OrderRef): boolean {
    const lastMs = this.#parts.words.lastMs(clientOrderId);
    return lastMs === null || asOfMs > lastMs + CLOCK_SKEW_MS_MAX;
  }

  #withdraw(owner: Omit<OrderOwner, 'intentAtMs'>, order: VenueOrder): void {
    const { executionId, splitOrderId } = owner;
    const { clientOrderId, venueOrderId, symbol } = order;
    const reason = `order ${clientOrderId} rests at the venue although it had ended here`;
    this.#runtime.alarm(executionId, reason);
    const ref = { clientOrderId, venueOrderId, symbol };
    this.#runtime.hostOf(symbol).sink.cancel({ executionId, splitOrderId, ref, reason });
    this.#runtime.wake();
  }

  #noteOrphans(orphans: Listing): void {
    const { options } = this.#runtime;
    const fresh = [...orphans.keys()].filter((id) => !this.#orphans.has(id));
    this.#orphans = orphans;
    if (fresh.length === 0) return;
    const ids = fresh.join(', ');
    options.log.error({ ids }, 'orders with our tag that the journal does not know');
    const { name: venue } = options.venue;
    options.halt(`${venue} holds orders that our journal does not know: ${ids}`, { venue });
  }
}
