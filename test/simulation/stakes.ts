/**
 * What left, whose it is, and what it amounts to: of one execution, of one market, of the account.
 * It counts by what the venue knows and what is under way, and judges nothing.
 */
import type { OrderRequest } from '../../src/domain/order.ts';
import { boundBy } from './budget.ts';
import type { Disk } from './store-model.ts';
import type { VenueModel } from './venue-model.ts';

type Side = Pick<OrderRequest, 'outcome' | 'action'>;

const signOf = ({ outcome, action }: Side): 1 | -1 =>
  (outcome === 'yes') === (action === 'buy') ? 1 : -1;

export class Stakes {
  /** Places and amends that have left and may yet land: what they would make of the order. */
  readonly flying = new Map<string, number>();
  readonly sent = new Map<string, OrderRequest>();
  readonly owners = new Map<string, string>();
  readonly #orders = new Map<string, string[]>();
  readonly #disk: Disk;
  readonly #model: () => VenueModel;

  constructor(disk: Disk, model: () => VenueModel) {
    this.#disk = disk;
    this.#model = model;
  }

  own(clientOrderId: string, executionId: string): void {
    this.owners.set(clientOrderId, executionId);
    this.#orders.set(executionId, [...(this.#orders.get(executionId) ?? []), clientOrderId]);
  }

  /** Lots of one execution that have filled, rest, or may yet arrive. */
  ofExecution(executionId: string): number {
    const { orders, reverted } = this.#model();
    let sum = 0;
    for (const id of this.#orders.get(executionId) ?? [])
      sum += (orders.get(id)?.filled ?? 0) + this.#openOf(id);
    for (const { fill } of reverted)
      if (this.owners.get(fill.clientOrderId) === executionId) sum -= fill.quantity;
    return sum;
  }

  /**
   * What a market may hold in the direction of this order, should all fill that is open. What a
   * restored journal has forgotten counts as soon as this process was told of it, a fill that was
   * taken back until it was; what strangers hold on the account is theirs.
   */
  ofMarket(request: OrderRequest, listed: ReadonlySet<string>): number {
    const disk = this.#disk;
    const direction = signOf(request);
    let sum = 0;
    for (const { fill } of this.#model().fills) {
      const { clientOrderId: id, fillId } = fill;
      const order = this.sent.get(id);
      if (order?.symbol !== request.symbol || disk.isReverted(fillId)) continue;
      const sign = direction * signOf(order);
      // What makes room may have been heard of by an earlier process, too.
      if (disk.intents.has(id) || listed.has(fillId) || sign < 0) sum += sign * fill.quantity;
    }
    for (const [id, order] of this.sent)
      if (order.symbol === request.symbol && signOf(order) === direction && disk.intents.has(id))
        sum += this.#openOf(id);
    return sum;
  }

  /** Dollars that are bound, or would be should all fill that is open. */
  ofAccount(): number {
    const booked = new Map<string, number>();
    for (const { clientOrderId: id, quantity } of this.#disk.fills.values())
      booked.set(id, (booked.get(id) ?? 0) + Number(quantity));
    return boundBy(this.#disk, this.#model(), ({ id, filled }) => {
      const unbooked = filled - (booked.get(id) ?? 0);
      return Math.max(0, unbooked) + this.#openOf(id);
    });
  }

  /**
   * Lots that an order may yet fill, with what is on its way to it. Of one that a restored journal
   * has forgotten, and that has not arrived, nobody can know.
   */
  #openOf(id: string): number {
    const order = this.#model().orders.get(id);
    const flying = this.flying.get(id) ?? 0;
    if (order === undefined) return this.#disk.intents.has(id) ? flying : 0;
    return order.leaves === 0 ? 0 : Math.max(order.leaves, flying - order.filled);
  }
}
