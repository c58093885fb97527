/** A venue order as this engine's own actors know it at this moment; read anew at each look. */
import type { Route } from '../../../machines/market/market.protocol.ts';
import type { OrderRef, OrderRequest } from '../../domain/order.ts';
import { splitOrdersOf } from '../execution/advise.ts';
import type { MarketHost } from '../market/market-host.ts';
import type { Runtime } from '../runtime.ts';

type Terms = Pick<OrderRequest, 'symbol' | 'outcome' | 'action' | 'price' | 'quantity'>;

export interface KnownOrder {
  readonly executionId: string;
  readonly splitOrderId: string;
  readonly ref: OrderRef;
  /** 'ended' is proven; 'doubted' waits for evidence; 'settling' has ended, but for its fills. */
  readonly state: 'open' | 'doubted' | 'settling' | 'ended';
  readonly acknowledged: boolean;
  /** As last confirmed, or as sent while nothing is confirmed; null for one of the past. */
  readonly terms: Terms | null;
}

type Snapshot = ReturnType<typeof splitOrdersOf>[number];

function stateOf(order: Snapshot): KnownOrder['state'] {
  if (order.hasTag('final')) return 'ended';
  if (order.hasTag('uncertain')) return 'doubted';
  return order.matches('settling') ? 'settling' : 'open';
}

function current(order: Snapshot): KnownOrder {
  const { id: splitOrderId, executionId, attempt, terms, price } = order.context;
  const { clientOrderId, venueOrderId, acknowledged, quantity } = attempt;
  const { symbol, outcome, action } = terms;
  return {
    executionId,
    splitOrderId,
    ref: { clientOrderId, venueOrderId, symbol },
    state: stateOf(order),
    acknowledged,
    terms: { symbol, outcome, action, price, quantity },
  };
}

/** An attempt is followed by the next one only when it has provably ended. */
const past = ({ clientOrderId, executionId, splitOrderId }: Route, symbol: string): KnownOrder => ({
  executionId,
  splitOrderId,
  ref: { clientOrderId, venueOrderId: null, symbol },
  state: 'ended',
  acknowledged: true,
  terms: null,
});

const routesOf = (host: MarketHost): readonly Route[] => host.actor.getSnapshot().context.routes;

/** By client order id: all orders of executions that are remembered. */
export function knownOrders({ hosts }: Pick<Runtime, 'hosts'>): ReadonlyMap<string, KnownOrder> {
  const known = new Map<string, KnownOrder>();
  for (const host of hosts) {
    const { symbol } = host.instrument;
    for (const route of routesOf(host)) known.set(route.clientOrderId, past(route, symbol));
    for (const id of new Set(routesOf(host).map(({ executionId }) => executionId))) {
      const actor = host.execution(id);
      for (const order of actor === null ? [] : splitOrdersOf(actor))
        known.set(order.context.attempt.clientOrderId, current(order));
    }
  }
  return known;
}

/** Null for an id of an execution that is gone, or of nobody here. */
export function knownOrder(
  { hosts }: Pick<Runtime, 'hosts'>,
  clientOrderId: string,
): KnownOrder | null {
  for (const host of hosts) {
    const route = host.routeOf(clientOrderId);
    if (route === null) continue;
    const order = host.execution(route.executionId)?.getSnapshot().children[route.splitOrderId];
    const snapshot = order?.getSnapshot() as Snapshot | undefined;
    return snapshot?.context.attempt.clientOrderId === clientOrderId
      ? current(snapshot)
      : past(route, host.instrument.symbol);
  }
  return null;
}
