/**
 * Law 1, counted four times after every turn: by the ledger, the rows, the venue and the exposure.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/env/seeded-random.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { conservationFault } from '../../src/ledger/quantity.ts';
import { simulatedExchange } from '../../src/venues/paper/simulated-exchange.ts';
import { type PaperVenue, paper } from '../../src/venues/paper/venue.ts';
import { hostileRun, hostileScript } from '../support/hostile.ts';
import { type Rig, START_MS, startRig } from '../support/rig.ts';
import type { ScriptedVenue } from '../support/scripted-venue.ts';

/** What is wrong with the executions of a rig at this instant; empty when all is well. */
function faultsIn(rig: Rig, filledAtVenue: (clientOrderId: string) => number): readonly string[] {
  const faults: string[] = [];
  for (const record of rig.runtime.records.values()) {
    const actor = rig.runtime.hostOf(record.wish.instrument.symbol).execution(record.id);
    if (actor === null) continue;
    const { quantity } = actor.getSnapshot().context;
    const fault = conservationFault(quantity);
    if (fault !== null) faults.push(fault);
    const row = rig.store.execution(record.id)?.state;
    const { filled, working, inDoubt, unreleased } = quantity;
    const rowed = [row?.filledLots, row?.workingLots, row?.inDoubtLots, row?.unreleasedLots].join();
    if (row !== undefined && rowed !== [filled, working, inDoubt, unreleased].join())
      faults.push(`${record.id}: the row has ${rowed}`);
    const booked = record.fills.reduce((sum, fill) => sum + fill.quantity, 0);
    if (booked !== filled) faults.push(`${record.id}: ${booked} booked, ${filled} in the ledger`);
    for (const id of [...record.orders.values()].flatMap((order) => order.clientOrderIds))
      if (record.filledBy(id) > filledAtVenue(id)) faults.push(`${id}: more than at the venue`);
  }
  return faults;
}

function isReleased(rig: Rig, market: string): void {
  const { ledger } = rig.runtime;
  const buys = ledger.totals(market, 1);
  expect([buys.executions, buys.notional.toString()]).toEqual([0, '0']);
  const held = rig.records.filter(({ wish }) => wish.instrument.symbol === market);
  const sum = held.reduce((total, { fills, wish }) => {
    const filled = fills.reduce((lots, fill) => lots + fill.quantity, 0);
    return total + ((wish.outcome === 'yes') === (wish.signal.action === 'buy') ? filled : -filled);
  }, 0);
  expect(buys.positionLots).toBe(sum);
}

describe('quantity is conserved', () => {
  it('on a hostile venue, after every turn', async () => {
    let turns = 0;
    await fc.assert(
      fc.asyncProperty(hostileScript, async (script) => {
        const seen: { rig?: Rig; venue?: ScriptedVenue } = {};
        const faults: string[] = [];
        const rig = await hostileRun(
          script,
          (given, venue) => {
            seen.rig = given;
            seen.venue = venue;
          },
          {
            onTurn: () => {
              turns += 1;
              const { venue } = seen;
              // A fill that was taken back is still ours until we hear of it: ask of all ever made.
              const made = (id: string): number => venue?.everFilled.get(id) ?? 0;
              if (seen.rig !== undefined) faults.push(...faultsIn(seen.rig, made));
            },
          },
        );
        expect(faults).toEqual([]);
        isReleased(rig, 'M');
        expect(seen.venue?.resting()).toEqual([]);
        expect(rig.results.size).toBe(script.quantities.length);
        for (const result of rig.results.values())
          expect(Number(result.filledQuantity)).toBeLessThanOrEqual(Number(result.targetQuantity));
      }),
      { numRuns: 25 },
    );
    expect(turns).toBeGreaterThan(1_000);
  });

  it.each(['a', 'b', 'c', 'd'])('on the simulated exchange, seed %s', async (seed) => {
    const clock = new VirtualClock(START_MS);
    const random = seededRandom(seed);
    const markets = [{ symbol: 'SIM-A', category: 'liquid' }] as const;
    const source = simulatedExchange({ random: random.fork('sim'), markets, startMs: START_MS });
    const venue: PaperVenue = paper({ clock, random: random.fork('venue'), source });
    const faults: string[] = [];
    const seen: { rig?: Rig } = {};
    const filled = async () => (await venue.fillsSince(null)).fills;
    const onTurn = (): void => {
      if (seen.rig !== undefined) faults.push(...faultsIn(seen.rig, () => Infinity));
    };
    const rig = await startRig({ venue, clock, onTurn });
    seen.rig = rig;
    await rig.pass(2_000);
    const walker = { name: 'dynamic_depth_walker' };
    const common = { market: 'SIM-A', limitPrice: '0.99', timeLimitMs: 12_000 };
    rig.execute({ ...common, quantity: '300', algorithm: walker });
    rig.execute({ ...common, quantity: '40', algorithm: { name: 'simple_limit', price: 'touch' } });
    rig.execute({ ...common, quantity: '90', algorithm: walker, outcome: 'no' });
    await rig.settle();
    expect(faults).toEqual([]);
    isReleased(rig, 'SIM-A');
    const listed = filled();
    await rig.pass(500);
    const atVenue = (await listed).reduce((sum, { quantity }) => sum + quantity, 0);
    const ours = rig.records.flatMap(({ fills }) => fills);
    expect(ours.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(atVenue);
    expect(venue.auditViolations()).toEqual([]);
    venue.stop();
  });
});
