/** Bugs that other engines had, seeded into the split order. None may survive the judges. */
import { type AnyActorRef, assign, sendTo } from 'xstate';
import { guards } from '../../machines/split-order/split-order.claims.ts';
import { splitOrderMachine } from '../../machines/split-order/split-order.machine.ts';
import * as rules from '../../machines/split-order/split-order.rules.ts';
import { NO_LOTS } from '../../src/domain/numbers.ts';
import { at, type Chart, type Mutant, rebuilt } from './mutation.ts';
import type { SplitOrderMachine } from './split-order-rig.ts';

type Split = Mutant<SplitOrderMachine>;
type Parts = Parameters<SplitOrderMachine['provide']>[0];

const provided = (name: string, parts: Parts): Split => ({
  name,
  machine: splitOrderMachine.provide(parts),
});

const charted = (name: string, change: (chart: Chart) => void): Split => ({
  name,
  machine: rebuilt(splitOrderMachine, change),
});

const BOOK = { guard: 'isFresh', target: '#splitOrder.open.working', actions: 'recordFill' };

const ofFills: readonly Split[] = [
  provided('a fill counts each time it is told', {
    guards: { isFresh: ({ event }) => event.type === 'order.filled' },
    actions: {
      recordFill: assign(({ context, event }) => {
        const { fills } = rules.recordFill({ context, event });
        if (fills === undefined || event.type !== 'order.filled') return {};
        const { clientOrderId, fill } = event;
        const again = `${fill.fillId} ${Object.keys(context.fills).length}`;
        return {
          fills: { ...context.fills, [again]: { clientOrderId, quantity: fill.quantity } },
          attempt: { ...context.attempt, acknowledged: true },
        };
      }),
    },
  }),
  charted('a late fill is dropped', (chart) => {
    at(chart, 'ended').on['order.filled'] = {};
  }),
  charted('a fill while in doubt is dropped', (chart) => {
    at(chart, 'open.unknown').on['order.filled'] = {};
  }),
  charted('a fill while cancelling leaves the state', (chart) => {
    at(chart, 'open.cancelling').on['order.filled'] = BOOK;
  }),
  charted('a fill while walking leaves the state', (chart) => {
    at(chart, 'open.walking').on['order.filled'] = BOOK;
  }),
  provided('fills of an earlier attempt are dropped', {
    guards: { isFresh: guards.isFreshAndCurrent },
  }),
  provided('a reverted fill is not subtracted', { actions: { revertFill: assign({}) } }),
  provided('a reverted fill counts again when it is told again', {
    actions: {
      revertFill: assign(({ context, event }) => {
        if (event.type !== 'order.fillReverted') return {};
        const { [event.fillId]: _, ...fills } = context.fills;
        return { fills };
      }),
    },
  }),
  provided('a fill that was taken back before it came counts', {
    guards: {
      isNewReversal: ({ context, event }) =>
        event.type === 'order.fillReverted' &&
        Object.hasOwn(context.fills, event.fillId) &&
        guards.isNewReversal({ context, event }),
    },
  }),
  provided('any fill completes', { guards: { isComplete: guards.hasFills } }),
  provided('any fill is the last', { guards: { isLast: guards.isFresh } }),
  provided('a fill of the attempt before is the last', {
    guards: {
      isLast: ({ context, event }) =>
        event.type === 'order.filled' &&
        guards.isFresh({ context, event }) &&
        rules.attemptFilled(context) + event.fill.quantity >= context.attempt.quantity,
    },
  }),
  charted('the execution is not told of a fill', (chart) => {
    at(chart, '').on['order.filled'] = { guard: 'isFresh', actions: 'recordFill' };
  }),
];

