/** What risk knew when its process ended, and the next one must know, too. */
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { createEngine, type EngineOptions, type RiskLimits } from '../../src/index.ts';
import { storeFile } from '../store/store-file.ts';
import { resting, signal } from '../support/embedded.ts';
import { START_MS } from '../support/rig.ts';
import { ScriptedVenue } from '../support/scripted-venue.ts';

async function account(options: Partial<EngineOptions> = {}) {
  const clock = new VirtualClock(START_MS);
  const capabilities = { outlivesEngine: true };
  const venue = new ScriptedVenue({ clock, symbols: ['M', 'N'], capabilities });
  const file = storeFile();
  const pass = (ms: number) => clock.run({ untilMs: clock.wallMs() + ms });
  const start = async (market = 'M') => {
    const common = { venues: [venue], clock, algorithms: [resting], store: { file } };
    const engine = await createEngine({ ...common, ...options });
    engine.watch('script', market);
    await pass(100);
    venue.snapshot(market);
    await pass(2_000);
    return engine;
  };
  return { clock, venue, pass, start };
}

describe('a restart', () => {
  it.each<readonly [string, Partial<RiskLimits>, string]>([
    ['the budget', { budget: '9' }, 'budget: was 9.675, allowed 9'],
    [
      'the share of a category',
      { bankroll: '100', maxCategoryShare: '0.09' },
      'maxCategoryShare: was 0.09675, allowed 0.09',
    ],
  ])('counts what is held in a market that is listed no more: in %s', async (_, limits, reason) => {
    const { clock, venue, pass, start } = await account({ limits });
    const first = await start();
    first.execute(signal({ signalId: 'a' }));
    await pass(100);
    venue.fill(venue.calls[0]?.clientOrderId ?? '', 10);
    await pass(100);
    await clock.settle(first.stop());
    const listed = await venue.instruments();
    venue.instruments = () => Promise.resolve(listed.filter(({ symbol }) => symbol !== 'M'));
    const second = await start('N');
    const { result } = second.execute(signal({ signalId: 'b', market: 'N' }));
    await pass(100);
    expect((await result).reason).toContain(reason);
    await clock.settle(second.stop());
  });

  it('does not make the calls of the last minute undone', async () => {
    // Room for four calls: two orders and their cancels.
    const callLimits = { windowMs: 60_000, calls: 30, cancelReserve: 26 };
    const { clock, venue, pass, start } = await account({ callLimits });
    const first = await start();
    first.execute(signal({ signalId: 'a' }));
    first.execute(signal({ signalId: 'b' }));
    await pass(100);
    await clock.settle(first.stop());
    expect(venue.calls.map(({ kind }) => kind)).toEqual(['submit', 'submit', 'cancel', 'cancel']);
    const second = await start();
    const late = second.execute(signal({ signalId: 'c', timeLimitMs: 20_000 }));
    const told: string[] = [];
    late.updates$.subscribe((update) => told.push(JSON.stringify(update)));
    await pass(30_000);
    expect(venue.calls).toHaveLength(4);
    expect((await late.result).outcome).toBe('unfilled');
    // The minute of those calls, and what an intent may be late by, is over.
    await pass(30_000);
    second.execute(signal({ signalId: 'd' }));
    await pass(100);
    expect(venue.calls).toHaveLength(5);
    await clock.settle(second.stop());
  });
});
