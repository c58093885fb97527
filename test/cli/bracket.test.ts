import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { runCli } from '../../src/cli/program.ts';
import { configSchema } from '../../src/config/schema.ts';
import { ConservationCheck } from '../../src/replay/conservation.ts';
import { cli, fixtureTape, newFolder } from './cli.ts';

const TAPE = fixtureTape('sixty-seconds.jsonl');
const QUIET = fixtureTape('sixty-seconds-quiet.jsonl');
const TWO = ['--algorithm', 'dynamic_depth_walker', '--algorithm', 'simple_limit:price=join'];
const SHORT = ['--time-limit', '10', '--quantity', '200'];

const row = z.looseObject({
  executions: z.int(),
  fillRate: z.string(),
  averageAllInCents: z.string().nullable(),
  makerShare: z.string().nullable(),
});
const figures = {
  contests: z.array(
    z.strictObject({
      algorithm: z.string(),
      byMode: z.strictObject({ conservative: row, probabilistic: row, optimistic: row }),
    }),
  ),
  ranking: z.array(
    z.strictObject({
      algorithms: z.array(z.string()).length(2),
      centsApart: z.array(z.string().nullable()).length(3),
      identified: z.boolean().nullable(),
    }),
  ),
  identified: z.boolean().nullable(),
};
const outcome = z.strictObject({
  seed: z.string(),
  config: configSchema,
  tapes: z.array(
    z.strictObject({
      file: z.string(),
      markets: z.array(z.string()),
      signals: z.int(),
      ...figures,
    }),
  ),
  all: z.strictObject(figures),
  conservation: z.strictObject({ checked: z.int().positive(), violations: z.literal(0) }),
  interrupted: z.boolean(),
  engine: z.looseObject({ name: z.literal('depthwalker') }),
});

async function bracketed(...argv: readonly string[]) {
  const { code, out, err } = await cli('bracket', '--json', '--quiet', ...argv);
  if (code !== 0) throw new Error(err);
  return outcome.parse(JSON.parse(out));
}

describe('depthwalker bracket', () => {
  it('works the same signals in each mode, tape by tape, and counts them together', async () => {
    const { tapes, all } = await bracketed('--tape', TAPE, QUIET, ...TWO, ...SHORT);
    expect(tapes.map(({ file, signals }) => [file, signals])).toEqual([
      [TAPE, 3],
      [QUIET, 3],
    ]);
    for (const { contests, ranking } of tapes) {
      expect(contests).toHaveLength(2);
      expect(ranking).toHaveLength(1);
      for (const { byMode } of contests)
        for (const { executions } of Object.values(byMode)) expect(executions).toBe(3);
    }
    for (const { byMode } of all.contests)
      for (const mode of Object.values(byMode)) expect(mode.executions).toBe(6);
  });

  it('asks for nothing that run would not do', async () => {
    const wish = ['--tape', TAPE, '--count', '1', '--quantity', '400'];
    const how = ['--algorithm', 'simple_limit:price=join'];
    const { tapes } = await bracketed(...wish, ...how);
    for (const mode of ['conservative', 'probabilistic', 'optimistic'] as const) {
      const { out } = await cli('run', '--json', '--quiet', ...wish, ...how, '--fill-model', mode);
      const { summary } = JSON.parse(out) as { summary: readonly object[] };
      const { algorithm: _, liquidityCategory: __, ...alone } = row.parse(summary[0]);
      expect(tapes[0]?.contests[0]?.byMode[mode]).toMatchObject(alone);
    }
  });

  it('gives the same bytes again', async () => {
    const argv = ['bracket', '--tape', TAPE, ...TWO, ...SHORT, '--json'];
    expect(await cli(...argv)).toEqual(await cli(...argv));
  });

  it('takes a file of signals, by their own algorithms or by contestants', async () => {
    const path = join(newFolder(), 'signals.jsonl');
    const wish = { outcome: 'yes', action: 'buy', quantity: '20', limitPrice: '0.95' };
    const own = ['simple_limit', 'dynamic_depth_walker'].map((name) =>
      JSON.stringify({ ...wish, algorithm: { name }, timeLimitMs: 8_000 }),
    );
    writeFileSync(path, own.join('\n'));
    const argv = ['--tape', TAPE, '--signals', path];
    const alone = await bracketed(...argv);
    expect(namesOf(alone)).toEqual(['dynamic_depth_walker', 'simple_limit']);
    for (const { byMode } of alone.all.contests) expect(byMode.optimistic.executions).toBe(1);
    // Each worked another signal: that ranks nothing.
    expect(alone.all.identified).toBeNull();
    const contest = await bracketed(...argv, ...TWO);
    expect(namesOf(contest)).toEqual(['dynamic_depth_walker', 'simple_limit:price=join']);
    for (const { byMode } of contest.all.contests) expect(byMode.optimistic.executions).toBe(2);
  });

  const namesOf = ({ all }: z.infer<typeof outcome>) =>
    all.contests.map(({ algorithm }) => algorithm).toSorted();

  it('tells people: each tape as soon as it is done, then all, and how far it is', async () => {
    const { code, out, err } = await cli('bracket', '--tape', TAPE, QUIET, ...TWO, ...SHORT);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^\S*sixty-seconds\.jsonl: 3 signals on KXBTC15M\S+\nalgorithm .*executions/,
    );
    expect(out).toMatch(/filled cons\. +prob\. +opt\. +all-in cons\. .* as maker cons\. /);
    expect(out.match(/^Ranking: /gm)).toHaveLength(3);
    expect(out).toMatch(/^All 2 tapes\nalgorithm/m);
    expect(err).toMatch(/^tape 2 of 2: reading .*quiet\.jsonl$/m);
    expect(err).toMatch(/^ {2}session 6 of 6: optimistic, simple_limit:price=join$/m);
  });

  it('keeps no journal, whatever the configuration says', async () => {
    const folder = newFolder();
    const db = join(folder, 'a.db');
    writeFileSync(join(folder, 'c.json'), JSON.stringify({ engine: { storeFile: db } }));
    await bracketed('--tape', TAPE, '--config', join(folder, 'c.json'), ...SHORT, '--count', '1');
    expect(() => readFileSync(db)).toThrow(/ENOENT/);
  });
});

