/** `depthwalker record`: from its options to the summary of what is on tape. */
import { resolve } from 'node:path';
import { InputError, liveClock, type Recording, type RecordSummary, record } from '../index.ts';
import { ENVIRONMENTS, readKeyFile } from '../venues/kalshi/venue.ts';
import { EXIT, type Io, lineTo, SILENT } from './io.ts';
import { milliseconds } from './option-text.ts';
import { logOn } from './progress.ts';
import { KalshiFrames } from './record-source.ts';
import { type SettingOptions, settingsOf } from './settings.ts';
import { oneLine } from './text.ts';

export interface RecordCommandOptions extends SettingOptions {
  readonly market?: readonly string[];
  readonly folder?: string;
  readonly for?: string;
  readonly private?: true;
  readonly json?: true;
  readonly quiet?: true;
}

/** Gives the exit code, once it has ended; throws an `InputError` before anything was recorded. */
export async function recordCommand(options: RecordCommandOptions, io: Io): Promise<number> {
  const stderr = options.quiet ? SILENT : io.stderr;
  const { folder, forMs, limits, level, markets, ...place } = settings(options, io);
  const log = logOn(io.stderr, level, liveClock);
  const isPrivate = options.private === true;
  const source = new KalshiFrames({ ...place, markets, isPrivate, clock: liveClock, log });
  try {
    await source.check();
    const recording = record({ source, folder, clock: liveClock, log, ...limits });
    for (const line of beginOf(recording, markets, folder)) lineTo(stderr, oneLine(line));
    const summary = await ended(recording, forMs, io);
    if (options.json) lineTo(io.stdout, JSON.stringify(summary));
    else for (const line of endOf(summary)) lineTo(io.stdout, oneLine(line));
    return summary.failure === null ? EXIT.ok : EXIT.failure;
  } finally {
    await source.close();
  }
}

function settings(options: RecordCommandOptions, io: Io) {
  const { config } = settingsOf(options, io, { trades: false });
  const { environment, keyId, privateKeyFile, restUrl, wsUrl } = config.venues.kalshi;
  const { folder: configured, ...limits } = config.record;
  const place = needed(environment, 'a place', 'give --env demo or --env prod');
  const id = needed(keyId, 'the id of a key', 'set venues.kalshi.keyId');
  const file = needed(privateKeyFile, 'a key', 'set venues.kalshi.privateKeyFile');
  const folder = needed(options.folder ?? configured, 'a folder', 'give --folder FOLDER');
  const markets = needed(options.market ?? config.limits.markets, 'markets', 'give --market NAME');
  const forMs = options.for === undefined ? null : milliseconds(options.for, '--for');
  const endpoints = ENVIRONMENTS[place];
  return {
    environment: { restUrl: restUrl ?? endpoints.restUrl, wsUrl: wsUrl ?? endpoints.wsUrl },
    credentials: { keyId: id, privateKey: readKeyFile(resolve(io.folder, file)) },
    folder: resolve(io.folder, folder),
    markets: [...new Set(markets)],
    level: config.log.level,
    limits,
    forMs,
  };
}

function needed<T>(value: T | null | undefined, what: string, wayOut: string): T {
  if (value !== null && value !== undefined) return value;
  throw new InputError(`a recording has ${what}`, 'none', wayOut);
}

function ended(recording: Recording, forMs: number | null, io: Io): Promise<RecordSummary> {
  const stop = (): void => void recording.stop();
  const timer = forMs === null ? null : liveClock.setTimeout(stop, forMs);
  io.onInterrupt?.(stop);
  io.onReaderGone?.(stop);
  return recording.ended.finally(() => {
    if (timer !== null) liveClock.clearTimeout(timer);
  });
}

function beginOf(
  { found }: Recording,
  markets: readonly string[],
  folder: string,
): readonly string[] {
  const count = markets.length === 1 ? markets[0] : `${markets.length} markets`;
  const mended =
    found.cut === 0
      ? []
      : [`${found.last} was torn by a crash: ${found.cut} bytes went to ${found.last}.torn`];
  return [...mended, `recording ${count} into ${folder}; Ctrl-C ends it`];
}

const endOf = ({ tapes, frames, bytes, lost, failure }: RecordSummary): readonly string[] => [
  ...tapes,
  `${frames} frames on ${tapes.length === 1 ? '1 tape' : `${tapes.length} tapes`}, ${bytes} bytes`,
  ...(failure === null ? [] : [`recording has stopped: ${failure}; ${lost} frames are lost`]),
];
