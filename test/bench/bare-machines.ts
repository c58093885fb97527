/**
 * The cheapest honest XState of the same three levels: a market routes to executions, an execution
 * to its orders, an order reports what became of it. What ours costs beyond it is what ours knows.
 */
import { type AnyActorRef, assign, enqueueActions, sendTo, setup, stopChild } from 'xstate';

export interface BareOrder {
  readonly id: string;
  readonly executionId: string;
  readonly quantity: number;
}

export type BareReport =
  | { readonly type: 'ack'; readonly orderId: string }
  | { readonly type: 'fill'; readonly orderId: string; readonly quantity: number };

interface Told {
  readonly type: 'told';
  readonly orderId: string;
  readonly filled: number;
  readonly ended: boolean;
}

const order = setup({
  types: {
    context: {} as BareOrder & { readonly filled: number },
    events: {} as BareReport,
    input: {} as BareOrder,
  },
  actions: {
    addFill: assign(({ context, event }) => ({
      filled: context.filled + (event.type === 'fill' ? event.quantity : 0),
    })),
    tell: sendTo(
      ({ context, system }) => system.get(context.executionId) as AnyActorRef,
      ({ context }): Told => ({
        type: 'told',
        orderId: context.id,
        filled: context.filled,
        ended: context.filled >= context.quantity,
      }),
    ),
  },
  guards: {
    completes: ({ context, event }) =>
      event.type === 'fill' && context.filled + event.quantity >= context.quantity,
  },
}).createMachine({
  context: ({ input }) => ({ ...input, filled: 0 }),
  initial: 'pending',
  states: {
    pending: { entry: 'tell', on: { ack: 'placed' } },
    placed: {
      entry: 'tell',
      on: {
        fill: [
          { guard: 'completes', target: 'filled', actions: 'addFill' },
          { target: 'partial', actions: 'addFill' },
        ],
      },
    },
    partial: {
      entry: 'tell',
      on: {
        fill: [
          { guard: 'completes', target: 'filled', actions: 'addFill' },
          { target: 'partial', reenter: true, actions: 'addFill' },
        ],
      },
    },
    filled: { entry: 'tell', tags: 'final' },
  },
});

type ExecutionEvent =
  | { readonly type: 'place'; readonly orders: readonly BareOrder[] }
  | { readonly type: 'report'; readonly report: BareReport }
  | Told;

const execution = setup({
  types: {
    context: {} as { readonly id: string; readonly filled: number; readonly open: number },
    events: {} as ExecutionEvent,
    input: {} as { readonly id: string },
  },
  actors: { order },
  actions: {
    spawnOrders: enqueueActions(({ event, enqueue }) => {
      if (event.type !== 'place') return;
      for (const input of event.orders) enqueue.spawnChild('order', { id: input.id, input });
    }),
    noteOrders: assign(({ context, event }) => ({
      open: context.open + (event.type === 'place' ? event.orders.length : 0),
    })),
    forward: enqueueActions(({ event, enqueue }) => {
      if (event.type === 'report') enqueue.sendTo(event.report.orderId, event.report);
    }),
    note: assign(({ context, event }) =>
      event.type === 'told'
        ? {
            filled: context.filled + event.filled,
            open: context.open - (event.ended ? 1 : 0),
          }
        : {},
    ),
  },
  guards: { isDone: ({ context }) => context.open === 0 },
}).createMachine({
  context: ({ input }) => ({ id: input.id, filled: 0, open: 0 }),
  initial: 'planning',
  on: { report: { actions: 'forward' } },
  states: {
    planning: { on: { place: { target: 'working', actions: ['noteOrders', 'spawnOrders'] } } },
    working: { always: { guard: 'isDone', target: 'ended' }, on: { told: { actions: 'note' } } },
    ended: { tags: 'final' },
  },
});

type MarketEvent =
  | { readonly type: 'open'; readonly executionId: string }
  | {
      readonly type: 'tell';
      readonly executionId: string;
      readonly message: ExecutionEvent;
    }
  | { readonly type: 'close'; readonly executionId: string };

export const bareMarket = setup({
  types: {
    events: {} as MarketEvent,
  },
  actors: { execution },
  actions: {
    spawnExecution: enqueueActions(({ event, enqueue }) => {
      const { executionId: id } = event;
      enqueue.spawnChild('execution', { id, systemId: id, input: { id } });
    }),
    forward: enqueueActions(({ event, enqueue }) => {
      if (event.type === 'tell') enqueue.sendTo(event.executionId, event.message);
    }),
    drop: stopChild(({ event }) => event.executionId),
  },
}).createMachine({
  initial: 'live',
  states: {
    live: {
      on: {
        open: { actions: 'spawnExecution' },
        tell: { actions: 'forward' },
        close: { actions: 'drop' },
      },
    },
  },
});
