/**
 * One life of a venue: engines are started on the same file and killed, one after the other; at
 * last one is left alone, lets everything end, and what it leaves is compared with the truth.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, Random, VenueCapabilities } from '../../src/domain/ports.ts';
import { chance, integer, uniform } from '../../src/env/draws.ts';
import { liveClock } from '../../src/env/live-clock.ts';
import { seededRandom } from '../../src/env/seeded-random.ts';
import { Child } from './child-process.ts';
import type { Exchange } from './exchange.ts';
import { fastClock, type Pace } from './fast-clock.ts';
import { halts, type Judgement, judge } from './judge.ts';
import type { Doom, Plans } from './plans.ts';
import type { Errand, FromEngine, Order, Told } from './protocol.ts';
import { type Guest, VenueServer } from './venue-server.ts';
import { windowsOf } from './windows.ts';
import { wish } from './wishes.ts';

/** Virtual milliseconds in a real one: the minute that proves an absence takes three seconds. */
const SPEED = 20;
/** The longest that an engine works: until any instant, a point, or one that takes its time. */
const WORK_MS_MAX = 500;
const POINT_WORK_MS = 4_000;
const LATE_WORK_MS = 6_000;
/** An engine without an order to send by then has none. */
const IDLE_MS_MAX = 1_500;
/** About what it takes to start, and to compare notes with the venue. */
const START_MS = 400;
const FINISH_PAUSE_MS = 1_500;
/** Far more than the proof of all ends takes. */
const FINISH_MS_MAX = 60_000;

export interface LifeOptions {
  /** The packed process that gets killed. */
  readonly script: string;
  readonly seed: string;
  /** Of this life among many: what kind of venue it has, and whether starts are counted. */
  readonly number: number;
  readonly plans: Plans;
  /** Leaves the files of a life that went wrong. */
  readonly keeps: boolean;
}

export interface LifeReport extends Judgement {
  readonly cycles: number;
  readonly kills: ReadonlyMap<string, number>;
  readonly troubles: ReadonlyMap<string, number>;
  /** Where the files of a life that went wrong are kept. */
  readonly kept: string | null;
}

/** A process, and how long it lives: until its first order at most, and from then on. */
interface Doomed {
  readonly child: Child;
  readonly startMs: number;
  readonly workMs: number;
}

const truthText = ({ truth, orders }: Exchange, told: readonly Told[]): string =>
  JSON.stringify({ truth, orders: [...orders.values()], told }, null, 1);

const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => liveClock.setTimeout(resolve, ms));

export class Life {
  readonly #script: string;
  readonly #keeps: boolean;
  readonly #random: Random;
  readonly #plans: Plans;
  readonly #pace: Pace = { originMs: liveClock.wallMs(), speed: SPEED };
  readonly #clock: Clock = fastClock(this.#pace);
  readonly #folder = mkdtempSync(join(tmpdir(), 'crash-'));
  readonly #file = join(this.#folder, 'bot.db');
  readonly #venue: VenueServer;
  readonly #capabilities: VenueCapabilities;
  readonly #isGuarded: boolean;
  readonly #told: Told[] = [];
  readonly #errands: Errand[] = [];
  readonly #kills = new Map<string, number>();
  readonly #troubles = new Map<string, number>();
  /** Processes that nobody killed. */
  readonly #deaths: string[] = [];
  readonly #children = new Set<Child>();
  #isKept = false;
  readonly #guests = new Map<number, Guest>();
  readonly #waiting = new Map<number, (guest: Guest) => void>();
  #stopped: () => void = () => undefined;
  #wishes = 0;
  #previous: Doom | null = null;

