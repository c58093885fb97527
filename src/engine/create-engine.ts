/** The composition root: puts the rooms together, and is the whole of what a bot talks to. */
import { type ActorRefFrom, createActor } from 'xstate';
import { engineMachine } from '../../machines/engine/engine.machine.ts';
import type { AlgorithmDefinition } from '../algorithms/algorithm.ts';
import { AlgorithmRegistry } from '../algorithms/registry.ts';
import { InputError } from '../domain/errors.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Clock, Log, Venue } from '../domain/ports.ts';
import type { Store } from '../domain/records.ts';
import type { Signal } from '../domain/signal.ts';
import { type SequentialIds, sequentialIds } from '../env/ids.ts';
import { liveClock } from '../env/live-clock.ts';
import { openStore } from '../store/open-store.ts';
import { marketOf } from './check-signal.ts';
import { decodeSignal, decodeWish } from './decode-signal.ts';
import { type ExecutionHandle, handleOf } from './execution-handle.ts';
import { type CompleteOptions, completeOptions, type EngineOptions } from './options.ts';
import { type ExecutionQuantity, quantitiesOf } from './quantities.ts';
import { Runtime } from './runtime.ts';

export interface Engine {
  /**
   * Starts to work a signal and returns at once. The same signal again is the same execution, and
   * is refused once that is forgotten, a minute after its end. Throws an `InputError` for a signal
   * that cannot be worked; nothing has moved then.
   */
  execute(signal: Signal): ExecutionHandle;
  /** Adds an algorithm that signals may name from now on. */
  registerAlgorithm(definition: AlgorithmDefinition): void;
  instruments(): readonly Instrument[];
  /**
   * Follows a market before anything is wanted there, so that the first execution finds its recent
   * trading. Throws an `InputError` for a venue or a market that is not known.
   */
  watch(venue: string, market: string): void;
  /** This opening of the store: part of every id, and higher than any before it. */
  readonly epoch: number;
  /** The execution that a signal has, by this run or an earlier one; null for a new signal. */
  executionOf(signalId: string): string | null;
  /** Where every lot is, of the executions that are remembered. For checks, never for decisions. */
  quantities(): readonly ExecutionQuantity[];
  /** Nothing but cancels is sent any more; every execution is cancelled, urgently. */
  halt(reason: string): void;
  /** Cancels what is open, waits for proof of each end, and closes. */
  stop(): Promise<void>;
}

const silent = (): void => undefined;
const NO_LOG: Log = { debug: silent, info: silent, warn: silent, error: silent };

/**
 * Throws an `InputError` for an option or a store that cannot be used; nothing is left open then.
 */
export async function createEngine(given: EngineOptions): Promise<Engine> {
  const options = completeOptions(given);
  const algorithms = new AlgorithmRegistry();
  for (const definition of options.algorithms) algorithms.registerAlgorithm(definition);
  const instruments = await Promise.all(options.venues.map((venue) => venue.instruments()));
  const clock = given.clock ?? liveClock;
  const leastEpoch = Math.floor(clock.wallMs() / 1_000);
  const store = openStore({ ...options.store, leastEpoch });
  return new LiveEngine({ given, options, algorithms, instruments, clock, store });
}

interface Parts {
  readonly given: EngineOptions;
  readonly options: CompleteOptions;
  readonly algorithms: AlgorithmRegistry;
  /** Of each venue, in the order of the venues. */
  readonly instruments: readonly (readonly Instrument[])[];
  readonly clock: Clock;
  readonly store: Store;
}

class LiveEngine implements Engine {
  readonly epoch: number;
  readonly #parts: Parts;
  readonly #log: Log;
  readonly #life: ActorRefFrom<typeof engineMachine>;
  readonly #runtimes: readonly Runtime[];
  readonly #handles = new Map<
    string,
    { readonly body: string; readonly handle: ExecutionHandle }
  >();
  #stopping: Promise<void> | null = null;