const ofAnswers: readonly Split[] = [
  charted('the ack after a fill moves the state', (chart) => {
    at(chart, 'open.working').on['order.accepted'] = { guard: 'isCurrent', target: '.placed' };
  }),
  charted('a late ack brings the dead back', (chart) => {
    at(chart, 'ended').on['order.accepted'] = {
      guard: 'isCurrent',
      target: '#splitOrder.open.working',
    };
  }),
  charted('a refused cancel is taken as cancelled', (chart) => {
    at(chart, 'open.cancelling').on['order.cancelRejected'] = '#splitOrder.ended.cancelled';
  }),
  provided('a cancel ack is the end, before the fills are in', {
    guards: { isSettled: ({ context }) => context.venueEnd !== null },
  }),
  charted('a killed order is rejected', (chart) => {
    at(chart, 'open.pending').on['order.cancelled'] = {
      guard: 'isCurrent',
      target: '#splitOrder.ended.rejected',
    };
  }),
  charted('the answer to an amend lands in placed', (chart) => {
    at(chart, 'open.walking.amending').on['order.amended'] = {
      guard: 'isCurrent',
      target: '#splitOrder.open.working.placed',
      actions: ['adoptTerms', 'dropWalk'],
    };
  }),
  provided('what the venue restates is ignored', { actions: { adoptTerms: assign({}) } }),
  provided('the word of an earlier attempt ends the one alive', {
    guards: { isCurrent: ({ event }) => 'clientOrderId' in event },
  }),
  charted('an order that was never sent is placed', (chart) => {
    at(chart, 'open.cancelling').on['order.notSent'] = {
      guard: 'isCurrent',
      target: 'working',
      actions: 'dropCancel',
    };
  }),
];

const ofDoubt: readonly Split[] = [
  provided('doubt frees the quantity', {
    actions: {
      report: sendTo(
        ({ context, system }) => system.get(context.executionId) as AnyActorRef,
        ({ context }) => ({ ...rules.reportOf({ context }), inDoubt: NO_LOTS }),
      ),
    },
  }),
  provided('not found is proof', { guards: { doubtsSubmit: guards.isCurrent } }),
  charted('no answer is a refusal', (chart) => {
    at(chart, 'open.pending').on['order.doubted'] = {
      guard: 'isCurrent',
      target: '#splitOrder.ended.rejected',
    };
  }),
  charted('no answer to a cancel is a cancel', (chart) => {
    at(chart, 'open.cancelling').on['order.doubted'] = {
      guard: 'isCurrent',
      target: '#splitOrder.ended.cancelled',
    };
  }),
  charted('what is found filled is filled, whatever was booked', (chart) => {
    at(chart, 'open.unknown').on['order.found'] = {
      guard: 'foundEnded',
      target: '#splitOrder.ended.filled',
    };
  }),
  provided('a refusal of what was in doubt twice is never heard', {
    actions: {
      noteDoubt: assign(({ event }) =>
        event.type === 'order.doubted' ? { doubt: event.command } : { doubt: 'amend' as const },
      ),
    },
  }),
];

const ofAttempts: readonly Split[] = [
  charted('a new attempt before the last is proven over', (chart) => {
    at(chart, 'open.walking.withdrawing').always = {
      target: '#splitOrder.open.pending',
      actions: 'beginAttempt',
    };
  }),
  provided('a new attempt is sized by a remembered number', {
    actions: {
      beginAttempt: assign(({ context }) => {
        const next = rules.beginAttempt({
          context,
          event: { type: 'splitOrder.doubt', reason: '' },
        });
        const { attempt } = next;
        return attempt === undefined
          ? next
          : { ...next, attempt: { ...attempt, quantity: context.quantity } };
      }),
    },
  }),
  provided('a new attempt of an order that shall be cancelled', {
    guards: {
      settlesToNextAttempt: ({ context }) =>
        guards.isSettled({ context, event: { type: 'splitOrder.doubt', reason: '' } }) &&
        context.venueEnd?.ending === 'cancelled' &&
        !context.amendable &&
        context.walk !== null,
    },
  }),
  provided('an amend that came to nothing becomes a new attempt', {
    guards: {
      settlesToNextAttempt: ({ context }) =>
        guards.isSettled({ context, event: { type: 'splitOrder.doubt', reason: '' } }) &&
        context.venueEnd?.ending === 'cancelled' &&
        context.cancelWanted === null &&
        context.walk !== null,
    },
  }),
  provided('a wanted cancel is forgotten at the ack', { guards: { wantsCancel: () => false } }),
  provided('an urgent cancel waits', { guards: { isUrgent: () => false } }),
];

export const SPLIT_ORDER_MUTANTS: readonly Split[] = [
  ...ofFills,
  ...ofAnswers,
  ...ofDoubt,
  ...ofAttempts,
];
