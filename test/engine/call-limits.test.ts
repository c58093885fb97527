/** More is wanted than the venue allows: what waits is judged when it goes, or given back. */
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { resting } from '../support/embedded.ts';
import { START_MS, startRig } from '../support/rig.ts';
import { ScriptedVenue } from '../support/scripted-venue.ts';

const MINUTE = { windowMs: 60_000, calls: 90, cancelReserve: 10 };
const SHORT = { windowMs: 200, calls: 3, cancelReserve: 1 };

async function world(executions: number, capabilities = {}) {
  const clock = new VirtualClock(START_MS);
  const venue = new ScriptedVenue({ clock, capabilities });
  const callLimits = [SHORT, MINUTE];
  const rig = await startRig({ venue, clock, algorithms: [resting], callLimits });
  venue.snapshot();
  await rig.pass(10);
  for (let count = 0; count < executions; count += 1)
    rig.execute({ algorithm: { name: 'resting' }, quantity: '1' });
  await rig.pass(20);
  return { rig, venue };
}

const kinds = ({ calls }: ScriptedVenue): string[] => calls.map(({ kind }) => kind);

describe('an order that waits for room', () => {
  it('is placed when there is room', async () => {
    const { rig, venue } = await world(4);
    expect(venue.resting()).toHaveLength(2);
    await rig.pass(250);
    expect(venue.resting()).toHaveLength(4);
    expect(rig.halted()).toBeNull();
  });

  it('is never sent after a halt', async () => {
    const { rig, venue } = await world(4);
    rig.halt('operator');
    await rig.settle();
    expect(kinds(venue).toSorted()).toEqual(['cancel', 'cancel', 'submit', 'submit']);
    expect([...rig.results.values()].map(({ outcome }) => outcome)).toEqual(
      Array.from({ length: 4 }, () => 'cancelled'),
    );
  });

  it('is never sent once its execution was cancelled, nor cancelled at the venue', async () => {
    const { rig, venue } = await world(3);
    const last = rig.records[2]?.id ?? '';
    rig.runtime.cancel(last, 'enough');
    await rig.pass(5_000);
    expect(kinds(venue)).toEqual(['submit', 'submit']);
    expect(rig.results.get(last)?.outcome).toBe('cancelled');
  });

  it('costs what the venue says: ten tokens, and two for its cancel', async () => {
    const bucket = { windowMs: 1_000, tokens: 30, cancelReserve: 4 };
    const costs = { place: 10, amend: 10, cancel: 2 };
    const { rig, venue } = await world(4, { costs, buckets: { writes: [bucket] } });
    rig.runtime.cancelAll('enough', true);
    await rig.pass(100);
    expect(kinds(venue)).toEqual(['submit', 'submit', 'cancel']);
    await rig.pass(200);
    expect(kinds(venue)).toEqual(['submit', 'submit', 'cancel', 'cancel']);
  });
});
