/** The orders that have not ended, as a strategy sees them: frozen, in decimal text. */
import { filledOf } from '../../../machines/split-order/split-order.rules.ts';
import {
  type Action,
  formatPrice,
  formatQuantity,
  type OutcomeSide,
} from '../../domain/instrument.ts';
import { splitOrdersOf } from '../execution/advise.ts';
import type { ExecutionRecord } from '../execution/execution-record.ts';
import type { Runtime } from '../runtime.ts';
import { stateName } from '../turn/rows.ts';

export interface OrderView {
  readonly venue: string;
  readonly market: string;
  readonly outcome: OutcomeSide;
  readonly action: Action;
  readonly executionId: string;
  readonly signalId: string;
  /** `<execution>-<n>`: a name for people. */
  readonly splitOrder: string;
  /** As the venue knows the order that is alive now. */
  readonly clientOrderId: string;
  /** Dollars a contract of its outcome. */
  readonly price: string;
  /** Contracts in all, and those that have filled. */
  readonly quantity: string;
  readonly filledQuantity: string;
  /** As in the chart of a split order: 'pending', 'working.partial', 'unknown', ... */
  readonly state: string;
}

type Snapshot = ReturnType<typeof splitOrdersOf>[number];

function viewOf({ id, wish }: ExecutionRecord, { context, value }: Snapshot): OrderView {
  const { instrument, outcome, signal } = wish;
  return Object.freeze({
    venue: instrument.venue,
    market: instrument.symbol,
    outcome,
    action: signal.action,
    executionId: id,
    signalId: signal.signalId,
    splitOrder: context.id,
    clientOrderId: context.attempt.clientOrderId,
    price: formatPrice(instrument, context.price),
    quantity: formatQuantity(instrument, context.quantity),
    filledQuantity: formatQuantity(instrument, filledOf(context)),
    state: stateName(value),
  });
}

/** Reads all living orders of one venue; an order that did not move keeps its view. */
export function orderReader(runtime: Runtime): () => readonly OrderView[] {
  const known = new WeakMap<Snapshot, OrderView>();
  const viewed = (record: ExecutionRecord, snapshot: Snapshot): OrderView => {
    const view = known.get(snapshot) ?? viewOf(record, snapshot);
    known.set(snapshot, view);
    return view;
  };
  return () =>
    runtime.hosts.flatMap((host) =>
      [...host.alive].flatMap((record) => {
        const actor = host.execution(record.id);
        const orders = actor === null ? [] : splitOrdersOf(actor);
        return orders.filter((order) => !order.hasTag('final')).map((one) => viewed(record, one));
      }),
    );
}
