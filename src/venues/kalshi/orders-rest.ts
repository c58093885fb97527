/**
 * Orders at Kalshi: placing, changing and withdrawing them. An answer that is not clearly about our
 * order leaves it in doubt; nothing is repeated.
 */
import { messageOf } from '../../domain/errors.ts';
import { type Lots, lots } from '../../domain/numbers.ts';
import type {
  AmendOutcome,
  AmendRequest,
  CancelOutcome,
  Failure,
  OrderRef,
  OrderRequest,
  SubmitOutcome,
} from '../../domain/order.ts';
import type { KnownOrder } from './known-orders.ts';
import { wireIdOf } from './order-id.ts';
import type { OrderListings } from './order-listings.ts';
import { reasonOf, refusalOf, type Verdict } from './outcome-table.ts';
import type { RestParts } from './rest-client.ts';
import {
  amendBody,
  countText,
  createBody,
  lotsIn,
  type SelfTradePrevention,
} from './rest-translate.ts';
import * as wire from './rest-wire.ts';

export interface OrdersRestOptions extends RestParts {
  readonly listings: OrderListings;
  readonly selfTradePrevention: SelfTradePrevention;
  readonly cancelOnPause: boolean;
}

export type DecreaseOutcome = { readonly kind: 'accepted'; readonly remaining: Lots } | Failure;

type NotDone = Exclude<Verdict, { readonly kind: 'done' }>;

const ORDERS = '/portfolio/events/orders';
const at = (venueOrderId: string): string => `${ORDERS}/${encodeURIComponent(venueOrderId)}`;

export class OrdersRest {
  /** Orders are placed in it; the venue cancels all of a group at once. */
  groupId: string | null = null;
  readonly #options: OrdersRestOptions;

  constructor(options: OrdersRestOptions) {
    this.#options = options;
  }

  async submit(request: OrderRequest): Promise<SubmitOutcome> {
    const verdict = await this.#options.client.write('POST', ORDERS, this.#body(request));
    return verdict.kind === 'done' ? this.#placed(request, verdict.body) : submitRefusal(verdict);
  }