  constructor({ script, seed, plans, number, keeps }: LifeOptions) {
    this.#script = script;
    this.#keeps = keeps;
    this.#random = seededRandom(seed);
    this.#plans = plans;
    this.#venue = new VenueServer({
      clock: this.#clock,
      random: this.#random.fork('venue'),
      heard: (guest, message) => this.#hear(guest, message),
    });
    this.#isGuarded = number % 4 === 3;
    this.#capabilities = {
      amend: number % 2 === 0 ? 'total' : null,
      postOnly: true,
      ioc: true,
      fok: true,
      expiry: false,
      lookupByClientId: true,
      outlivesEngine: true,
      heartbeatMs: null,
      latencyP99Ms: 300,
    };
  }

  /** Starts and kills engines, then lets the last one end everything. */
  async run(cycles: number, progress: () => void): Promise<LifeReport> {
    const port = await this.#venue.listen();
    let next = this.#spawn(port, true);
    try {
      for (let cycle = 1; cycle <= cycles; cycle += 1) {
        const doomed = next;
        const guest = await this.#ready(doomed.child);
        // It loads its modules while the other one works and dies.
        next = this.#spawn(port, cycle < cycles);
        guest.link.send({ kind: 'go', order: this.#order(true) });
        await this.#death(doomed);
        progress();
      }
      return this.#report(cycles, await this.#finish(next.child));
    } finally {
      this.abandon();
    }
  }

  /** Ends all processes, and leaves the files of a life that went wrong where they are. */
  abandon(): void {
    for (const child of this.#children) child.kill();
    this.#venue.close();
    if (!this.#isKept) rmSync(this.#folder, { recursive: true, force: true });
  }

  #report(cycles: number, isStopped: boolean): LifeReport {
    const { exchange } = this.#venue;
    const judgement = judge(this.#file, exchange, this.#told, isStopped);
    const violations = [
      ...this.#deaths,
      ...halts([...this.#troubles.keys()]),
      ...judgement.violations,
    ];
    const kept = this.#keeps && violations.length > 0 ? this.#folder : null;
    this.#isKept = kept !== null;
    if (kept !== null) writeFileSync(join(kept, 'truth.json'), truthText(exchange, this.#told));
    return { ...judgement, cycles, violations, kept, kills: this.#kills, troubles: this.#troubles };
  }

  #spawn(port: number, isDoomed: boolean): Doomed {
    const doom = isDoomed ? this.#nextDoom() : null;
    this.#previous = doom;
    const child = new Child(this.#script, port, doom);
    this.#children.add(child);
    void child.gone.then(() => this.#children.delete(child));
    if (doom !== null)
      return { child, startMs: 0, workMs: doom.point.isLate ? LATE_WORK_MS : POINT_WORK_MS };
    // Three in ten die while they take up what an earlier one has left.
    const isEarly = chance(this.#random, 0.3);
    const draw = (mostMs: number): number => uniform(this.#random, 0, mostMs);
    if (isEarly) return { child, startMs: draw(START_MS), workMs: 0 };
    return { child, startMs: IDLE_MS_MAX, workMs: draw(WORK_MS_MAX) };
  }

  #nextDoom(): Doom | null {
    const amends = this.#capabilities.amend !== null;
    return this.#plans.next({ random: this.#random, amends, previous: this.#previous });
  }

  #ready(child: Child): Promise<Guest> {
    const ready = new Promise<Guest>((resolve) => {
      const guest = this.#guests.get(child.pid);
      if (guest === undefined) this.#waiting.set(child.pid, resolve);
      else resolve(guest);
    });
    const early = child.gone.then(() => {
      throw new Error(`a process ended before its engine began: ${child.noise}`);
    });
    return Promise.race([ready, early]);
  }

  async #death({ child, startMs, workMs }: Doomed): Promise<void> {
    const begun = new Promise<void>((resolve) => {
      this.#venue.onSubmit = resolve;
    });
    await Promise.race([child.gone, begun, sleep(startMs)]);
    await Promise.race([child.gone, sleep(workMs)]);
    child.kill();
    const { wasKilled, byItself } = await child.gone;
    if (byItself && child.doom !== null && wasKilled) {
      this.#plans.hit(child.doom.point.name);
      return;
    }
    if (byItself) this.#deaths.push(`died: ${child.noise.trim()}`);
    for (const window of windowsOf(this.#file, this.#venue.exchange))
      this.#count(this.#kills, window);
  }

  /** The last engine: nothing kills it, and nothing is lost on its way any more. */
  async #finish(child: Child): Promise<boolean> {
    const guest = await this.#ready(child);
    this.#venue.isHealed = true;
    const stopped = new Promise<boolean>((resolve) => {
      this.#stopped = () => resolve(true);
    });
    guest.link.send({ kind: 'go', order: this.#order(false) });
    // Some executions come to their own end, others are stopped.
    await sleep(uniform(this.#random, 0, FINISH_PAUSE_MS));
    guest.link.send({ kind: 'finish' });
    const given = Promise.race([child.gone, sleep(FINISH_MS_MAX)]).then(() => false);
    const isStopped = await Promise.race([stopped, given]);
    child.kill();
    await child.gone;
    // What is under way at the venue gets there.
    await sleep(50);
    return isStopped;
  }

  #order(hasErrands: boolean): Order {
    const random = this.#random.fork(`errands ${this.#wishes}`);
    const count = hasErrands ? integer(random, 2, 4) : 0;
    for (let each = 0; each < count; each += 1) {
      this.#wishes += 1;
      const signal = wish(random, `wish-${this.#wishes}`);
      this.#errands.push({ signal, afterMs: uniform(random, 0, 5_000) });
    }
    return {
      file: this.#file,
      pace: this.#pace,
      capabilities: this.#capabilities,
      isGuarded: this.#isGuarded,
      // With the newest of the earlier ones: their host was killed, too.
      errands: hasErrands ? this.#errands.slice(-8) : [],
    };
  }

  #hear(guest: Guest, message: FromEngine): void {
    switch (message.kind) {
      case 'ready':
        this.#guests.set(message.pid, guest);
        return this.#waiting.get(message.pid)?.(guest);
      case 'told':
        return void this.#told.push(message.told);
      case 'trouble':
        return this.#count(this.#troubles, message.text);
      case 'stopped':
        return this.#stopped();
      case 'follow':
      case 'call':
    }
  }

  #count(counts: Map<string, number>, name: string): void {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
}
