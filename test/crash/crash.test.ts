/** The real engine, built, on a real file, killed with SIGKILL; the command is `npm run crash`. */
import { execFileSync, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import process from 'node:process';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CampaignReport } from './campaign.ts';
import { CRASH_POINTS } from './crash-points.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const MAIN = resolve(ROOT, 'node_modules/.cache/depthwalker-crash/test/crash/main.js');
const PATIENCE_MS = 600_000;

function crash(...options: readonly string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [MAIN, ...options], {
    encoding: 'utf8',
  });
  return { stdout, stderr, status };
}

const reportOf = ({ stdout, stderr }: { stdout: string; stderr: string }): CampaignReport => {
  if (!stdout.startsWith('{')) throw new Error(stderr);
  return JSON.parse(stdout) as CampaignReport;
};

beforeAll(() => {
  execFileSync('npx', ['tsc', '-p', 'test/crash/tsconfig.json'], { cwd: ROOT, stdio: 'pipe' });
}, PATIENCE_MS);

describe('an engine that is killed with SIGKILL', { timeout: PATIENCE_MS }, () => {
  it('loses, doubles and orphans no order, at 50 instants and at every crash point', () => {
    const done = crash('--cycles', '50', '--json');
    const report = reportOf(done);
    expect(report.violations).toEqual([]);
    expect(report.missed).toEqual([]);
    expect(done.status).toBe(0);
    expect(report.cycles).toBeGreaterThanOrEqual(50);
    expect(Object.keys(report.points)).toEqual(CRASH_POINTS.map(({ name }) => name));
    expect(report.orders).toBeGreaterThan(20);
    expect(report.fills).toBeGreaterThan(20);
    expect(report.resumed).toBeGreaterThan(5);
    const atPoints = Object.values(report.points).reduce((sum, count) => sum + count, 0);
    expect(atPoints).toBeLessThan(report.cycles);
  });

  it('would be caught if it sent before its intents are durable', () => {
    const broken = ['--mutant', 'orders are sent before they are durable'];
    // Twenty kills in real time may all miss the moment; not four times over.
    const isCaught = ['1', '2', '3', '4'].some((seed) => {
      const done = crash('--cycles', '20', '--seed', seed, '--json', ...broken);
      const { violations } = reportOf(done);
      if (violations.length > 0) expect(done.status).toBe(1);
      return violations.some((line) => line.startsWith('orphan: '));
    });
    expect(isCaught).toBe(true);
  });
});

describe('npm run crash', () => {
  it('says what it does, and refuses what it does not know', () => {
    expect(crash('--help').stdout).toContain('--cycles N');
    const refused = crash('--cycles', 'many');
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toContain('--cycles takes a whole number of at least 1, was "many"');
    expect(crash('--mutant', 'none').stderr).toContain('no such mutant: "none"');
  });
});
