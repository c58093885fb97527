/**
 * What a live session needs before anything is opened: a place, a key, a journal, every limit, and
 * for real money a person's word. Throws an `InputError` for the first thing that is missing.
 */
import { resolve } from 'node:path';
import type { Config } from '../config/schema.ts';
import { InputError, requireLiveLimits } from '../index.ts';
import { type Credentials, ENVIRONMENTS, readKeyFile } from '../venues/kalshi/venue.ts';
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

export interface LiveSettings {
  readonly config: Config;
  readonly environment: keyof typeof ENVIRONMENTS;
  readonly endpoints: { readonly restUrl: string; readonly wsUrl: string };
  readonly credentials: Credentials;
  /** The markets of the list of limits: no other is traded, none but these is loaded. */
  readonly markets: readonly string[];
  /** A file, or `-` for stdin. */
  readonly signals: string;
}

export function liveSettings(options: LiveOptions, io: Io): LiveSettings {
  const { config } = settingsOf(options, io);
  const { environment, keyId, privateKeyFile, restUrl, wsUrl } = config.venues.kalshi;
  const needed = <T>(value: T | null | undefined, what: string, wayOut: string): T => {
    if (value !== null && value !== undefined) return value;
    throw new InputError(`a live session has ${what}`, 'none', wayOut);
  };
  const signals = needed(options.signals, 'signals', 'give --signals FILE, or - for stdin');
  const place = needed(environment, 'a place', 'give --env demo, or --env prod for real money');
  const id = needed(keyId, 'the id of a key', 'set venues.kalshi.keyId');
  const file = needed(privateKeyFile, 'a key', 'set venues.kalshi.privateKeyFile');
  needed(config.engine.storeFile, 'a journal', 'give --db FILE: without it a crash loses orders');
  const { markets } = requireLiveLimits(config.limits);
  const privateKey = readKeyFile(resolve(io.folder, file));
  return {
    config,
    environment: place,
    endpoints: {
      restUrl: restUrl ?? ENVIRONMENTS[place].restUrl,
      wsUrl: wsUrl ?? ENVIRONMENTS[place].wsUrl,
    },
    credentials: { keyId: id, privateKey },
    markets,
    signals,
  };
}

const WORD = 'CONFIRM';

/** Real money is traded after a person wrote the word, and not before. */
export async function confirmed(
  { environment, signals }: LiveSettings,
  given: string | undefined,
  io: Io,
) {
  if (environment !== 'prod') return;
  const isAsked = given === undefined && signals !== '-' && io.ask !== undefined;
  const said = isAsked ? await io.ask?.(`This trades real money. Write ${WORD} to go on: `) : given;
  if (said?.trim() === WORD) return;
  throw new InputError(
    `real money is traded after the word ${WORD}`,
    said?.trim() || 'nothing',
    isAsked ? 'nothing was sent' : `give --confirm ${WORD}`,
  );
}
