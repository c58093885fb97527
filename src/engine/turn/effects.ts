/**
 * Gives the charts their effects, once per engine. An effect only writes down what is wanted; the
 * actor's system says for whom, so that a muted system (a fold) leaves no trace.
 */
import type { AnyActorRef } from 'xstate';
import { executionMachine } from '../../../machines/execution/execution.machine.ts';
import type { Deadline, ExecutionMessage } from '../../../machines/execution/execution.protocol.ts';
import { marketMachine } from '../../../machines/market/market.machine.ts';
import type { ExecutionRequest } from '../../../machines/market/market.protocol.ts';
import {
  type Delivery,
  deliveries,
  executionInput,
} from '../../../machines/market/market.rules.ts';
import { splitOrderMachine } from '../../../machines/split-order/split-order.machine.ts';
import type {
  AmendCommand,
  CancelCommand,
  ResolveCommand,
  SubmitCommand,
} from '../../../machines/split-order/split-order.protocol.ts';
import {
  amendCommand,
  cancelCommand,
  resolveCommand,
  submitCommand,
} from '../../../machines/split-order/split-order.rules.ts';
import type { Trigger } from '../../algorithms/algorithm.ts';
import type { OrderReport } from '../../domain/order.ts';

/** What the charts of one market want done; nothing of it happens before it is durable. */
export interface EffectSink {
  submit(command: SubmitCommand): void;
  amend(command: AmendCommand): void;
  cancel(command: CancelCommand): void;
  resolve(command: ResolveCommand): void;
  askAdmission(executionId: string): void;
  askDecision(executionId: string, trigger: Trigger): void;
  /** `dueAtMs` null: after the usual pause. */
  arm(executionId: string, deadline: Deadline, dueAtMs: number | null): void;
  ended(executionId: string): void;
  lateFill(executionId: string): void;
  lateReport(report: OrderReport): void;
  opened(input: ExecutionRequest): void;
  journal(delivery: Delivery): void;
  refused(executionId: string, reason: string): void;
  faulted(actorId: string, error: unknown): void;
  feedFailed(reason: string): void;
}

export type ActorSystem = AnyActorRef['system'];
export type SinkOf = (system: ActorSystem) => EffectSink;

/** Why a decision is wanted, by the event that made it wanted. */
function triggerOf(
  event: ExecutionMessage | { readonly type: string; readonly ending?: unknown },
): Trigger {
  switch (event.type) {
    case 'deadline.due':
      return 'timer';
    case 'book.live':
      return 'bookLive';
    case 'splitOrder.reported':
      return 'ending' in event && event.ending !== null ? 'orderEnded' : 'fill';
    default:
      return 'start';
  }
}

function provideExecution(sinkOf: SinkOf) {
  const splitOrder = splitOrderMachine.provide({
    actions: {
      requestSubmit: ({ context, system }) => sinkOf(system).submit(submitCommand({ context })),
      requestAmend: ({ context, system }) => sinkOf(system).amend(amendCommand({ context })),
      requestCancel: ({ context, system }) => sinkOf(system).cancel(cancelCommand({ context })),
      requestResolution: ({ context, system }) =>
        sinkOf(system).resolve(resolveCommand({ context })),
    },
  });
  return executionMachine.provide({
    actors: { splitOrder },
    actions: {
      requestAdmission: ({ context, system }) => sinkOf(system).askAdmission(context.id),
      requestDecision: ({ context, event, system }) =>
        sinkOf(system).askDecision(context.id, triggerOf(event)),
      armDeadlines: ({ context, system }) =>
        sinkOf(system).arm(context.id, 'close', context.admission?.closeAtMs ?? null),
      armRetry: ({ context, system }) => sinkOf(system).arm(context.id, 'retry', null),
      armRecovery: ({ context, system }) => sinkOf(system).arm(context.id, 'recovery', null),
      publishResult: ({ context, system }) => sinkOf(system).ended(context.id),
      raiseLateFill: ({ context, system }) => sinkOf(system).lateFill(context.id),
    },
  });
}

/** `feeds` are the event observables that a market invokes. */
export function provideMarket(
  sinkOf: SinkOf,
  feeds: Pick<
    NonNullable<Parameters<typeof marketMachine.provide>[0]['actors']>,
    'bookFeed' | 'reportFeed'
  >,
) {
  return marketMachine.provide({
    actors: { execution: provideExecution(sinkOf), ...feeds },
    actions: {
      journal: ({ context, event, system }) => {
        const sink = sinkOf(system);
        const opening = executionInput({ context, event });
        if (opening !== null) sink.opened(opening);
        else for (const delivery of deliveries({ context, event })) sink.journal(delivery);
      },
      refuseExecution: ({ context, event, system }) => {
        if (event.type === 'execution.requested')
          sinkOf(system).refused(event.input.id, `the market is shut: ${context.reason}`);
      },
      bookIfLate: ({ event, system }) => {
        if ('clientOrderId' in event) sinkOf(system).lateReport(event);
      },
      raiseFault: ({ event, system }) => {
        const { type, error } = event as unknown as {
          readonly type: string;
          readonly error: unknown;
        };
        sinkOf(system).faulted(type.replace('xstate.error.actor.', ''), error);
      },
      raiseFeedFault: ({ event, system }) => {
        if ('reason' in event) sinkOf(system).feedFailed(event.reason);
      },
    },
  });
}

export type ProvidedMarket = ReturnType<typeof provideMarket>;
