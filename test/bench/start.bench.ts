/**
 * What it takes until a bot can trade: fresh processes that load the built package and start it.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { type Bench, type BenchOptions, type BenchResult, scaled } from './bench.ts';
import { beside, interleaved, median, wallUs } from './measure.ts';
import { inScratch } from './scratch.ts';

const BUILT = resolve('dist/src/index.js');
const ROUNDS = 9;

/** Runs in a process of its own, and tells milliseconds of each step. */
const STEPS = `
const [entry, file] = process.argv.slice(1);
const venue = { name: 'none', capabilities: { heartbeatMs: null }, instruments: async () => [],
  reports$: { subscribe: () => ({ unsubscribe() {} }) } };
const begin = performance.now();
const { createEngine } = await import(entry);
const loaded = performance.now();
const first = await createEngine({ venues: [venue] });
const inMemory = performance.now();
const second = await createEngine({ venues: [venue], store: { file } });
const onDisk = performance.now();
await first.stop();
await second.stop();
console.log(JSON.stringify([loaded - begin, inMemory - loaded, onDisk - inMemory]));
`;

const node = (...argv: readonly string[]): string =>
  execFileSync(process.execPath, argv, { encoding: 'utf8' });

async function measure(folder: string, rounds: number): Promise<BenchResult> {
  const steps: (readonly number[])[] = [];
  const entry = pathToFileURL(BUILT).href;
  const fresh = (name: string, work: () => void) => ({
    name,
    work: () => {
      work();
      return 1;
    },
  });
  const [bare, whole] = await interleaved(
    [
      fresh('node -e 0', () => void node('-e', '0')),
      fresh('engine', () => {
        const file = join(folder, `${steps.length}.db`);
        const told = node('--input-type=module', '-e', STEPS, entry, file);
        steps.push(JSON.parse(told) as readonly number[]);
      }),
    ],
    { rounds, clockUs: wallUs },
  );
  const step = (index: number): number => median(steps.map((times) => times[index] ?? Number.NaN));
  const total = median(whole.rounds) / 1_000;
  return {
    figures: [
      {
        name: 'process: load, start twice, stop',
        value: total,
        unit: 'ms',
        beside: beside(whole, bare),
      },
      { name: 'import of the package', value: step(0), unit: 'ms' },
      { name: 'createEngine in memory', value: step(1), unit: 'ms' },
      { name: 'createEngine on a new file', value: step(2), unit: 'ms' },
    ],
    notes: [`${rounds} fresh processes of the built package`],
  };
}

async function run({ scale, progress }: BenchOptions): Promise<BenchResult> {
  if (!existsSync(BUILT)) return { figures: [], notes: ['skipped: dist is absent, build first'] };
  progress('fresh processes');
  return inScratch((folder) => measure(folder, scaled(ROUNDS, scale, 1)));
}

export const start: Bench = { name: 'start', title: 'start-up, in fresh processes', run };
