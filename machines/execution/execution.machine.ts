import { assign, enqueueActions, sendTo, setup } from 'xstate';
import { splitOrderMachine } from '../split-order/split-order.machine.ts';
import { unprovided } from '../unprovided.ts';
import type { ExecutionContext, ExecutionEvent, ExecutionInput } from './execution.protocol.ts';
import * as rules from './execution.rules.ts';

/** One wish of a strategy. It asks for decisions and carries them out; it never decides itself. */
export const executionMachine = setup({
  types: {} as {
    context: ExecutionContext;
    events: ExecutionEvent;
    input: ExecutionInput;
    tags: 'deciding' | 'suspended' | 'asking' | 'closing' | 'final';
    children: { [splitOrderId: string]: 'splitOrder' };
  },
  actors: { splitOrder: splitOrderMachine },
  actions: {
    requestAdmission: unprovided('requestAdmission'),
    requestDecision: unprovided('requestDecision'),
    armDeadlines: unprovided('armDeadlines'),
    armRetry: unprovided('armRetry'),
    armRecovery: unprovided('armRecovery'),
    publishResult: unprovided('publishResult'),
    raiseLateFill: unprovided('raiseLateFill'),
    admit: assign(rules.admit),
    noteBook: assign(rules.noteBook),
    noteClosing: assign(rules.noteClosing),
    noteRejections: assign(rules.noteRejections),
    recordReport: assign(rules.recordReport),
    adoptDecision: assign(rules.adoptDecision),
    carryOut: enqueueActions(({ context, event, enqueue }) => {
      for (const directive of rules.executable(context, event)) {
        const { kind } = directive;
        if (kind === 'place') {
          const input = rules.splitOrderInput(context, directive);
          enqueue.spawnChild('splitOrder', { id: directive.splitOrderId, input });
        } else if (kind === 'reprice') {
          const { splitOrderId, clientOrderId, price, reason } = directive;
          enqueue.sendTo(splitOrderId, { type: 'splitOrder.walk', clientOrderId, price, reason });
        } else if (kind === 'cancel') {
          const { splitOrderId, reason } = directive;
          enqueue.sendTo(splitOrderId, { type: 'splitOrder.cancel', reason, urgent: false });
        }
      }
    }),
    cancelOrders: enqueueActions(({ context, enqueue }) => {
      const reason = context.closing?.reason ?? 'the book cannot be trusted';
      for (const id of rules.aliveOrders(context))
        enqueue.sendTo(id, { type: 'splitOrder.cancel', reason, urgent: context.urgent });
    }),
    doubtOrders: enqueueActions(({ context, event, enqueue }) => {
      const reason = event.type === 'execution.faulted' ? event.reason : 'the engine restarted';
      for (const id of rules.aliveOrders(context))
        enqueue.sendTo(id, { type: 'splitOrder.doubt', reason });
    }),
    forwardReport: sendTo(
      (told) => rules.reported(told).splitOrderId,
      (told) => rules.reported(told).report,
    ),
  },
  guards: rules.guards,
}).createMachine({
  id: 'execution',
  meta: {
    journey: [
      'admitting',
      'open',
      'open.planning',
      'open.working',
      'open.working.monitoring',
      'open.working.placing',
      'open.working.monitoring',
      'closing',
      'ended',
      'ended.judging',
      'ended.completed',
    ],
  },
  description: 'It asks for decisions and carries them out; what it was told is its journal.',
  context: rules.openingContext,
  initial: 'admitting',
  on: {
    'order.reported': { guard: 'isOwnOrder', actions: 'forwardReport' },
    'splitOrder.reported': { actions: 'recordReport' },
    'book.live': { actions: 'noteBook' },
    'book.stale': { actions: 'noteBook' },
    'execution.faulted': { target: '.closing', actions: ['noteClosing', 'doubtOrders'] },
    'execution.restarted': [
      {
        guard: 'isToStop',
        target: '.closing',
        actions: ['noteBook', 'noteClosing', 'doubtOrders'],
      },
      { guard: 'isToAsk', target: '.open.asking', actions: ['noteBook', 'doubtOrders'] },
      { guard: 'isAdmitted', target: '.open.recovering', actions: ['noteBook', 'doubtOrders'] },
      { target: '.admitting', actions: 'noteBook' },
    ],
  },
  states: {
    admitting: {
      description: 'Risk looks at it, and exposure is reserved.',
      entry: 'requestAdmission',
      on: {
        'execution.admitted': { target: 'open', actions: ['admit', 'armDeadlines'] },
        'execution.refused': { target: 'ended.refused', actions: 'noteClosing' },
        'execution.cancel': { target: 'ended.cancelled', actions: 'noteClosing' },
      },
    },
    open: {
      description: 'Until its time is up, it is cancelled, or there is nothing left to do.',
      initial: 'planning',
      on: {
        'deadline.due': { guard: 'isClosingTime', target: 'closing', actions: 'noteClosing' },
        'execution.cancel': { target: 'closing', actions: 'noteClosing' },
      },
      states: {
        planning: {
          description: 'The decider reads the book at arrival.',
          tags: 'deciding',
          entry: 'requestDecision',
          always: { guard: 'isBlind', target: 'suspended' },
          on: {
            'execution.decided': { target: 'working', actions: ['carryOut', 'adoptDecision'] },
            'book.stale': { target: 'suspended', actions: 'noteBook' },
          },
        },
        working: {
          tags: 'deciding',
          initial: 'monitoring',
          always: [
            { guard: 'isFilled', target: '#execution.closing', actions: 'noteClosing' },
            { guard: 'wantsToClose', target: '#execution.closing' },
            {
              guard: 'isRejectedTooOften',
              target: '#execution.closing',
              actions: 'noteRejections',
            },
          ],
          on: {
            'execution.decided': { actions: ['carryOut', 'adoptDecision'] },
            'splitOrder.reported': [
              { guard: 'isNews', actions: ['recordReport', 'requestDecision'] },
              { actions: 'recordReport' },
            ],
            'deadline.due': { guard: 'isWakeTime', actions: 'requestDecision' },
            'book.stale': { target: 'suspended', actions: 'noteBook' },
          },
          states: {
            monitoring: {
              description: 'All is answered; the host wakes the decider.',
              always: [
                { guard: 'awaitsAcknowledgement', target: 'placing' },
                { guard: 'awaitsAnswer', target: 'walking' },
              ],
            },
            placing: {
              description: 'An order is not acknowledged yet.',
              always: { guard: 'isAcknowledged', target: 'monitoring' },
            },
            walking: {
              description: 'A directive is unanswered; the other orders may be decided on.',
              always: [
                { guard: 'awaitsAcknowledgement', target: 'placing' },
                { guard: 'isAnswered', target: 'monitoring' },
              ],
            },
          },
        },
        recovering: {
          description: 'After a restart, until every order is known and the book is live.',
          entry: 'armRecovery',
          always: [
            { guard: 'isFilled', target: '#execution.closing', actions: 'noteClosing' },
            { guard: 'isBackAtWork', target: 'working', actions: 'requestDecision' },
            { guard: 'isBack', target: 'planning' },
          ],
          on: {
            'deadline.due': [
              { guard: 'isBackBlind', target: 'suspended' },
              { guard: 'isRecoveryTime', actions: 'armRecovery' },
            ],
          },
        },
        suspended: {
          description: 'The book cannot be trusted: nothing new is sent.',
          tags: 'suspended',
          initial: 'choosing',
          always: { guard: 'isFilled', target: '#execution.closing', actions: 'noteClosing' },
          on: {
            'book.live': [
              { guard: 'isPlanned', target: 'working', actions: ['noteBook', 'requestDecision'] },
              { target: 'planning', actions: 'noteBook' },
            ],
          },
          states: {
            choosing: { always: [{ guard: 'shedsOrders', target: 'bare' }, { target: 'resting' }] },
            bare: {
              description: 'Resting orders are withdrawn.',
              entry: ['cancelOrders', 'armRetry'],
              on: { 'deadline.due': { guard: 'isWorthARetry', target: 'bare', reenter: true } },
            },
            resting: { description: 'Resting orders stay, as configured.' },
          },
        },
        asking: {
          description: 'After a restart, until a person says: resume it, or cancel it.',
          tags: 'asking',
          always: { guard: 'isFilled', target: '#execution.closing', actions: 'noteClosing' },
          on: {
            'execution.resume': [
              { guard: 'isAdmitted', target: 'recovering' },
              { target: '#execution.admitting' },
            ],
          },
        },
      },
    },
    closing: {
      description: 'Cancel what rests and wait for proof of each end.',
      tags: 'closing',
      entry: ['cancelOrders', 'armRetry'],
      always: { guard: 'allEnded', target: 'ended' },
      on: {
        'deadline.due': { guard: 'isRetryTime', target: 'closing', reenter: true },
        'execution.cancel': { target: 'closing', reenter: true, actions: 'noteClosing' },
        'execution.restarted': {
          target: 'closing',
          reenter: true,
          actions: ['noteBook', 'doubtOrders'],
        },
      },
    },
    ended: {
      description: 'The result is given and never changes; a late fill raises an alarm.',
      tags: 'final',
      initial: 'judging',
      on: {
        'splitOrder.reported': [
          { guard: 'isLateFill', actions: ['recordReport', 'raiseLateFill'] },
          { actions: 'recordReport' },
        ],
        'execution.faulted': undefined,
        'execution.restarted': undefined,
      },
      states: {
        judging: {
          always: [
            { guard: 'isFilled', target: 'completed' },
            { guard: 'wasCancelled', target: 'cancelled' },
            { guard: 'hasFailed', target: 'failed' },
            { guard: 'hasFills', target: 'partial' },
            { target: 'unfilled' },
          ],
        },
        completed: { entry: 'publishResult' },
        partial: { entry: 'publishResult' },
        unfilled: { entry: 'publishResult' },
        cancelled: { entry: 'publishResult' },
        failed: { entry: 'publishResult' },
        refused: { entry: 'publishResult' },
      },
    },
  },
});
