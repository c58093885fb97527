import { type AnyEventObject, assign, enqueueActions, fromEventObservable, setup } from 'xstate';
import { executionMachine } from '../execution/execution.machine.ts';
import { unprovided } from '../unprovided.ts';
import type { MarketContext, MarketEvent, MarketInput } from './market.protocol.ts';
import * as rules from './market.rules.ts';

/** A feed that the engine forgot to provide fails when the market starts, loudly. */
const feed = fromEventObservable<AnyEventObject, { readonly symbol: string }>(() => ({
  subscribe: unprovided('feed') as () => never,
}));

/** Supervisor of one market: spawns executions, routes reports, keeps what is not ours apart. */
export const marketMachine = setup({
  types: {} as {
    context: MarketContext;
    events: MarketEvent;
    input: MarketInput;
    tags: 'shut';
    children: { [executionId: string]: 'execution' | 'bookFeed' | 'reportFeed' };
  },
  actors: { execution: executionMachine, bookFeed: feed, reportFeed: feed },
  actions: {
    journal: unprovided('journal'),
    refuseExecution: unprovided('refuseExecution'),
    bookIfLate: unprovided('bookIfLate'),
    raiseFault: unprovided('raiseFault'),
    raiseFeedFault: unprovided('raiseFeedFault'),
    learnRoutes: assign(rules.learnRoutes),
    holdReport: assign(rules.holdReport),
    keepForeign: assign(rules.keepForeign),
    dropReleased: assign(rules.dropReleased),
    enrol: assign(rules.enrol),
    strike: assign(rules.strike),
    noteLive: assign(rules.noteLive),
    noteStale: assign(rules.noteStale),
    noteClosed: assign(rules.noteClosed),
    spawnExecution: enqueueActions(({ context, event, enqueue }) => {
      const input = rules.executionInput({ context, event });
      if (input !== null)
        enqueue.spawnChild('execution', { id: input.id, systemId: input.id, input });
    }),
    dismissExecution: enqueueActions(({ event, enqueue }) => {
      if (event.type === 'execution.dismissed') enqueue.stopChild(event.executionId);
    }),
    deliver: enqueueActions(({ context, event, enqueue }) => {
      for (const { executionId, message } of rules.deliveries({ context, event }))
        enqueue.sendTo(executionId, message);
    }),
    forwardHeld: enqueueActions(({ context, enqueue }) => {
      for (const report of rules.released(context)) enqueue.raise(report);
    }),
  },
  guards: rules.guards,
}).createMachine({
  id: 'market',
  meta: { journey: ['open', 'open.connecting', 'open.syncing', 'open.live', 'closed'] },
  context: rules.openingContext,
  invoke: [
    { id: 'bookFeed', src: 'bookFeed', input: ({ context }) => ({ symbol: context.symbol }) },
    { id: 'reportFeed', src: 'reportFeed', input: ({ context }) => ({ symbol: context.symbol }) },
  ],
  initial: 'open',
  description: 'Ticks never come here; executions and reports do.',
  on: {
    'order.*': [
      { guard: 'isRouted', actions: ['journal', 'deliver'] },
      { guard: 'isOurs', actions: ['holdReport', 'bookIfLate'] },
      { actions: 'keepForeign' },
    ],
    'execution.requested': { guard: 'isNew', actions: ['enrol', 'journal', 'spawnExecution'] },
    'execution.told': {
      guard: 'isMember',
      actions: ['learnRoutes', 'journal', 'deliver', 'forwardHeld', 'dropReleased'],
    },
    'execution.dismissed': { guard: 'isMember', actions: ['dismissExecution', 'strike'] },
    'feed.failed': { actions: 'raiseFeedFault' },
    'market.closed': '.closed',
    'market.disable': '.disabled',
    'xstate.error.actor.*': { actions: 'raiseFault' },
  },
  states: {
    open: {
      initial: 'connecting',
      on: {
        'feed.down': '.connecting',
        'feed.failed': { target: '.connecting', actions: 'raiseFeedFault' },
        'market.paused': '.paused',
      },
      states: {
        connecting: { on: { 'feed.up': 'syncing' } },
        syncing: { description: 'Waits for a whole book.', on: { 'book.live': 'live' } },
        live: {
          description: 'The book can be decided on.',
          entry: ['noteLive', 'journal', 'deliver'],
          exit: ['noteStale', 'journal', 'deliver'],
          on: { 'book.stale': 'stale' },
        },
        stale: {
          description: 'A gap, a crossed or a silent book: nothing is decided on it.',
          on: { 'book.live': 'live' },
        },
        paused: {
          description: 'The venue takes cancels only.',
          on: { 'market.resumed': 'syncing' },
        },
      },
    },
    disabled: {
      description: 'Only a person enables it again.',
      tags: 'shut',
      on: {
        'market.enable': 'open.syncing',
        'execution.requested': { actions: 'refuseExecution' },
      },
    },
    closed: {
      description: 'The venue trades it no more; reports are still booked.',
      tags: 'shut',
      entry: 'noteClosed',
      on: {
        'market.disable': undefined,
        'execution.requested': { actions: 'refuseExecution' },
      },
    },
  },
});
