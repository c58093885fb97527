/**
 * `npm run crash`: kills engines with SIGKILL and compares what they left with the truth. The
 * report goes to stdout, progress to stderr; exit code 1 where a law was broken or a crash point
 * was never met, 2 for bad arguments, 130 after Ctrl-C.
 */
import { availableParallelism } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { Mutant } from '../mutants/mutant.ts';
import { MUTANTS } from '../mutants/mutants.ts';
import { Campaign, type CampaignReport } from './campaign.ts';
import { CRASH_POINTS } from './crash-points.ts';
import { packChild } from './pack.ts';

const HELP = `npm run crash -- [--cycles N] [--seed S] [--from K] [--jobs N] [--mutant M] [--json]

Starts a real engine on a real file against a venue in another process, kills it with SIGKILL at an
instant or at a named crash point, while it recovers too, and starts it again. Every 25 kills the
last engine is let be, and venue, journal and what the engine told are compared.

  --cycles N   kills in all (50), and some more where a crash point was not met
  --seed S     what is drawn: wishes, the market, where to kill (1); real time is not repeatable
  --from K     goes on at kill K of an earlier run
  --jobs N     venues at once (as many as there are processors)
  --mutant M   breaks the engine as test/mutants does, to see that it is caught
  --json       one JSON object on stdout
`;

interface Wanted {
  readonly cycles: number;
  readonly seed: string;
  readonly from: number;
  readonly jobs: number;
  readonly mutant: Mutant | null;
  readonly json: boolean;
  readonly help: boolean;
}

/** Throws an error that says what to write instead. */
function readArguments(argv: readonly string[]): Wanted {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const numbers = { cycles: text, from: text, jobs: text };
  const options = { ...numbers, seed: text, mutant: text, json: flag, help: flag };
  const { values } = parseArgs({ args: [...argv], options });
  const whole = (name: 'cycles' | 'from' | 'jobs', fallback: number, least: number): number => {
    const value = Number(values[name] ?? fallback);
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw new Error(`--${name} takes a whole number of at least ${least}, was "${values[name]}"`);
  };
  const mutant = MUTANTS.find(({ name }) => name === values.mutant);
  if (values.mutant !== undefined && mutant === undefined)
    throw new Error(`no such mutant: "${values.mutant}"; see test/mutants/mutants.ts`);
  return {
    mutant: mutant ?? null,
    cycles: whole('cycles', 50, 1),
    from: whole('from', 0, 0),
    jobs: whole('jobs', availableParallelism(), 1),
    seed: values.seed ?? '1',
    json: values.json,
    help: values.help,
  };
}

function textOf(report: CampaignReport, seconds: number): string {
  const { cycles, orders, fills, executions, resumed, violations, missed } = report;
  const counted = (counts: Readonly<Record<string, number>>): string[] =>
    Object.entries(counts).map(([name, count]) => `  ${String(count).padStart(5)}  ${name}`);
  return [
    `${cycles} kills in ${seconds} s: ${executions} executions, ${orders} orders, ${fills} fills`,
    `${resumed} executions outlived a kill and came to their own end`,
    'killed at',
    ...counted(report.points),
    'killed while there was',
    ...counted(report.windows),
    ...missed.map((name) => `never met: ${name}`),
    `${violations.length} violations`,
    ...violations,
  ].join('\n');
}

async function run({ json, ...wanted }: Wanted): Promise<void> {
  const startMs = performance.now();
  const progress = (done: number): void => {
    const text = `${done + wanted.from} of ${wanted.cycles} kills`;
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
    else if (done % 25 === 0) process.stderr.write(`${text}\n`);
  };
  const plants = wanted.mutant?.plants ?? [];
  // A mutant may have changed the very lines that a crash point is planted in.
  const points = CRASH_POINTS.filter(({ file }) => plants.every((plant) => plant.file !== file));
  const script = await packChild([...points, ...plants]);
  const isWhole = wanted.mutant === null;
  const campaign = new Campaign({
    ...wanted,
    keeps: isWhole,
    insists: isWhole,
    progress,
    script,
    points,
  });
  const print = (report: CampaignReport): void => {
    const seconds = Math.round((performance.now() - startMs) / 1_000);
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    console.log(json ? JSON.stringify({ ...report, seconds }) : textOf(report, seconds));
  };
  process.once('SIGINT', () => {
    campaign.stop();
    const report = campaign.report();
    print(report);
    process.stderr.write(`stopped; go on with --seed ${wanted.seed} --from ${report.next}\n`);
    process.exit(130);
  });
  const report = await campaign.run();
  print(report);
  // Timers of what is over must not keep it.
  process.exit(report.violations.length + report.missed.length > 0 ? 1 : 0);
}

try {
  const wanted = readArguments(process.argv.slice(2));
  if (wanted.help) console.log(HELP);
  else await run(wanted);
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : thrown);
  process.exitCode = 2;
}
