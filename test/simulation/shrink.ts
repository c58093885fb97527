/**
 * Makes a failing world smaller: fewer faults first, then less time, for as long as the same rule
 * is broken. What is left is what a person has to understand.
 */
import { FAULT_NAMES, type FaultName } from './faults.ts';
import { runSeed, type SeedOptions, type SeedResult } from './run-seed.ts';
import { START_MS } from './world.ts';

export interface Shrunk {
  readonly options: SeedOptions;
  readonly result: SeedResult;
  /** Worlds that were tried. */
  readonly tries: number;
}

const ruleOf = (result: SeedResult): string | null => result.violations[0]?.rule ?? null;

/** `failed` is the result of a run with these options that broke a rule. */
export async function shrink(options: SeedOptions, failed: SeedResult): Promise<Shrunk> {
  const rule = ruleOf(failed);
  let best = { options, result: failed };
  let tries = 0;
  const attempt = async (changes: Partial<SeedOptions>): Promise<boolean> => {
    tries += 1;
    const tried = { ...best.options, ...changes };
    const result = await runSeed(tried);
    const isSame = ruleOf(result) === rule;
    if (isSame) best = { options: tried, result };
    return isSame;
  };
  let size = Math.ceil(failed.faults.length / 2);
  while (size >= 1) {
    const { faults } = best.result;
    let isSmaller = false;
    for (let from = 0; from < faults.length && !isSmaller; from += size)
      isSmaller = await attempt({
        without: offWith(best.options, faults.slice(from, from + size)),
      });
    if (!isSmaller) size = size === 1 ? 0 : Math.ceil(size / 2);
  }
  await shortenTo(best.result, attempt);
  return { ...best, tries };
}

const offWith = ({ without = [] }: SeedOptions, more: readonly FaultName[]): readonly FaultName[] =>
  FAULT_NAMES.filter((name) => without.includes(name) || more.includes(name));

/** The faults end as soon as it still goes wrong. */
async function shortenTo(
  { violations }: SeedResult,
  attempt: (changes: Partial<SeedOptions>) => Promise<boolean>,
): Promise<void> {
  const atMs = (violations[0]?.atMs ?? START_MS) - START_MS;
  // What comes after it does not matter.
  await attempt({ untilMs: atMs + 1 });
  let [low, high] = [0, atMs];
  while (high - low > 1_000) {
    const untilMs = Math.floor((low + high) / 2);
    if (await attempt({ untilMs })) high = untilMs;
    else low = untilMs;
  }
}

/** What a person types to see it again. */
export function reproduction({ seed, minutes, without = [], untilMs, plant }: SeedOptions): string {
  const parts = [`npm run simulate -- --seed ${seed} --minutes ${minutes}`];
  if (untilMs !== undefined) parts.push(`--until ${untilMs}`);
  if (without.length > 0) parts.push(`--without ${without.join(',')}`);
  if (plant !== undefined) parts.push(`--plant ${plant}`);
  return parts.join(' ');
}
