/** The harness has teeth: lies that are planted in it are found, seen again, and made smaller. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PLANT_NAMES, type Plant } from './plants.ts';
import { runSeed } from './run-seed.ts';
import { reproduction, shrink } from './shrink.ts';
import { WORDS } from './words.ts';

const LIMIT_MS = 300_000;

const SOURCE = resolve(import.meta.dirname, '../../src');

const RULE: Readonly<Record<Plant, RegExp>> = {
  skipIntent: /^I-2 /,
  forgetFill: /^I-(?:4|17) /,
  overfill: /^I-1b? /,
  wrongFee: /^I-6 /,
  lateFill: /^I-(?:1b|4|7|19) /,
  lostReport: /^I-31 /,
};

/** The first of some seeds that a lie is found out in. */
async function caught(plant: Plant) {
  for (let seed = 1; seed <= 10; seed += 1) {
    const options = { seed, minutes: 2, plant };
    const result = await runSeed(options);
    if (result.violations.length > 0) return { options, result };
  }
  throw new Error(`nobody saw that ${plant}`);
}

describe.each(PLANT_NAMES)('a planted lie, %s,', (plant) => {
  it('is found', async () => {
    const { result } = await caught(plant);
    expect(result.violations[0]?.rule).toMatch(RULE[plant]);
  });
});

describe('a failing seed', () => {
  it(
    'is shrunk to the faults that it needs, here none, and to less time',
    async () => {
      const { options, result } = await caught('overfill');
      const small = await shrink(options, result);
      expect(small.result.violations[0]?.rule).toBe(result.violations[0]?.rule);
      expect(small.result.faults).toEqual([]);
      expect(small.options.untilMs).toBeLessThan(120_000);
      const again = await runSeed(small.options);
      expect(again.traceHash).toBe(small.result.traceHash);
    },
    LIMIT_MS,
  );
});

describe('one seed, twice in one process,', () => {
  it.each([3, 17, 29])('leaves one trace: %s', async (seed) => {
    const [first, second] = [
      await runSeed({ seed, minutes: 1 }),
      await runSeed({ seed, minutes: 1 }),
    ];
    expect(second).toEqual(first);
  });

  it('another seed leaves another', async () => {
    const [one, other] = [
      await runSeed({ seed: 3, minutes: 1 }),
      await runSeed({ seed: 4, minutes: 1 }),
    ];
    expect(one.traceHash).not.toBe(other.traceHash);
  });
});

it.each(Object.values(WORDS))('listens for words that the engine says: %s', (word) => {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' });
  const texts = files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(SOURCE, file), 'utf8'));
  expect(texts.some((text) => text.includes(word))).toBe(true);
});

it('says what to type', () => {
  expect(reproduction({ seed: 7, minutes: 2 })).toBe('npm run simulate -- --seed 7 --minutes 2');
  const options = { seed: 7, minutes: 2, untilMs: 30_000, without: ['crash', 'bust'] as const };
  expect(reproduction(options)).toBe(
    'npm run simulate -- --seed 7 --minutes 2 --until 30000 --without crash,bust',
  );
});
