/** Bugs seeded into the market's supervisor. None may survive its judge. */
import { assign, enqueueActions } from 'xstate';
import { marketMachine } from '../../machines/market/market.machine.ts';
import * as rules from '../../machines/market/market.rules.ts';
import type { MarketMachine } from './market-rig.ts';
import { at, type Chart, type Mutant, rebuilt } from './mutation.ts';

type Supervisor = Mutant<MarketMachine>;

const provided = (name: string, parts: Parameters<MarketMachine['provide']>[0]): Supervisor => ({
  name,
  machine: marketMachine.provide(parts),
});

const charted = (name: string, change: (chart: Chart) => void): Supervisor => ({
  name,
  machine: rebuilt(marketMachine, change),
});

export const MARKET_MUTANTS: readonly Supervisor[] = [
  provided('a report is routed by its prefix', {
    guards: {
      isRouted: ({ context, event }) =>
        rules.guards.isOurs({ context, event }) && context.executions.length > 0,
    },
    actions: {
      deliver: enqueueActions(({ context, event, enqueue }) => {
        const [executionId] = context.executions;
        if (!('clientOrderId' in event) || executionId === undefined) return;
        const splitOrderId = `${executionId}-1`;
        enqueue.sendTo(executionId, { type: 'order.reported', splitOrderId, report: event });
      }),
    },
  }),
  provided('a held report is lost', { actions: { forwardHeld: () => {} } }),
  provided('an early report is not held', { actions: { holdReport: () => {} } }),
  provided('a held report is passed on again and again', { actions: { dropReleased: () => {} } }),
  provided('the ids of a walk are not learned', {
    actions: {
      learnRoutes: assign(({ context, event }) => {
        const { routes = context.routes } = rules.learnRoutes({ context, event });
        return { routes: routes.slice(0, 1) };
      }),
    },
  }),
  provided('whatever comes is ours', { guards: { isOurs: () => true } }),
  charted('a late report is dropped', (chart) => {
    at(chart, '').on['order.*'] = [
      { guard: 'isRouted', actions: ['journal', 'deliver'] },
      { guard: 'isOurs', actions: 'holdReport' },
      { actions: 'keepForeign' },
    ];
  }),
  provided('a report reaches an execution that is gone', {
    actions: {
      strike: assign(({ context, event }) => {
        const { executions = context.executions } = rules.strike({ context, event });
        return { executions };
      }),
    },
  }),
  provided('an id in use is spawned again', { guards: { isNew: () => true } }),
  charted('the disabled are enabled by a broken feed', (chart) => {
    at(chart, 'disabled').on['feed.failed'] = {
      target: '#market.open.connecting',
      actions: 'raiseFeedFault',
    };
  }),
  charted('a shut market takes orders', (chart) => {
    const { on } = at(chart, 'disabled');
    delete on['execution.requested'];
  }),
  charted('nobody is told that the book went blind', (chart) => {
    at(chart, 'open.live').exit = ['noteStale', 'journal'];
  }),
  charted('a pause is not heard', (chart) => {
    at(chart, 'open.paused').on['book.live'] = 'live';
  }),
  charted('what enters is not journaled', (chart) => {
    at(chart, '').on['execution.told'] = {
      guard: 'isMember',
      actions: ['learnRoutes', 'deliver', 'forwardHeld', 'dropReleased'],
    };
  }),
];
