/** The simulation's venue: what it promises as a venue, and the two promises that it breaks. */
import { describe, expect, it } from 'vitest';
import { BrokenPromise } from '../../src/conformance/broken-promise.ts';
import { venueCards } from '../../src/conformance/describe-venue.ts';
import { SIMULATED } from './simulated-world.ts';

/** The engine is judged by what it sends there, and reads no balance. */
const BROKEN = new Set(['precision-refused', 'balance-adds-up']);

const cards = venueCards(SIMULATED);

describe.each(cards)(
  'the venue of the simulation: $name',
  ({ name, promise, notApplicable, run }) => {
    it.skipIf(notApplicable !== null)(notApplicable ?? promise, async () => {
      const verdict = await run().then(
        () => 'kept',
        (thrown: unknown) => thrown,
      );
      expect(verdict).toEqual(BROKEN.has(name) ? expect.any(BrokenPromise) : 'kept');
    });
  },
);

it('is judged by more than forty cards', () => {
  const played = cards.filter(({ notApplicable }) => notApplicable === null);
  expect(played.length).toBeGreaterThan(40);
});
