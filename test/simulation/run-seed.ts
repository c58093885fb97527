/** One seed, one world, one verdict. */
import type { FaultName, Strikes } from './faults.ts';
import type { Violation } from './ground.ts';
import type { Plant } from './plants.ts';
import type { Counts } from './sometimes.ts';
import { World } from './world.ts';

export interface SeedOptions {
  readonly seed: number;
  /** Simulated minutes in which things go wrong; what follows takes as long as it takes. */
  readonly minutes: number;
  readonly without?: readonly FaultName[];
  /** Heals after so many simulated milliseconds, where that is sooner. */
  readonly untilMs?: number;
  /** A lie that must be found out. */
  readonly plant?: Plant;
  readonly print?: (line: string) => void;
}

export interface SeedResult {
  readonly seed: number;
  readonly orders: number;
  readonly fills: number;
  readonly crashes: number;
  /** Simulated milliseconds in all, the healing included. */
  readonly simulatedMs: number;
  readonly faults: readonly FaultName[];
  /** How often each fault struck. */
  readonly struck: Strikes;
  readonly violations: readonly Violation[];
  readonly sometimes: Counts;
  readonly traceHash: string;
  readonly lastLines: readonly string[];
}

export async function runSeed({ seed, minutes, without = [], ...rest }: SeedOptions) {
  const world = new World({ seed, minutes, without: new Set(without), ...rest });
  const { ground, model } = world;
  const startMs = ground.clock.monotonicMs();
  await world.run();
  const result: SeedResult = {
    seed,
    orders: model.orders.size,
    fills: model.fills.length,
    crashes: world.crashes,
    simulatedMs: ground.clock.monotonicMs() - startMs,
    faults: ground.faults.names,
    struck: ground.faults.strikesByName,
    violations: ground.sink.violations,
    sometimes: ground.sometimes.counts,
    lastLines: ground.trace.lastLines,
    traceHash: ground.trace.digest(),
  };
  return result;
}
