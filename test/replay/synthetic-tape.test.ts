import { expect, it } from 'vitest';
import { syntheticTape } from '../support/synthetic-tape.ts';

const BYTES_MAX = 200_000;

// After a change of the generator: vitest run test/replay/synthetic-tape.test.ts -u
it.each([
  ['withTrades', 'sixty-seconds.jsonl'],
  ['quiet', 'sixty-seconds-quiet.jsonl'],
  ['prints', 'sixty-seconds-quiet.prints.csv'],
] as const)('%s is the committed %s', async (part, file) => {
  const text = syntheticTape()[part];
  expect(text.length).toBeLessThan(BYTES_MAX);
  await expect(text).toMatchFileSnapshot(`../fixtures/tapes/${file}`);
});

it('is another tape with another seed', () => {
  expect(syntheticTape('another').withTrades).not.toBe(syntheticTape().withTrades);
});