  constructor(parts: Parts) {
    const { store, options, given } = parts;
    const { epoch, nextSequence } = store;
    this.#parts = parts;
    this.epoch = epoch;
    this.#log = given.log ?? NO_LOG;
    this.#life = createActor(engineMachine, { input: { epoch } }).start();
    const ids = sequentialIds({ tag: options.tag, epoch, nextSequence });
    this.#runtimes = options.venues.map((venue, index) => this.#runtimeFor(venue, index, ids));
    this.#life.send({ type: 'engine.recovered' });
    this.#life.send({ type: 'engine.reconciled' });
  }

  execute(untrusted: Signal): ExecutionHandle {
    const signal = decodeSignal(untrusted);
    const body = JSON.stringify(signal);
    const known = this.#handles.get(signal.signalId);
    if (known !== undefined && known.body === body) return known.handle;
    this.#assertNew(signal);
    const { runtime, instrument } = this.#placeOf(signal);
    const record = runtime.request(decodeWish(signal, instrument, this.#parts.algorithms));
    const handle = handleOf(record, (reason) =>
      runtime.tell(record.id, { type: 'execution.cancel', reason, urgent: false }),
    );
    this.#handles.set(signal.signalId, { body, handle });
    return handle;
  }

  registerAlgorithm(definition: AlgorithmDefinition): void {
    this.#parts.algorithms.registerAlgorithm(definition);
  }

  instruments(): readonly Instrument[] {
    return this.#parts.instruments.flat();
  }

  watch(venue: string, market: string): void {
    const { runtime, instrument } = this.#placeOf({ venue, market });
    runtime.hostOf(instrument.symbol);
  }

  executionOf(signalId: string): string | null {
    const known = this.#handles.get(signalId)?.handle.id;
    return known ?? this.#parts.store.executionOfSignal(signalId);
  }

  quantities(): readonly ExecutionQuantity[] {
    return this.#runtimes.flatMap(quantitiesOf);
  }

  halt(reason: string): void {
    if (this.#life.getSnapshot().hasTag('final')) return;
    this.#life.send({ type: 'engine.halt', reason });
    this.#log.error({ reason }, 'halted');
    for (const runtime of this.#runtimes) runtime.cancelAll(`halted: ${reason}`, true);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#life.send({ type: 'engine.stop' });
    for (const runtime of this.#runtimes) runtime.cancelAll('the engine stops', false);
    await Promise.all(this.#runtimes.map((runtime) => runtime.settled()));
    this.#life.send({ type: 'engine.drained' });
    for (const runtime of this.#runtimes) runtime.stop();
    this.#life.stop();
    this.#parts.store.close();
  }

  #runtimeFor(venue: Venue, index: number, ids: SequentialIds): Runtime {
    const { options, algorithms, instruments, clock, store, given } = this.#parts;
    const { onTurn } = given;
    return new Runtime({
      ...options,
      venue,
      clock,
      log: this.#log,
      store,
      ids,
      algorithms,
      halt: (reason) => this.halt(reason),
      haltReason: () => this.#haltReason(),
      onRetired: (signalId) => this.#handles.delete(signalId),
      instruments: instruments[index] ?? [],
      ...(onTurn === undefined ? {} : { onTurn }),
    });
  }

  #haltReason(): string | null {
    const snapshot = this.#life.getSnapshot();
    return snapshot.hasTag('sending') ? null : (snapshot.context.haltReason ?? 'not running');
  }

  #assertNew({ signalId }: Signal): void {
    if (!this.#life.getSnapshot().hasTag('accepting'))
      throw new InputError(
        'a running engine takes signals',
        this.#haltReason() ?? 'stopping',
        'start a new engine',
      );
    const stored = this.executionOf(signalId);
    if (stored === null) return;
    const rule = `a signal is executed once, and this one was ${stored}`;
    throw new InputError(rule, signalId, 'give a new wish a new signalId');
  }

  #placeOf(signal: Pick<Signal, 'venue' | 'market'>): {
    readonly runtime: Runtime;
    readonly instrument: Instrument;
  } {
    const runtime = this.#runtimes.find(({ options }) => options.venue.name === signal.venue);
    if (runtime !== undefined)
      return { runtime, instrument: marketOf(signal, runtime.options.instruments) };
    const names = this.#runtimes.map(({ options }) => options.venue.name).join(', ');
    throw new InputError('no such venue', signal.venue, `choose one of ${names}`);
  }
}
