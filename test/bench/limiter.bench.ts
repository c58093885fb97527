/** What counting a call costs, and how full the fullest minute gets when callers want more. */
import { DEFAULT_CALL_LIMITS, RateLimiter } from '../../src/risk/rate-limiter.ts';
import { hammer } from '../support/limiter-load.ts';
import {
  atMost,
  type Bench,
  type BenchOptions,
  type BenchResult,
  paceOf,
  scaled,
} from './bench.ts';
import { beside, type Contestant, cost, interleaved, type Measured } from './measure.ts';

const CALLERS = [1, 5, 10];
const MINUTES = 10;
const OPERATIONS = 20_000;
const ROUNDS = 7;

/** As a venue has them that counts tokens by the second, besides our own calls by the minute. */
const WINDOWS = [
  { windowMs: 1_000, tokens: 1_000, cancelReserve: 200 },
  { windowMs: 60_000, calls: 6_000, cancelReserve: 600 },
];
const COSTS = { place: 10, amend: 10, cancel: 2, read: 2 };

function contestants(operations: number): readonly [Contestant, ...Contestant[]] {
  const limiter = new RateLimiter(WINDOWS, COSTS);
  const recent: number[] = [];
  let [nowMs, naiveMs] = [0, 0];
  return [
    {
      name: 'a list of times, filtered at each call',
      work: () => {
        for (let index = 0; index < operations / 20; index += 1) {
          naiveMs += 10;
          const counting = recent.filter((atMs) => naiveMs - atMs <= 60_000);
          recent.splice(0, recent.length, ...counting, naiveMs);
        }
        return operations / 20;
      },
    },
    {
      name: 'a call counted in both windows',
      work: () => {
        for (let index = 0; index < operations; index += 1)
          limiter.tryReserve((nowMs += 10), { kind: index % 3 === 0 ? 'cancel' : 'place' });
        return operations;
      },
    },
  ];
}

async function run({ scale, progress }: BenchOptions): Promise<BenchResult> {
  progress('counting calls');
  const operations = scaled(OPERATIONS, scale, 40);
  const [naive, ...ours] = await interleaved(contestants(operations), paceOf(ROUNDS, scale));
  const figures = ours.map((one: Measured) => ({
    name: one.name,
    value: cost(one),
    unit: 'us',
    beside: beside(one, naive),
  }));
  const { calls } = DEFAULT_CALL_LIMITS;
  const minutes = scaled(MINUTES, scale, 2);
  const fullest = [];
  for (const callers of CALLERS) {
    progress(`${callers} callers`);
    const { fullestMinute } = await hammer({ callers, minutes, limits: DEFAULT_CALL_LIMITS });
    fullest.push({
      name: `the fullest 60 s of ${callers} callers`,
      value: fullestMinute,
      unit: 'calls',
      aim: atMost(`at most ${calls}`, fullestMinute, calls),
    });
  }
  const notes = [`callers want all they can get for ${minutes} virtual minutes`];
  return { figures: [...figures, ...fullest], notes };
}

export const limiter: Bench = { name: 'limiter', title: 'calls to the venue', run };
