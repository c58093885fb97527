/**
 * What a live session needs before anything is opened: a place, a key, a journal, every limit, and
 * for real money a person's word. Throws an `InputError` for the first thing that is missing.
 */
import { resolve } from 'node:path';
import type { Config } from '../config/schema.ts';
import {
  decimal,
  InputError,
  type Log,
  liveClock,
  requireLiveLimits,
  seededRandom,
} from '../index.ts';
import {
  type Credentials,
  ENVIRONMENTS,
  type EnvironmentName,
  type KalshiEnvironment,
  type KalshiVenue,
  kalshiVenue,
  readKeyFile,
} from '../venues/kalshi/venue.ts';
import type { Io } from './io.ts';
import { type SettingOptions, settingsOf } from './settings.ts';

export const LIVE_VENUES = ['kalshi'] as const;

export interface LiveOptions extends SettingOptions {
  readonly live?: (typeof LIVE_VENUES)[number];
  readonly confirm?: string;
  readonly signals?: string;
  readonly json?: true;
  readonly quiet?: true;
}

/** Where real orders go, and with what right. */
export interface LivePlace {
  readonly environment: EnvironmentName;
  readonly endpoints: KalshiEnvironment;
  readonly credentials: Credentials;
  /** The markets of the list of limits: no other is traded, none but these is loaded. */
  readonly markets: readonly string[];
  readonly sizeBreaker: string | null;
}

export interface LiveSettings extends LivePlace {
  readonly config: Config;
  /** A file, or `-` for stdin. */
  readonly signals: string;
}

function needed<T>(value: T | null | undefined, what: string, wayOut: string): T {
  if (value !== null && value !== undefined) return value;
  throw new InputError(`a live session has ${what}`, 'none', wayOut);
}

export function liveSettings(options: LiveOptions, io: Io): LiveSettings {
  const { config } = settingsOf(options, io);
  const signals = needed(options.signals, 'signals', 'give --signals FILE, or - for stdin');
  return { ...livePlace(config, io), config, signals };
}

export function livePlace(config: Config, io: Io): LivePlace {
  const { environment, keyId, privateKeyFile, restUrl, wsUrl, sizeBreaker } = config.venues.kalshi;
  const place = needed(environment, 'a place', 'give --env demo, or --env prod for real money');
  const id = needed(keyId, 'the id of a key', 'set venues.kalshi.keyId');
  const file = needed(privateKeyFile, 'a key', 'set venues.kalshi.privateKeyFile');
  needed(config.engine.storeFile, 'a journal', 'give --db FILE: without it a crash loses orders');
  const { markets } = requireLiveLimits(config.limits);
  return {
    environment: place,
    endpoints: {
      restUrl: restUrl ?? ENVIRONMENTS[place].restUrl,
      wsUrl: wsUrl ?? ENVIRONMENTS[place].wsUrl,
    },
    credentials: { keyId: id, privateKey: readKeyFile(resolve(io.folder, file)) },
    markets,
    sizeBreaker,
  };
}

const LOTS_PER_CONTRACT = 100;

/**
 * The venue, with its own breaker armed where one is set: it holds when this process is gone, or
 * mad. Rejects with an `InputError` where nobody answers, or for a key that is not good there.
 */
export async function openKalshi(
  { endpoints, credentials, markets, sizeBreaker }: LivePlace,
  log: Log,
): Promise<KalshiVenue> {
  const random = seededRandom(`${liveClock.wallMs()}`);
  const options = { environment: endpoints, credentials, markets: { tickers: markets } };
  const venue = kalshiVenue({ ...options, clock: liveClock, random, log });
  await answering(venue, endpoints.restUrl);
  if (sizeBreaker === null) return venue;
  const lots = decimal(sizeBreaker, 'sizeBreaker').times(LOTS_PER_CONTRACT);
  if (!lots.isInteger())
    throw new InputError('sizeBreaker is in hundredths of a contract', sizeBreaker, 'round it');
  await venue.rest.armSizeBreaker(lots.toNumber());
  return venue;
}

async function answering({ rest }: KalshiVenue, url: string): Promise<void> {
  try {
    await rest.checkKey();
  } catch (thrown) {
    if (thrown instanceof InputError) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    const wayOut = 'nothing was sent; look at the address and the network, or try it later';
    throw new InputError(`the venue must answer (${reason})`, url, wayOut);
  }
}

/** A group that is left behind holds nothing: it goes, unless orders of ours rest in it. */
export async function closeKalshi(venue: KalshiVenue, log: Log): Promise<void> {
  try {
    await venue.rest.disarmSizeBreaker();
  } catch (thrown) {
    log.warn({ thrown }, 'the order group stays at the venue');
  }
  await venue.close();
}

const WORD = 'CONFIRM';

/** Real money is traded after a person wrote the word, and not before. `ask` where one can. */
export async function confirmed(
  { environment }: LivePlace,
  given: string | undefined,
  ask: Io['ask'],
): Promise<void> {
  if (environment !== 'prod') return;
  const question = `This trades real money. Write ${WORD} to go on: `;
  const said = (given ?? (await ask?.(question)) ?? '').trim();
  if (said === WORD) return;
  throw new InputError(
    `real money is traded after the word ${WORD}`,
    said === '' ? 'nothing' : said,
    `nothing was sent; give --confirm ${WORD} where nobody can be asked`,
  );
}
