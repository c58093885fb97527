/** Every card can fail: for each there is an adapter that lies, and is caught by it. */
import { describe, expect, it } from 'vitest';
import { BrokenPromise } from '../../src/conformance/broken-promise.ts';
import { venueCards } from '../../src/conformance/describe-venue.ts';
import { LIES_OF_COMMANDS } from './lies-of-commands.ts';
import { LIES_OF_FLAGS } from './lies-of-flags.ts';
import { LIES_OF_READS } from './lies-of-reads.ts';
import { LIES_OF_STREAMS } from './lies-of-streams.ts';
import { WIRE, wireWorld } from './wire-world.ts';

const LIES = [...LIES_OF_COMMANDS, ...LIES_OF_FLAGS, ...LIES_OF_READS, ...LIES_OF_STREAMS];

const cardOf = (name: string, contract = WIRE) => {
  const card = venueCards(contract).find((each) => each.name === name);
  if (card === undefined) throw new Error(`there is no card ${name}`);
  return card;
};

it('has a lie for each card', () => {
  const caught = new Set(LIES.map(({ card }) => card));
  expect([...caught].toSorted()).toEqual(
    venueCards(WIRE)
      .map(({ name }) => name)
      .toSorted(),
  );
});

describe.each(LIES)('$card', ({ card: name, lie, tell, cannot = {} }) => {
  it(`is broken where ${lie}`, async () => {
    const card = cardOf(name, { ...WIRE, cannot, open: async () => tell(wireWorld()) });
    const broken = await card.run().then(
      () => 'not caught',
      (thrown: unknown) => thrown,
    );
    expect(broken).toBeInstanceOf(BrokenPromise);
    expect(broken).toMatchObject({ card: name, promise: card.promise });
    expect(String(broken)).toMatch(/Seen: .+\. Way out: .+\.$/s);
  });
});
