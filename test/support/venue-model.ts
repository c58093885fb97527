/**
 * A small venue that shares nothing with the engine: orders, matches, and two wires that lose,
 * delay, duplicate and reorder. What it holds is the truth; what reaches the engine, the test says.
 */
import type { OrderReport } from '../../src/domain/order.ts';
import * as say from './order-events.ts';
import type { Sent } from './split-order-rig.ts';

interface VenueOrder {
  quantity: number;
  cumulative: number;
  open: boolean;
  how: 'resting' | 'filled' | 'cancelled' | 'expired';
}

/** 0, 1, 2, ...: which of several things happens; 0 is the ordinary one. */
export type Choice = number;

export class VenueModel {
  readonly orders = new Map<string, VenueOrder>();
  /** Commands on their way to the venue. */
  readonly outbound: Sent[] = [];
  /** Reports on their way to us. */
  readonly inbound: OrderReport[] = [];
  #fills = 0;

  /** What was bought, whoever knows of it. */
  get filled(): number {
    return [...this.orders.values()].reduce((sum, order) => sum + order.cumulative, 0);
  }

  /** What one order may buy in all: what it did, what rests, and what is under way to the venue. */
  exposedBy(clientOrderId: string): number {
    const order = this.orders.get(clientOrderId);
    if (order !== undefined) return order.open ? order.quantity : order.cumulative;
    const coming = this.outbound.map((sent) =>
      sent.kind === 'submit' && sent.clientOrderId === clientOrderId ? sent.quantity : 0,
    );
    return coming.reduce((sum: number, lots) => sum + lots, 0);
  }

  get openIds(): readonly string[] {
    return [...this.orders].filter(([, { open }]) => open).map(([id]) => id);
  }

  /** One command arrives. Fate 1: it is lost on the way. Fate 2: it arrives, its reply is lost. */
  receive(sent: Sent, fate: Choice): void {
    if (sent.kind === 'resolve') return this.#resolve(sent);
    const { kind, clientOrderId } = sent;
    const inDoubt = say.doubted(kind, clientOrderId);
    if (fate === 1) {
      this.inbound.push(inDoubt);
      return;
    }
    const reply = this.#act(sent, fate === 3);
    this.inbound.push(fate === 2 ? inDoubt : reply);
    // The socket tells of a cancel too, whether the reply came or not.
    if (fate === 2 && reply.type === 'order.cancelled') this.inbound.push(reply);
  }

  /** Somebody trades with one of our orders. */
  match(clientOrderId: string, lots: number): void {
    const order = this.orders.get(clientOrderId);
    if (order === undefined || !order.open) return;
    const quantity = Math.min(lots, order.quantity - order.cumulative);
    order.cumulative += quantity;
    if (order.cumulative === order.quantity) this.#close(order, 'filled');
    this.#fills += 1;
    this.inbound.push(say.filled(`fill ${this.#fills}`, quantity, clientOrderId));
  }

  /** The venue ends an order of its own accord. */
  end(clientOrderId: string, how: 'cancelled' | 'expired'): void {
    const order = this.orders.get(clientOrderId);
    if (order === undefined || !order.open) return;
    this.#close(order, how);
    const told = how === 'expired' ? say.expired : say.cancelled;
    this.inbound.push(told(order.cumulative, clientOrderId));
  }

  /** The venue takes back a part of what rests, as it does to prevent a trade with oneself. */
  trim(clientOrderId: string): void {
    const order = this.orders.get(clientOrderId);
    if (order === undefined || !order.open || order.quantity - order.cumulative < 2) return;
    order.quantity -= 1;
    this.inbound.push(say.restated(order.quantity, clientOrderId));
  }

  /** What it answers when it is asked for an order; null where it knows none. */
  lookUp(clientOrderId: string): OrderReport | null {
    const order = this.orders.get(clientOrderId);
    if (order === undefined) return null;
    return say.found(order.how, order.cumulative, order.quantity, clientOrderId);
  }

  #close(order: VenueOrder, how: VenueOrder['how']): void {
    order.open = false;
    order.how = how;
  }

  #act(sent: Exclude<Sent, { kind: 'resolve' }>, refuses: boolean): OrderReport {
    const { kind, clientOrderId } = sent;
    const order = this.orders.get(clientOrderId);
    if (kind === 'submit') {
      if (refuses) return say.rejected(clientOrderId);
      const { quantity } = sent;
      this.orders.set(clientOrderId, { quantity, cumulative: 0, open: true, how: 'resting' });
      return say.accepted(clientOrderId);
    }
    if (kind === 'amend') {
      if (refuses || order?.open !== true) return say.amendRejected(clientOrderId);
      return say.amended(order.quantity, sent.price, clientOrderId);
    }
    if (refuses || order?.open !== true) return say.cancelRejected(clientOrderId);
    this.#close(order, 'cancelled');
    return say.cancelled(order.cumulative, clientOrderId);
  }

  /** Absence is proof only when no submission is under way any more. */
  #resolve(sent: Extract<Sent, { kind: 'resolve' | 'cancel' }>): void {
    const { clientOrderId } = sent;
    const found = this.lookUp(clientOrderId);
    const isComing = this.outbound.some(
      (other) => other.kind === 'submit' && other.clientOrderId === clientOrderId,
    );
    if (found === null && isComing) this.outbound.push(sent);
    else this.inbound.push(found ?? say.neverAccepted(clientOrderId));
  }
}
