import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { InputError } from '../../src/domain/errors.ts';
import { errorOf, FILE, load, matching, problemsOf, walker } from './given.ts';

describe('a live venue', () => {
  const kalshi = { environment: 'demo', keyId: 'k', privateKeyFile: 'kalshi.pem' };

  it('wants every limit', () => {
    const limits = { maxPosition: '5', maxOpenOrders: 2 };
    const problems = problemsOf({ files: { [FILE]: { venues: { kalshi }, limits } } });
    const missing = Object.keys(load().config.limits)
      .filter((name) => !Object.hasOwn(limits, name))
      .map((name) => [`limits.${name}`, 'must be given for a live venue']);
    expect(missing.length).toBeGreaterThan(20);
    expect(problems.map(({ path, rule }) => [path, rule])).toEqual(missing);
  });

  it('that is not built yet says so, and wants every limit, too', () => {
    const problems = problemsOf({ files: { [FILE]: { venues: { alpaca: {} } } } });
    expect(problems[0]).toMatchObject({ path: 'venues.alpaca', rule: 'is not built yet' });
    expect(problems.length).toBeGreaterThan(20);
  });

  it('does not stand beside paper', () => {
    const venues = { kalshi, paper: { balance: '5' } };
    const rules = problemsOf({ files: { [FILE]: { venues } } }).map(({ rule }) => rule);
    expect(rules).toContainEqual(matching(/must not stand beside venues\.paper/));
  });
});

describe('a secret', () => {
  const SECRET = 'hunter2-hunter2';
  it.each<readonly [string, Parameters<typeof errorOf>[0]]>([
    ['in the file', { files: { [FILE]: { venues: { kalshi: { privateKey: SECRET } } } } }],
    ['anywhere in it', { files: { [FILE]: { bot: { a: { api_key: SECRET } } } } }],
    ['in a variable', { env: { DEPTHWALKER__VENUES__KALSHI__PRIVATE_KEY: SECRET } }],
    ['in .env', { files: { '.env': `DEPTHWALKER__SECRET=${SECRET}` } }],
  ])('%s is refused and never shown', (_, given) => {
    const error = errorOf(given);
    expect(error.message).toMatch(/is a secret: .*privateKeyFile/);
    expect(JSON.stringify(error.errors) + error.message).not.toContain(SECRET);
  });

  it('in place of something else is not shown either', () => {
    const key = '-----BEGIN RSA PRIVATE KEY-----\nMIIE';
    const { message } = errorOf({ files: { [FILE]: { log: { level: key } } } });
    expect(message).toMatch(/was a secret \(not shown\)/);
    expect(message).not.toContain('MIIE');
  });
});

it('all errors of all sources are told at once, in one InputError', () => {
  const error = errorOf({
    files: {
      [FILE]: { run: { seed: 1, count: -1 }, limits: { maxPositon: '5' } },
      '.env': 'DEPTHWALKER__LOG__LEVEL=loud',
    },
    env: { DEPTHWALKER__RUN__AT_MS: 'soon' },
    overrides: [
      { path: 'run.timeLimitMs', value: Number.NaN, source: '--time-limit' },
      { path: 'run.atMs', value: Number.POSITIVE_INFINITY, source: '--at' },
    ],
    profile: 'fast',
    problems: [{ path: '', source: 'option', rule: 'r', value: null, wayOut: 'w' }],
  });
  expect(error).toBeInstanceOf(InputError);
  expect(error.errors.map(({ source }) => source)).toEqual([
    'option',
    `${FILE}:1:9`,
    `${FILE}:1:18`,
    `${FILE}:1:40`,
    '--profile',
    'DEPTHWALKER__LOG__LEVEL in .env',
    'DEPTHWALKER__RUN__AT_MS',
    '--time-limit',
    '--at',
  ]);
  const [title, ...lines] = error.message.split('\n');
  expect(title).toBe('9 errors in the settings');
  expect(lines).toHaveLength(9);
  expect(lines[7]).toMatch(/^--time-limit: run.timeLimitMs must be a whole .*, was NaN; the /);
});

it('what is overridden is judged all the same', () => {
  const overrides = [{ path: 'run.count', value: 3, source: '--count' }];
  expect(problemsOf({ files: { [FILE]: { run: { count: 0 } } }, overrides })).toHaveLength(1);
  expect(load({ overrides }).config.run.count).toBe(3);
});

it('whatever stands in a file or in a variable: a configuration, or a ConfigError', () => {
  const known = Object.keys(load().sources);
  const names = fc.oneof(
    fc.constantFrom(...known.map((path) => path.replaceAll('.', '__'))),
    fc.constantFrom('', '__', 'LIMITS____MAX', 'ALGORITHMS__A__B', 'ALGORITHMS____PROTO____X'),
    fc.stringMatching(/^[A-Za-z_]{0,20}$/),
  );
  const texts = fc.oneof(fc.string(), fc.json(), fc.constantFrom('1', '5.5', 'true', 'null'));
  let taken = 0;
  fc.assert(
    fc.property(fc.json(), fc.dictionary(names, texts), (text, variables) => {
      const env = Object.fromEntries(
        Object.entries(variables).map(([name, value]) => [`DEPTHWALKER__${name}`, value]),
      );
      const files = { [FILE]: text.startsWith('{') ? text : '{}' };
      try {
        load({ files, env, algorithms: [walker] });
        taken += 1;
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(ConfigError);
      }
    }),
    { numRuns: 500 },
  );
  expect(taken).toBeGreaterThan(5);
  expect(Object.keys(Object.prototype)).toEqual([]);
});
