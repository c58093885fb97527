/**
 * What one execution costs through the whole engine: time until its result, memory until forgotten.
 */
import { type Bench, type BenchOptions, type BenchResult, paceOf, scaled } from './bench.ts';
import { Desk } from './desk.ts';
import { type Contestant, cost, heapBytes, interleaved } from './measure.ts';

const ROUNDS = 3;
const TOGETHER = 64;
const PER_ROUND = 2;
const MARKETS = 64;
/** Many: what the runtime itself takes and gives back must not show. */
const REMEMBERED = 2_048;

async function run({ scale, progress }: BenchOptions): Promise<BenchResult> {
  const desk = await Desk.open(MARKETS);
  const together = scaled(TOGETHER, scale, 2);
  const count = scaled(PER_ROUND, scale, 1) * together;
  const contestant = (name: string, atOnce: number, parts: number): Contestant => ({
    name,
    work: async () => {
      await desk.work(count, atOnce, parts);
      await desk.forget();
      return count;
    },
  });
  progress('time');
  const measured = await interleaved(
    [
      contestant('one after another, an order each', 1, 1),
      contestant(`${together} at once, an order each`, together, 1),
      contestant(`${together} at once, ten orders each`, together, 10),
    ],
    paceOf(ROUNDS, scale),
  );
  progress('memory');
  const remembered = scaled(REMEMBERED / together, scale, 1) * together;
  const before = heapBytes();
  await desk.work(remembered, together, 1);
  const held = (heapBytes() - before) / remembered;
  await desk.forget();
  const left = (heapBytes() - before) / remembered;
  await desk.close();
  return {
    figures: [
      ...measured.map((one) => ({ name: one.name, value: cost(one), unit: 'us/execution' })),
      { name: 'heap while late fills may come', value: held, unit: 'B/execution' },
      { name: 'heap once forgotten', value: left, unit: 'B/execution' },
    ],
    notes: [`${MARKETS} markets, journal in memory, a venue that fills at once, virtual time`],
  };
}

export const executions: Bench = {
  name: 'executions',
  title: 'whole executions: wish, admission, plan, order, fill, result',
  run,
};
