/** Settings from a file and from the environment: all that is wrong is said, or all is taken. */
import { isDeepStrictEqual } from 'node:util';
import { BUILT_IN_ALGORITHMS } from '../../src/algorithms/registry.ts';
import { ConfigError } from '../../src/config/config-error.ts';
import { type LoadedConfig, loadConfig } from '../../src/config/load-config.ts';
import { claim, type Target, type Verdict } from './target.ts';

const FILE = 'depthwalker.config.json';

interface Given {
  readonly file?: unknown;
  readonly env?: unknown;
  readonly dotEnv?: unknown;
}

const FIXTURES: readonly Given[] = [
  {
    file: {
      limits: { maxOrderQuantity: '500', maxOrderNotional: '250.50', maxOpenOrders: 5 },
      callLimits: {
        windowMs: 1_000,
        calls: 5,
        cancelReserve: 1,
        also: [{ windowMs: 60_000, calls: 90, cancelReserve: 10 }],
      },
      algorithms: { simple_limit: { price: 'join' }, dynamic_depth_walker: { maxWalks: 4 } },
      run: { seed: 'a', count: 3, market: null },
    },
    env: {},
  },
  {
    file: {
      engine: { storeFile: 'bot.db', confirmation: { restingMs: 30_000, endingMs: 5_000 } },
      venues: { paper: { fillModel: { mode: 'probabilistic', stress: null } } },
      profiles: { fast: { run: { realtime: false } }, slow: { retention: { snapshotDays: null } } },
    },
    env: { DEPTHWALKER__PROFILE: 'fast', DEPTHWALKER__LIMITS__MAX_POSITION: '100' },
  },
  {
    env: {
      DEPTHWALKER__LIMITS__MAX_ORDER_QUANTITY: '12.5',
      DEPTHWALKER__CALL_LIMITS__CALLS: '60',
      DEPTHWALKER__ALGORITHMS__SIMPLE_LIMIT__TIMEOUT_MS: '5000',
      DEPTHWALKER__RUN__REALTIME: 'true',
      PATH: '/bin',
    },
    dotEnv: 'DEPTHWALKER__LOG__LEVEL=info\nDEPTHWALKER__RUN__COUNT="7"\n# a word\n',
  },
];

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** As a process has them: names and texts. */
const environmentOf = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(recordOf(value)).map(([name, text]) => [
      name,
      typeof text === 'string' ? text : (JSON.stringify(text) ?? ''),
    ]),
  );

function load(
  file: string | null,
  env: Record<string, string>,
  dotEnv: string | null,
): LoadedConfig {
  const texts = new Map([
    [FILE, file],
    ['.env', dotEnv],
  ]);
  const readFile = (path: string): string | null => texts.get(path) ?? null;
  return loadConfig({ env, algorithms: BUILT_IN_ALGORITHMS, readFile });
}

function judge(input: unknown, text: string): Verdict {
  const { file, env, dotEnv } = recordOf(input) as Given;
  try {
    const loaded = load(
      file === undefined ? null : text,
      environmentOf(env),
      typeof dotEnv === 'string' ? dotEnv : null,
    );
    // What was understood, written down and read again, is understood as the same.
    const again = load(JSON.stringify(loaded.config), {}, null);
    claim(
      isDeepStrictEqual(again.config, loaded.config),
      'a configuration reads as it was written',
    );
    return 'valid';
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    claim(thrown.errors.length > 0, 'an error says what is wrong');
    return 'rejected';
  }
}

export const config: Target = {
  name: 'config',
  weight: 15,
  textOf: (value) => JSON.stringify(recordOf(value)['file']) ?? 'null',
  prepare: () => ({ fixtures: FIXTURES, judge }),
};
