/** `depthwalker run`: a paper session from its options to its report and exit code. */
import type { Config } from '../config/schema.ts';
import { describeLimits } from '../index.ts';
import { EXIT, emphasized, type Io, lineTo, SILENT } from './io.ts';
import { planSession, type RunOptions, type SessionPlan } from './plan.ts';
import { logOn, progressOn } from './progress.ts';
import { jsonOf, tablesOf, titleOf } from './report.ts';
import { runSession, type SessionOutcome } from './session.ts';
import { settingsOf } from './settings.ts';
import { NO_SINK, told } from './sink.ts';
import { openSinks } from './sinks.ts';
import { oneLine } from './text.ts';

/** Gives the exit code; throws an `InputError` before anything has been opened or written. */
export async function run(options: RunOptions, io: Io): Promise<number> {
  const { stdout } = io;
  const stderr = options.quiet ? SILENT : io.stderr;
  // Not into a file: a fault is one line there.
  if (options.tape && stderr.isTTY) lineTo(stderr, `reading ${options.tape.join(' ')}`);
  const { config } = settingsOf(options, io);
  const plan = planSession(options, config);
  if (!options.json) lineTo(stdout, `${emphasized(stdout, titleOf(plan))}\n${limitsOf(config)}\n`);
  for (const note of plan.data.assumptions(plan.markets)) lineTo(stderr, `assumed: ${note}`);
  if (config.run.realtime) lineTo(stderr, durationOf(plan));
  const log = logOn(io.stderr, config.log.level);
  // On the virtual clock it is over before anybody could read of it.
  const sinks = config.run.realtime ? await openSinks(config, io, log) : NO_SINK;
  const outcome = await told(
    sinks,
    runSession(plan, {
      log,
      sinks,
      onUpdate: progressOn(stderr, plan.startMs, plan.signals.length),
      onInterrupt: (withdraw) =>
        io.onInterrupt?.(() => {
          lineTo(io.stderr, 'interrupted: withdrawing what is open; again to stop at once');
          withdraw();
        }),
    }),
  );
  if (options.json) lineTo(stdout, jsonOf(plan, outcome));
  else lineTo(stdout, `${tablesOf(plan, outcome)}\n\n${hintOf(options, config)}`);
  if (outcome.halted !== null) lineTo(io.stderr, oneLine(`halted: ${outcome.halted}`));
  for (const violation of outcome.conservation.shown) lineTo(io.stderr, `violated: ${violation}`);
  return codeOf(outcome);
}

function codeOf({ conservation, interrupted, halted }: SessionOutcome): number {
  if (conservation.violations > 0) return EXIT.notConserved;
  if (halted !== null) return EXIT.halted;
  return interrupted ? EXIT.interrupted : EXIT.ok;
}

function durationOf({ signals, startMs, data, markets }: SessionPlan): string {
  const lastMs = Math.max(...signals.map(({ atMs, signal }) => atMs + signal.timeLimitMs));
  const leadMs = startMs - data.open(markets).startMs;
  return `in real time: this takes up to ${Math.ceil((lastMs + leadMs) / 1_000)} s`;
}

const limitsOf = ({ limits }: Config): string => `Limits: ${describeLimits(limits).join(', ')}`;

const hintOf = ({ tape }: RunOptions, { engine }: Config): string => {
  if (tape === undefined)
    return 'Next: another --seed, one --market SIM-THIN-1, or a recording with --tape FILE.';
  return engine.storeFile === null
    ? 'Next: --algorithm simple_limit:price=join on the same tape, or keep it all with --db FILE.'
    : 'Next: the same signals with another --algorithm.';
};
