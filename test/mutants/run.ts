/** Plants each mutant in a copy of the engine of its own, and puts it to what shall kill it. */
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Killer, Mutant } from './mutant.ts';
import { MUTANTS } from './mutants.ts';
import { packerOf } from './pack.ts';

/** Far more than any seed takes: who hangs is caught, too. */
const PATIENCE_MS = 120_000;

const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/depthwalker-mutants');

export interface Verdict {
  readonly name: string;
  /** What killed it; null where it survived. */
  readonly killedBy: string | null;
  readonly tookMs: number;
}

/** A mutant without plants is the engine as it is: it must survive all that kills others. */
export type Candidate = Pick<Mutant, 'name' | 'plants'> & { readonly killer: Killer };

export async function runMutants(
  candidates: readonly Candidate[],
  told: (verdict: Verdict) => void = () => undefined,
): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  const plantable = MUTANTS.flatMap(({ plants }) => plants);
  const packer = await packerOf('test/mutants/subject.ts', plantable);
  // One packs at a time: the next one starts while the threads are at work.
  let packing: Promise<void> = Promise.resolve();
  const waiting = candidates[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (const { name, plants, killer } of waiting) {
      const file = resolve(CACHE, `${name.replaceAll(/\W+/g, '-')}.mjs`);
      packing = packing.then(() => packer.pack(file, plants));
      await packing;
      const startMs = performance.now();
      const killedBy = await put(file, killer);
      await rm(file);
      verdicts.push({ name, killedBy, tookMs: Math.round(performance.now() - startMs) });
      told(verdicts.at(-1) as Verdict);
    }
  };
  try {
    await Promise.all(Array.from({ length: availableParallelism() }, work));
    return verdicts;
  } finally {
    await packer.close();
  }
}

async function put(file: string, killer: Killer): Promise<string | null> {
  const worker = new Worker(file, { workerData: killer });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((answer) => {
      worker.once('message', ({ killedBy }: { readonly killedBy: string | null }) =>
        answer(killedBy),
      );
      worker.once('error', (thrown) => answer(`it threw: ${thrown.message}`));
      timer = setTimeout(() => answer('it never came to an end'), PATIENCE_MS);
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
