/**
 * Fills as the venue lists them, against those we heard of: a stream may lose one, a list does not.
 */
import type { Lots } from '../domain/numbers.ts';
import type { OrderReport } from '../domain/order.ts';
import type { VenueFill } from '../domain/ports.ts';
import { Resolver } from '../gateway/resolver.ts';
import type { ExecutionRecord } from './execution-record.ts';
import type { Runtime } from './runtime.ts';

type Hosts = Pick<Runtime, 'hosts'>['hosts'];

function ownerOf(
  { records }: Runtime,
  hosts: Hosts,
  clientOrderId: string,
): ExecutionRecord | null {
  const routes = hosts.flatMap((host) => host.routeOf(clientOrderId) ?? []);
  return records.get(routes[0]?.executionId ?? '') ?? null;
}

/** The report that never came; null where the fill is known, or of an order that is not ours. */
function missedFill(runtime: Runtime, listed: VenueFill): OrderReport | null {
  const { symbol, clientOrderId, ...fill } = listed;
  // A listing may hold the whole history of an account.
  if (!clientOrderId.startsWith(`${runtime.options.tag}-`)) return null;
  const hosts = runtime.hosts.filter(({ instrument }) => instrument.symbol === symbol);
  const isMissed = ownerOf(runtime, hosts, clientOrderId)?.hasHeardOf(fill.fillId) === false;
  return isMissed ? { type: 'order.filled', clientOrderId, fill } : null;
}

/** Whether as much of an order is booked as the venue says has filled. */
const isWhole = (runtime: Runtime, clientOrderId: string, cumulative: Lots): boolean =>
  (ownerOf(runtime, runtime.hosts, clientOrderId)?.filledBy(clientOrderId) ?? cumulative) >=
  cumulative;

/** What asks the venue; `receive` takes the fills that we never heard of, as the stream's own. */
export function resolverFor(
  runtime: Runtime,
  receive: (symbol: string, report: OrderReport) => void,
): Resolver {
  const { venue, clock, log } = runtime.options;
  return new Resolver({
    venue,
    clock,
    log,
    report: ({ symbol }, report) => runtime.enqueue(runtime.hostOf(symbol), report),
    fill: (fill) => {
      const missed = missedFill(runtime, fill);
      if (missed !== null) receive(fill.symbol, missed);
    },
    isWhole: (clientOrderId, cumulative) => isWhole(runtime, clientOrderId, cumulative),
  });
}
