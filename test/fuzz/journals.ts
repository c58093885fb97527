/** Journals of executions that lived, in a simulated market: many kinds of rows are in them. */
import type { JournalRecord } from '../../src/domain/records.ts';
import { seededRandom } from '../../src/env/seeded-random.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { simulatedExchange } from '../../src/venues/paper/simulated-exchange.ts';
import { paper } from '../../src/venues/paper/venue.ts';
import { START_MS, startRig } from '../support/rig.ts';

export async function journals(): Promise<readonly (readonly JournalRecord[])[]> {
  const clock = new VirtualClock(START_MS);
  const random = seededRandom('journals');
  const markets = [{ symbol: 'SIM-A', category: 'liquid' }] as const;
  const source = simulatedExchange({ random: random.fork('sim'), markets, startMs: START_MS });
  const venue = paper({ clock, random: random.fork('venue'), source });
  const rig = await startRig({ venue, clock });
  await rig.pass(3_000);
  const base = { venue: 'paper', market: 'SIM-A', quantity: '200', limitPrice: '0.99' };
  for (const algorithm of [
    { name: 'simple_limit', price: 'join' },
    { name: 'dynamic_depth_walker' },
  ])
    rig.execute({ ...base, algorithm, timeLimitMs: 2_500 });
  await rig.settle();
  venue.stop();
  rig.runtime.stop();
  return rig.records.map(({ id }) => rig.store.inputsOf(id));
}
