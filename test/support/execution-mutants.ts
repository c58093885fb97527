/** Bugs seeded into the execution. None may survive its judge. */
import { assign, enqueueActions } from 'xstate';
import { executionMachine } from '../../machines/execution/execution.machine.ts';
import * as rules from '../../machines/execution/execution.rules.ts';
import type { ExecutionMachine } from './execution-rig.ts';
import { at, type Chart, type Mutant, rebuilt } from './mutation.ts';

type Parent = Mutant<ExecutionMachine>;

const provided = (name: string, parts: Parameters<ExecutionMachine['provide']>[0]): Parent => ({
  name,
  machine: executionMachine.provide(parts),
});

const charted = (name: string, change: (chart: Chart) => void): Parent => ({
  name,
  machine: rebuilt(executionMachine, change),
});

export const EXECUTION_MUTANTS: readonly Parent[] = [
  provided('more is placed than is unreleased', {
    actions: {
      carryOut: enqueueActions(({ context, event, enqueue }) => {
        if (event.type !== 'execution.decided') return;
        for (const directive of event.directives)
          if (directive.kind === 'place')
            enqueue.spawnChild('splitOrder', {
              id: directive.splitOrderId,
              input: rules.splitOrderInput(context, directive),
            });
      }),
    },
  }),
  provided('what is placed is not reserved', {
    actions: {
      adoptDecision: assign(({ context, event }) => ({
        ...rules.adoptDecision({ context, event }),
        quantity: context.quantity,
      })),
    },
  }),
  provided('a report overwrites the line, and the ledger does not move', {
    actions: {
      recordReport: assign(({ context, event }) => {
        const { orders } = rules.recordReport({ context, event });
        return orders === undefined ? {} : { orders };
      }),
    },
  }),
  provided('closing leaves the orders resting', { actions: { cancelOrders: () => {} } }),
  provided('it ends before its orders have', { guards: { allEnded: () => true } }),
  provided('nothing is news', { guards: { isNews: () => false } }),
  provided('a fault leaves the orders as they seemed', { actions: { doubtOrders: () => {} } }),
  provided('what shall be kept is withdrawn', { guards: { shedsOrders: () => true } }),
  provided('what shall be withdrawn is kept', { guards: { shedsOrders: () => false } }),
  provided('reports do not reach the orders', { actions: { forwardReport: () => {} } }),
  provided('an urgent cancel is passed on as any other', {
    actions: {
      noteClosing: assign(({ context, event }) => ({
        ...rules.noteClosing({ context, event }),
        urgent: false,
      })),
    },
  }),
  provided('a filled wish is called cancelled', { guards: { isFilled: () => false } }),
  charted('a decision is carried out although the book is blind', (chart) => {
    at(chart, 'open.suspended').on['execution.decided'] = {
      target: 'working',
      actions: ['carryOut', 'adoptDecision'],
    };
  }),
  charted('a late fill gives a second result', (chart) => {
    at(chart, 'ended').on['splitOrder.reported'] = {
      guard: 'isNews',
      target: '.judging',
      actions: ['recordReport', 'raiseLateFill'],
    };
  }),
  charted('a fill that is taken back is called a late one', (chart) => {
    at(chart, 'ended').on['splitOrder.reported'] = {
      guard: 'isNews',
      actions: ['recordReport', 'raiseLateFill'],
    };
  }),
  charted('a late fill is silent', (chart) => {
    at(chart, 'ended').on['splitOrder.reported'] = { actions: 'recordReport' };
  }),
  charted('a fault opens what has ended', (chart) => {
    at(chart, 'ended').on['execution.faulted'] = { target: 'closing', actions: 'noteClosing' };
  }),
  charted('a restart leaves the orders as they seemed', (chart) => {
    at(chart, '').on['execution.restarted'] = [{ guard: 'isAdmitted', target: '.open.recovering' }];
  }),
  provided('a restart goes on with orders in doubt', {
    guards: {
      isBack: ({ context }) => context.bookLive,
      isBackAtWork: ({ context }) => context.bookLive && context.decisions > 0,
    },
  }),
  provided('a restart goes on with the book of before', {
    actions: {
      noteBook: assign(({ context, event }) =>
        event.type === 'execution.restarted' ? {} : rules.noteBook({ context, event }),
      ),
    },
  }),
  provided('a restart asks nobody', { guards: { isToAsk: () => false } }),
  provided('a restart stops nothing', { guards: { isToStop: () => false } }),
  charted('a restart opens what has ended', (chart) => {
    at(chart, 'ended').on['execution.restarted'] = { target: 'closing', actions: 'noteClosing' };
  }),
  charted('a restart opens what is closing', (chart) => {
    at(chart, 'closing').on['execution.restarted'] = { target: 'open.recovering' };
  }),
  charted('a person is not heard', (chart) => {
    at(chart, 'open.asking').on['execution.resume'] = { target: 'planning' };
  }),
  charted('a retry is not heard', (chart) => {
    at(chart, 'closing').on['deadline.due'] = {};
  }),
];
