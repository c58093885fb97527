/** The same cards by a clock on the wall: what a venue at the other end of a wire is judged by. */
import { describe, expect, it } from 'vitest';
import type { VenueContract } from '../../src/conformance/contract.ts';
import { venueCards } from '../../src/conformance/describe-venue.ts';
import { liveClock } from '../../src/env/live-clock.ts';
import { PAPER, paperWorldOn } from './paper-world.ts';

/** It waits for seconds, and a virtual clock has shown it already. */
const LONG = new Set(['expiry-ends-orders']);

const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    liveClock.setTimeout(resolve, ms);
  });

const IN_REAL_TIME: VenueContract = {
  ...PAPER,
  open: async () => paperWorldOn(liveClock, sleep),
  cannot: { ...PAPER.cannot, skewClock: 'nobody sets the clock of this machine' },
  settleMs: 200,
  pageSize: 3,
};

describe('in real time', () => {
  it('every promise is kept too', async () => {
    const cards = venueCards(IN_REAL_TIME).filter(
      ({ name, notApplicable }) => notApplicable === null && !LONG.has(name),
    );
    await Promise.all(cards.map((card) => card.run()));
    expect(cards.length).toBeGreaterThan(40);
  });
});
