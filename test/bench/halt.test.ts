/** What the bench of halts says at any size. How long it takes, no test says. */
import { expect, it } from 'vitest';
import { halt } from './halt.bench.ts';

it('sends nothing after a halt, and leaves nothing', async () => {
  const { figures, notes } = await halt.run({ scale: 0.06, orders: 1, progress: () => undefined });
  const zero = figures.filter(({ name }) => /sends after the halt|orders left/.test(name));
  expect(zero.map(({ value }) => value)).toEqual([0, 0, 0, 0]);
  const seconds = figures.flatMap(({ unit, value }) => (unit === 's' ? [value] : []));
  expect(seconds.every((value) => value > 0 && value < 5)).toBe(true);
  expect(notes[0]).toContain('60 orders rested in 2 markets');
});
