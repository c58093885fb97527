/**
 * One simulated world: a venue, a network, a disk, and a process of ours that lives in it. First
 * everything may go wrong; then all is healed, and whatever was begun must come to its end.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Instrument } from '../../src/domain/instrument.ts';
import type { VenueReport } from '../../src/domain/ports.ts';
import { integer } from '../../src/env/draws.ts';
import { seededRandom } from '../../src/env/seeded-random.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import { centsInstrument } from '../support/cents.ts';
import { Boot, isRefusal } from './boot.ts';
import { type FaultName, Faults } from './faults.ts';
import { checkAtRest, checkEmpty } from './final-checks.ts';
import { type Ground, Sink } from './ground.ts';
import { letHappen, undoAll } from './happenings.ts';
import { Judge } from './invariants.ts';
import { Network } from './network.ts';
import { Operator } from './operator.ts';
import type { Plant } from './plants.ts';
import { Sightings } from './sightings.ts';
import { Sometimes } from './sometimes.ts';
import { Disk } from './store-model.ts';
import { drawSwarm, type Swarm } from './swarm.ts';
import { Trace, type TraceOptions } from './trace.ts';
import { VENUE } from './venue-door.ts';
import { VenueModel } from './venue-model.ts';
import { Workload } from './workload.ts';

export const START_MS = 1_800_000_000_000;

/** After healing, all must have ended by then: a doubt needs its window, a wish its time limit. */
const LIVENESS_MS = 180_000;

/** A dead process is started again after at most so long. */
const RESTART_MS = 8_000;

export interface WorldOptions extends TraceOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly without: ReadonlySet<FaultName>;
  /** Simulated milliseconds after which the faults end, where that is sooner. */
  readonly untilMs?: number;
  readonly plant?: Plant;
}

export class World {
  readonly ground: Ground;
  readonly swarm: Swarm;
  readonly network: Network;
  readonly model: VenueModel;
  readonly disk = new Disk();
  readonly judge: Judge;
  readonly instruments: readonly Instrument[];
  readonly storeFile: string | null;
  readonly workload: Workload;
  readonly operator: Operator;
  readonly sightings: Sightings;
  boot: Boot;
  readLagMs = 0;
  diskFailure: string | null = null;
  crashes = 0;
  readonly #options: WorldOptions;
  readonly #folder: string | null;
  readonly #ghosts = new Set<Boot>();

  constructor(options: WorldOptions) {
    this.#options = options;
    const clock = new VirtualClock(START_MS);
    const random = seededRandom(options.seed);
    this.swarm = drawSwarm(random, options.without);
    const trace = new Trace(() => clock.wallMs() - START_MS, options);
    const [sink, sometimes] = [new Sink(clock), new Sometimes()];
    const faults = new Faults(random, this.swarm.faults);
    const { plant = null } = options;
    this.ground = { clock, random, faults, trace, sink, sometimes, plant };
    this.network = new Network(this.ground, this.swarm.latency);
    const symbols = ['A', 'B', 'C'].slice(0, this.swarm.markets);
    this.instruments = symbols.map((symbol) => centsInstrument(VENUE, symbol));
    this.judge = new Judge({
      ground: this.ground,
      disk: this.disk,
      model: () => this.model,
      maxPosition: Number(this.swarm.limits.maxPosition),
      budget: Number(this.swarm.limits.budget ?? Infinity),
      calls: this.swarm.callLimits,
    });
    this.sightings = new Sightings(this.ground, this.disk, this.judge);
    this.model = new VenueModel({
      ground: this.ground,
      instruments: this.instruments,
      moved: (order) => {
        this.sightings.moved(order);
        this.judge.moved(order);
      },
      report: (report) => {
        for (const boot of [this.boot, ...this.#ghosts]) boot.reports.send(report);
      },
      busted: (report, fillId) => this.#repeat(report, fillId),
    });
    this.#folder = this.swarm.isRealStore ? mkdtempSync(join(tmpdir(), 'dw-sim-')) : null;
    this.storeFile = this.#folder === null ? null : join(this.#folder, 'store.db');
    this.workload = new Workload(this);
    this.operator = new Operator(this);
    this.boot = new Boot(this);
  }

  /** Lives through all phases, or up to the first violation. */
  async run(): Promise<void> {
    const { clock, trace, faults } = this.ground;
    const { minutes, untilMs = Infinity } = this.#options;
    try {
      this.boot.start();
      for (const market of this.model.markets.values()) market.live(this.swarm.strangersMs);
      this.workload.start();
      this.operator.start();
      letHappen(this);
      await this.#pass(Math.min(minutes * 60_000, untilMs));
      trace.note('heals');
      faults.heal();
      this.workload.stop();
      undoAll(this);
      await this.#settle();
      if (this.ground.sink.first === null) await this.#shutDown();
      trace.note('over', clock.wallMs());
    } finally {
      this.boot.kill();
      if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true });
    }
  }

