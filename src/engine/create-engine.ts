/** The composition root: reads the options, opens the store, and starts the engine. */
import { AlgorithmRegistry } from '../algorithms/registry.ts';
import type { Store } from '../domain/records.ts';
import { liveClock } from '../env/live-clock.ts';
import { mirrored } from '../observe/mirror.ts';
import { assertDollars } from '../risk/doubts.ts';
import { openStore, type StoreOptions } from '../store/open-store.ts';
import type { Engine } from './engine.ts';
import { LiveEngine } from './live-engine.ts';
import { completeOptions, type EngineOptions } from './options.ts';
import { assertMemory } from './risk/risk-memory.ts';

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
  const store = reflected(given, open({ ...options.store, leastEpoch }));
  try {
    assertMemory(store, options.venues);
    const engine = new LiveEngine({ given, options, algorithms, instruments, clock, store });
    if (given.onNotice !== undefined) engine.notices$.subscribe(given.onNotice);
    return engine;
  } catch (thrown) {
    store.close();
    throw thrown;
  }
}

const reflected = ({ mirror, log }: EngineOptions, store: Store): Store =>
  mirror === undefined ? store : mirrored(store, mirror, log ?? null);
