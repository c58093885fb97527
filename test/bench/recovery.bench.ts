/**
 * A restart: what a process left open is folded from a file, asked about at the venue, and worked
 * on. Nothing is timed but the new process.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../../src/domain/records.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import { seededRandom } from '../../src/env/seeded-random.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { openStore, type StoreOptions } from '../../src/store/open-store.ts';
import { paper } from '../../src/venues/paper/venue.ts';
import { Process } from '../support/process.ts';
import { type Bench, type BenchOptions, type BenchResult, type Figure, scaled } from './bench.ts';
import { START_MS, symbolsOf, wideOptions, wish } from './bench-engine.ts';
import { BenchVenue } from './bench-venue.ts';
import { quiet } from './halt.bench.ts';
import { ROWS_BEFORE, ROWS_OF_WALK, writeJournal } from './journals.ts';
import { cpuUs, heapBytes, wallUs } from './measure.ts';
import { inScratch } from './scratch.ts';

const ORDERS = 1_000;
const MARKETS = 20;
const EXECUTIONS = 1_000;
const EVENTS = 1_000_000;
const MEGABYTE = 1_000_000;

const seconds = (us: number): number => us / 1e6;

/** `openStore`, and a way to end it as a dead process does. */
function keptStore(): { readonly open: (options: StoreOptions) => Store; close(): void } {
  let store: Store | null = null;
  return {
    open: (options) => {
      store = openStore(options);
      return store;
    },
    close: () => store?.close(),
  };
}

/** Orders that rest at the paper venue, one an execution, taken up by a second engine. */
async function takeUp(file: string, orders: number, markets: number): Promise<readonly Figure[]> {
  const clock = new VirtualClock(START_MS);
  const symbols = symbolsOf(markets);
  const random = seededRandom('recovery');
  const venue = paper({ clock, random, source: quiet(symbols), name: 'bench' });
  const [first, second] = [new Process(clock, venue), new Process(clock, venue)];
  const begin = (process: Process, open: (options: StoreOptions) => Store) =>
    createEngine(
      { venues: [process.venue], clock: process.clock, store: { file }, ...wideOptions() },
      open,
    );
  const before = keptStore();
  const engine = await begin(first, before.open);
  for (let index = 0; index < orders; index += 1)
    engine.execute(wish(`wish-${index}`, symbols[index % markets] ?? '', 1));
  await clock.run({ untilMs: START_MS + 60_000 });
  first.kill();
  before.close();
  const after = keptStore();
  const [startUs, startCpuUs] = [wallUs(), cpuUs()];
  const next = await begin(second, after.open);
  const foldedUs = wallUs() - startUs;
  const startMs = clock.wallMs();
  const isBack = (): boolean => next.executions().every(({ state }) => state.startsWith('working'));
  while (!isBack()) await clock.run({ untilMs: clock.wallMs() + 50 });
  const cpu = cpuUs() - startCpuUs;
  const known = next.executions().length;
  const resting = (await clock.settle(venue.openOrders())).length;
  second.kill();
  after.close();
  venue.stop();
  if (known !== orders || resting !== orders)
    throw new Error(`${known} of ${orders} were taken up, ${resting} rest`);
  return [
    { name: `createEngine with ${orders} open orders`, value: seconds(foldedUs), unit: 's' },
    { name: 'until each is known, time', value: (clock.wallMs() - startMs) / 1_000, unit: 's' },
    { name: 'until each is known, processor', value: seconds(cpu), unit: 's' },
  ];
}

/** A long journal, written beforehand and folded by `createEngine`. */
async function foldAll(file: string, events: number, executions: number) {
  const clock = new VirtualClock(START_MS);
  const symbols = symbolsOf(MARKETS);
  const walks = Math.round((events / executions - ROWS_BEFORE) / ROWS_OF_WALK);
  const written = openStore({ file });
  let rows = 0;
  for (let index = 0; index < executions; index += 1)
    rows += writeJournal(written, `x-${index}`, symbols[index % MARKETS] ?? '', walks);
  written.close();
  const venue = new BenchVenue({ clock, symbols, fills: 'never' });
  const kept = keptStore();
  const heap = heapBytes();
  const [startUs, startCpuUs] = [wallUs(), cpuUs()];
  const options = { venues: [venue], clock, store: { file }, ...wideOptions() };
  const engine = await createEngine(options, kept.open);
  const [us, cpu] = [wallUs() - startUs, cpuUs() - startCpuUs];
  const held = heapBytes() - heap;
  const open = engine.executions().length;
  kept.close();
  if (open !== executions) throw new Error(`${open} of ${executions} were folded`);
  const figures: readonly Figure[] = [
    { name: 'journal folded', value: seconds(us), unit: 's' },
    { name: 'journal folded, processor', value: seconds(cpu), unit: 's' },
    { name: 'one event, processor', value: cpu / rows, unit: 'us' },
    { name: 'heap that it holds then', value: held / MEGABYTE, unit: 'MB' },
    { name: 'file', value: statSync(file).size / MEGABYTE, unit: 'MB' },
  ];
  return { figures, rows };
}

async function run({ scale, progress }: BenchOptions): Promise<BenchResult> {
  return inScratch(async (folder) => {
    const [orders, markets] = [scaled(ORDERS, scale, 4), scaled(MARKETS, scale, 2)];
    progress('open orders');
    const taken = await takeUp(join(folder, 'orders.db'), orders, markets);
    progress('a long journal');
    const executions = scaled(EXECUTIONS, scale, 2);
    const events = scaled(EVENTS, scale, 100);
    const folded = await foldAll(join(folder, 'journal.db'), events, executions);
    return {
      figures: [...taken, ...folded.figures],
      notes: [
        `${orders} orders in ${markets} markets of the paper venue; its latencies, virtual time`,
        `${folded.rows} events of ${executions} executions; each is folded by itself`,
      ],
    };
  });
}

export const recovery: Bench = {
  name: 'recovery',
  title: 'a restart: what was left open is folded and taken up',
  run,
};
