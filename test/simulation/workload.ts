/**
 * The strategy: it wants things at random, sometimes wants the same again, sometimes changes its
 * mind. It is a part of our process, so that it forgets its handles when that dies.
 */
import { messageOf } from '../../src/domain/errors.ts';
import type { Random } from '../../src/domain/ports.ts';
import type { Signal } from '../../src/domain/signal.ts';
import type { ExecutionHandle } from '../../src/engine/execution/execution-handle.ts';
import { chance, exponential, integer, pick } from '../../src/env/draws.ts';
import { type Boot, isRefusal } from './boot.ts';
import { VENUE } from './venue-door.ts';
import { WORDS } from './words.ts';
import type { World } from './world.ts';

const ALGORITHMS = ['restless', 'restless', 'simple_limit', 'dynamic_depth_walker', 'market'];

export class Workload {
  readonly #world: World;
  readonly #random;
  readonly #signals: Signal[] = [];
  readonly #open = new Set<string>();
  #isOver = false;
  #wantedAtMs = 0;

  constructor(world: World) {
    this.#world = world;
    this.#random = world.ground.random.fork('workload');
  }

  /** Signals whose result this process still waits for. */
  get waiting(): readonly string[] {
    return [...this.#open];
  }

  start(): void {
    const { clock } = this.#world.ground;
    const waitMs = Math.ceil(exponential(this.#random, this.#world.swarm.signalsMs));
    clock.setTimeout(() => {
      if (this.#isOver) return;
      this.#want(this.#random);
      this.start();
    }, waitMs);
  }

  stop(): void {
    this.#isOver = true;
  }

  /** Its process died: nobody waits any more. */
  forget(): void {
    this.#open.clear();
  }

  /** Many at once, more than may wait in some worlds. */
  burst(count: number, random: Random): void {
    for (let done = 0; done < count; done += 1) this.#want(random);
  }

  #want(random: Random): void {
    const boot = this.#world.boot;
    if (!boot.isRunning) return;
    const isRepeat = this.#signals.length > 0 && chance(random, 0.1);
    const signal = isRepeat ? pick(random, this.#signals) : this.#newSignal(random);
    if (!isRepeat) this.#signals.push(signal);
    this.#execute(boot, signal, random);
    const { clock } = this.#world.ground;
    this.#wantedAtMs = clock.monotonicMs();
    clock.setTimeout(() => this.#checkQueue(boot), 1);
  }

  #checkQueue({ engine, isRunning }: Boot): void {
    const { judge, swarm, ground } = this.#world;
    // After the turns of an instant: who starts in one of them waits no more.
    if (ground.clock.monotonicMs() === this.#wantedAtMs) return;
    const all = isRunning ? (engine?.executions() ?? []) : [];
    const waiting = all.filter(({ state }) => state === 'queued').length;
    // One that waits for the disk to tell its result works no more.
    const ended = all.filter(({ state }) => state.startsWith('ended')).length;
    const working = all.length - waiting - ended;
    const { maxQueuedSignals, limits } = swarm;
    if (waiting > maxQueuedSignals) judge.tell('bounds', `${waiting} of ${maxQueuedSignals} wait`);
    if (working > limits.maxOpenOrders)
      judge.tell('bounds', `${working} of ${limits.maxOpenOrders} are worked`);
  }

  /** After a start: what was taken up is waited for again. */
  attach(boot: Boot): void {
    for (const { id } of boot.engine?.executions() ?? []) {
      const handle = boot.engine?.handleOf(id) ?? null;
      if (handle !== null) this.#await(boot, handle);
    }
  }

  #execute(boot: Boot, signal: Signal, random: Random): void {
    const { ground, judge } = this.#world;
    try {
      const handle = boot.engine?.execute(signal);
      if (handle === undefined || this.#open.has(handle.id) || judge.hasResult(handle.id)) return;
      ground.trace.note('wants', { id: handle.id, ...signal });
      judge.limits.wanted(handle.id, signal.timeLimitMs);
      this.#await(boot, handle);
      if (chance(random, 0.15)) this.#changeMind(boot, handle, random);
    } catch (thrown) {
      if (!isRefusal(thrown)) judge.tell('ownFault', `execute threw: ${messageOf(thrown)}`);
      ground.trace.note('refused', messageOf(thrown));
      if (messageOf(thrown).includes(WORDS.queueFull)) ground.sometimes.hit('queueFull');
    }
  }

  #await(boot: Boot, handle: ExecutionHandle): void {
    const { ground, judge } = this.#world;
    const isHeard = (): boolean => boot.isAlive && !boot.isGhost;
    this.#open.add(handle.id);
    handle.updates$.subscribe((update) => {
      if (isHeard() && update.type === 'alarm') this.#world.sightings.alarmed(update.reason);
      if (ground.faults.strikes('callbackThrows')) throw new Error('a planted fault of a host');
    });
    handle.result.then(
      (result) => {
        if (!isHeard()) return;
        this.#open.delete(handle.id);
        ground.trace.note('result', result);
        if (result.outcome === 'partial') ground.sometimes.hit('partialFill');
        judge.ended(result, boot.isAmnesiac);
        judge.limits.ended(result.id, result.reason);
      },
      (thrown: unknown) => judge.tell('ownFault', `a result rejects: ${messageOf(thrown)}`),
    );
  }

  #changeMind(boot: Boot, handle: ExecutionHandle, random: Random): void {
    this.#world.ground.clock.setTimeout(
      () => boot.clock.arrive(() => void handle.cancel('no more wanted')),
      integer(random, 0, 20_000),
    );
  }

  #newSignal(random: Random): Signal {
    const market = pick(random, [...this.#world.model.markets.values()]);
    const outcome = pick(random, ['yes', 'no'] as const);
    const action = pick(random, ['buy', 'buy', 'sell'] as const);
    const yes = market.book.best('bid') ?? 50;
    const price = (outcome === 'yes' ? yes : 100 - yes) + integer(random, -6, 6);
    const bounded = Math.max(2, Math.min(98, price));
    return {
      signalId: `signal-${this.#signals.length + 1}`,
      venue: VENUE,
      market: market.instrument.symbol,
      outcome,
      action,
      quantity: String(integer(random, 1, 60)),
      limitPrice: `0.${String(bounded).padStart(2, '0')}`,
      timeLimitMs: integer(random, 2_000, 45_000),
      algorithm: { name: pick(random, ALGORITHMS) },
      priority: integer(random, 0, 3),
    };
  }
}
