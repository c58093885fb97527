/**
 * Seeds on several threads: each asks for the next one when it is free. Results come in the order
 * in which they are ready.
 */
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { SeedOptions, SeedResult } from './run-seed.ts';

export interface PoolOptions {
  readonly threads: number;
  /** The next seed to run; null when there is none. */
  readonly next: () => SeedOptions | null;
  readonly took: (result: SeedResult) => void;
}

export type Answer = { readonly result: SeedResult } | { readonly thrown: string };

/** Resolves when no seed is left; rejects with what a seed throws, which is a defect of ours. */
export async function runPool({ threads, next, took }: PoolOptions): Promise<void> {
  const own = fileURLToPath(import.meta.url);
  const file = own.replace(/pool(\.[jt]s)$/, 'seed-worker$1');
  const run = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(file);
      const give = (): void => {
        const options = next();
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has none
        if (options !== null) return worker.postMessage(options);
        worker.terminate().then(() => resolve(), reject);
      };
      worker.on('message', (answer: Answer) => {
        if ('thrown' in answer) {
          void worker.terminate();
          return reject(new Error(answer.thrown));
        }
        took(answer.result);
        give();
      });
      worker.on('error', reject);
      give();
    });
  await Promise.all(Array.from({ length: threads }, run));
}
