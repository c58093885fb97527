/**
 * Where `serve` trades: one venue and the clock that goes with it. Another kind of venue is another
 * case of `sourceOf`; nothing else of `serve` knows which one it is.
 */
import type { Config } from '../config/schema.ts';
import {
  type Clock,
  InputError,
  type Log,
  liveClock,
  seededRandom,
  type Venue,
  VirtualClock,
} from '../index.ts';
import { paper } from '../venues/paper/venue.ts';
import type { Io } from './io.ts';
import {
  closeKalshi,
  confirmed,
  type LIVE_VENUES,
  type LivePlace,
  livePlace,
  openKalshi,
} from './live-settings.ts';
import { type MarketData, simulatedData, tapeData } from './market-data.ts';
import { paperOptions } from './parts.ts';
import { SIMULATED_START_MS } from './plan.ts';
import { clockAt } from './session.ts';
import type { SettingOptions } from './settings.ts';

export interface ServeCommandOptions extends SettingOptions {
  readonly simulate?: true;
  readonly paper?: true;
  readonly tape?: readonly string[];
  readonly live?: (typeof LIVE_VENUES)[number];
  readonly confirm?: string;
}

export interface ServeSource {
  readonly venue: Venue;
  readonly clock: Clock;
  /** The clock, where it is a virtual one. */
  readonly virtual: VirtualClock | null;
  /** The markets that are followed from the start. */
  readonly markets: readonly string[];
  /** What a person should know of it, a line each. */
  readonly notes: readonly string[];
  close(): Promise<void>;
}

/** Rejects with an `InputError` where no venue is chosen, or it cannot be traded on. */
export async function sourceOf(
  options: ServeCommandOptions,
  config: Config,
  io: Io,
  log: Log,
): Promise<ServeSource> {
  const { simulate, paper: onPaper, tape, live } = options;
  const chosen = [simulate, onPaper ?? tape, live].filter((one) => one !== undefined);
  if (chosen.length > 1)
    throw new InputError('serve trades at one venue', `${chosen.length} are named`, 'drop one');
  if (live !== undefined) return liveSource(livePlace(config, io), options.confirm, log);
  if (simulate) {
    const { seed, realtime } = config.run;
    const startMs = realtime ? liveClock.wallMs() : SIMULATED_START_MS;
    return paperSource(config, simulatedData(seededRandom(seed), startMs));
  }
  if (tape !== undefined) return paperSource(config, tapeData(tape));
  throw new InputError(
    'serve is told where to trade',
    onPaper ? '--paper without --tape' : 'nothing',
    'give --simulate, --paper --tape FILE, or --live kalshi',
  );
}

/** Nobody can be asked: stdin is the bot's. */
async function liveSource(
  place: LivePlace,
  confirm: string | undefined,
  log: Log,
): Promise<ServeSource> {
  await confirmed(place, confirm, undefined);
  const venue = await openKalshi(place, log);
  const notes = [`LIVE at kalshi ${place.environment}`];
  const close = (): Promise<void> => closeKalshi(venue, log);
  return { venue, clock: liveClock, virtual: null, markets: place.markets, notes, close };
}

function paperSource(config: Config, data: MarketData): ServeSource {
  const markets = data.instruments.map(({ symbol }) => symbol);
  const source = data.open(markets);
  const virtual = config.run.realtime ? null : new VirtualClock(source.startMs);
  const clock = virtual ?? clockAt(source.startMs);
  const random = seededRandom(config.run.seed).fork('venue');
  const venue = paper({ clock, random, source, ...paperOptions(config) });
  const assumed = data.assumptions(markets).map((note) => `assumed: ${note}`);
  const close = async (): Promise<void> => venue.stop();
  return { venue, clock, virtual, markets, notes: [...assumed, ...pace(virtual)], close };
}

const pace = (virtual: VirtualClock | null): readonly string[] =>
  virtual === null
    ? []
    : ['virtual time: it flies while something is worked; --realtime for a market like a real one'];
