/**
 * Runs the benches. It measures and prints, and never judges: an aim that is missed is a line of
 * the report, not a failure. Figures go to stdout, progress to stderr.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { BenchOptions, BenchResult } from './bench.ts';
import { BENCHES } from './benches.ts';
import { describeHost } from './host.ts';
import { hostText, resultText } from './report.ts';

const ORDERS = 20_000;

const HELP = `npm run bench -- [--only NAME]... [--orders N] [--scale X] [--json] [--help]

Measures this machine, a few minutes in all. Ratios are taken in the same run, turn by turn.

  --only NAME   one bench, or several: ${BENCHES.map(({ name }) => name).join(', ')}
  --orders N    orders of the bench "orders" (${ORDERS}; a million takes a good while)
  --scale X     amount of work, 1 unless given; less is faster and says less
  --json        one JSON object on stdout
`;

interface Wanted {
  readonly only: readonly string[];
  readonly json: boolean;
  readonly help: boolean;
  readonly orders: number;
  readonly scale: number;
}

/** Throws an error that says what to write instead. */
function readArguments(argv: readonly string[]): Wanted {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      orders: { type: 'string', default: String(ORDERS) },
      scale: { type: 'string', default: '1' },
    },
  });
  const [orders, scale] = [Number(values.orders), Number(values.scale)];
  if (!Number.isSafeInteger(orders) || orders < 1)
    throw new Error(`--orders takes a whole number above 0, was "${values.orders}"`);
  if (!(scale > 0)) throw new Error(`--scale takes a number above 0, was "${values.scale}"`);
  for (const name of values.only)
    if (!BENCHES.some((bench) => bench.name === name))
      throw new Error(`no such bench: "${name}"; see --help`);
  return { ...values, orders, scale };
}

function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
  else if (text !== '') process.stderr.write(`${text}\n`);
}

async function runAll({ only, json, orders, scale }: Wanted): Promise<void> {
  const host = describeHost();
  if (!json) console.log(hostText(host));
  const results: Record<string, BenchResult> = {};
  const chosen = BENCHES.filter(({ name }) => only.length === 0 || only.includes(name));
  for (const [index, bench] of chosen.entries()) {
    const place = `${bench.name} (${index + 1} of ${chosen.length})`;
    const progress: BenchOptions['progress'] = (text) => showProgress(`${place}: ${text}`);
    const result = await bench.run({ scale, orders, progress });
    results[bench.name] = result;
    showProgress('');
    if (!json) console.log(resultText(bench, result));
  }
  if (json) console.log(JSON.stringify({ host, results }, null, 2));
}

async function main(): Promise<void> {
  let wanted: Wanted;
  try {
    wanted = readArguments(process.argv.slice(2));
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : thrown);
    process.exitCode = 2;
    return;
  }
  if (wanted.help) console.log(HELP);
  else await runAll(wanted);
}

await main();
