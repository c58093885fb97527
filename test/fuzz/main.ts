/** The command line of the fuzzer. */
import { parseArgs } from 'node:util';
import { type FuzzResult, fuzz, replay } from './fuzz.ts';
import { TARGETS } from './targets.ts';

const HELP = `npm run fuzz -- [--inputs N] [--seed S] [--target NAME]... [--case CASE]
                 [--json] [--help]

Gives changed inputs to all that reads from outside, and looks for what no contract names.

  --inputs N     how many inputs, 20000 unless given
  --seed S       the same seed, the same inputs; "1" unless given
  --target NAME  one target, or several: ${TARGETS.map(({ name }) => name).join(', ')}
  --case CASE    one input again, as a failure names it; with one --target
  --json         the result as JSON on stdout
  --help         this

exit code: 0 nothing found, 1 something found, 2 bad arguments
`;

function readArguments() {
  const { values } = parseArgs({
    options: {
      inputs: { type: 'string', default: '20000' },
      seed: { type: 'string', default: '1' },
      target: { type: 'string', multiple: true, default: [] },
      case: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const inputs = Number(values.inputs);
  if (!Number.isSafeInteger(inputs) || inputs <= 0)
    throw new Error(`--inputs must be a whole number above 0, was ${values.inputs}`);
  const unknown = values.target.find((name) => !TARGETS.some((target) => target.name === name));
  if (unknown !== undefined)
    throw new Error(`--target must be a target, was ${unknown}; see --help`);
  if (values.case !== undefined && values.target.length !== 1)
    throw new Error('--case goes with one --target');
  return { ...values, inputs };
}

function textOf({ inputs, seed, targets, failures }: FuzzResult): string {
  const rows = Object.entries(targets).map(([name, tally]) => {
    const counts = [tally.valid, tally.rejected, tally.failed].map(String);
    const times = [tally.cpuMs, tally.dearestMs].map((ms) => `${Math.round(ms)} ms`);
    const cells = [...counts, ...times].map((cell) => cell.padStart(10)).join('');
    return `  ${name.padEnd(13)}${cells}`;
  });
  const found = failures.map(({ problem, reproduce }) => `\n${problem}\n  ${reproduce}`);
  return [
    `${inputs} inputs, seed ${seed}: ${failures.length} failures`,
    '  target            taken   refused    failed       CPU   dearest',
    ...rows,
    ...found,
  ].join('\n');
}

async function main(): Promise<number> {
  const { inputs, seed, target: names, case: text, json, help } = readArguments();
  if (help) {
    process.stdout.write(HELP);
    return 0;
  }
  const targets = TARGETS.filter(({ name }) => names.length === 0 || names.includes(name));
  const [first] = targets;
  if (text !== undefined && first !== undefined) {
    process.stdout.write(`${await replay(first, text)}\n`);
    return 0;
  }
  let told = 0;
  const progress = (line: string): void => {
    if (Date.now() - told < 1_000) return;
    told = Date.now();
    process.stderr.write(`${line}\n`);
  };
  const result = await fuzz({ inputs, seed, targets, progress });
  process.stdout.write(`${json ? JSON.stringify(result, null, 2) : textOf(result)}\n`);
  return result.failures.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (thrown) {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  process.exitCode = 2;
}
