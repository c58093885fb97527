/**
 * A halt with many resting orders on the paper venue: what is still sent, and how long it takes.
 */
import { lots, ticks } from '../../src/domain/numbers.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import { seededRandom } from '../../src/env/seeded-random.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { kalshiInstrument } from '../../src/replay/series.ts';
import type { MarketDataSource } from '../../src/venues/paper/source.ts';
import { paper } from '../../src/venues/paper/venue.ts';
import { type Bench, type BenchOptions, type BenchResult, type Figure, scaled } from './bench.ts';
import { START_MS, symbolsOf, wideOptions, wish } from './bench-engine.ts';
import { cpuUs } from './measure.ts';

const ORDERS = 1_000;
const MARKETS = 20;

const HOUR_MS = 3_600_000;

/** One book for each market, 0.44 to 0.46, and the same an hour later: what rests is left alone. */
export function quiet(symbols: readonly string[]): MarketDataSource {
  const waiting = [START_MS, START_MS + HOUR_MS].flatMap((atMs) =>
    symbols.map((symbol, index) => ({ symbol, atMs, sequence: index + 1 })),
  );
  const level = (price: number) => [{ price: ticks(price), size: lots(100_000) }];
  return {
    instruments: symbols.map(kalshiInstrument),
    startMs: START_MS,
    next() {
      const next = waiting.shift();
      if (next === undefined) return null;
      const { symbol, sequence, atMs } = next;
      const sides = { bids: level(4_400), asks: level(4_600) };
      const event = { type: 'book.snapshot', symbol, ...sides, sequence, timeMs: atMs } as const;
      return { atMs, event };
    },
  };
}

interface Halted {
  readonly resting: number;
  /** Placed after the halt was said. */
  readonly sent: number;
  readonly left: number;
  readonly cancelled: number;
  readonly seconds: number;
  readonly cpuMs: number;
}

/** `outlivesEngine`: each order is cancelled by itself, since others may trade at the account. */
async function haltWith(
  { orders, markets }: { readonly orders: number; readonly markets: number },
  outlivesEngine: boolean,
): Promise<Halted> {
  const clock = new VirtualClock(START_MS);
  const symbols = symbolsOf(markets);
  const random = seededRandom('halt');
  const venue = paper({ clock, random, source: quiet(symbols), name: 'bench' });
  Object.assign(venue.capabilities, { outlivesEngine });
  let sent = 0;
  const submit = venue.submit.bind(venue);
  venue.submit = (request) => {
    sent += 1;
    return submit(request);
  };
  const engine = await createEngine({ venues: [venue], clock, ...wideOptions() });
  for (let index = 0; index < orders; index += 1)
    engine.execute(wish(`wish-${index}`, symbols[index % markets] ?? '', 1));
  await clock.run({ untilMs: START_MS + 60_000 });
  const resting = (await clock.settle(venue.openOrders())).length;
  // One is on its way, and must not be sent.
  engine.execute(wish('late', symbols[0] ?? '', 1));
  sent = 0;
  const startUs = cpuUs();
  const { proven, cancelled, seconds } = await clock.settle(engine.halt('bench'));
  const cpuMs = (cpuUs() - startUs) / 1_000;
  const left = (await clock.settle(venue.openOrders())).length;
  await clock.settle(engine.stop());
  venue.stop();
  if (!proven || resting !== orders || cancelled !== orders)
    throw new Error(`${cancelled} of ${resting} orders were withdrawn, ${orders} were wished for`);
  return { resting, sent, left, cancelled, seconds, cpuMs };
}

const figuresOf = (name: string, { sent, left, seconds, cpuMs }: Halted): readonly Figure[] => [
  { name: `${name}: sends after the halt`, value: sent, unit: 'orders' },
  { name: `${name}: orders left`, value: left, unit: 'orders' },
  { name: `${name}: time to proved empty`, value: seconds, unit: 's' },
  { name: `${name}: processor`, value: cpuMs, unit: 'ms' },
];

async function run({ scale, progress }: BenchOptions): Promise<BenchResult> {
  const size = { orders: scaled(ORDERS, scale, 4), markets: scaled(MARKETS, scale, 2) };
  progress('in one call');
  const inOne = await haltWith(size, false);
  progress('order by order');
  const each = await haltWith(size, true);
  return {
    figures: [...figuresOf('in one call', inOne), ...figuresOf('order by order', each)],
    notes: [
      `${inOne.resting} orders rested in ${size.markets} markets; Kalshi's latencies, virtual time`,
      `${inOne.cancelled} and ${each.cancelled} withdrawn; no limit of calls in the way`,
    ],
  };
}

export const halt: Bench = {
  name: 'halt',
  title: 'a halt while orders rest: withdrawn, and proven',
  run,
};
