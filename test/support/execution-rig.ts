/** One real execution whose split orders only listen: what they would report is an input. */
import { type AnyActor, createActor } from 'xstate';
import { executionMachine } from '../../machines/execution/execution.machine.ts';
import type {
  ExecutionContext,
  ExecutionEvent,
  ExecutionInput,
} from '../../machines/execution/execution.protocol.ts';
import { lots } from '../../src/domain/numbers.ts';
import { pathOf } from './coverage.ts';
import { type Effect, effectsOf, listener, recorders } from './effect-log.ts';

export type ExecutionMachine = typeof executionMachine;

export interface ExecutionRig {
  readonly effects: readonly Effect[];
  send(event: ExecutionEvent): void;
  state(): string;
  context(): ExecutionContext;
  hasTag(tag: 'deciding' | 'suspended' | 'asking' | 'closing' | 'final'): boolean;
  fault(): string | null;
  readonly actor: AnyActor;
  stop(): void;
}

export type ExecutionOptions = Partial<Omit<ExecutionInput, 'target'>> & {
  readonly target?: number;
};

export const executionInput = ({ target = 3, ...rest }: ExecutionOptions): ExecutionInput => ({
  id: 'x-1',
  terms: { symbol: 'RAIN', outcome: 'yes', action: 'buy' },
  target: lots(target),
  amendable: true,
  expiring: false,
  bookLive: true,
  whenStale: 'cancel',
  ...rest,
});

export const EXECUTION_EFFECTS = [
  'requestAdmission',
  'requestDecision',
  'armDeadlines',
  'armRetry',
  'armRecovery',
  'publishResult',
  'raiseLateFill',
] as const;

export function executionRigOf(
  machine: ExecutionMachine,
): (options?: ExecutionOptions) => ExecutionRig {
  const wired = machine.provide({
    actions: recorders(EXECUTION_EFFECTS),
    // The chart asks for a split order; here somebody listens in its place.
    actors: { splitOrder: listener as never },
  });
  return (options = {}) => {
    const actor = createActor(wired, { systemId: 'x-1', input: executionInput(options) });
    let fault: string | null = null;
    actor.subscribe({ error: (thrown) => (fault = String(thrown)) });
    actor.start();
    return {
      actor,
      effects: effectsOf(actor.system),
      // A stopped actor hears nothing, and says so at length.
      send: (event) => fault ?? actor.send(event),
      state: () => pathOf(actor.getSnapshot().value).replace('open.', ''),
      context: () => actor.getSnapshot().context,
      hasTag: (tag) => actor.getSnapshot().hasTag(tag),
      fault: () => fault,
      stop: () => actor.stop(),
    };
  };
}

export const startExecution = executionRigOf(executionMachine);
