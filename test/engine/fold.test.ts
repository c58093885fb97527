/** The heart: an execution is its journal. Folded anew, every prefix gives the actor that lived. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/env/seeded-random.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { simulatedExchange } from '../../src/venues/paper/simulated-exchange.ts';
import { paper } from '../../src/venues/paper/venue.ts';
import { compareFolds } from '../support/engine-fold.ts';
import { hostileRun, hostileScript } from '../support/hostile.ts';
import { type Rig, START_MS, startRig } from '../support/rig.ts';

async function simulatedRun(seed: string): Promise<Rig> {
  const clock = new VirtualClock(START_MS);
  const random = seededRandom(seed);
  const markets = [
    { symbol: 'SIM-A', category: 'liquid' },
    { symbol: 'SIM-B', category: 'thin' },
  ] as const;
  const source = simulatedExchange({ random: random.fork('sim'), markets, startMs: START_MS });
  const venue = paper({ clock, random: random.fork('venue'), source });
  const rig = await startRig({ venue, clock });
  await rig.pass(3_000);
  const base = { venue: 'paper', quantity: '200', limitPrice: '0.99', timeLimitMs: 15_000 };
  const walker = { name: 'dynamic_depth_walker' };
  rig.execute({ ...base, market: 'SIM-A', algorithm: { name: 'simple_limit', price: 'join' } });
  rig.execute({ ...base, market: 'SIM-A', algorithm: walker });
  rig.execute({
    ...base,
    market: 'SIM-B',
    algorithm: walker,
    outcome: 'no',
    action: 'sell',
    limitPrice: '0.01',
  });
  await rig.pass(2_000);
  rig.execute({ ...base, market: 'SIM-B', algorithm: walker, quantity: '50' });
  await rig.settle();
  expect(venue.auditViolations()).toEqual([]);
  venue.stop();
  return rig;
}

describe('a fold gives the actor that lived', () => {
  it.each(['1', '2', '3', '4', '5', '6'])('on the simulated exchange, seed %s', async (seed) => {
    const rig = await simulatedRun(seed);
    const { compared, differences } = compareFolds(rig);
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(20);
    expect(rig.results.size).toBe(4);
  });

  it('on a hostile venue, whatever it does', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(hostileScript, async (script) => {
        const rig = await hostileRun(script);
        const folds = compareFolds(rig, 12);
        compared += folds.compared;
        expect(folds.differences).toEqual([]);
        expect(rig.runtime.outbox.isEmpty).toBe(true);
      }),
      { numRuns: 20 },
    );
    expect(compared).toBeGreaterThan(300);
  });
});
