/**
 * One venue, one disk and one clock, and engines that follow each other on them: each but the last
 * is killed before a step of its own. At the end venue, journal and results are compared.
 */

import type { Venue } from '../../src/domain/ports.ts';
import type { Store } from '../../src/domain/records.ts';
import {
  createEngine,
  type Engine,
  type EngineOptions,
  type ExecutionResult,
  type Signal,
  type VirtualClock,
} from '../../src/index.ts';
import { MemoryDisk, Process } from './process.ts';
import { type LogLine, logTo } from './rig.ts';

export interface Booted {
  readonly process: Process;
  readonly engine: Engine;
  readonly store: Store;
}

export class Reboots {
  readonly clock: VirtualClock;
  readonly venue: Venue;
  readonly log: LogLine[] = [];
  /** Of every execution that was asked for: what living processes told of its end. */
  readonly results = new Map<string, ExecutionResult[]>();
  readonly disk = new MemoryDisk();
  readonly #options: Partial<EngineOptions>;

  constructor(clock: VirtualClock, venue: Venue, options: Partial<EngineOptions> = {}) {
    this.clock = clock;
    this.venue = venue;
    this.#options = options;
  }

  /** The next process; it dies before its step `killAt`. */
  async boot(
    killAt = Infinity,
    options: Partial<EngineOptions> = {},
    hurt: (store: Store) => Store = (store) => store,
  ): Promise<Booted> {
    const process = new Process(this.clock, this.venue, killAt);
    const { clock, turn: onTurn } = process;
    let store: Store | null = null;
    const engine = await createEngine(
      {
        venues: [process.venue],
        clock,
        onTurn,
        log: logTo(this.log),
        ...this.#options,
        ...options,
      },
      ({ leastEpoch = 1 }) => {
        store = hurt(process.storeDoor(this.disk.open(leastEpoch)));
        return store;
      },
    );
    if (store === null) throw new Error('an engine opens its store');
    const booted = { process, engine, store };
    for (const { id } of engine.executions()) this.#await(booted, id);
    return booted;
  }

  execute(booted: Booted, signal: Signal): string {
    const { id } = booted.engine.execute(signal);
    this.#await(booted, id);
    return id;
  }

  pass(ms: number): Promise<void> {
    return this.clock.run({ untilMs: this.clock.wallMs() + ms });
  }

  /** Until the process is dead, or has nothing left to do. */
  async live({ process, engine }: Booted, limitMs = 300_000): Promise<void> {
    const untilMs = this.clock.wallMs() + limitMs;
    const isBusy = (): boolean => !process.isDead && engine.executions().length > 0;
    await this.clock.run({ untilMs, while: isBusy });
  }

  /** Until all that it remembers has a result; throws where that takes longer than `limitMs`. */
  async settle({ engine }: Booted, limitMs = 300_000): Promise<void> {
    const untilMs = this.clock.wallMs() + limitMs;
    await this.clock.run({ untilMs, while: () => engine.executions().length > 0 });
    await this.pass(1_000);
    const [open] = engine.executions();
    if (open !== undefined) throw new Error(`${open.id} does not end: ${open.state}`);
  }

  /** What a dead process says, nobody hears. */
  #await({ engine, process }: Booted, id: string): void {
    const told = this.results.get(id) ?? [];
    this.results.set(id, told);
    void engine.handleOf(id)?.result.then((result) => {
      if (!process.isDead) told.push(result);
    });
  }
}
