/** How long a user wants books to be kept. */
import { describe, expect, it } from 'vitest';
import type { OpenStore } from '../../src/engine/create-engine.ts';
import { checkRetention, DEFAULT_RETENTION } from '../../src/engine/market/housekeeping.ts';
import { InputError } from '../../src/index.ts';
import { openStore } from '../../src/store/open-store.ts';
import { MarketFile } from '../store/market-file.ts';
import { storeFile } from '../store/store-file.ts';
import { live, signal, world } from '../support/embedded.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The halt file is looked at twice a second: in thirty days that is all there would be to do. */
const unpolled: OpenStore = (options) =>
  Object.defineProperty(openStore(options), 'haltFile', { value: undefined });

describe('retention', () => {
  it.each([
    { snapshotDays: 0 },
    { snapshotDays: Number.NaN },
    { snapshotDays: 0.5 },
    { snapshotDays: -7 },
    { snapshotDays: Number.POSITIVE_INFINITY },
    { snapshotDays: 36_501 },
    { snapshotDays: '7' as never },
    { batchRows: 0 },
    { batchRows: Number.NaN },
    { batchRows: 100_001 },
  ])('cannot be %o', async (retention) => {
    expect(() => checkRetention({ ...DEFAULT_RETENTION, ...retention })).toThrow(InputError);
    const [name = ''] = Object.keys(retention);
    await expect(world({ retention })).rejects.toThrow(
      `retention.${name} is a whole number from 1`,
    );
  });

  it.each([
    [7, {}],
    [2, { retention: { snapshotDays: 2 } }],
    [null, { retention: null }],
  ])('of an engine is %s days with %o', async (days, options) => {
    const file = storeFile();
    const market = new MarketFile(file);
    const bot = await live(
      await world({ store: { file }, reconcileMs: null, ...options }, unpolled),
    );
    const { result } = bot.engine.execute(signal({ timeLimitMs: 1_000 }));
    await bot.pass(2_000);
    await result;
    const count = market.snapshotTimes().length;
    expect(count).toBeGreaterThan(0);
    await bot.pass((days ?? 30) * DAY_MS);
    expect(market.snapshotTimes()).toHaveLength(count);
    await bot.pass(2 * HOUR_MS);
    const folded = market.hours().map(({ snapshots }) => snapshots);
    expect(folded).toEqual(days === null ? [] : [count]);
    expect(market.snapshotTimes()).toHaveLength(days === null ? count : 0);
    await bot.clock.settle(bot.engine.stop());
    expect(bot.clock.pending).toBe(0);
  });
});
