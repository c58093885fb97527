/** `depthwalker serve`: from its options to its exit code. What is said is in src/serve. */
import { Readable } from 'node:stream';
import type { Config } from '../config/schema.ts';
import { describeLimits, engineOptions, liveClock, type Signal } from '../index.ts';
import { serve } from '../serve/serve.ts';
import { closeStdin, EXIT, type Io, lineTo } from './io.ts';
import { algorithm } from './option-text.ts';
import { withDefaults } from './plan.ts';
import { logOn } from './progress.ts';
import { type ServeCommandOptions, sourceOf } from './serve-source.ts';
import { settingsOf } from './settings.ts';
import { USUAL_WISH } from './signals.ts';
import { openSinks } from './sinks.ts';
import { oneLine } from './text.ts';
import { version } from './version.ts';

/** Gives the exit code; throws an `InputError` before anything was opened, read or written. */
export async function serveCommand(options: ServeCommandOptions, io: Io): Promise<number> {
  const { config } = settingsOf(options, io);
  const log = logOn(io.stderr, config.log.level, options.live && liveClock);
  const sinks = await openSinks(config, io, log);
  const source = await sourceOf(options, config, io, log);
  const { venue, clock, virtual, markets } = source;
  const tell = (text: string): void => lineTo(io.stderr, oneLine(text));
  tell(`serves ${venue.name}; limits: ${describeLimits(config.limits).join(', ')}`);
  for (const note of source.notes) tell(note);
  if (config.engine.storeFile === null) tell('kept in memory: a restart begins anew without --db');
  try {
    const reason = await serve({
      engine: { venues: [venue], clock, log, ...engineOptions(config), ...sinks.options },
      virtual,
      watch: markets.map((market) => ({ venue: venue.name, market })),
      version: version(),
      complete: (signal) => completed(signal, venue.name, config),
      input: io.stdin ?? Readable.from([]),
      output: {
        write: (text) => io.stdout.write(text) !== false,
        onDrain: (callback) => io.onDrain?.(callback),
        abandon: () => io.abandon?.(),
      },
      onStart: (stop) => {
        io.onReaderGone?.(() => stop('nobody reads'));
        io.onInterrupt?.(() => {
          tell('interrupted: withdrawing what is open; again to stop at once');
          stop('interrupted');
        });
      },
    });
    return reason === 'interrupted' ? EXIT.interrupted : EXIT.ok;
  } finally {
    await source.close();
    await sinks.stop();
    closeStdin(io);
  }
}

/** What a signal says counts more than the settings. */
const completed = (signal: Partial<Signal>, venue: string, config: Config): unknown => ({
  venue,
  timeLimitMs: config.run.timeLimitMs,
  ...signal,
  algorithm: withDefaults(signal.algorithm ?? usual(config), config),
});

const usual = ({ run }: Config): object =>
  run.algorithm === null ? USUAL_WISH.algorithm : algorithm(run.algorithm);
