/** Market data that fail cost market data, and never an order. */
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { resting } from '../support/embedded.ts';
import { START_MS, startRig } from '../support/rig.ts';
import { ScriptedVenue } from '../support/scripted-venue.ts';

async function world() {
  const clock = new VirtualClock(START_MS);
  const venue = new ScriptedVenue({ clock });
  const kept: number[] = [];
  const rig = await startRig({
    venue,
    clock,
    algorithms: [resting],
    keepBooks: (books) => kept.push(...books.map(({ bookVersion }) => bookVersion)),
  });
  venue.snapshot();
  await rig.pass(10);
  return { rig, venue, kept };
}

describe('a book that cannot be written down', () => {
  it('is told in the log; the order that was decided on it goes out all the same', async () => {
    const { rig, venue, kept } = await world();
    const { feed } = rig.runtime.hostOf('M');
    const { book } = feed;
    rig.execute({ algorithm: { name: 'resting' }, timeLimitMs: 1_000 });
    let faults = 1;
    Object.defineProperty(feed, 'book', {
      get: () => {
        // Once, where the order is out and the book of its decision is written down.
        if (venue.calls.length === 0 || faults === 0) return book;
        faults -= 1;
        throw new Error('not now');
      },
    });
    await rig.pass(100);
    expect(venue.resting()).toHaveLength(1);
    expect(kept).toEqual([]);
    expect(rig.log).toMatchObject([
      { level: 'warn', message: 'a book snapshot could not be taken', fields: { symbol: 'M' } },
    ]);
    expect(rig.halted()).toBeNull();
  });
});

describe('a feed that fails for good', () => {
  it('is told in the log, and what rests is withdrawn until a book is there again', async () => {
    const { rig, venue } = await world();
    rig.execute({ algorithm: { name: 'resting' } });
    await rig.pass(100);
    expect(venue.resting()).toHaveLength(1);
    const host = rig.runtime.hostOf('M');
    rig.runtime.apply(host, { type: 'feed.failed', reason: 'the venue hung up' });
    rig.runtime.wake();
    await rig.pass(1_000);
    expect(rig.log).toContainEqual({
      level: 'error',
      message: 'the feed failed',
      fields: { market: 'M', reason: 'the venue hung up' },
    });
    expect(venue.resting()).toEqual([]);
  });
});
