/** The contract of the honest adapter on a bad wire: it has every lever there is. */
import type { Levers, VenueContract } from '../../src/conformance/contract.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import { BadWire } from './bad-wire.ts';
import { type PaperWorld, paperWorld, SYMBOL } from './paper-world.ts';

export interface WireWorld extends Omit<PaperWorld, 'venue'> {
  readonly venue: BadWire;
}

export function wireWorld(): WireWorld {
  const world = paperWorld();
  const venue = new BadWire(world.venue, world.virtual);
  return { ...world, venue, levers: { ...world.levers, ...wireLevers(venue, world) } };
}

const wireLevers = (venue: BadWire, world: PaperWorld): Partial<Levers> => ({
  loseAnswer: async () => void (venue.fate = 'answerLost'),
  loseRequest: async () => void (venue.fate = 'requestLost'),
  serverError: async () => void (venue.fate = 'serverError'),
  throttle: async () => void (venue.fate = 'throttled'),
  rejectNext: async (reason) => void (venue.refusal = reason),
  delayVisibility: (ms) => venue.freeze(ms),
  dropReports: async () => void (venue.hearsReports = false),
  reconnect: async () => venue.reconnect(),
  gap: async () => void (venue.losesDelta = true),
  losePage: async () => void (venue.losesPage = true),
  changeTicks: async () => venue.changeTicks(),
  stall: async () => void (venue.isStalled = true),
  reopen: async () => new BadWire(world.venue, world.virtual),
  placeForeign: () => placeByHand(world),
});

async function placeByHand({ venue }: PaperWorld): Promise<string> {
  const outcome = await venue.submit({
    clientOrderId: 'by-hand',
    symbol: SYMBOL,
    outcome: 'yes',
    action: 'buy',
    price: ticks(41),
    quantity: lots(1),
    timeInForce: 'gtc',
    postOnly: false,
    expiresAtMs: null,
  });
  return outcome.kind === 'accepted' ? outcome.venueOrderId : outcome.kind;
}

export const WIRE: VenueContract = {
  name: 'an honest adapter on a bad wire',
  open: async () => wireWorld(),
};
