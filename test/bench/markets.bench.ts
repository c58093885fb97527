/**
 * A full house: 1,000 markets with 10,000 resting split orders in one engine, and the deltas of all
 * their books on one core. Every frame is its own macrotask here, which is the worst that can be.
 */
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { readFrame } from '../../src/venues/kalshi/frame-text.ts';
import { deltaOf } from '../../src/venues/kalshi/translate.ts';
import {
  type Aim,
  atMost,
  type Bench,
  type BenchOptions,
  type BenchResult,
  type Figure,
  paceOf,
  scaled,
} from './bench.ts';
import { type BenchEngine, START_MS, startBenchEngine, symbolsOf, wish } from './bench-engine.ts';
import { cycleOf } from './frames.ts';
import {
  beside,
  cost,
  heapBytes,
  interleaved,
  type Measured,
  quantile,
  ratio,
  wallUs,
} from './measure.ts';

const MARKETS = 1_000;
const PARTS = 10;
const FRAMES = 32_768;
const ROUNDS = 7;
const OVERHEAD_MAX = 0.8;
const OVERHEAD_AIM = `at most ${OVERHEAD_MAX}x JSON.parse on top of it`;

/** One frame from text to book, and the turn that it may cause. */
function told({ venue }: BenchEngine, clock: VirtualClock, text: string): void {
  const frame = readFrame(text);
  if (frame.type !== 'orderbook_delta') throw new Error(`a delta was expected: ${text}`);
  const delta = deltaOf(frame);
  venue.book$(delta.symbol).send(delta);
  clock.runUntil(clock.wallMs());
}

const latencies = (frames: readonly string[], tell: (text: string) => void): Float64Array =>
  Float64Array.from(frames, (text) => {
    const startUs = wallUs();
    tell(text);
    return wallUs() - startUs;
  });

/** One execution in each market, of ten orders that rest. */
async function fillHouse({ engine }: BenchEngine, clock: VirtualClock, markets: readonly string[]) {
  for (const [index, market] of markets.entries()) engine.execute(wish(`w${index}`, market, PARTS));
  await clock.run({ untilMs: clock.wallMs() + 1_000 });
  const working = engine.quantities().reduce((sum, { quantity }) => sum + quantity.working, 0);
  if (working !== markets.length * PARTS * 100) throw new Error(`only ${working} lots work`);
}

async function run({ scale, progress }: BenchOptions): Promise<BenchResult> {
  const clock = new VirtualClock(START_MS);
  const symbols = symbolsOf(scaled(MARKETS, scale, 2));
  const frames = 2 * scaled(FRAMES / 2, scale, 64);
  const bench = await startBenchEngine({ clock, symbols, fills: 'never' });
  const orders = symbols.length * PARTS;
  progress(`${orders} orders`);
  const before = heapBytes();
  await fillHouse(bench, clock, symbols);
  const bytes = (heapBytes() - before) / orders;
  const uneven = cycleOf({ symbols, frames, seed: 'uneven', uneven: true });
  const even = cycleOf({ symbols, frames, seed: 'even' });
  const single = cycleOf({ symbols: symbols.slice(0, 1), frames, seed: 'single' });
  const tell = (text: string): void => told(bench, clock, text);
  progress('frames');
  const [parse, usual, cold, hot] = await interleaved(
    [
      each('JSON.parse', uneven, (text) => void JSON.parse(text)),
      each('busy and quiet markets', uneven, tell),
      each('any market', even, tell),
      each('one market', single, tell),
    ],
    paceOf(ROUNDS, scale),
  );
  progress('latency');
  const times = latencies(uneven, tell);
  await clock.settle(bench.engine.stop());
  const latency = (name: string, q: number) => ({ name, value: quantile(times, q), unit: 'us' });
  return {
    figures: [
      eventFigure(usual, parse, atMost(OVERHEAD_AIM, ratio(usual, parse) - 1, OVERHEAD_MAX)),
      eventFigure(cold, hot, atMost('cold at most 3x hot', ratio(cold, hot), 3)),
      eventFigure(hot, parse, atMost(OVERHEAD_AIM, ratio(hot, parse) - 1, OVERHEAD_MAX)),
      { name: 'events that one core holds', value: 1e6 / cost(usual), unit: 'events/s' },
      latency('p50 of one event', 0.5),
      latency('p99 of one event', 0.99),
      latency('p99.9 of one event', 0.999),
      { name: 'heap of a live split order', value: bytes, unit: 'B' },
    ],
    notes: [
      `${symbols.length} markets, ${orders} resting orders; ${frames} made-up frames a round, a ` +
        'turn after each. Busy and quiet: half of the frames are of a fifth of the markets.',
    ],
  };
}

const each = (name: string, texts: readonly string[], tell: (text: string) => void) => ({
  name,
  work: () => {
    for (const text of texts) tell(text);
    return texts.length;
  },
});

const eventFigure = (one: Measured, other: Measured, aim?: Aim): Figure => ({
  name: one.name,
  value: cost(one),
  unit: 'us/event',
  beside: beside(one, other),
  ...(aim === undefined ? {} : { aim }),
});

export const markets: Bench = {
  name: 'markets',
  title: 'the book path with a full house of live orders',
  run,
};
