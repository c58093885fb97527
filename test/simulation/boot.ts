/**
 * One life of our process: its clock, its doors and the engine behind them. When it dies all of
 * that is dead at once, in the middle of whatever it did; venue, network and disk go on.
 */
import { InputError, messageOf } from '../../src/domain/errors.ts';
import type { OrderRef, OrderRequest } from '../../src/domain/order.ts';
import type { Log } from '../../src/domain/ports.ts';
import type { Store, TurnRecord } from '../../src/domain/records.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { pick } from '../../src/env/draws.ts';
import type { RiskLimits } from '../../src/risk/limits.ts';
import { openStore } from '../../src/store/open-store.ts';
import { ClockDoor } from './clock-door.ts';
import type { Faults } from './faults.ts';
import type { FeedDoor } from './feed-door.ts';
import { guarded } from './ground.ts';
import type { Sender } from './invariants.ts';
import { ReportDoor } from './report-door.ts';
import { restless } from './restless.ts';
import type { SometimesName } from './sometimes.ts';
import { StoreDoor } from './store-door.ts';
import { TAG } from './tag.ts';
import { VENUE, VenueDoor } from './venue-door.ts';
import { WORDS } from './words.ts';
import type { World } from './world.ts';

/** Lines of the log that no event from outside may ever bring about. */
const OWN_FAULTS: readonly string[] = [
  WORDS.turnBroke,
  WORDS.executionBroke,
  WORDS.reportUnbooked,
  WORDS.journalUnfolded,
];

/** An engine has recovered when it has compared its account so often. */
const LISTINGS = 2;

export class Boot {
  readonly clock: ClockDoor;
  readonly reports: ReportDoor;
  readonly venue: VenueDoor;
  engine: Engine | null = null;
  store: StoreDoor | null = null;
  /** Another process has the lease: it was not stopped, and must be kept from everything. */
  isGhost = false;
  /** Results may be given that are not on the disk: it said so itself. */
  isAmnesiac = false;
  readonly #world: World;
  readonly #isWrong: boolean;
  #real: Store | null = null;
  readonly #listed = new Set<string>();
  #rounds = 0;

  /** `isWrong`: somebody has spoilt its limits. */
  constructor(world: World, isWrong = false) {
    this.#world = world;
    this.#isWrong = isWrong;
    const { ground, network, model, swarm } = world;
    this.clock = new ClockDoor(ground.clock);
    const delayMs = (): number => network.delayMs();
    this.reports = new ReportDoor(ground, this.clock, delayMs, (report) =>
      world.sightings.told(report),
    );
    this.venue = new VenueDoor({
      ground,
      network,
      model,
      clock: this.clock,
      reports: this.reports,
      keeper: this.#keeper(),
      instruments: world.instruments,
      amends: swarm.amends,
      isAskable: swarm.isAskable,
      lagMs: () => world.readLagMs,
    });
  }

  get isAlive(): boolean {
    return !this.clock.isDead;
  }

  get isRunning(): boolean {
    return this.isAlive && !this.clock.isPaused && this.engine !== null;
  }

  /** The venue was not listed twice yet. */
  get isRecovering(): boolean {
    return this.#rounds < LISTINGS;
  }

