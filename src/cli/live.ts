/** `depthwalker run --live`: real orders at a venue, from the options to the report. */
import { describeLimits, liveClock } from '../index.ts';
import { closeStdin, EXIT, emphasized, type Io, lineTo, SILENT } from './io.ts';
import { latencyTable } from './latency-table.ts';
import { type LiveOutcome, runLive } from './live-session.ts';
import { confirmed, type LiveOptions, type LiveSettings, liveSettings } from './live-settings.ts';
import { logOn, progressOn } from './progress.ts';
import { resultTables, summaryOf } from './report.ts';
import { cyclesOf, fileBytes } from './signal-lines.ts';
import { told } from './sink.ts';
import { openSinks } from './sinks.ts';
import { oneLine } from './text.ts';
import { engineFacts } from './version.ts';

/** Gives the exit code; throws an `InputError` before anything has been sent. */
export async function live(options: LiveOptions, io: Io): Promise<number> {
  const { stdout } = io;
  const stderr = options.quiet ? SILENT : io.stderr;
  const settings = liveSettings(options, io);
  await confirmed(settings, options.confirm, settings.signals === '-' ? undefined : io.ask);
  const { environment, config, signals } = settings;
  const startMs = liveClock.wallMs();
  if (!options.json)
    lineTo(stdout, `${emphasized(stdout, titleOf(settings))}\n${limitsOf(config)}\n`);
  const log = logOn(io.stderr, config.log.level, liveClock);
  const sinks = await openSinks(config, io, log);
  const outcome = await told(
    sinks,
    runLive(settings, {
      log,
      sinks,
      onUpdate: progressOn(stderr, startMs),
      say: (text) => lineTo(io.stderr, oneLine(text)),
      cycles:
        signals === '-' ? cyclesOf('stdin', io.stdin ?? []) : cyclesOf(signals, fileBytes(signals)),
      onInterrupt: (drain) => {
        // Nobody hears of it any more, and yet nothing shall be left open.
        io.onReaderGone?.(drain);
        io.onInterrupt?.(() => {
          lineTo(io.stderr, 'interrupted: withdrawing what is open; again to stop at once');
          drain();
        });
      },
    }),
  ).finally(() => closeStdin(io));
  const { results, latency, refused, halted } = outcome;
  const tables = [...resultTables(startMs, results), latencyTable(latency), refusals(refused)];
  if (options.json) lineTo(stdout, jsonOf(environment, outcome));
  else lineTo(stdout, tables.join('\n\n'));
  if (halted !== null) lineTo(io.stderr, oneLine(`halted: ${halted}`));
  return codeOf(outcome);
}

const titleOf = ({ environment, signals, markets }: LiveSettings): string => {
  const money = environment === 'prod' ? 'REAL MONEY' : 'mock funds';
  const where = markets.length === 1 ? markets[0] : `${markets.length} markets`;
  const from = signals === '-' ? 'stdin' : signals;
  const place = `kalshi ${environment} (${money})`;
  return `depthwalker LIVE session: ${place}, ${where}, signals from ${from}`;
};

const limitsOf = ({ limits }: LiveSettings['config']): string =>
  `Limits: ${describeLimits(limits).join(', ')}`;

const refusals = (count: number): string =>
  count === 1 ? '1 signal was refused.' : `${count} signals were refused.`;

const jsonOf = (environment: string, outcome: LiveOutcome): string =>
  JSON.stringify({
    venue: 'kalshi',
    environment,
    executions: outcome.results,
    summary: summaryOf(outcome.results),
    latency: outcome.latency,
    refused: outcome.refused,
    halted: outcome.halted,
    engine: engineFacts(),
  });

function codeOf({ refused, interrupted, halted }: LiveOutcome): number {
  if (halted !== null) return EXIT.halted;
  if (interrupted) return EXIT.interrupted;
  return refused > 0 ? EXIT.badInput : EXIT.ok;
}
