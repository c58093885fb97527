/**
 * A running engine: its parts, put together, and the whole of what a bot talks to. It passes on
 * what is said to it, and decides nothing.
 */
import type { Observable } from 'rxjs';
import { type ActorRefFrom, createActor } from 'xstate';
import { engineMachine } from '../../machines/engine/engine.machine.ts';
import type { AlgorithmDefinition } from '../algorithms/algorithm.ts';
import type { AlgorithmRegistry } from '../algorithms/registry.ts';
import { InputError } from '../domain/errors.ts';
import type { Halt, HaltPlace, HaltReport } from '../domain/halts.ts';
import type { Instrument } from '../domain/instrument.ts';
import { LADDER_LEVELS } from '../domain/limits.ts';
import type { Clock, Log, Venue } from '../domain/ports.ts';
import type { Store } from '../domain/records.ts';
import type { Signal } from '../domain/signal.ts';
import { type SequentialIds, sequentialIds } from '../env/ids.ts';
import { describeLimits } from '../risk/limits.ts';
import { capabilitiesOf, type EngineCapabilities } from './capabilities.ts';
import type { Engine } from './engine.ts';
import { decodeSignal } from './execution/decode-signal.ts';
import { ExecutionDesk } from './execution/execution-desk.ts';
import type { ExecutionHandle } from './execution/execution-handle.ts';
import type { ExecutionPlan, PlanHandle } from './execution/plan.ts';
import { PlanDesk } from './execution/plan-desk.ts';
import { type HaltOptions, Halts, type ResumeOptions } from './halt/halts.ts';
import { BookSaver } from './market/book-saver.ts';
import { Housekeeping } from './market/housekeeping.ts';
import type { MarketBook } from './market/market-book.ts';
import type { MarketHost } from './market/market-host.ts';
import type { CompleteOptions, EngineOptions } from './options.ts';
import { AccountDesk, type DoubtVerdict } from './reconciliation/account-desk.ts';
import { Boots } from './recovery/boots.ts';
import type { Approver, BreakerView } from './risk/breaker-desk.ts';
import { Runtime } from './runtime.ts';
import { keepLatencies } from './views/latency.ts';
import { Notices } from './views/notices.ts';
import { type ExecutionQuantity, quantitiesOf } from './views/quantities.ts';
import { Views } from './views/views.ts';

const silent = (): void => undefined;
const NO_LOG: Log = { debug: silent, info: silent, warn: silent, error: silent };

const RESUME = 'resume it: engine.resume(), or "depthwalker resume"';

export interface EngineParts {
  readonly given: EngineOptions;
  readonly options: CompleteOptions;
  readonly algorithms: AlgorithmRegistry;
  /** Of each venue, in the order of the venues. */
  readonly instruments: readonly (readonly Instrument[])[];
  readonly clock: Clock;
  readonly store: Store;
}

export class LiveEngine implements Engine {
  readonly epoch: number;
  readonly #parts: EngineParts;
  readonly #log: Log;
  readonly #life: ActorRefFrom<typeof engineMachine>;
  readonly #notices: Notices;
  readonly #halts: Halts;
  readonly #runtimes: readonly Runtime[];
  readonly #books: BookSaver;
  readonly #housekeeping: Housekeeping | null;
  readonly #boots: Boots;
  readonly #desk: ExecutionDesk;
  readonly #views: Views;
  readonly #accounts: AccountDesk;
  readonly #plans: PlanDesk;
  #stopping: Promise<void> | null = null;

