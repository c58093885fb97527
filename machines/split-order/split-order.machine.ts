import { type AnyActorRef, assign, sendTo, setup } from 'xstate';
import { unprovided } from '../unprovided.ts';
import { guards } from './split-order.claims.ts';
import type {
  Ending,
  SplitOrderContext,
  SplitOrderEvent,
  SplitOrderInput,
} from './split-order.protocol.ts';
import * as rules from './split-order.rules.ts';

/** One line of the plan. It outlives its venue orders: each is an attempt, at most one is alive. */
export const splitOrderMachine = setup({
  types: {} as {
    context: SplitOrderContext;
    events: SplitOrderEvent;
    input: SplitOrderInput;
    tags: 'working' | 'resting' | 'uncertain' | 'final';
  },
  actions: {
    requestSubmit: unprovided('requestSubmit'),
    requestAmend: unprovided('requestAmend'),
    requestCancel: unprovided('requestCancel'),
    requestResolution: unprovided('requestResolution'),
    recordFill: assign(rules.recordFill),
    revertFill: assign(rules.revertFill),
    noteAcceptance: assign(rules.noteAcceptance),
    noteEnd: assign(rules.noteEnd),
    noteDoubt: assign(rules.noteDoubt),
    clearDoubt: assign({ doubt: null }),
    adoptTerms: assign(rules.adoptTerms),
    wantWalk: assign(rules.wantWalk),
    dropWalk: assign({ walk: null }),
    wantCancel: assign(rules.wantCancel),
    dropCancel: assign({ cancelWanted: null }),
    beginAttempt: assign(rules.beginAttempt),
    conclude: assign((_, ending: Ending) => ({ ending, doubt: null, walk: null })),
    report: sendTo(
      ({ context, system }) => system.get(context.executionId) as AnyActorRef,
      rules.reportOf,
    ),
  },
  guards,
}).createMachine({
  id: 'splitOrder',
  meta: {
    journey: [
      'open',
      'open.pending',
      'open.working',
      'open.working.landing',
      'open.working.partial',
      'ended.filled',
    ],
  },
  context: rules.openingContext,
  initial: 'open',
  description: 'A fill may arrive in any state, and counts once; a late ack moves nothing.',
  on: {
    'order.accepted': { guard: 'isCurrent', actions: ['noteAcceptance', 'report'] },
    'order.filled': { guard: 'isFresh', actions: ['recordFill', 'report'] },
    'order.fillReverted': { guard: 'isNewReversal', actions: ['revertFill', 'report'] },
  },
  states: {
    open: {
      description: 'The venue may fill it. Only its own word ends it, and only settled.',
      tags: 'working',
      initial: 'pending',
      on: {
        'order.cancelled': { guard: 'isCurrent', target: 'settling', actions: 'noteEnd' },
        'order.expired': { guard: 'isCurrent', target: 'settling', actions: 'noteEnd' },
        'order.found': { guard: 'foundEnded', target: 'settling', actions: 'noteEnd' },
        'order.rejected': { guard: 'isUnacknowledged', target: 'settling', actions: 'noteEnd' },
        'order.notSent': { guard: 'provesUnsent', target: 'ended.failed' },
        'order.restated': { guard: 'isCurrent', actions: ['adoptTerms', 'report'] },
        'order.doubted': { guard: 'isOutstanding', target: '.unknown', actions: 'noteDoubt' },
        'splitOrder.doubt': { target: '.unknown', actions: 'noteDoubt' },
      },
      states: {
        pending: {
          description: 'The intent is journaled; the venue has not acknowledged it.',
          entry: 'requestSubmit',
          on: {
            'order.accepted': { guard: 'isCurrent', target: 'working', actions: 'noteAcceptance' },
            'order.restated': { guard: 'isCurrent', target: 'working', actions: 'adoptTerms' },
            'order.filled': [
              { guard: 'isFreshAndCurrent', target: 'working', actions: 'recordFill' },
              { guard: 'isFresh', actions: ['recordFill', 'report'] },
            ],
            'splitOrder.cancel': [
              { guard: 'isUrgent', target: 'cancelling', actions: 'wantCancel' },
              { actions: ['wantCancel', 'report'] },
            ],
          },
        },
        working: {
          initial: 'landing',
          on: {
            'order.filled': [
              { guard: 'isLast', target: '#splitOrder.ended.filled', actions: 'recordFill' },
              { guard: 'isFresh', target: '.landing', actions: 'recordFill' },
            ],
            'order.fillReverted': {
              guard: 'isNewReversal',
              target: '.landing',
              actions: 'revertFill',
            },
            'order.restated': { guard: 'isCurrent', target: '.landing', actions: 'adoptTerms' },
            'order.amended': { guard: 'isCurrent', target: '.landing', actions: 'adoptTerms' },
            'order.doubted': undefined,
            'splitOrder.walk': { target: 'walking', actions: 'wantWalk' },
            'splitOrder.cancel': { target: 'cancelling', actions: 'wantCancel' },
          },
          states: {
            landing: {
              description: 'Every answer lands where the cumulative quantity says.',
              always: [
                { guard: 'isComplete', target: '#splitOrder.ended.filled' },
                { guard: 'wantsCancel', target: '#splitOrder.open.cancelling' },
                { guard: 'hasFills', target: 'partial' },
                { target: 'placed' },
              ],
            },
            placed: { tags: 'resting', entry: 'report' },
            partial: {
              tags: 'resting',
              entry: 'report',
              on: { 'order.filled': { guard: 'isOneOfMany', actions: ['recordFill', 'report'] } },
            },
          },
        },
        walking: {
          description: 'A fill is booked and it stays: leaving would lose the pending answer.',
          initial: 'choosing',
          entry: 'report',
          on: {
            'order.notSent': { guard: 'isOutstanding', target: 'working', actions: 'dropWalk' },
            'splitOrder.cancel': [
              { guard: 'isUrgent', target: 'cancelling', actions: ['dropWalk', 'wantCancel'] },
              { actions: ['wantCancel', 'report'] },
            ],
          },
          states: {
            choosing: {
              always: [{ guard: 'isAmendable', target: 'amending' }, { target: 'withdrawing' }],
            },
            amending: {
              description: 'The venue changes the order in place.',
              entry: 'requestAmend',
              on: {
                'order.amended': {
                  guard: 'isCurrent',
                  target: '#splitOrder.open.working',
                  actions: ['adoptTerms', 'dropWalk'],
                },
                'order.amendRejected': {
                  guard: 'isCurrent',
                  target: '#splitOrder.open.working',
                  actions: 'dropWalk',
                },
              },
            },
            withdrawing: {
              description: 'Cancel, wait for proof, then place what is left anew.',
              entry: 'requestCancel',
              on: {
                'order.cancelRejected': {
                  guard: 'isCurrent',
                  target: '#splitOrder.open.working',
                  actions: 'dropWalk',
                },
              },
            },
          },
        },
        cancelling: {
          description: 'A fill is booked and it stays until the cancel is answered.',
          entry: ['requestCancel', 'report'],
          on: {
            'order.amended': { guard: 'isCurrent', actions: ['adoptTerms', 'report'] },
            'order.cancelRejected': [
              { guard: 'isUnacknowledged', target: 'unknown', actions: 'noteDoubt' },
              { guard: 'isCurrent', target: 'working', actions: 'dropCancel' },
            ],
            'order.notSent': [
              { guard: 'isUnsentEarlyCancel', target: 'unknown', actions: 'noteDoubt' },
              { guard: 'isUnsentCancel', target: 'working', actions: 'dropCancel' },
            ],
          },
        },
        unknown: {
          description: 'The outcome is in doubt; the quantity stays reserved until evidence.',
          tags: 'uncertain',
          entry: ['requestResolution', 'report'],
          exit: 'clearDoubt',
          on: {
            'order.accepted': {
              guard: 'doubtsSubmit',
              target: 'working',
              actions: 'noteAcceptance',
            },
            'order.filled': [
              { guard: 'provesAcceptance', target: 'working', actions: 'recordFill' },
              { guard: 'isFresh', actions: ['recordFill', 'report'] },
            ],
            'order.restated': [
              { guard: 'doubtsSubmit', target: 'working', actions: 'adoptTerms' },
              { guard: 'isCurrent', actions: ['adoptTerms', 'report'] },
            ],
            'order.amended': {
              guard: 'isCurrent',
              target: 'working',
              actions: ['adoptTerms', 'dropWalk'],
            },
            'order.amendRejected': {
              guard: 'doubtsAmend',
              target: 'working',
              actions: 'dropWalk',
            },
            'order.cancelRejected': {
              guard: 'doubtsCancel',
              target: 'working',
              actions: ['dropCancel', 'dropWalk'],
            },
            'order.found': {
              guard: 'foundResting',
              target: 'working',
              actions: ['adoptTerms', 'dropWalk'],
            },
            'order.neverAccepted': { guard: 'doubtsSubmit', target: '#splitOrder.ended.failed' },
            'order.doubted': undefined,
            'splitOrder.doubt': undefined,
            'splitOrder.cancel': [
              { guard: 'isUrgent', actions: ['wantCancel', 'requestCancel', 'report'] },
              { actions: ['wantCancel', 'report'] },
            ],
          },
        },
      },
    },
    settling: {
      description: 'The venue says it is over, but our fills do not yet add up to its count.',
      tags: 'working',
      entry: 'report',
      always: [
        { guard: 'settlesFilled', target: 'ended.filled' },
        { guard: 'settlesToNextAttempt', target: 'open', actions: ['beginAttempt', 'report'] },
        { guard: 'settlesExpired', target: 'ended.expired' },
        { guard: 'settlesRejected', target: 'ended.rejected' },
        { guard: 'isSettled', target: 'ended.cancelled' },
      ],
      on: {
        'order.cancelled': { guard: 'isCurrent', actions: 'noteEnd' },
        'order.expired': { guard: 'isCurrent', actions: 'noteEnd' },
        'order.found': { guard: 'foundEnded', actions: 'noteEnd' },
        'splitOrder.cancel': { actions: ['wantCancel', 'report'] },
      },
    },
    ended: {
      description: 'Kept for late fills: they are booked, and the order stays ended.',
      tags: 'final',
      initial: 'filled',
      states: {
        filled: { entry: [{ type: 'conclude', params: 'filled' }, 'report'] },
        cancelled: { entry: [{ type: 'conclude', params: 'cancelled' }, 'report'] },
        rejected: { entry: [{ type: 'conclude', params: 'rejected' }, 'report'] },
        expired: { entry: [{ type: 'conclude', params: 'expired' }, 'report'] },
        failed: { entry: [{ type: 'conclude', params: 'failed' }, 'report'] },
      },
    },
  },
});
