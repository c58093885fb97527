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
  routes: [],
  executions: [],
  held: [],
  foreign: [],
  bookLive: false,
  reason: 'not connected yet',
});

const reportIn = (event: MarketEvent): OrderReport | null =>
  'clientOrderId' in event ? event : null;

/** Whose order an id is; null where it is not one of this market. */
export const routeTo = ({ routes }: Pick<Context, 'routes'>, clientOrderId: string): Route | null =>
  routes.find((route) => route.clientOrderId === clientOrderId) ?? null;

const routeOf = ({ context, event }: Told): Route | null => {
  const report = reportIn(event);
  return report === null ? null : routeTo(context, report.clientOrderId);
};

export const guards = {
  isRouted: (told: Told) => routeOf(told) !== null,
  isOurs: ({ context, event }: Told) =>
    reportIn(event)?.clientOrderId.startsWith(`${context.tag}-`) ?? false,
  isMember: ({ context, event }: Told) =>
    'executionId' in event && context.executions.includes(event.executionId),
  isNew: ({ context, event }: Told) =>
    event.type === 'execution.requested' && !context.executions.includes(event.input.id),
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
  return context.executions.map((executionId) => ({ executionId, message }));
}

/** A new execution starts from what it was asked and from what the book is at that moment. */
export const executionInput = ({ context, event }: Told): ExecutionInput | null =>
  event.type === 'execution.requested' ? { bookLive: context.bookLive, ...event.input } : null;

/** Which ids a decision brings with it; known before the orders are sent, and until it is gone. */
export function learnRoutes({ context, event }: Told): Change {
  if (event.type !== 'execution.told' || event.message.type !== 'execution.decided') return {};
  const routes = [...context.routes];
  for (const directive of event.message.directives) {
    if (directive.kind !== 'place' && directive.kind !== 'reprice') continue;
    const { clientOrderId, splitOrderId } = directive;
    // An amended order keeps its id.
    if (routeTo(context, clientOrderId) === null)
      routes.push({ clientOrderId, executionId: event.executionId, splitOrderId });
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
  held.filter(({ clientOrderId }) => routeTo({ routes }, clientOrderId) !== null);

export const dropReleased = ({ context }: Told): Change => ({
  held: context.held.filter(({ clientOrderId }) => routeTo(context, clientOrderId) === null),
});

export function enrol({ context, event }: Told): Change {
  if (event.type !== 'execution.requested') return {};
  return { executions: [...context.executions, event.input.id] };
}

export function strike({ context, event }: Told): Change {
  if (event.type !== 'execution.dismissed') return {};
  const { executionId: gone } = event;
  return {
    executions: context.executions.filter((id) => id !== gone),
    routes: context.routes.filter(({ executionId }) => executionId !== gone),
  };
}

export const noteLive = (): Change => ({ bookLive: true, reason: 'live' });

export const noteStale = ({ event }: Told): Change => ({
  bookLive: false,
  reason: 'reason' in event ? event.reason : 'not live',
});

export const noteClosed = (): Change => ({ bookLive: false, reason: 'the venue has closed it' });
