/**
 * Where signals become executions, and where a bot finds them again: by the signal, by the id, and
 * after a restart, too. It keeps a handle as long as its execution is remembered.
 */
import type { AlgorithmRegistry } from '../../algorithms/registry.ts';
import { InputError } from '../../domain/errors.ts';
import type { Log } from '../../domain/ports.ts';
import type { Store } from '../../domain/records.ts';
import type { Signal } from '../../domain/signal.ts';
import { recover } from '../recovery/recover.ts';
import type { Runtime } from '../runtime.ts';
import { marketOf } from './check-signal.ts';
import { decodeSignal, decodeWish } from './decode-signal.ts';
import { type ExecutionHandle, handleOf } from './execution-handle.ts';
import type { ExecutionRecord } from './execution-record.ts';
import { type OpenExecution, openExecutions } from './executions.ts';
import type { Place, Ready } from './plan-desk.ts';

export interface ExecutionDeskOptions {
  readonly log: Log;
  readonly store: Pick<Store, 'executionOfSignal'>;
  readonly algorithms: AlgorithmRegistry;
  readonly runtimes: readonly Runtime[];
  /** Throws an `InputError` where nothing is started at this moment. */
  readonly assertOpen: (signal: Signal) => void;
}

interface Given {
  /** JSON text of the signal: the same id with other words is another wish. */
  readonly body: string;
  readonly handle: ExecutionHandle;
}

export class ExecutionDesk {
  readonly #options: ExecutionDeskOptions;
  readonly #bySignal = new Map<string, Given>();
  readonly #byExecution = new Map<string, ExecutionHandle>();

  constructor(options: ExecutionDeskOptions) {
    this.#options = options;
  }

  /** Takes up what the last process left open; these venues have something to say of it. */
  recover(): readonly Runtime[] {
    return this.#options.runtimes.filter((runtime) => {
      const records = recover(runtime);
      for (const record of records) this.#attach(runtime, record);
      return records.length > 0;
    });
  }

  execute(untrusted: Signal): ExecutionHandle {
    const signal = decodeSignal(untrusted);
    const known = this.#bySignal.get(signal.signalId);
    if (known?.body === JSON.stringify(signal)) return known.handle;
    return this.start(this.read(signal));
  }

  /** Throws an `InputError` for a signal that cannot be started; nothing has moved. */
  read(signal: Signal): Ready {
    this.#options.assertOpen(signal);
    this.#assertNew(signal);
    const { runtime, instrument } = this.placeOf(signal);
    return { runtime, wish: decodeWish(signal, instrument, this.#options.algorithms) };
  }

  start({ runtime, wish }: Ready): ExecutionHandle {
    return this.#attach(runtime, runtime.intake.take(wish));
  }

  executionOf(signalId: string): string | null {
    const known = this.#bySignal.get(signalId)?.handle.id;
    return known ?? this.#options.store.executionOfSignal(signalId);
  }

  handleOf(executionId: string): ExecutionHandle | null {
    return this.#byExecution.get(executionId) ?? null;
  }

  open(): readonly OpenExecution[] {
    return this.#options.runtimes.flatMap(openExecutions);
  }

  resume(executionId: string, actor: string): void {
    if (actor.trim() === '')
      throw new InputError('whoever resumes gives a name', actor, 'say who decided it');
    if (!this.open().some(({ id, asks }) => asks && id === executionId))
      throw new InputError(
        'only an execution that asks is resumed',
        executionId,
        'see executions()',
      );
    for (const runtime of this.#options.runtimes)
      runtime.tell(executionId, { type: 'execution.resume', actor });
  }

  forget(signalId: string): void {
    const id = this.#bySignal.get(signalId)?.handle.id;
    this.#bySignal.delete(signalId);
    if (id !== undefined) this.#byExecution.delete(id);
  }

  placeOf(signal: Pick<Signal, 'venue' | 'market'>): Place {
    const { runtimes } = this.#options;
    const runtime = runtimes.find(({ options }) => options.venue.name === signal.venue);
    if (runtime !== undefined) {
      const instrument = runtime.current(marketOf(signal, runtime.options.instruments));
      return { runtime, instrument };
    }
    const names = runtimes.map(({ options }) => options.venue.name).join(', ');
    throw new InputError('no such venue', signal.venue, `choose one of ${names}`);
  }

  #attach(runtime: Runtime, record: ExecutionRecord): ExecutionHandle {
    const { id, wish } = record;
    const { signal } = wish;
    const handle = handleOf(record, this.#options.log, (reason) => runtime.cancel(id, reason));
    this.#bySignal.set(signal.signalId, { body: JSON.stringify(signal), handle });
    this.#byExecution.set(id, handle);
    return handle;
  }

  #assertNew({ signalId }: Signal): void {
    const stored = this.executionOf(signalId);
    if (stored === null) return;
    const rule = `a signal is executed once, and this one was ${stored}`;
    throw new InputError(rule, signalId, 'give a new wish a new signalId');
  }
}