  async submitBatch(requests: readonly OrderRequest[]): Promise<readonly SubmitOutcome[]> {
    if (requests.length === 0) return [];
    const body = { orders: requests.map((request) => this.#body(request)) };
    const verdict = await this.#options.client.write('POST', `${ORDERS}/batched`, body);
    if (verdict.kind !== 'done') return requests.map(() => submitRefusal(verdict));
    const answer = wire.shaped(wire.createdBatch, verdict.body);
    if (!('value' in answer)) return requests.map(() => unread(verdict.body, answer.fault));
    const { orders } = answer.value;
    return requests.map((request, index) => {
      const own = orders.find(({ client_order_id: id }) => id === wireIdOf(request));
      // An item without an id can only be told by its place.
      const item = own ?? (isNamed(orders[index]) ? undefined : orders[index]);
      if (item === undefined) return unclear('the batch was answered without this order');
      return isFailed(item)
        ? submitRefusal(this.#verdictOf(item.error))
        : this.#placed(request, item);
    });
  }

  async amend(request: AmendRequest): Promise<AmendOutcome> {
    const changed = await this.#change(request, 'amend', (order) => amendBody(request, order));
    if ('refused' in changed) return changed.refused;
    const { order, body } = changed;
    const answer = wire.shaped(wire.amendedOrder, body);
    if (!('value' in answer)) return unread(body, answer.fault);
    const { order_id, client_order_id } = answer.value;
    const own = { ...request, ...order };
    // The amended order may have a new id; Kalshi is known to answer with another order, too.
    const isSame = order_id === order.venueOrderId && isOurs(client_order_id, wireIdOf(own));
    if (!isSame && client_order_id !== wireIdOf(own)) return unclear(OF_ANOTHER);
    // Its counts are no total: they leave out what had filled before.
    this.#note(own, order_id);
    return { kind: 'accepted', price: request.price, quantity: request.quantity };
  }

  async decrease(ref: OrderRef, remaining: number): Promise<DecreaseOutcome> {
    const wanted = { reduce_to: countText(remaining), market_ticker: ref.symbol };
    const changed = await this.#change(ref, 'decrease', () => wanted);
    if ('refused' in changed) return changed.refused;
    const answer = wire.shaped(wire.decreasedOrder, changed.body);
    if (!('value' in answer)) return unread(changed.body, answer.fault);
    const { order_id, remaining_count } = answer.value;
    if (order_id !== changed.order.venueOrderId) return unclear(OF_ANOTHER);
    return { kind: 'accepted', remaining: lotsIn(remaining_count, 'remaining_count') };
  }

  async cancel(ref: OrderRef): Promise<CancelOutcome> {
    const { client, listings } = this.#options;
    const looked = await lookedUp(listings.idOf(ref));
    if ('refused' in looked) return looked.refused;
    const query = { ...this.#query(), market_ticker: ref.symbol };
    const withdraw = (venueOrderId: string): Promise<Verdict> =>
      client.write('DELETE', at(venueOrderId), null, query);
    let id = looked.found;
    let verdict = await withdraw(id);
    const moved = verdict.kind === 'definite' ? await lookedUp(listings.movedFrom(ref, id)) : null;
    if (moved !== null && 'found' in moved) {
      id = moved.found;
      verdict = await withdraw(id);
    }
    if (verdict.kind !== 'done') return refusal(verdict);
    const answer = wire.shaped(wire.cancelledOrder, verdict.body);
    return 'value' in answer
      ? this.#cancelled(ref, id, answer.value)
      : unread(verdict.body, answer.fault);
  }

  async cancelBatch(refs: readonly OrderRef[]): Promise<readonly CancelOutcome[]> {
    const { client, listings, subaccount } = this.#options;
    const asked = await Promise.all(
      refs.map(async (ref) => ({ ref, looked: await lookedUp(listings.idOf(ref)) })),
    );
    const orders = asked.flatMap(({ ref, looked }) =>
      'found' in looked ? [{ order_id: looked.found, market_ticker: ref.symbol, subaccount }] : [],
    );
    const verdict: Verdict =
      orders.length === 0
        ? { kind: 'notSent', reason: 'not sent: nothing to cancel' }
        : await client.write('DELETE', `${ORDERS}/batched`, { orders });
    return Promise.all(
      asked.map(async ({ ref, looked }): Promise<CancelOutcome> => {
        if ('refused' in looked) return looked.refused;
        if (verdict.kind !== 'done') return refusal(verdict);
        const answer = wire.shaped(wire.cancelledBatch, verdict.body);
        if (!('value' in answer)) return unread(verdict.body, answer.fault);
        const item = answer.value.orders.find(({ order_id }) => order_id === looked.found);
        if (item === undefined) return unclear('the batch was answered without this order');
        return isFailed(item)
          ? refusal(this.#verdictOf(item.error))
          : this.#cancelled(ref, looked.found, item);
      }),
    );
  }

  /** Rejects where the venue did not do it, or where nobody knows. */
  async cancelAll(): Promise<void> {
    const verdict = await this.#options.client.write('DELETE', ORDERS, null, this.#query());
    if (verdict.kind !== 'done') throw new Error(`Kalshi did not cancel all: ${verdict.reason}`);
  }

  #body(request: OrderRequest): ReturnType<typeof createBody> {
    return createBody(request, { ...this.#options, groupId: this.groupId });
  }

  #query(): { readonly subaccount: number } {
    return { subaccount: this.#options.subaccount };
  }

  /** Of one order of a batch. */
  #verdictOf(problem: wire.WireProblem): NotDone {
    const word = { code: problem?.code ?? null, message: problem?.message ?? null };
    const reason = this.#options.client.redact(reasonOf(null, word));
    return { kind: refusalOf(null, word), reason };
  }

  #placed(request: OrderRequest, body: unknown): SubmitOutcome {
    const answer = wire.shaped(wire.createdOrder, body);
    if (!('value' in answer)) return unread(body, answer.fault);
    const { order_id: venueOrderId, client_order_id } = answer.value;
    if (!isOurs(client_order_id, wireIdOf(request))) return unclear(OF_ANOTHER);
    this.#note(request, venueOrderId);
    return { kind: 'accepted', venueOrderId };
  }

  #note(order: Noted, venueOrderId: string): void {
    const { known } = this.#options;
    const { clientOrderId, outcome, action, quantity: total } = order;
    known.note(clientOrderId, { venueOrderId, outcome, action, total });
    known.name(venueOrderId, wireIdOf(order));
  }

  /** The venue tells what it took back; what has filled is the rest, where the total is known. */
  async #cancelled(
    ref: OrderRef,
    id: string,
    { order_id, reduced_by }: Cancelled,
  ): Promise<CancelOutcome> {
    if (order_id !== id) return unclear(OF_ANOTHER);
    const { known, listings } = this.#options;
    const total = known.of(ref.clientOrderId)?.total ?? null;
    const reduced = typeof reduced_by === 'string' ? lotsIn(reduced_by, 'reduced_by') : null;
    if (total !== null && reduced !== null && reduced >= 0 && reduced <= total)
      return { kind: 'accepted', cumulative: lots(total - reduced) };
    const looked = await lookedUp(listings.byId(id));
    if ('refused' in looked || looked.found.status === 'resting')
      return unclear('it was cancelled, and what it had filled is not known yet');
    return { kind: 'accepted', cumulative: looked.found.cumulative };
  }

  /** Until it is answered, nobody knows the total of the order. */
  async #change(
    ref: OrderRef,
    verb: string,
    bodyOf: (order: KnownOrder) => object,
  ): Promise<Changed | { readonly refused: Failure }> {
    const { client, known, listings } = this.#options;
    const looked = await lookedUp(listings.find(ref));
    if ('refused' in looked) return looked;
    const order = looked.found;
    known.doubt(ref.clientOrderId);
    const place = `${at(order.venueOrderId)}/${verb}`;
    const verdict = await client.write('POST', place, bodyOf(order), this.#query());
    if (verdict.kind === 'done') return { order, body: verdict.body };
    const refused = refusal(verdict);
    if (refused.kind === 'rejected' && order.total !== null) known.note(ref.clientOrderId, order);
    return { refused };
  }
}

interface Changed {
  readonly order: KnownOrder;
  readonly body: unknown;
}

interface Cancelled {
  readonly order_id: string;
  readonly reduced_by?: string | null | undefined;
}

type Noted = Pick<OrderRequest, 'clientOrderId' | 'outcome' | 'action' | 'quantity'>;

const unclear = (reason: string): Failure => ({ kind: 'ambiguous', reason });

/** Of a 2xx answer: something was done, and nobody says to which order. */
const unread = (body: unknown, fault: string): Failure =>
  unclear(`a 2xx answer ${isText(body) ? 'that is no JSON' : `without the order (${fault})`}`);

const isText = (body: unknown): boolean => typeof body !== 'object';

const OF_ANOTHER = 'the answer is about another order';

/** What was not found, or could not be asked about, cannot be changed: nothing is sent. */
async function lookedUp<T>(
  asked: Promise<T | null>,
): Promise<{ readonly found: T } | { readonly refused: Failure }> {
  const unsent = (why: string) => ({ kind: 'rejected', reason: `not sent: ${why}` }) as const;
  try {
    const found = await asked;
    return found === null ? { refused: unsent('the venue lists no such order') } : { found };
  } catch (thrown) {
    return { refused: unsent(messageOf(thrown)) };
  }
}

/** Of a change or a cancel: an order that exists is no answer to those. */
const refusal = ({ kind, reason }: NotDone): Failure => ({
  kind: kind === 'ambiguous' ? 'ambiguous' : 'rejected',
  reason,
  ...(kind === 'throttled' ? { throttled: true } : {}),
});

const submitRefusal = (verdict: NotDone): SubmitOutcome =>
  verdict.kind === 'exists' ? { kind: 'exists' } : refusal(verdict);

const isFailed = (item: { readonly error?: wire.WireProblem }): boolean =>
  item.error !== undefined && item.error !== null;

const isNamed = (item: { readonly client_order_id?: string | null | undefined } | undefined) =>
  typeof item?.client_order_id === 'string';

/** An answer that names no order is taken for ours. */
const isOurs = (id: string | null | undefined, own: string): boolean =>
  id === undefined || id === null || id === '' || id === own;
