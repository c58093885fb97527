/**
 * The person at the screen: halts at random, comes back later and lifts what stands, answers
 * executions that ask. The halts are remembered here once more, to see that the engine obeys.
 */

import { messageOf } from '../../src/domain/errors.ts';
import {
  type HaltPlace,
  type HaltReport,
  type HaltScope,
  scopeName,
} from '../../src/domain/halts.ts';
import type { Random } from '../../src/domain/ports.ts';
import { chance, integer, pick } from '../../src/env/draws.ts';
import { type Boot, isRefusal } from './boot.ts';
import { isOurs } from './tag.ts';
import { VENUE } from './venue-door.ts';
import { WORDS } from './words.ts';
import type { World } from './world.ts';

/** How often somebody looks at the screen. */
const LOOKS_MS = 7_000;

/** The engine's own 30 s for a report, and a moment. */
const REPORT_MS = 31_000;

const NAME = 'a person';

export class Operator {
  /** Scopes that somebody halted and nobody lifted; whether the disk could be written then. */
  readonly halted = new Map<string, boolean>();
  /** Why the engine halted, as it was told: a person is told once what a disk has forgotten. */
  readonly reasons = new Set<string>();
  readonly #world: World;
  readonly #random: Random;

  constructor(world: World) {
    this.#world = world;
    this.#random = world.ground.random.fork('operator');
  }

  start(): void {
    this.#world.ground.clock.setTimeout(
      () => {
        const { boot, ground } = this.#world;
        if (boot.isRunning && !ground.faults.isHealed) this.#look(boot);
        if (boot.isRunning) this.#settleStrange(boot);
        this.start();
      },
      integer(this.#random, LOOKS_MS / 2, LOOKS_MS),
    );
  }

  /** Why nothing may be sent there; null where it may. */
  whyMute({ venue, market, execution }: HaltPlace): string | null {
    const parts = ['global', `venue ${venue}`, `market ${market}`, `execution ${execution}`];
    for (const name of this.halted.keys())
      if (name.split(', ').every((part) => parts.includes(part))) return name;
    return null;
  }

  /** False where the engine has nothing of that name. */
  halt(boot: Boot, random: Random): boolean {
    const { instruments, disk, model, ground } = this.#world;
    const open = disk.open.map(({ executionId }) => executionId);
    const scopes: readonly HaltScope[] = [
      {},
      { venue: VENUE },
      { venue: VENUE, market: pick(random, instruments).symbol },
      ...(open.length === 0 ? [] : [{ execution: pick(random, open) }]),
    ];
    const scope = pick(random, scopes);
    const hasOrders = model.open.some(({ id }) => isOurs(id));
    this.#note(scopeName(scope));
    const isWide = scope.market === undefined && scope.execution === undefined;
    const everything = isWide && chance(random, 0.3);
    try {
      const told = boot.engine?.halt('a person wants it', { ...scope, everything, actor: NAME });
      const answered = this.#expectReport(boot, scopeName(scope));
      told?.then(
        (report) => {
          if (ground.plant !== 'lostReport') answered();
          this.#reported(boot, scope, report);
        },
        (thrown: unknown) => this.#complain(`a halt rejects: ${messageOf(thrown)}`),
      );
      const { diskFailure, network } = this.#world;
      if (hasOrders) ground.sometimes.hit('haltWithOrders');
      if (diskFailure !== null) ground.sometimes.hit('haltWhileDiskFailed');
      if (network.isDown || network.isShut) ground.sometimes.hit('haltWhileVenueDown');
      return true;
    } catch (thrown) {
      this.halted.delete(scopeName(scope));
      if (!isRefusal(thrown)) this.#complain(`a halt throws: ${messageOf(thrown)}`);
      return false;
    }
  }

  /** The engine says that it halted itself. */
  heard(scope: string): void {
    this.#note(scope);
  }

