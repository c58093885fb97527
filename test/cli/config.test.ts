import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configJsonSchema } from '../../src/config/json-schema.ts';
import { cli, cliIn, fixtureTape, newFolder, sessionOf } from './cli.ts';

const FILE = 'depthwalker.config.json';

const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

function folderWith(files: Readonly<Record<string, unknown>>): string {
  const folder = newFolder();
  for (const [name, content] of Object.entries(files))
    writeFileSync(
      join(folder, name),
      typeof content === 'string' ? content : JSON.stringify(content),
    );
  return folder;
}

describe('depthwalker config', () => {
  const files = {
    [FILE]: { limits: { maxPosition: '500' }, profiles: { fast: { run: { timeLimitMs: 9_000 } } } },
    '.env': 'DEPTHWALKER__RUN__SEED=from-env-file\n',
  };
  const env = { DEPTHWALKER__LOG__LEVEL: 'silent' };

  it('prints every setting with its value and source', async () => {
    const folder = folderWith(files);
    const { code, out, err } = await cliIn({ folder, env }, 'config', '--profile', 'fast');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const lines = out.split('\n').map((line) => line.split(/ {2,}/));
    expect(lines).toContainEqual(['setting', 'value', 'source']);
    expect(lines).toContainEqual(['limits.maxPosition', '"500"', `${FILE}:1:12`]);
    expect(lines).toContainEqual(['run.seed', '"from-env-file"', 'DEPTHWALKER__RUN__SEED in .env']);
    expect(lines).toContainEqual(['log.level', '"silent"', 'DEPTHWALKER__LOG__LEVEL']);
    expect(lines).toContainEqual(['run.timeLimitMs', '9000', matching(/:1:\d+ \(profile fast\)$/)]);
    expect(lines).toContainEqual(['engine.tag', '"dw"', 'default']);
  });

  it('prints the same for machines', async () => {
    const { out } = await cliIn({ folder: folderWith(files), env }, 'config', '--json');
    const { config, sources } = JSON.parse(out) as Record<string, Record<string, unknown>>;
    expect(config).toMatchObject({ limits: { maxPosition: '500' }, log: { level: 'silent' } });
    expect(sources).toMatchObject({ 'run.timeLimitMs': 'default' });
  });

  it('prints the schema', async () => {
    expect(JSON.parse((await cli('config', '--schema')).out)).toEqual(configJsonSchema());
  });

  it('checks: says that all is good, or lists every error and exits with 2', async () => {
    expect(await cliIn({ folder: folderWith(files), env }, 'config', '--check')).toEqual({
      code: 0,
      out: matching(/^good: 3 of \d+ settings were given\n$/),
      err: '',
    });
    const folder = folderWith({
      [FILE]: '{\n "limits": {"maxPositon": "5"},\n "run": {"realtime": 0}}',
    });
    expect(await cliIn({ folder }, 'config', '--check')).toEqual({
      code: 2,
      out: '',
      err: `\
depthwalker: 2 errors in the settings
  ${FILE}:2:13: limits.maxPositon is no setting; did you mean maxPosition?
  ${FILE}:3:10: run.realtime must be true or false, was 0; the default is false
`,
    });
  });

  it('tells a single error in one line', async () => {
    const { code, err } = await cli('config', '--config', 'no.json');
    expect(code).toBe(2);
    expect(err).toBe('depthwalker: no.json: the file must exist; name another with --config\n');
  });

  it('does not take a folder for a file', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, FILE));
    const { code, err } = await cliIn({ folder }, 'config');
    expect(code).toBe(2);
    expect(err).toMatch(/the file must be readable; EISDIR/);
  });

  it('does not obey what a file writes to the terminal', async () => {
    const folder = folderWith({ [FILE]: { run: { '\u001b[2Jx\n': 1 } } });
    const { err } = await cliIn({ folder }, 'config');
    expect(err).not.toContain('\u001b');
    expect(err.trimEnd()).not.toContain('\n');
  });
});

