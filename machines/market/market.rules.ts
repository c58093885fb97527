/** The arithmetic of a market's supervisor: whose report it is, and what is held for later. */
import { HELD_REPORTS_MAX } from '../../src/domain/limits.ts';
import type { OrderReport } from '../../src/domain/order.ts';
import type { ExecutionInput, ExecutionMessage } from '../execution/execution.protocol.ts';
import type { MarketContext, MarketEvent, MarketInput, Route } from './market.protocol.ts';

type Context = MarketContext;
type Change = Partial<Context>;

interface Told {
  readonly context: Context;
  readonly event: MarketEvent;
}

export const openingContext = ({ input }: { readonly input: MarketInput }): Context => ({
  ...input,
  routes: {},
  executions: {},
  held: [],
  foreign: [],
  bookLive: false,
  reason: 'not connected yet',
});

const reportIn = (event: MarketEvent): OrderReport | null =>
  'clientOrderId' in event ? event : null;

const routeOf = ({ context, event }: Told): Route | null => {
  const report = reportIn(event);
  if (report === null || !Object.hasOwn(context.routes, report.clientOrderId)) return null;
  return context.routes[report.clientOrderId] ?? null;
};

export const guards = {
  isRouted: (told: Told) => routeOf(told) !== null,
  isOurs: ({ context, event }: Told) =>
    reportIn(event)?.clientOrderId.startsWith(`${context.tag}-`) ?? false,
  isMember: ({ context, event }: Told) =>
    'executionId' in event && Object.hasOwn(context.executions, event.executionId),
  isNew: ({ context, event }: Told) =>
    event.type === 'execution.requested' && !Object.hasOwn(context.executions, event.input.id),
};

/** What an execution is told: the inputs that the journal keeps, in the order they enter. */
export interface Delivery {
  readonly executionId: string;
  readonly message: ExecutionMessage;
}

/** A message or a report goes to its own execution; news of the book go to all. */
export function deliveries(told: Told): readonly Delivery[] {
  const { context, event } = told;
  if (event.type === 'execution.told') return [event];
  const report = reportIn(event);
  const route = routeOf(told);
  if (report !== null && route !== null) {
    const { executionId, splitOrderId } = route;
    return [{ executionId, message: { type: 'order.reported', splitOrderId, report } }];
  }
  const type = context.bookLive ? 'book.live' : 'book.stale';
  const message: ExecutionMessage = { type, reason: context.reason };
  return Object.keys(context.executions).map((executionId) => ({ executionId, message }));
}

/** A new execution starts from what it was asked and from what the book is at that moment. */
export const executionInput = ({ context, event }: Told): ExecutionInput | null =>
  event.type === 'execution.requested' ? { bookLive: context.bookLive, ...event.input } : null;

/** Which ids a decision brings with it; known before the orders are sent, and until it is gone. */
export function learnRoutes({ context, event }: Told): Change {
  if (event.type !== 'execution.told' || event.message.type !== 'execution.decided') return {};
  const routes: Record<string, Route> = { ...context.routes };
  for (const directive of event.message.directives) {
    if (directive.kind !== 'place' && directive.kind !== 'reprice') continue;
    const { clientOrderId, splitOrderId } = directive;
    routes[clientOrderId] = { executionId: event.executionId, splitOrderId };
  }
  return { routes };
}

/** The oldest goes when too many are held: it has waited longest for an owner. */
export function holdReport({ context, event }: Told): Change {
  const report = reportIn(event);
  return report === null ? {} : { held: [...context.held, report].slice(-HELD_REPORTS_MAX) };
}

export function keepForeign({ context, event }: Told): Change {
  const id = reportIn(event)?.clientOrderId;
  if (id === undefined || context.foreign.includes(id)) return {};
  return { foreign: [...context.foreign, id].slice(-HELD_REPORTS_MAX) };
}

/** Held reports whose owner is known by now. */
export const released = ({ held, routes }: Context): readonly OrderReport[] =>
  held.filter(({ clientOrderId }) => Object.hasOwn(routes, clientOrderId));

export const dropReleased = ({ context }: Told): Change => ({
  held: context.held.filter(({ clientOrderId }) => !Object.hasOwn(context.routes, clientOrderId)),
});

export function enrol({ context, event }: Told): Change {
  if (event.type !== 'execution.requested') return {};
  return { executions: { ...context.executions, [event.input.id]: true } };
}

export function strike({ context, event }: Told): Change {
  if (event.type !== 'execution.dismissed') return {};
  const { [event.executionId]: _, ...executions } = context.executions;
  // One pass: a busy market strikes often, and keeps the routes of a minute.
  const routes: Record<string, Route> = {};
  for (const [clientOrderId, route] of Object.entries(context.routes))
    if (route.executionId !== event.executionId) routes[clientOrderId] = route;
  return { executions, routes };
}

export const noteLive = (): Change => ({ bookLive: true, reason: 'live' });

export const noteStale = ({ event }: Told): Change => ({
  bookLive: false,
  reason: 'reason' in event ? event.reason : 'not live',
});
