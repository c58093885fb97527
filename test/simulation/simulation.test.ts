/**
 * The whole engine in seeded worlds of faults, by two processes that run the same seeds: none may
 * break a rule, every rare thing must have been seen, and both must have seen the same.
 */
import { availableParallelism } from 'node:os';
import process from 'node:process';
import { beforeAll, describe, expect, it } from 'vitest';
import { build, simulate, totalsOf } from './built.ts';
import { FAULT_NAMES, NOT_MODELLED } from './faults.ts';
import { LEAST_IN_100, SOMETIMES_NAMES } from './sometimes.ts';
import type { Totals } from './totals.ts';

const SEEDS = Number(process.env['DEPTHWALKER_SEEDS'] ?? 300);
const MINUTES = 2;

/** Shared machines are slow at times: a limit is against what hangs, not a measure. */
const LIMIT_MS = 900_000;

beforeAll(build, LIMIT_MS);

describe(`${SEEDS} seeds of ${MINUTES} minutes`, () => {
  let runs: readonly Totals[];

  beforeAll(async () => {
    const threads = Math.max(1, Math.floor(availableParallelism() / 2));
    const run = (): Promise<Totals> =>
      totalsOf('--seeds', `${SEEDS}`, '--minutes', `${MINUTES}`, '--threads', `${threads}`);
    runs = await Promise.all([run(), run()]);
  }, LIMIT_MS);

  it('break no rule', () => {
    expect(runs.flatMap(({ found }) => found)).toEqual([]);
    expect(runs.map(({ seeds, violations }) => ({ seeds, violations }))).toEqual([
      { seeds: SEEDS, violations: 0 },
      { seeds: SEEDS, violations: 0 },
    ]);
  });

  it('are worth something: orders were placed and filled, processes died', () => {
    for (const { orders, fills, crashes } of runs) {
      expect(orders).toBeGreaterThan(10 * SEEDS);
      expect(fills).toBeGreaterThan(2 * SEEDS);
      expect(crashes).toBeGreaterThan(SEEDS / 4);
    }
  });

  it.each(SOMETIMES_NAMES)('saw often enough: %s', (name) => {
    const least = Math.max(1, (LEAST_IN_100 * SEEDS) / 100);
    expect(runs[0]?.sometimes[name]).toBeGreaterThanOrEqual(least);
  });

  it.each(FAULT_NAMES)('went wrong in this way: %s', (name) => {
    expect(runs[0]?.faults[name]).toBeGreaterThan(0);
  });

  it('leave the same trace in both processes', () => {
    expect(runs[0]?.traceHash).toMatch(/^[0-9a-f]{16}$/);
    expect(runs[1]).toEqual(runs[0]);
  });
});

describe('the command', () => {
  it(
    'ends with 1, and the line that it prints shows the same again',
    async () => {
      const lie = ['--minutes', '1', '--plant', 'overfill'];
      const { code, stderr } = await simulate('--seeds', '4', ...lie);
      expect(code).toBe(1);
      const line = /npm run simulate -- (.*)/.exec(stderr)?.[1] ?? '';
      expect(line).toContain('--plant overfill');
      const what = /seed \d+: (.*)\n(.*)/.exec(stderr)?.slice(1) ?? [];
      expect(what).toHaveLength(2);
      const again = await simulate(...line.split(' '));
      expect(again.code).toBe(1);
      for (const text of what) expect(again.stderr).toContain(text.trim());
    },
    LIMIT_MS,
  );

  it(
    'prints one object of JSON',
    async () => {
      const { code, stdout } = await simulate('--seeds', '3', '--minutes', '1', '--json');
      const totals = JSON.parse(stdout) as Totals;
      expect([code, totals.seeds, totals.minutes, totals.violations]).toEqual([0, 3, 3, 0]);
      expect(Object.keys(totals.sometimes)).toEqual(SOMETIMES_NAMES);
      expect(totals.traceHash).toMatch(/^[0-9a-f]{16}$/);
    },
    LIMIT_MS,
  );

  it(
    'explains itself, and refuses what it does not know with one line',
    async () => {
      const { code, stdout } = await simulate('--help');
      expect(code).toBe(0);
      for (const name of FAULT_NAMES) expect(stdout).toContain(name);
      for (const why of Object.values(NOT_MODELLED)) expect(stdout).toContain(why);
      for (const wrong of ['--seeds many', '--without gremlins', '--no-such', '--seed -1']) {
        const refused = await simulate(...wrong.split(' '));
        expect([refused.code, refused.stdout]).toEqual([2, '']);
        expect(refused.stderr.trim().split('\n')).toHaveLength(1);
      }
    },
    LIMIT_MS,
  );
});
