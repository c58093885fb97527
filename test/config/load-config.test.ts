import { describe, expect, it } from 'vitest';
import { FILE, load } from './given.ts';

describe('the defaults', () => {
  const { sources } = load();

  it('are all there, and say so', () => {
    expect(new Set(Object.values(sources))).toEqual(new Set(['default']));
    expect(Object.keys(sources).length).toBeGreaterThan(30);
  });
});

describe('precedence', () => {
  const files = {
    [FILE]: {
      run: { seed: 'file', market: 'file', atMs: 1, quantity: '1', timeLimitMs: 1 },
      profiles: { fast: { run: { market: 'profile', atMs: 2, quantity: '2', timeLimitMs: 2 } } },
    },
    '.env': ['AT_MS=3', 'QUANTITY=3', 'TIME_LIMIT_MS=3']
      .map((line) => `DEPTHWALKER__RUN__${line}`)
      .join('\n'),
  };
  const env = { DEPTHWALKER__RUN__QUANTITY: '4', DEPTHWALKER__RUN__TIME_LIMIT_MS: '4' };
  const overrides = [{ path: 'run.timeLimitMs', value: 5, source: '--time-limit' }];

  it('defaults < file < profile < .env < environment < options', () => {
    const { config, sources } = load({ files, env, overrides, profile: 'fast' });
    expect(config.run).toMatchObject({
      side: null,
      seed: 'file',
      market: 'profile',
      atMs: 3,
      quantity: '4',
      timeLimitMs: 5,
    });
    const of = (key: string): string | undefined => sources[`run.${key}`];
    expect(['side', 'seed', 'market', 'atMs', 'quantity', 'timeLimitMs'].map(of)).toEqual([
      'default',
      `${FILE}:1:9`,
      expect.stringMatching(/^depthwalker\.config\.json:1:\d+ \(profile fast\)$/),
      'DEPTHWALKER__RUN__AT_MS in .env',
      'DEPTHWALKER__RUN__QUANTITY',
      '--time-limit',
    ]);
  });

  it('a profile counts only where it is chosen: by an option before a variable', () => {
    const two = { [FILE]: { profiles: { a: { run: { seed: 'a' } }, b: { run: { seed: 'b' } } } } };
    const seedOf = (given: Parameters<typeof load>[0]): string =>
      load({ files: two, ...given }).config.run.seed;
    expect(seedOf({})).toBe('1');
    expect(seedOf({ env: { DEPTHWALKER__PROFILE: 'b' } })).toBe('b');
    expect(seedOf({ env: { DEPTHWALKER__PROFILE: 'b' }, profile: 'a' })).toBe('a');
    expect(seedOf({ files: { ...two, '.env': 'DEPTHWALKER__PROFILE=a' } })).toBe('a');
  });

  it('a value of several parts is replaced as a whole', () => {
    const feed = { kind: 'fixed', ms: 5 };
    const files1 = { [FILE]: { venues: { paper: { latency: { feed } } } } };
    expect(load({ files: files1 }).config.venues.paper.latency.feed).toEqual(feed);
  });
});

describe('the file', () => {
  it('may be missing where nobody named it, and may begin with a mark of its encoding', () => {
    expect(load({ files: {} }).config.run.seed).toBe('1');
    const files = { [FILE]: `\uFEFF${JSON.stringify({ run: { seed: 'x' } })}` };
    expect(load({ files }).config.run.seed).toBe('x');
  });

  it('may be named, and then the usual one is not read', () => {
    const files = { [FILE]: { run: { seed: 'usual' } }, 'bot.json': { run: { seed: 'bot' } } };
    expect(load({ files, file: 'bot.json' }).config.run.seed).toBe('bot');
  });

  it('sets parameters of algorithms', () => {
    const seen: unknown[] = [];
    const walker = { name: 'walker_1', parameters: (given: object) => seen.push(given) };
    const files = { [FILE]: { algorithms: { walker_1: { maxWalks: 5, splitRatios: [1] } } } };
    const { config } = load({ files, algorithms: [walker] });
    expect(config.algorithms).toEqual({ walker_1: { maxWalks: 5, splitRatios: [1] } });
    expect(seen).toEqual([{ maxWalks: 5, splitRatios: [1] }]);
  });
});

describe('environment variables', () => {
  const configOf = (env: Readonly<Record<string, string>>) =>
    load({ env, algorithms: [{ name: 'depth_walker', parameters: () => null }] }).config;

  it('nest by two underscores and spell camel case with one', () => {
    const { limits, venues } = configOf({
      DEPTHWALKER__LIMITS__MAX_ORDER_QUANTITY: '500',
      DEPTHWALKER__LIMITS__maxOpenOrders: '7',
      DEPTHWALKER__VENUES__PAPER__FILL_MODEL__CREDIT_TTL_MS: '10',
    });
    expect(limits).toMatchObject({ maxOrderQuantity: '500', maxOpenOrders: 7 });
    expect(venues.paper.fillModel.creditTtlMs).toBe(10);
  });

  it('are read as their setting wants it', () => {
    const { engine, run, venues } = configOf({
      DEPTHWALKER__ENGINE__MAX_SLIPPAGE_TICKS: 'null',
      DEPTHWALKER__ENGINE__STORE_FILE: 'null',
      DEPTHWALKER__RUN__SEED: '7',
      DEPTHWALKER__RUN__REALTIME: 'true',
      DEPTHWALKER__VENUES__PAPER__LATENCY__ENTRY: '{"kind":"fixed","ms":3}',
    });
    expect(engine).toMatchObject({ maxSlippageTicks: null, storeFile: null });
    expect(run).toMatchObject({ seed: '7', realtime: true });
    expect(venues.paper.latency.entry).toEqual({ kind: 'fixed', ms: 3 });
  });

  it('reach the parameters of an algorithm', () => {
    expect(configOf({ DEPTHWALKER__ALGORITHMS__DEPTH_WALKER__MAX_WALKS: '5' }).algorithms).toEqual({
      depth_walker: { maxWalks: '5' },
    });
  });

  it('of others are left alone', () => {
    expect(configOf({ DEPTHWALKER_HOME: 'x', PATH: 'y', MY__LIMITS: 'z' })).toEqual(configOf({}));
  });
});
