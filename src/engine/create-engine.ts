/** The composition root: reads the options, opens the store, and starts the engine. */
import { AlgorithmRegistry } from '../algorithms/registry.ts';
import type { Store } from '../domain/records.ts';
import { liveClock } from '../env/live-clock.ts';
import { assertDollars } from '../risk/doubts.ts';
import { openStore, type StoreOptions } from '../store/open-store.ts';
import type { Engine } from './engine.ts';
import { LiveEngine } from './live-engine.ts';
import { completeOptions, type EngineOptions } from './options.ts';

export type { Engine } from './engine.ts';

export type OpenStore = (options: StoreOptions) => Store;

/**
 * Throws an `InputError` for an option or a store that cannot be used; nothing is left open then.
 * `open` is for simulations: a disk that fails when it is told to.
 */
export async function createEngine(
  given: EngineOptions,
  open: OpenStore = openStore,
): Promise<Engine> {
  const options = completeOptions(given);
  const algorithms = new AlgorithmRegistry();
  for (const definition of options.algorithms) algorithms.registerAlgorithm(definition);
  const instruments = await Promise.all(options.venues.map((venue) => venue.instruments()));
  assertDollars(options.limits, instruments.flat());
  const clock = given.clock ?? liveClock;
  const leastEpoch = Math.floor(clock.wallMs() / 1_000);
  const store = open({ ...options.store, leastEpoch });
  try {
    return new LiveEngine({ given, options, algorithms, instruments, clock, store });
  } catch (thrown) {
    store.close();
    throw thrown;
  }
}