describe('depthwalker run', () => {
  const quick = ['--count', '1', '--json', '--quiet', '--market', 'SIM-LIQUID-1', '--side', 'yes'];
  const TOUCH = ['--algorithm', 'simple_limit:price=touch'];
  const ranIn = async (folder: string, ...argv: readonly string[]) => {
    const ran = await cliIn({ folder }, 'run', ...quick, ...argv);
    if (ran.code !== 0) throw new Error(ran.err);
    return sessionOf(ran);
  };

  it('takes from the configuration what no option says', async () => {
    const run = { seed: 's', quantity: '7', action: 'buy', algorithm: 'simple_limit', atMs: 3_000 };
    const folder = folderWith({ [FILE]: { run, engine: { tag: 'bot', storeFile: null } } });
    const { seed, executions } = await ranIn(folder);
    expect(seed).toBe('s');
    expect(executions[0]).toMatchObject({
      id: matching(/^bot-/),
      algorithm: 'simple_limit',
      targetQuantity: '7.00',
      startedAtMs: 1_800_000_003_000,
    });
    const other = await ranIn(folder, '--seed', 'x', '--quantity', '8', '--at', '4');
    expect(other.seed).toBe('x');
    expect(other.executions[0]).toMatchObject({
      targetQuantity: '8.00',
      startedAtMs: 1_800_000_004_000,
    });
  });

  it('obeys the limits of the configuration', async () => {
    const folder = folderWith({ [FILE]: { limits: { maxOrderQuantity: '5' } } });
    const callsFor = async (quantity: string) => {
      const { executions } = await ranIn(folder, '--quantity', quantity, ...TOUCH);
      return executions[0]?.calls;
    };
    expect(await callsFor('6')).toBe(0);
    expect(await callsFor('5')).toBeGreaterThan(0);
  });

  it('gives algorithms the parameters of the configuration, below their own', async () => {
    const algorithms = { simple_limit: { price: 'touch', timeoutMs: 4_000 } };
    const folder = folderWith({ [FILE]: { algorithms } });
    const tookOf = async (algorithm: string) => {
      const limit = ['--action', 'buy', '--limit', '0.01', '--algorithm', algorithm];
      const { executions } = await ranIn(folder, ...limit);
      const [execution] = executions;
      return (execution?.endedAtMs ?? 0) - (execution?.startedAtMs ?? 0);
    };
    expect(await tookOf('simple_limit')).toBeLessThan(5_000);
    const own = await tookOf('simple_limit:timeoutMs=9000');
    expect(own).toBeGreaterThan(8_000);
    expect(own).toBeLessThan(10_000);
  });

  it('refuses parameters that no algorithm has, where they stand', async () => {
    const folder = folderWith({ [FILE]: { algorithms: { simple_limit: { prise: 'touch' } } } });
    const { code, err } = await cliIn({ folder }, 'run', ...quick);
    expect(code).toBe(2);
    expect(err).toMatch(/config\.json:1:\d+: algorithms\.simple_limit .* was "prise"; it knows/);
  });

  it('keeps its journal where the configuration says', async () => {
    const folder = folderWith({});
    const storeFile = join(folder, 'a.db');
    writeFileSync(join(folder, FILE), JSON.stringify({ engine: { storeFile } }));
    const idOf = async () => (await ranIn(folder)).executions[0]?.id;
    expect(await idOf()).not.toBe(await idOf());
  });

  it('tells the errors of the options with those of the file', async () => {
    const folder = folderWith({ [FILE]: { run: { count: 0 } } });
    const { code, err } = await cliIn({ folder }, 'run', '--at', '-1', '--time-limit', 'soon');
    expect(code).toBe(2);
    expect(err.trimEnd().split('\n')).toEqual([
      'depthwalker: 3 errors in the settings',
      matching(/^ {2}option: --at must not lie in the past, was "-1"; /),
      matching(/^ {2}option: --time-limit must be a number of seconds, was "soon"; /),
      matching(/^ {2}depthwalker\.config\.json:1:9: run\.count must be /),
    ]);
  });

  it('trades at a venue as slow as the configuration says', async () => {
    const slow = { kind: 'fixed', ms: 2_000 };
    const tookWith = async (paper: object) => {
      const folder = folderWith({ [FILE]: { venues: { paper } } });
      const crossing = ['--action', 'buy', '--limit', '0.90', '--algorithm', 'simple_limit'];
      const { executions } = await ranIn(folder, '--quantity', '5', ...crossing);
      return executions[0]?.fills.map(({ timeMs }) => timeMs - (executions[0]?.startedAtMs ?? 0));
    };
    const [usual] = (await tookWith({})) ?? [];
    const [late] = (await tookWith({ latency: { entry: slow } })) ?? [];
    expect(usual).toBeLessThan(1_000);
    expect(late).toBeGreaterThanOrEqual(2_000);
  });

  it('fills by the model it is given', async () => {
    const tape = ['--tape', fixtureTape('sixty-seconds.jsonl'), '--json', '--quiet'];
    const wish = [...tape, '--quantity', '400', '--algorithm', 'simple_limit:price=join'];
    const fillsOf = async (...argv: readonly string[]) => {
      const { executions } = sessionOf(await cli('run', ...wish, ...argv));
      return executions.flatMap(({ fills }) =>
        fills.map(({ timeMs, quantity }) => [timeMs, quantity]),
      );
    };
    const usual = await fillsOf();
    expect(await fillsOf('--fill-model', 'probabilistic')).toEqual(usual);
    expect(await fillsOf('--fill-model', 'optimistic')).not.toEqual(
      await fillsOf('--fill-model', 'conservative'),
    );
    expect((await cli('run', '--fill-model', 'lucky')).err).toMatch(
      /'lucky' is invalid. Allowed choices are conservative, probabilistic, optimistic/,
    );
  });
});
