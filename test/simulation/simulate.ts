/** The command: runs seeds, shows what came of them, and says how to see a failure again. */
import process from 'node:process';
import { messageOf } from '../../src/domain/errors.ts';
import { HELP, readArguments, type Wanted } from './arguments.ts';
import { runPool } from './pool.ts';
import { runSeed, type SeedOptions, type SeedResult } from './run-seed.ts';
import { reproduction, shrink } from './shrink.ts';
import { SOMETIMES, SOMETIMES_NAMES } from './sometimes.ts';
import { addSeed, NO_TOTALS, type Totals } from './totals.ts';

/** Lines of the trace shown of a failure. */
const LINES_SHOWN = 40;
const WIDTH_MAX = 400;

const HOUR_MS = 3_600_000;

const shown = (line: string): string => line.slice(0, WIDTH_MAX);

function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

const say = (line: string): boolean => process.stderr.write(`${line}\n`);

const optionsOf = ({ minutes, without, untilMs, plant }: Wanted, seed: number): SeedOptions => ({
  seed,
  minutes,
  without,
  ...(untilMs === null ? {} : { untilMs }),
  ...(plant === null ? {} : { plant }),
});

function showViolation(result: SeedResult, options: SeedOptions): void {
  const [first] = result.violations;
  if (first === undefined) return;
  say(`seed ${result.seed}: ${first.rule}\n  ${first.what}`);
  say(`  faults: ${result.faults.join(', ')}`);
  say(`  ${reproduction(options)}`);
}

function showTotals(totals: Totals): void {
  const { seeds, minutes, simulatedMs, orders, fills, crashes, violations, traceHash } = totals;
  const hours = Math.round(simulatedMs / HOUR_MS);
  console.log(`${seeds} seeds, ${minutes} minutes of faults, ${hours} simulated hours`);
  console.log(`${orders} orders, ${fills} fills, ${crashes} crashes`);
  for (const name of SOMETIMES_NAMES)
    console.log(`${String(totals.sometimes[name]).padStart(9)} ${SOMETIMES[name]}`);
  console.log(`trace ${traceHash}`);
  console.log(`${violations} violations`);
}

async function runOne(wanted: Wanted, seed: number): Promise<Totals> {
  const print = (line: string): void => console.log(shown(line));
  let options = optionsOf(wanted, seed);
  let result = await runSeed({ ...options, ...(wanted.trace ? { print } : {}) });
  if (result.violations.length > 0 && wanted.shrink)
    ({ options, result } = await shrink(options, result));
  if (result.violations.length > 0 && !wanted.json)
    for (const line of result.lastLines.slice(-LINES_SHOWN)) say(shown(line));
  showViolation(result, options);
  return addSeed(NO_TOTALS, result, wanted.minutes);
}

/** Ctrl-C shows what was done, and where to go on: every seed before that one is done. */
async function runMany(wanted: Wanted): Promise<Totals> {
  const { seeds, from, threads, minutes } = wanted;
  const running = new Set<number>();
  let [totals, next, isStopped] = [NO_TOTALS, from, false];
  const stop = (): void => {
    if (isStopped) process.exit(130);
    isStopped = true;
    say('\nstops after the seeds that run; once more to stop at once');
  };
  process.on('SIGINT', stop);
  await runPool({
    threads: Math.min(threads, seeds),
    next: () => {
      if (isStopped || next >= from + seeds) return null;
      running.add(next);
      next += 1;
      return optionsOf(wanted, next - 1);
    },
    took: (result) => {
      running.delete(result.seed);
      totals = addSeed(totals, result, minutes);
      showViolation(result, optionsOf(wanted, result.seed));
      showProgress(`${totals.seeds} of ${seeds} seeds, ${totals.violations} violations`);
    },
  });
  process.off('SIGINT', stop);
  showProgress('');
  if (isStopped) say(`go on with --from ${next} --seeds ${from + seeds - next}`);
  return totals;
}

async function main(): Promise<void> {
  let wanted: Wanted;
  try {
    wanted = readArguments(process.argv.slice(2));
  } catch (thrown) {
    console.error(messageOf(thrown).split('\n')[0]);
    process.exitCode = 2;
    return;
  }
  if (wanted.help) return console.log(HELP);
  const { seed } = wanted;
  const totals = seed === null ? await runMany(wanted) : await runOne(wanted, seed);
  if (wanted.json) console.log(JSON.stringify(totals));
  else showTotals(totals);
  if (totals.violations > 0) process.exitCode = 1;
}

await main();