  constructor(parts: EngineParts) {
    const { store, options, given, clock } = parts;
    const { epoch, nextSequence } = store;
    this.#parts = parts;
    this.epoch = epoch;
    this.#log = given.log ?? NO_LOG;
    this.#log.info({ limits: describeLimits(options.limits) }, 'the limits of this engine');
    this.#life = createActor(engineMachine, { input: { epoch } }).start();
    this.#boots = new Boots({ store, clock, log: this.#log });
    const loop = this.#boots.begin();
    const { retention } = options;
    this.#notices = new Notices(clock, this.#log);
    const common = { store, clock, log: this.#log };
    this.#halts = new Halts({
      ...common,
      tell: this.#notices.tell,
      life: this.#life,
      reconciled: (runtimes) => this.#reconciled(runtimes),
    });
    this.#books = new BookSaver({ ...common, onSaved: () => this.#housekeeping?.wake() });
    const ids = sequentialIds({ tag: options.tag, epoch, nextSequence });
    this.#runtimes = options.venues.map((venue, index) => this.#runtimeFor(venue, index, ids));
    this.#desk = new ExecutionDesk({
      log: this.#log,
      store,
      algorithms: parts.algorithms,
      runtimes: this.#runtimes,
      assertOpen: (signal) => this.#assertOpen(signal),
    });
    this.#views = new Views(this.#runtimes, clock, this.#log);
    this.#accounts = new AccountDesk({ runtimes: this.#runtimes, store, clock });
    this.#plans = this.#planDesk();
    // Last: whatever throws before it leaves no timer behind.
    this.#housekeeping = retention === null ? null : new Housekeeping({ ...common, retention });
    this.#recover();
    this.#halts.begin(this.#runtimes);
    if (loop !== null) this.#halts.raise(loop);
  }

  get positions$() {
    return this.#views.positions$;
  }

  get notices$() {
    return this.#notices.notices$;
  }

  get orders$() {
    return this.#views.orders$;
  }

  execute(untrusted: Signal): ExecutionHandle {
    return this.#desk.execute(untrusted);
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
    return this.#desk.executionOf(signalId);
  }

  handleOf(executionId: string): ExecutionHandle | null {
    return this.#desk.handleOf(executionId);
  }

  resumeExecution(executionId: string, actor: string): void {
    this.#desk.resume(executionId, actor);
  }

  quantities(): readonly ExecutionQuantity[] {
    return this.#runtimes.flatMap(quantitiesOf);
  }

  halt(reason: string, options: HaltOptions = {}): Promise<HaltReport> {
    return this.#halts.halt(reason, options);
  }

  resume(options: ResumeOptions): Promise<void> {
    return this.#halts.resume(options);
  }

  enableMarket(venue: string, market: string, by: Approver): Promise<void> {
    return this.#halts.resume({ venue, market, ...by });
  }

  breakers(): readonly BreakerView[] {
    return this.#runtimes.map(({ risk }) => risk.breaker.view);
  }

  halts(): readonly Halt[] {
    return this.#halts.standing;
  }

  executions = () => this.#desk.open();
  latency = () => this.#runtimes.map(({ latency }) => latency.view);
  orphans = () => this.#accounts.orphans();
  foreignOrders = () => this.#accounts.foreignOrders();
  doubts = () => this.#accounts.doubts();
  cancelOrphan = (id: string, actor: string) => this.#accounts.cancelOrphan(id, actor);
  settleDoubt = (id: string, verdict: DoubtVerdict) => this.#accounts.settleDoubt(id, verdict);

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#life.send({ type: 'engine.stop' });
    for (const runtime of this.#runtimes) runtime.cancelAll('the engine stops', false);
    await Promise.all(this.#runtimes.map((runtime) => runtime.settled()));
    await this.#halts.reported();
    this.#halts.stop();
    this.#life.send({ type: 'engine.drained' });
    for (const runtime of this.#runtimes) runtime.stop();
    keepLatencies(this.#runtimes);
    this.#books.stop();
    this.#housekeeping?.stop();
    this.#life.stop();
    this.#notices.stop();
    this.#boots.end();
    this.#parts.store.close();
  }

  #planDesk(): PlanDesk {
    return new PlanDesk({
      log: this.#log,
      placeOf: (signal) => this.#desk.placeOf(signal),
      read: (signal) => this.#desk.read(decodeSignal(signal)),
      start: (ready) => this.#desk.start(ready),
      executionOf: (signalId) => this.executionOf(signalId),
    });
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
      tell: this.#notices.tell,
      algorithms,
      halt: (reason, scope) => this.#halts.raise(reason, scope),
      haltReason: (place) => this.#haltReason(place),
      isReady: () => !this.#life.getSnapshot().hasTag('preparing'),
      onRetired: (signalId) => {
        this.#desk.forget(signalId);
        this.#plans.forget(signalId);
      },
      instruments: instruments[index] ?? [],
      ...(onTurn === undefined ? {} : { onTurn }),
    });
  }

  #haltReason(place: HaltPlace | null = null): string | null {
    const halted = this.#halts.reasonFor(place);
    if (halted !== null) return halted;
    const snapshot = this.#life.getSnapshot();
    return snapshot.hasTag('sending') ? null : (snapshot.context.haltReason ?? 'not running');
  }

  async #reconciled(runtimes: readonly Runtime[]): Promise<void> {
    await Promise.all(runtimes.map(({ reconciliation }) => reconciliation.reconciled()));
  }

  /** Where nothing outlives the process and nothing was left open, nobody needs to be asked. */
  #recover(): void {
    const found = this.#desk.recover();
    this.#life.send({ type: 'engine.recovered' });
    this.#life.subscribe((life) => {
      const isRunning = life.hasTag('accepting') && life.hasTag('sending');
      if (isRunning) for (const runtime of this.#runtimes) runtime.begin();
    });
    const begin = (): void => this.#life.send({ type: 'engine.reconciled' });
    for (const { reconciliation } of this.#runtimes) reconciliation.start();
    const asked = this.#runtimes.filter(
      (runtime) => found.includes(runtime) || runtime.options.venue.capabilities.outlivesEngine,
    );
    if (asked.length === 0) begin();
    else void this.#reconciled(asked).then(begin);
  }

  #followed(venue: string, market: string): MarketHost {
    const { runtime, instrument } = this.#desk.placeOf({ venue, market });
    if (!this.#life.getSnapshot().hasTag('final')) return runtime.hostOf(instrument.symbol);
    throw new InputError('a running engine follows markets', market, 'start a new engine');
  }

  #assertOpen({ venue, market }: Signal): void {
    const halted = this.#halts.reasonFor({ venue, market });
    if (halted !== null)
      throw new InputError('nothing is started where trading is halted', halted, RESUME);
    if (this.#life.getSnapshot().hasTag('accepting')) return;
    const reason = this.#haltReason() ?? 'stopping';
    throw new InputError('a running engine takes signals', reason, 'start a new engine');
  }
}
