/** What an engine is refused before anything is opened for it. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AlgorithmRegistry } from '../../src/algorithms/registry.ts';
import { decodeSignal, decodeWish } from '../../src/engine/execution/decode-signal.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { createEngine, type EngineOptions, InputError } from '../../src/index.ts';
import { storeFile } from '../store/store-file.ts';
import { centsInstrument } from '../support/cents.ts';
import { signal } from '../support/embedded.ts';
import { liveLimits } from '../support/live-limits.ts';
import { ScriptedVenue } from '../support/scripted-venue.ts';

describe('two venues', () => {
  it('of one name cannot be told apart: no engine, and no file', async () => {
    const clock = new VirtualClock();
    const file = storeFile();
    const venues = ['left', 'right', 'left'].map((name) => new ScriptedVenue({ clock, name }));
    const engine = createEngine({ venues, clock, store: { file } });
    await expect(engine).rejects.toThrow(
      'every venue has a name of its own, was "left"; rename one',
    );
    await expect(engine).rejects.toThrow(InputError);
    expect(existsSync(file)).toBe(false);
  });
});

describe('limits that would limit nothing', () => {
  it.each<readonly [string, Partial<EngineOptions>, string]>([
    [
      'a name that is mistyped',
      { limits: { maxDailyLos: '50' } as object },
      'limits has no such field, was "maxDailyLos"; it has maxOrderQuantity, ',
    ],
    [
      'a setting of the breaker, too',
      { breaker: { errorsInRow: 3 } as object },
      'breaker has no such field, was "errorsInRow"; it has errorsInARow, ',
    ],
    [
      'an age of what is never compared',
      { limits: { maxReconcileAgeMs: 60_000 }, reconcileMs: null },
      'maxReconcileAgeMs must be longer than reconcileMs (never), was 60000',
    ],
    [
      'one that is shorter than the period',
      { limits: { maxReconcileAgeMs: 30_000 } },
      'maxReconcileAgeMs must be longer than reconcileMs (30000), was 30000',
    ],
  ])('are refused: %s', async (_, options, message) => {
    const clock = new VirtualClock();
    const file = storeFile();
    const venues = [new ScriptedVenue({ clock })];
    const engine = createEngine({ venues, clock, store: { file }, ...options });
    await expect(engine).rejects.toThrow(message);
    await expect(engine).rejects.toThrow(InputError);
    expect(existsSync(file)).toBe(false);
  });
});

describe('a venue whose orders cost money', () => {
  const open = (limits: EngineOptions['limits']) => {
    const clock = new VirtualClock();
    const venue = new ScriptedVenue({ clock, capabilities: { realMoney: true } });
    return createEngine({ venues: [venue], clock, ...(limits === undefined ? {} : { limits }) });
  };
  const all = liveLimits(['M']);

  it("wants every limit: those of a paper account are nobody's decision", async () => {
    await expect(open(undefined)).rejects.toThrow('a live session needs every limit, was');
    const { maxDailyLoss: _, ...rest } = all;
    await expect(open(rest)).rejects.toThrow('was "without maxDailyLoss"');
  });

  it('is traded with all of them', async () => {
    const engine = await open(all);
    expect(engine.halts()).toEqual([]);
    await engine.stop();
  });
});

describe('a market without a payout', () => {
  it('has no NO side to trade', () => {
    const instrument = { ...centsInstrument('script', 'M'), payout: null };
    const algorithms = new AlgorithmRegistry();
    const wish = (outcome: 'yes' | 'no') =>
      decodeWish(
        decodeSignal(signal({ outcome, algorithm: { name: 'simple_limit' } })),
        instrument,
        algorithms,
      );
    expect(() => wish('no')).toThrow('M has no NO side, was "no"; use "yes"');
    expect(wish('yes')).toMatchObject({ outcome: 'yes', instrument: { symbol: 'M' } });
  });
});