  /** The engine stands, and begins to ask the venue. */
  booted(boot: Boot): void {
    const { faults, clock, sometimes } = this.ground;
    for (const { symbol } of this.instruments) boot.engine?.watch(VENUE, symbol);
    this.workload.attach(boot);
    if (faults.strikes('crashInRecovery'))
      clock.setTimeout(
        () => boot.die('crashInRecovery'),
        integer(faults.random('crashInRecovery'), 0, 1_500),
      );
    if (!faults.strikes('haltInRecovery')) return;
    sometimes.hit('haltInRecovery');
    this.operator.halt(boot, faults.random('haltInRecovery'));
  }

  /** A disk that is in its way ends a start; whoever supervises it tries again. */
  bootFailed(boot: Boot, reason: string, isMeant: boolean): void {
    const { trace, clock } = this.ground;
    trace.note('boot failed', reason);
    if (!boot.isAlive || this.boot !== boot) return;
    if (this.diskFailure === null && !isMeant)
      this.judge.tell('ownFault', `the engine does not start: ${reason}`);
    boot.kill();
    clock.setTimeout(() => this.#restart(boot), RESTART_MS);
  }

  /** Another process opens the store of the one that runs: refused by the lock, or fenced. */
  startSecond(): boolean {
    const { boot } = this;
    const { clock, trace } = this.ground;
    if (!boot.isRunning) return false;
    trace.note('second instance');
    if (this.storeFile !== null) {
      this.#assertRefused(this.storeFile);
      return true;
    }
    boot.isGhost = true;
    this.operator.outlive();
    this.#ghosts.add(boot);
    clock.setTimeout(() => {
      boot.clock.kill();
      this.#ghosts.delete(boot);
    }, 20_000);
    this.#restart(boot);
    return true;
  }

  died(boot: Boot): void {
    this.crashes += 1;
    if (boot.isGhost) return;
    const random = this.ground.faults.random('crash');
    const waitMs = 200 + Math.ceil(random.next() * RESTART_MS);
    this.operator.outlive();
    this.ground.clock.setTimeout(() => this.#restart(boot), waitMs);
  }

  #restart(before: Boot): void {
    if (this.boot !== before) return;
    this.workload.forget();
    const mayRestore = this.storeFile === null && !before.isGhost;
    if (mayRestore && this.ground.faults.strikes('backupRestored')) this.#restore();
    // Beside an engine that lives, one that does not start changes nothing.
    const isWrong = !before.isGhost && this.ground.faults.strikes('wrongConfig');
    this.boot = new Boot(this, isWrong);
    this.boot.start();
  }

  #restore(): void {
    const { faults, trace, sometimes } = this.ground;
    const writes = integer(faults.random('backupRestored'), 1, 40);
    trace.note('restores', writes);
    if (this.disk.restore(writes)) sometimes.hit('backupRestored');
    this.judge.forgive();
    this.operator.forget();
  }

  #assertRefused(file: string): void {
    try {
      openStore({ file }).close();
      this.judge.tell('writer', 'a second engine opens the store of a running one');
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown;
      this.ground.sometimes.hit('secondRefused');
    }
  }

  /** No listing shows it: said while it is not written down, as a person at the venue would. */
  #repeat(report: VenueReport, fillId: string): void {
    if (this.boot.isRunning && !this.disk.isReverted(fillId)) this.boot.reports.sendSurely(report);
    this.ground.clock.setTimeout(() => this.#repeat(report, fillId), 5_000);
  }

  async #pass(ms: number, goesOn: () => boolean = () => true): Promise<void> {
    const { clock, sink } = this.ground;
    const untilMs = clock.wallMs() + ms;
    await clock.run({ untilMs, while: () => sink.first === null && goesOn() });
  }

  async #settle(): Promise<void> {
    const { clock, sink } = this.ground;
    const isBusy = (): boolean =>
      !this.boot.isRunning ||
      this.workload.waiting.length > 0 ||
      this.disk.open.length > 0 ||
      this.judge.flying.size > 0;
    await this.#pass(LIVENESS_MS, isBusy);
    const late = [...this.workload.waiting, ...this.disk.open.map((row) => row.executionId)];
    if (sink.first === null && late.length > 0)
      this.judge.tell('liveness', `not over after ${LIVENESS_MS} ms: ${late.join(', ')}`);
    if (sink.first === null && !this.boot.isRunning)
      this.judge.tell('liveness', `no engine runs at ${clock.wallMs()}`);
    // What is still on its way arrives.
    await this.#pass(15_000);
    const { engine } = this.boot;
    if (sink.first !== null || engine === null) return;
    const difference = this.boot.store?.difference() ?? null;
    if (difference !== null)
      this.judge.tell('journal', `SQLite and the model differ: ${difference}`);
    checkAtRest(this, engine);
  }

  async #shutDown(): Promise<void> {
    const { boot } = this;
    let isStopped = false;
    const stopped = boot.engine?.stop().then(() => {
      isStopped = true;
    });
    await this.#pass(60_000, () => !isStopped);
    if (!isStopped) this.judge.tell('liveness', 'the engine does not stop');
    await stopped;
    checkEmpty(this);
    await this.#pass(1_000);
    if (boot.leftovers > 0) this.judge.tell('leak', `${boot.leftovers} timers and subscriptions`);
  }
}
