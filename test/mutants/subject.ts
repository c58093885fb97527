/** What a mutant is put to, in a thread of its own: trials, or seeds of the simulation. */
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../src/domain/errors.ts';
import { runSeed } from '../simulation/run-seed.ts';
import type { Killer } from './mutant.ts';
import { TRIALS } from './trials.ts';

/** Simulated minutes of faults for each seed. */
const MINUTES = 2;

/** What killed it; null where nothing did. */
async function fall(killer: Killer): Promise<string | null> {
  for (const name of 'trials' in killer ? killer.trials : [])
    try {
      await TRIALS[name]();
    } catch (thrown) {
      return `${name}: ${messageOf(thrown).split('\n')[0]}`;
    }
  for (const seed of 'seeds' in killer ? killer.seeds : []) {
    const { violations } = await runSeed({ seed, minutes: MINUTES });
    const [first] = violations;
    if (first !== undefined) return `seed ${seed}: ${first.rule}`;
  }
  return null;
}

const answer = (killedBy: string | null): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it is no window
  parentPort?.postMessage({ killedBy });
};

fall(workerData as Killer).then(answer, (thrown: unknown) => answer(messageOf(thrown)));
