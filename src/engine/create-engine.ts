/** The composition root: puts the rooms together, and is the whole of what a bot talks to. */
import type { Observable } from 'rxjs';
import { type ActorRefFrom, createActor } from 'xstate';
import { engineMachine } from '../../machines/engine/engine.machine.ts';
import type { AlgorithmDefinition } from '../algorithms/algorithm.ts';
import { AlgorithmRegistry } from '../algorithms/registry.ts';
import { InputError } from '../domain/errors.ts';
import type { Instrument } from '../domain/instrument.ts';
import { LADDER_LEVELS } from '../domain/limits.ts';
import type { Clock, Log, Venue } from '../domain/ports.ts';
import type { Store } from '../domain/records.ts';
import type { Signal } from '../domain/signal.ts';
import { type SequentialIds, sequentialIds } from '../env/ids.ts';
import { liveClock } from '../env/live-clock.ts';
import { openStore } from '../store/open-store.ts';
import { BookSaver } from './book-saver.ts';
import { capabilitiesOf, type EngineCapabilities } from './capabilities.ts';
import { marketOf } from './check-signal.ts';
import { decodeSignal, decodeWish } from './decode-signal.ts';
import type { Engine } from './engine.ts';
import { type ExecutionHandle, handleOf } from './execution-handle.ts';
import { Housekeeping } from './housekeeping.ts';
import type { MarketBook } from './market-book.ts';
import type { MarketHost } from './market-host.ts';
import { type CompleteOptions, completeOptions, type EngineOptions } from './options.ts';
import type { ExecutionPlan, PlanHandle } from './plan.ts';
import { type Place, PlanDesk, type Ready } from './plan-desk.ts';
import { type ExecutionQuantity, quantitiesOf } from './quantities.ts';
import { Runtime } from './runtime.ts';
import { Views } from './views.ts';

export type { Engine } from './engine.ts';

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
  try {
    return new LiveEngine({ given, options, algorithms, instruments, clock, store });
  } catch (thrown) {
    store.close();
    throw thrown;
  }
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
  readonly #books: BookSaver;
  readonly #housekeeping: Housekeeping | null;
  readonly #handles = new Map<
    string,
    { readonly body: string; readonly handle: ExecutionHandle }
  >();
  readonly #views: Views;
  readonly #plans: PlanDesk;
  #stopping: Promise<void> | null = null;

  constructor(parts: Parts) {
    const { store, options, given, clock } = parts;
    const { epoch, nextSequence } = store;
    this.#parts = parts;
    this.epoch = epoch;
    this.#log = given.log ?? NO_LOG;
    this.#life = createActor(engineMachine, { input: { epoch } }).start();
    const { retention } = options;
    const common = { store, clock, log: this.#log };
    this.#books = new BookSaver({ ...common, onSaved: () => this.#housekeeping?.wake() });
    const ids = sequentialIds({ tag: options.tag, epoch, nextSequence });
    this.#runtimes = options.venues.map((venue, index) => this.#runtimeFor(venue, index, ids));
    this.#views = new Views(this.#runtimes, clock, this.#log);
    this.#plans = new PlanDesk({
      log: this.#log,
      placeOf: (signal) => this.#placeOf(signal),
      read: (signal) => this.#read(decodeSignal(signal)),
      start: (ready) => this.#start(ready),
      executionOf: (signalId) => this.executionOf(signalId),
    });
    // Last: whatever throws before it leaves no timer behind.
    this.#housekeeping = retention === null ? null : new Housekeeping({ ...common, retention });
    this.#life.send({ type: 'engine.recovered' });
    this.#life.send({ type: 'engine.reconciled' });
  }

  get positions$() {
    return this.#views.positions$;
  }

  get orders$() {
    return this.#views.orders$;
  }

  execute(untrusted: Signal): ExecutionHandle {
    const signal = decodeSignal(untrusted);
    const known = this.#handles.get(signal.signalId);
    if (known?.body === JSON.stringify(signal)) return known.handle;
    return this.#start(this.#read(signal));
  }

  executePlan(plan: ExecutionPlan): PlanHandle {
    return this.#plans.execute(plan);
  }

  book$(venue: string, market: string, levels = LADDER_LEVELS): Observable<MarketBook> {
    return this.#views.book$(this.#followed(venue, market), levels);
  }

  capabilities(): EngineCapabilities {
    const { options, algorithms } = this.#parts;
    const definitions = algorithms.names.map((name) => algorithms.algorithmNamed(name));
    return capabilitiesOf(options, definitions);
  }

  registerAlgorithm(definition: AlgorithmDefinition): void {
    this.#parts.algorithms.registerAlgorithm(definition);
  }

  instruments(): readonly Instrument[] {
    return this.#parts.instruments.flat();
  }

  watch(venue: string, market: string): void {
    this.#followed(venue, market);
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
    this.#books.stop();
    this.#housekeeping?.stop();
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
      keepBooks: (books) => this.#books.keep(books),
      ids,
      algorithms,
      halt: (reason) => this.halt(reason),
      haltReason: () => this.#haltReason(),
      onRetired: (signalId) => {
        this.#handles.delete(signalId);
        this.#plans.forget(signalId);
      },
      instruments: instruments[index] ?? [],
      ...(onTurn === undefined ? {} : { onTurn }),
    });
  }

  #haltReason(): string | null {
    const snapshot = this.#life.getSnapshot();
    return snapshot.hasTag('sending') ? null : (snapshot.context.haltReason ?? 'not running');
  }

  /** Throws an `InputError` for a signal that cannot be started; nothing has moved. */
  #read(signal: Signal): Ready {
    this.#assertNew(signal);
    const { runtime, instrument } = this.#placeOf(signal);
    return { runtime, wish: decodeWish(signal, instrument, this.#parts.algorithms) };
  }

  #start({ runtime, wish }: Ready): ExecutionHandle {
    const record = runtime.intake.take(wish);
    const { id } = record;
    const handle = handleOf(record, this.#log, (reason) => runtime.cancel(id, reason));
    const body = JSON.stringify(wish.signal);
    this.#handles.set(wish.signal.signalId, { body, handle });
    return handle;
  }

  #followed(venue: string, market: string): MarketHost {
    const { runtime, instrument } = this.#placeOf({ venue, market });
    if (!this.#life.getSnapshot().hasTag('final')) return runtime.hostOf(instrument.symbol);
    throw new InputError('a running engine follows markets', market, 'start a new engine');
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

  #placeOf(signal: Pick<Signal, 'venue' | 'market'>): Place {
    const runtime = this.#runtimes.find(({ options }) => options.venue.name === signal.venue);
    if (runtime !== undefined)
      return { runtime, instrument: marketOf(signal, runtime.options.instruments) };
    const names = this.#runtimes.map(({ options }) => options.venue.name).join(', ');
    throw new InputError('no such venue', signal.venue, `choose one of ${names}`);
  }
}
