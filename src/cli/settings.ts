/** What a command works with: the configuration file, the environment, and its options on top. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ConfigProblem } from '../config/config-error.ts';
import { type LoadedConfig, loadConfig, type Override } from '../config/load-config.ts';
import { BUILT_IN_ALGORITHMS, InputError } from '../index.ts';
import type { Io } from './io.ts';
import { count, milliseconds, timeLimit } from './option-text.ts';

/** Where settings come from; every command that has any takes these. */
export interface ConfigOptions {
  readonly config?: string;
  readonly profile?: string;
}

/** Options that stand for a setting of the same name. Text, until `settingsOf` has read it. */
export interface SettingOptions extends ConfigOptions {
  readonly count?: string;
  readonly at?: string;
  readonly timeLimit?: string;
  readonly seed?: string;
  readonly db?: string;
  readonly fillModel?: string;
  readonly realtime?: true;
  readonly env?: string;
}

/** What works on a store that a bot may be using. */
export interface StoreOptions extends ConfigOptions {
  readonly store?: string;
}

const same = (given: string): string => given;

/** The option, its setting, and how its text is read. */
const SETTINGS: readonly (readonly [
  keyof SettingOptions,
  flag: string,
  path: string,
  read: (given: string) => unknown,
])[] = [
  ['seed', '--seed', 'run.seed', same],
  ['count', '--count', 'run.count', count],
  ['at', '--at', 'run.atMs', (given) => milliseconds(given, '--at')],
  ['timeLimit', '--time-limit', 'run.timeLimitMs', timeLimit],
  ['db', '--db', 'engine.storeFile', same],
  ['env', '--env', 'venues.kalshi.environment', same],
  ['fillModel', '--fill-model', 'venues.paper.fillModel.mode', same],
];

/** Throws a `ConfigError` with all that is wrong, the options included. */
export function settingsOf(
  options: SettingOptions,
  { env, folder }: Pick<Io, 'env' | 'folder'>,
  { trades = true } = {},
): LoadedConfig {
  const overrides: Override[] = options.realtime
    ? [{ path: 'run.realtime', value: true, source: '--realtime' }]
    : [];
  const problems: ConfigProblem[] = [];
  for (const [name, source, path, read] of SETTINGS) {
    const given = options[name];
    if (typeof given !== 'string') continue;
    try {
      overrides.push({ path, value: read(given), source });
    } catch (thrown) {
      if (!(thrown instanceof InputError)) throw thrown;
      const { rule, value, wayOut } = thrown;
      problems.push({ path: '', source: 'option', rule, value, wayOut });
    }
  }
  return loadConfig({
    ...(options.config === undefined ? {} : { file: options.config }),
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    env,
    overrides,
    problems,
    trades,
    algorithms: BUILT_IN_ALGORITHMS,
    readFile: (path) => textOf(resolve(folder, path)),
  });
}

/** Settings that are broken keep nobody from a store whose file is named. */
export function storeFileOf(options: StoreOptions, io: Io): string {
  if (options.store !== undefined) return resolve(io.folder, options.store);
  const { storeFile } = settingsOf(options, io).config.engine;
  if (storeFile !== null) return resolve(io.folder, storeFile);
  throw new InputError('a store is named', 'none', 'give --store FILE, or set engine.storeFile');
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return null;
    throw thrown;
  }
}
