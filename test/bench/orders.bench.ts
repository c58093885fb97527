/**
 * Orders by the hundred thousand through one engine, one after another: nothing of them is kept.
 */
import {
  atMost,
  type Bench,
  type BenchOptions,
  type BenchResult,
  type Figure,
  scaled,
} from './bench.ts';
import { Desk } from './desk.ts';
import { heapBytes, wallUs } from './measure.ts';

const MARKETS = 64;
const TOGETHER = 64;
const PARTS = 10;
const QUARTERS = [1, 2, 3, 4];

async function run({ orders, scale, progress }: BenchOptions): Promise<BenchResult> {
  const desk = await Desk.open(MARKETS);
  const together = scaled(TOGETHER, scale, 1);
  const batchOrders = together * PARTS;
  const perQuarter = scaled(orders / batchOrders / QUARTERS.length, scale, 1);
  const startUs = wallUs();
  const heaps: number[] = [];
  for (const quarter of QUARTERS) {
    for (let batch = 0; batch < perQuarter; batch += 1) {
      await desk.work(together, together, PARTS);
      await desk.forget();
      if (batch % 16 === 0) progress(`quarter ${quarter}, batch ${batch + 1} of ${perQuarter}`);
    }
    heaps.push(heapBytes());
  }
  const done = perQuarter * batchOrders * QUARTERS.length;
  const secondsTaken = (wallUs() - startUs) / 1e6;
  await desk.close();
  const [first = 0] = heaps;
  const growth = ((heaps.at(-1) ?? 0) - first) / (done - perQuarter * batchOrders);
  return {
    figures: [
      ...heaps.map((bytes, index): Figure => {
        return { name: `heap after quarter ${index + 1}`, value: bytes / 1e6, unit: 'MB' };
      }),
      {
        name: 'growth from the first quarter on',
        value: growth,
        unit: 'B/order',
        aim: atMost('flat: at most 20 B an order', growth, 20),
      },
      { name: 'orders a second', value: done / secondsTaken, unit: 'orders/s' },
    ],
    notes: [
      `${done} orders in executions of ${PARTS}, ${together} at once over ${MARKETS} markets; a ` +
        'million takes --orders 1000000. The journal lies in memory, outside of this heap.',
    ],
  };
}

export const orders: Bench = {
  name: 'orders',
  title: 'memory over many orders, one after another',
  run,
};
