/**
 * Time, memory and how to compare them on a machine that others use too: contestants take turns,
 * and what counts is the median of their rounds. Throughput is CPU time, latency is wall time.
 */
import { cpuUsage, memoryUsage } from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Beside } from './bench.ts';

export interface Work {
  /** Does it once and says how many operations that was. */
  work(): number | Promise<number>;
}

/** Its work, or what makes it ready anew for each round, which is not timed. */
export type Contestant = { readonly name: string } & (Work | { readonly prepare: () => Work });

export interface Measured {
  readonly name: string;
  /** Microseconds per operation, in each round. */
  readonly rounds: readonly number[];
}

/** Microseconds of this process, all of its threads. */
export const cpuUs = (): number => {
  const { user, system } = cpuUsage();
  return user + system;
};

/** Microseconds of the wall, for what waits. */
export const wallUs = (): number => performance.now() * 1_000;

export interface Pace {
  readonly rounds: number;
  /** A contestant that is ready at once repeats its work for at least so long in each round. */
  readonly leastUs?: number;
  readonly clockUs?: () => number;
}

/**
 * A, B, A, B: a slow moment of the machine hits all of them. One round before warms up. No garbage
 * is collected in between: the collector's own threads would run on into the next one's time.
 */
export async function interleaved<const All extends readonly Contestant[]>(
  contestants: All,
  pace: Pace,
): Promise<{ readonly [Index in keyof All]: Measured }> {
  const measured = contestants.map(({ name }) => ({ name, rounds: [] as number[] }));
  for (let round = 0; round <= pace.rounds; round += 1)
    for (const [index, contestant] of contestants.entries()) {
      const each = await timed(contestant, pace);
      if (round > 0) measured[index]?.rounds.push(each);
    }
  return measured as readonly Measured[] as { readonly [Index in keyof All]: Measured };
}

/** Microseconds per operation of one round. */
async function timed(contestant: Contestant, { leastUs = 0, clockUs = cpuUs }: Pace) {
  const ready = 'work' in contestant ? contestant : contestant.prepare();
  const enoughUs = ready === contestant ? leastUs : 0;
  const startUs = clockUs();
  let operations = 0;
  do operations += await ready.work();
  while (clockUs() - startUs < enoughUs);
  return (clockUs() - startUs) / operations;
}

/** The q-quantile, nearest rank; NaN of nothing. */
export function quantile(values: Iterable<number>, q: number): number {
  const sorted = Float64Array.from(values).toSorted();
  const rank = Math.ceil(q * sorted.length) - 1;
  return sorted[Math.max(0, rank)] ?? Number.NaN;
}

export const median = (values: Iterable<number>): number => quantile(values, 0.5);

export const cost = ({ rounds }: Measured): number => median(rounds);

/** The median of the ratios of each round: both sides of it met the same machine. */
export const ratio = (one: Measured, other: Measured): number =>
  median(one.rounds.map((value, round) => value / (other.rounds[round] ?? Number.NaN)));

export const beside = (one: Measured, other: Measured, name = other.name): Beside => ({
  name,
  ratio: ratio(one, other),
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes of the JavaScript heap that are in use once all garbage is gone. */
export function heapBytes(): number {
  // What the first run finalises only the second one frees.
  for (let run = 0; run < 3; run += 1) collectGarbage();
  return memoryUsage().heapUsed;
}
