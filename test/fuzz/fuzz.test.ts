/** What reads from outside takes changed inputs; and the judge is shown to find what it must. */
import { describe, expect, it } from 'vitest';
import { fuzz, replay } from './fuzz.ts';
import { claim, type Ready, type Target } from './target.ts';
import { TARGETS } from './targets.ts';

const INPUTS = 20_000;
const SEED = '1';

it(`takes ${INPUTS} inputs: nothing escapes, hangs or pollutes`, { timeout: 900_000 }, async () => {
  const { targets, failures, inputs } = await fuzz({
    inputs: INPUTS,
    seed: SEED,
    targets: TARGETS,
  });
  expect(failures).toEqual([]);
  expect(inputs).toBeGreaterThan(INPUTS - TARGETS.length);
  // A target that takes everything, or nothing, is not looked into.
  for (const [name, { valid, rejected }] of Object.entries(targets))
    expect({ name, valid: valid > 0, rejected: rejected > 0 }).toEqual({
      name,
      valid: true,
      rejected: true,
    });
});

const planted = (judge: Ready['judge'], rest: Partial<Target> = {}): Target => ({
  name: 'planted',
  weight: 1,
  prepare: () => ({ fixtures: [{ price: '0.5', size: 3, list: [1, 2, 3] }], judge }),
  ...rest,
});

const priceIn = (input: unknown): unknown =>
  typeof input === 'object' && input !== null ? Reflect.get(input, 'price') : undefined;

const isChanged = (input: unknown): boolean => priceIn(input) !== '0.5';

function busy(forMs: number): void {
  const start = process.cpuUsage();
  for (;;) {
    const { user, system } = process.cpuUsage(start);
    if (user + system > forMs * 1_000) return;
  }
}

describe('the judge', () => {
  it.each<readonly [string, Ready['judge'], RegExp]>([
    [
      'something that escapes',
      (input) => {
        if (isChanged(input)) throw new TypeError('it is no text');
        return 'valid';
      },
      /^TypeError: it is no text/,
    ],
    [
      'a number that is not what was said',
      (input) => {
        claim(!isChanged(input), 'a price is kept', priceIn(input));
        return 'valid';
      },
      /^Violation: a price is kept/,
    ],
    [
      'a polluted prototype',
      (input) => {
        if (isChanged(input)) Reflect.set(Object.prototype, 'polluted', true);
        return 'valid';
      },
      /^a prototype was changed: polluted/,
    ],
    [
      'a method that was replaced',
      (input) => {
        if (isChanged(input)) Reflect.set(Array.prototype, 'at', () => undefined);
        return 'rejected';
      },
      /^a prototype was changed: at/,
    ],
    [
      'an input that takes too long',
      (input) => {
        if (isChanged(input)) busy(55);
        return 'valid';
      },
      /^it took \d+ ms of CPU/,
    ],
  ])('finds %s, and shrinks it', async (_, judge, problem) => {
    const target = planted(judge);
    const options = { inputs: 400, seed: '1', targets: [target], failuresMax: 1 };
    const { failures } = await fuzz(options);
    const [failure] = failures;
    if (failure === undefined) throw new Error('it was not found');
    expect(failure.problem).toMatch(problem);
    // One change is enough to change a price.
    expect(failure.case).toMatch(/^0:[0-9a-f]+$/);
    expect(failure.reproduce).toBe(`npm run fuzz -- --target planted --case ${failure.case}`);
    expect(await replay(target, failure.case)).toMatch(new RegExp(problem.source.slice(1)));
    expect(Reflect.has({}, 'polluted')).toBe(false);
    expect([1].at(0)).toBe(1);
  });

  it('gives the same inputs for the same seed, and others for another', async () => {
    const seen: string[] = [];
    const target = planted((_, text) => (seen.push(text), 'valid'), { textOf: JSON.stringify });
    for (const seed of ['1', '1', '2']) await fuzz({ inputs: 100, seed, targets: [target] });
    const [first, again, other] = [0, 100, 200].map((at) => seen.slice(at, at + 100));
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(new Set(first).size).toBeGreaterThan(50);
  });
});