  /** Begins; the engine is there once its promises have settled in the world's time. */
  start(): void {
    const { swarm, ground, judge } = this.#world;
    judge.booted();
    createEngine(
      {
        venues: [this.venue],
        store: { file: this.#world.storeFile ?? ':memory:' },
        limits: this.#isWrong ? wrongLimits(swarm.limits, ground.faults) : swarm.limits,
        breaker: swarm.breaker,
        maxQueuedSignals: swarm.maxQueuedSignals,
        callLimits: swarm.callLimits,
        whenStale: swarm.whenStale,
        recovery: swarm.recovery,
        reconcileMs: swarm.reconcileMs,
        algorithms: [restless(ground)],
        tag: TAG,
        clock: this.clock,
        log: this.#log(),
        onTurn: () => this.#turned(),
      },
      (options) => this.#openStore(options),
    ).then(
      (engine) => {
        if (!this.isAlive) return;
        if (this.#isWrong) judge.tell('config', 'it starts');
        this.engine = engine;
        ground.trace.note('boot', { epoch: engine.epoch });
        this.#world.booted(this);
      },
      (thrown: unknown) => {
        const isRefused = this.#isWrong && isRefusal(thrown);
        if (isRefused) ground.sometimes.hit('configRefused');
        this.#world.bootFailed(this, messageOf(thrown), isRefused);
      },
    );
  }

  /** The process is gone; `why` is the window it died in. */
  die(why: SometimesName): void {
    if (!this.isAlive) return;
    const { ground } = this.#world;
    const isLate = why === 'crashInRecovery' && !this.isRecovering;
    this.kill();
    ground.trace.note('dies', why);
    ground.sometimes.hit('crash');
    ground.sometimes.hit(isLate ? 'crashIdle' : why);
    this.#world.died(this);
  }

  /** Nothing of it goes on. */
  kill(): void {
    this.clock.kill();
    this.#real?.close();
    this.#real = null;
  }

  feeds(): readonly FeedDoor[] {
    return [...this.venue.feeds.values()];
  }

  get leftovers(): number {
    const subscribed = this.feeds().reduce((sum, { listeners }) => sum + listeners, 0);
    return this.clock.pending + this.reports.listeners + subscribed;
  }

  #openStore(options: { readonly file: string; readonly leastEpoch?: number }): Store {
    const { disk, storeFile, ground } = this.#world;
    if (storeFile !== null) this.#real = openStore(options);
    const failure = (): string | null => this.#world.diskFailure;
    const committing = {
      failure: (): string | null => {
        if (failure() !== null) ground.sometimes.hit('journalFailed');
        return failure();
      },
      before: (turn: TurnRecord): void => {
        ground.trace.note('commit', turn.journal);
        if (ground.faults.strikes('crashBeforeCommit')) this.die('crashBeforeCommit');
      },
      after: (turn: TurnRecord): void => {
        this.#world.sightings.written(turn);
        const intends = turn.journal.some(({ kind }) => kind === 'command');
        if (ground.faults.strikes('crashAfterCommit'))
          this.die(intends ? 'crashBetweenIntentAndSend' : 'crashIdle');
      },
    };
    const haltFile = this.#world.swarm.hasHaltFile ? disk.haltFile(failure) : undefined;
    const parts = { ground, disk, clock: this.clock, committing, real: this.#real, haltFile };
    this.store = new StoreDoor(parts, options);
    return this.store;
  }

  #turned(): void {
    const { engine } = this;
    const { judge, ground } = this.#world;
    if (engine !== null && this.isAlive) guarded(ground, () => judge.turned(engine));
  }

  #keeper(): ConstructorParameters<typeof VenueDoor>[0]['keeper'] {
    const world = this.#world;
    const { judge, ground } = world;
    return {
      submitting: (request, feed) => {
        if (feed.breaks > 0) ground.sometimes.hit('sentAfterResync');
        judge.submitting(request, this.#sender(request, feed));
        this.#called(request);
      },
      amending: (request, feed) => {
        judge.amending(request, this.#sender(request, feed));
        this.#called(request);
      },
      cancelling: (ref) => this.#called(ref),
      gone: (id) => judge.flying.delete(id),
      landed: (id) => judge.flying.delete(id),
      sent: () => {
        if (ground.faults.strikes('crashAfterSend')) this.die('crashBetweenSendAndAcknowledgement');
      },
      answering: () => {
        if (ground.faults.strikes('crashAtAnswer'))
          this.die('crashBetweenAcknowledgementAndJournal');
      },
      listed: (fillIds) => {
        for (const fillId of fillIds) this.#listed.add(fillId);
      },
      comparing: () => {
        this.#rounds += 1;
      },
      asked: (id, found) => world.sightings.lookedUp(id, found),
    };
  }

  #sender(request: OrderRef | OrderRequest, feed: FeedDoor): Sender {
    const circuit = this.engine?.breakers()[0]?.circuit ?? 'closed';
    return { feed, halted: this.#whyMute(request), circuit, listed: this.#listed };
  }

  /** A ghost's calls are not counted: it has a window of its own. */
  #called({ clientOrderId }: OrderRef | OrderRequest): void {
    const { judge } = this.#world;
    judge.message(clientOrderId);
    if (!this.isGhost) judge.pace.called();
  }

  /** Why this process may not send this order; null where it may. */
  #whyMute({ clientOrderId, symbol }: OrderRef | OrderRequest): string | null {
    const { judge, operator, disk } = this.#world;
    if (this.isGhost) judge.tell('writer', `${clientOrderId} is sent without the lease`);
    const execution = disk.intents.get(clientOrderId)?.executionId;
    const place = { venue: VENUE, market: symbol };
    return operator.whyMute(execution === undefined ? place : { ...place, execution });
  }

  #log(): Log {
    const at = (level: string) => (fields: object, message: string) => {
      if (this.isAlive) guarded(this.#world.ground, () => this.#heard(level, fields, message));
    };
    return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  }

  #heard(level: string, fields: object, message: string): void {
    const { ground, judge } = this.#world;
    const text = textOf(fields);
    ground.trace.note(`log ${level} ${message}`, text);
    if (message === WORDS.halted && !this.isGhost)
      this.#world.operator.heard((fields as { scope: string }).scope);
    if (message.startsWith(WORDS.halted)) this.#world.operator.reasons.add(text);
    if (message === WORDS.breakerMoved && !this.isGhost)
      this.#world.sightings.circuit((fields as { circuit: string }).circuit);
    if (message === WORDS.amnesia) this.isAmnesiac = true;
    if (OWN_FAULTS.includes(message)) judge.tell('ownFault', `${message}: ${text}`);
  }
}

const NO_LIMITS = ['NaN', 'Infinity', '-5', '0', '', '1e3', 60, undefined, null];

/** As a file of settings may say them. */
function wrongLimits(limits: RiskLimits, faults: Faults): RiskLimits {
  const random = faults.random('wrongConfig');
  const name = pick(random, ['maxPosition', 'maxOrderQuantity', 'maxOpenNotional'] as const);
  return { ...limits, [name]: pick(random, NO_LIMITS) };
}

/** Errors by their text: their stacks differ from place to place. */
const textOf = (fields: object): string =>
  JSON.stringify(fields, (_, value: unknown) =>
    value instanceof Error ? `${value.name}: ${value.message}` : value,
  );

export const isRefusal = (thrown: unknown): boolean => thrown instanceof InputError;