describe('an interruption', () => {
  it('leaves the tapes that are done, and says which one is not', async () => {
    const written = { out: '', err: '' };
    let interrupt = (): void => undefined;
    const code = await runCli(['bracket', '--tape', TAPE, QUIET, ...TWO, ...SHORT], {
      env: {},
      folder: newFolder(),
      stdout: { write: (text) => (written.out += text) },
      stderr: {
        write: (text) => {
          written.err += text;
          if (text.startsWith('tape 2 of 2')) interrupt();
        },
      },
      onInterrupt: (callback) => {
        interrupt = callback;
      },
    });
    expect(code).toBe(130);
    expect(written.err).toMatch(/interrupted: the tape at work is left out/);
    expect(written.out.match(/signals on KX/g)).toHaveLength(1);
    expect(written.out).toMatch(/all-in: cents per ordered contract/);
  });
});

describe('bad input', () => {
  it.each<readonly [string, readonly string[], RegExp]>([
    ['no tape', [], /required option '--tape <file...>' not specified/],
    ['a missing tape', ['--tape', TAPE, '/no/x'], /a readable file, was "\/no\/x"; correct/],
    ['a contestant twice', ['--tape', TAPE, ...TWO, ...TWO], /each contestant once, was "dynamic/],
    ['an algorithm', ['--tape', TAPE, '--algorithm', 'magic'], /no such algorithm, was "magic"/],
    ['a market', ['--tape', TAPE, '--market', 'X'], /no such market at paper, was "X"/],
    ['a late arrival', ['--tape', TAPE, '--at', '99'], /before the recording ends, 60.0 s/],
    ['a count', ['--tape', TAPE, '--count', '0'], /--count lies between 1 and 10000/],
    ['an option of run', ['--tape', TAPE, '--fill-model', 'optimistic'], /unknown option/],
  ])('%s', async (_, argv, rule) => {
    const { code, out, err } = await cli('bracket', '--quiet', ...argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(rule);
    expect(err.trimEnd()).not.toContain('\n');
  });
});

describe('what is not conserved', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('is named and the exit code', async () => {
    vi.spyOn(ConservationCheck.prototype, 'filled').mockImplementation(() => undefined);
    const { code, err } = await cli('bracket', '--tape', TAPE, '--quiet', '--count', '1');
    expect(code).toBe(3);
    expect(err).toMatch(/^violated: dw-/m);
  });
});
