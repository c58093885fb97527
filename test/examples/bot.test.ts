/** The example bot as its reader runs it: a program of its own, on the built package. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PositionView } from '../../src/index.ts';

const root = resolve(import.meta.dirname, '..', '..');
const bot = join(root, 'test', 'examples', 'bot.ts');
const run = promisify(execFile);

describe('the example bot', () => {
  let lines: readonly string[] = [];
  beforeAll(async () => {
    const options = { cwd: root, maxBuffer: 64e6 };
    const { stdout } = await run('node', ['--import', 'tsx', bot, 'a seed'], options);
    lines = stdout.trim().split('\n');
  });

  it('fits into 80 lines', () => {
    expect(readFileSync(bot, 'utf8').trimEnd().split('\n').length).toBeLessThan(80);
  });

  it.each(['entry', 'profit lock', 'stop loss', 'arbitrage', 'inventory'])(
    'applies: %s',
    (rule) => {
      expect(lines.filter((line) => line.startsWith(`${rule}: `)).length).toBeGreaterThan(0);
    },
  );

  it('knows its positions as its venues do, and leaves nothing under way', () => {
    const [positions, east, west] = lines.slice(-3).map((line): unknown => JSON.parse(line));
    const held = (positions as readonly PositionView[]).flatMap(({ venue, market, yes, no }) => {
      // A lot is a hundredth of a contract.
      const quantity = Math.round((Number(yes.quantity) - Number(no?.quantity)) * 100);
      return quantity === 0 ? [] : [{ venue, symbol: market, quantity }];
    });
    const listed = (venue: string, all: unknown) =>
      (all as readonly object[]).map((one) => ({ venue, ...one }));
    const truth = [...listed('east', east), ...listed('west', west)];
    expect(held).toHaveLength(truth.length);
    expect(held).toEqual(expect.arrayContaining(truth));
    expect(truth.length).toBeGreaterThan(2);
    for (const { pending } of positions as readonly PositionView[])
      expect(Object.values(pending)).toEqual(['0.00', '0.00', '0.00', '0.00']);
  });
});
