/** One thread of a run: takes a seed, gives its result. */
import { parentPort } from 'node:worker_threads';
import type { Answer } from './pool.ts';
import { runSeed, type SeedOptions } from './run-seed.ts';

parentPort?.on('message', (options: SeedOptions) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  const answer = (value: Answer): void => parentPort?.postMessage(value);
  runSeed(options).then(
    (result) => answer({ result }),
    (thrown: unknown) =>
      answer({
        thrown: `seed ${options.seed}: ${thrown instanceof Error ? thrown.stack : String(thrown)}`,
      }),
  );
});
