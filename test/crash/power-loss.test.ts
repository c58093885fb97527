/**
 * Power cuts without number: `POWER_CUTS=10000 POWER_SEED=7 npx vitest run test/crash/power-loss`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { seededRandom } from '../../src/env/seeded-random.ts';
import { afterPowerLoss, DAMAGES, firstDifference } from './disk.ts';
import { cutOnce, judge, recordMoments } from './power-loss.ts';

const CUTS = Number(process.env['POWER_CUTS'] ?? 400);
const SEED = process.env['POWER_SEED'] ?? 1;

/** Few pages a checkpoint, so that a short life has many. */
const CHECKPOINTS = 'wal_autocheckpoint = 40';

function verdicts(cuts: number, settings: readonly string[]): Map<string, number> {
  const random = seededRandom(SEED).fork(settings.join());
  const folder = mkdtempSync(join(tmpdir(), 'power-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const moments = recordMoments(folder, { commits: 60, settings, random: random.fork('turns') });
  expect(moments.filter(({ isCheckpoint }) => isCheckpoint).length).toBeGreaterThan(2);
  const found = new Map<string, number>();
  for (let cut = 0; cut < cuts; cut += 1) {
    const verdict = judge(cutOnce(moments, random.fork(`cut ${cut}`)), folder);
    const kind = verdict.startsWith('lost') ? 'lost' : verdict;
    found.set(kind, (found.get(kind) ?? 0) + 1);
  }
  return found;
}

describe('a power cut', () => {
  it(`loses no acknowledged commit and breaks no file, ${CUTS} times`, () => {
    expect(Object.fromEntries(verdicts(CUTS, [CHECKPOINTS]))).toEqual({ whole: CUTS });
  });

  it('would lose commits if they were not synced (NORMAL), but only the newest', () => {
    const found = verdicts(60, [CHECKPOINTS, 'synchronous = normal']);
    expect([...found.keys()].toSorted()).toEqual(['lost', 'whole']);
    expect(found.get('lost')).toBeGreaterThan(10);
  });
});

describe('the disk of the model', () => {
  const synced = Buffer.alloc(2_000, 1);
  const written = Buffer.concat([synced, Buffer.alloc(3_000, 2)]);

  it.each(DAMAGES)('%s: keeps what was synced, and not always the rest', (damage) => {
    let harmed = 0;
    for (let seed = 0; seed < 50; seed += 1) {
      const left = afterPowerLoss(synced, written, seededRandom(seed), damage);
      expect(left.subarray(0, synced.length).equals(synced)).toBe(true);
      expect(left.length).toBeLessThanOrEqual(written.length);
      if (!left.equals(written)) harmed += 1;
    }
    expect(harmed).toBeGreaterThan(25);
  });

  it('finds the first byte that differs', () => {
    const pairs = [
      ['ab', 'ab'],
      ['ab', 'abc'],
      ['ab', 'ac'],
      ['', 'a'],
    ] as const;
    const at = pairs.map(([left, right]) => firstDifference(Buffer.from(left), Buffer.from(right)));
    expect(at).toEqual([-1, 2, 1, 0]);
  });
});