  /** The disk is an older one: what it does not say is not owed. */
  forget(): void {
    for (const scope of this.halted.keys())
      if (!this.#world.disk.hasHalt(scope)) this.halted.delete(scope);
  }

  /** Another process starts: what was kept must be there, what could not be is forgotten. */
  outlive(): void {
    const { disk, judge, ground } = this.#world;
    for (const [scope, isOwed] of this.halted)
      if (disk.hasHalt(scope)) ground.sometimes.hit('haltOutlived');
      else {
        this.halted.delete(scope);
        if (isOwed)
          judge.tell('haltDurable', `${scope} was halted, and nothing on the disk says so`);
      }
  }

  /** Of a process that lives through it the report is due, whatever is broken around it. */
  #expectReport(boot: Boot, scope: string): () => void {
    const { pauses } = boot.clock;
    let isTold = false;
    this.#world.ground.clock.setTimeout(() => {
      const isOwed = boot.isAlive && boot.clock.pauses === pauses;
      if (isOwed && !isTold) this.#world.judge.tell('killPath', `${scope} was not reported on`);
    }, REPORT_MS);
    return () => {
      isTold = true;
    };
  }

  /** A proof is a proof: nothing of ours rests there, and nothing is under way. */
  #reported(boot: Boot, { market, execution }: HaltScope, report: HaltReport): void {
    if (!boot.isAlive || !report.proven) return;
    const { judge, model, ground, disk } = this.#world;
    ground.trace.note('halt proven', report);
    ground.sometimes.hit('haltProven');
    for (const [id, request] of judge.sent) {
      const isThere =
        (market === undefined || request.symbol === market) &&
        (execution === undefined || judge.ownerOf(id) === execution);
      const isUnderWay = judge.flying.has(id) && disk.intents.has(id);
      // An amendment that still flies moves nothing where the venue has ended its order.
      const order = model.orders.get(id);
      const isOpen = order === undefined ? isUnderWay : order.leaves > 0;
      if (isThere && isOpen && this.halted.has(report.scope))
        judge.tell('halt', `${report.scope} is said to be empty, ${id} rests`);
    }
  }

  #look(boot: Boot): void {
    const { engine } = boot;
    if (engine === null) return;
    for (const { id, asks } of engine.executions()) if (asks) this.#answer(boot, id);
    for (const { scope } of engine.halts())
      if (chance(this.#random, 0.4)) {
        const name = scopeName(scope);
        engine.resume({ ...scope, actor: NAME, reason: 'it looks well' }).then(
          () => this.#world.ground.trace.note('resumed', name),
          (thrown: unknown) => {
            if (boot.isAlive && !isRefusal(thrown)) this.#complain(`resume: ${messageOf(thrown)}`);
            if (boot.isAlive) this.#note(name);
          },
        );
        this.halted.delete(name);
      }
  }

  /** A restored journal knows an order as it was before it was amended: nobody else can tell. */
  #settleStrange({ engine }: Boot): void {
    for (const { clientOrderId, learnt } of engine?.doubts() ?? []) {
      const isOver = (this.#world.model.orders.get(clientOrderId)?.leaves ?? 0) === 0;
      if (!learnt.includes(WORDS.mismatch) || !isOver) continue;
      const verdict = { verdict: 'never-accepted', actor: NAME, reason: 'it is over' } as const;
      try {
        engine?.settleDoubt(clientOrderId, verdict);
      } catch (thrown) {
        // Its end is still on its way to the engine.
        if (!isRefusal(thrown)) throw thrown;
      }
    }
  }

  #answer({ engine }: Boot, id: string): void {
    if (chance(this.#random, 0.5)) engine?.resumeExecution(id, NAME);
    else void engine?.handleOf(id)?.cancel('no more wanted');
  }

  #note(scope: string): void {
    const isOwed = this.#world.diskFailure === null;
    this.halted.set(scope, isOwed || (this.halted.get(scope) ?? false));
  }

  #complain(what: string): void {
    this.#world.judge.tell('ownFault', what);
  }
}
