/**
 * The judges of the engine's safety are judged: each mutant falls, and the engine as it is does
 * not. `MUTANT="halt" npx vitest run test/mutants` tries those whose name says so.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { beforeAll, describe, expect, it } from 'vitest';
import { BOOT_GUARD, CRASH_POINTS } from '../crash/crash-points.ts';
import { MUTANTS } from './mutants.ts';
import { planted } from './plant.ts';
import { type Candidate, runMutants, type Verdict } from './run.ts';
import { TRIALS, type TrialName } from './trials.ts';

const ROOT = resolve(import.meta.dirname, '../..');

const chosen = MUTANTS.filter(({ name }) => name.includes(process.env['MUTANT'] ?? ''));

const mutants: readonly Candidate[] = chosen.flatMap(({ name, plants, killer }) =>
  killer === null ? [] : [{ name, plants, killer }],
);

const firstSeeds = mutants.flatMap(({ killer }) =>
  'seeds' in killer ? killer.seeds.slice(0, 1) : [],
);

/** The engine as it is passes whatever kills others, or their deaths would mean nothing. */
const healthy: readonly Candidate[] = [
  { name: 'trials', plants: [], killer: { trials: Object.keys(TRIALS) as TrialName[] } },
  { name: 'seeds', plants: [], killer: { seeds: [...new Set(firstSeeds)] } },
];

const verdicts = new Map<string, Verdict>();

beforeAll(async () => {
  for (const verdict of await runMutants([...mutants, ...healthy]))
    verdicts.set(verdict.name, verdict);
  const killed = mutants.filter(({ name }) => verdicts.get(name)?.killedBy !== null);
  const lines = MUTANTS.filter(({ killer }) => killer === null).map(
    ({ name, survivesBecause }) => `survives: ${name}: ${survivesBecause}`,
  );
  console.log([`${killed.length} of ${mutants.length} mutants killed`, ...lines].join('\n'));
}, 600_000);

describe('a mutant', () => {
  it.each(mutants)('is killed: $name', ({ name }) => {
    expect(verdicts.get(name)?.killedBy).not.toBeNull();
  });
});

describe('the engine as it is', () => {
  it.each(healthy)('passes all $name', ({ name }) => {
    expect(verdicts.get(name)?.killedBy).toBeNull();
  });
});

describe('the list of mutants', () => {
  it.each([
    ...MUTANTS,
    { name: 'crash points', plants: CRASH_POINTS },
    { name: 'the guard of starts', plants: [BOOT_GUARD] },
  ])('fits the source: $name', ({ plants }) => {
    const texts = new Map<string, string>();
    for (const plant of plants) {
      const text = texts.get(plant.file) ?? readFileSync(resolve(ROOT, plant.file), 'utf8');
      texts.set(plant.file, planted(text, plant));
    }
    expect(texts.size).toBeGreaterThan(0);
  });

  it('names each once, and a reason for each that survives', () => {
    const names = MUTANTS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(25);
    for (const { killer, survivesBecause } of MUTANTS)
      expect(killer === null).toBe(survivesBecause !== undefined);
  });
});
