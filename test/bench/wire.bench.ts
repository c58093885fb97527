/**
 * From the decision to the wire, on the real clock and a real file: the plan is made, the turn is
 * committed, the order is written. The bare commit beside it is the part that no engine can save.
 */
import { join } from 'node:path';
import { liveClock } from '../../src/env/live-clock.ts';
import { loadDriver } from '../../src/store/driver.ts';
import { openBareSqlite } from './bare-sqlite.ts';
import { type Bench, type BenchOptions, type BenchResult, scaled } from './bench.ts';
import { startBenchEngine, symbolsOf, wish } from './bench-engine.ts';
import { quantile, wallUs } from './measure.ts';
import { inScratch } from './scratch.ts';

const SAMPLES = 600;
const WARM_UP = 50;
const MARKETS = 64;

/** Bytes of journal text that the turn of the first decision left behind. */
function turnBytes(file: string): number {
  const database = new (loadDriver())(file, { readonly: true });
  const sum = database.prepare(
    `select sum(length(body)) from journal
     where execution_id = (select min(execution_id) from journal)
     and type in ('execution.admitted', 'execution.decided', 'submit')`,
  );
  const bytes = Number(sum.pluck().get());
  database.close();
  return bytes;
}

async function measure(folder: string, samples: number, progress: BenchOptions['progress']) {
  const moments = { plannedUs: 0, writtenUs: 0 };
  const file = join(folder, 'engine.db');
  const symbols = symbolsOf(MARKETS);
  const { engine, venue } = await startBenchEngine({
    clock: liveClock,
    symbols,
    fills: 'atOnce',
    file,
    onPlan: () => (moments.plannedUs = wallUs()),
  });
  venue.onSubmit = () => (moments.writtenUs = wallUs());
  const bare = openBareSqlite(join(folder, 'bare.db'));
  const toWire: number[] = [];
  const commits: number[] = [];
  let row = '';
  for (let index = 0; index < samples + WARM_UP; index += 1) {
    if (index % 250 === 0) progress(`sample ${index}`);
    const market = symbols[index % symbols.length] ?? '';
    await engine.execute(wish(`wish-${index}`, market, 1)).result;
    if (index === 0) row = 'x'.repeat(turnBytes(file));
    const startUs = wallUs();
    bare.commit([row]);
    if (index < WARM_UP) continue;
    commits.push(wallUs() - startUs);
    toWire.push(moments.writtenUs - moments.plannedUs);
  }
  bare.close();
  await engine.stop();
  return { toWire, commits, bytes: row.length };
}

async function run({ scale, progress }: BenchOptions): Promise<BenchResult> {
  const samples = scaled(SAMPLES, scale, 5);
  const { toWire, commits, bytes } = await inScratch((folder) =>
    measure(folder, samples, progress),
  );
  const figure = (name: string, q: number) => {
    const value = quantile(toWire, q);
    const beside = { name: 'bare commit', ratio: value / quantile(commits, q) };
    return { name, value, unit: 'us', beside };
  };
  return {
    figures: [figure('p50', 0.5), figure('p99', 0.99)],
    notes: [
      `${samples} orders, each beside a bare FULL commit of ${bytes} bytes on the same disk: as ` +
        'many as the journal text of the turn',
    ],
  };
}

export const wire: Bench = {
  name: 'wire',
  title: 'from decision to wire, with the journal on disk',
  run,
};
