/** The paper venue as it is: no wire, and so nothing that a wire could lose. */
import type { Levers, VenueContract, VenueWorld } from '../../src/conformance/contract.ts';
import type { Clock } from '../../src/domain/ports.ts';
import { seededRandom } from '../../src/env/seeded-random.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { DEFAULT_FILL_MODEL, type PaperVenue, paper } from '../../src/venues/paper/venue.ts';
import { centsInstrument } from '../support/cents.ts';
import { StagedMarket } from './staged-market.ts';

const START_MS = 1_800_000_000_000;
export const SYMBOL = 'M';

export interface PaperWorld extends VenueWorld {
  readonly venue: PaperVenue;
  readonly virtual: VirtualClock;
}

export function paperWorld(): PaperWorld {
  const virtual = new VirtualClock(START_MS);
  const world = paperWorldOn(virtual, (ms) => virtual.run({ untilMs: virtual.wallMs() + ms }));
  const skewClock = async (ms: number) => virtual.shiftWall(ms);
  return { ...world, virtual, levers: { ...world.levers, skewClock } };
}

export function paperWorldOn(clock: Clock, pass: (ms: number) => Promise<void>) {
  const source = new StagedMarket({
    instrument: centsInstrument('paper', SYMBOL),
    startMs: clock.wallMs(),
    ticksPerCent: 1,
    lotsPerContract: 1,
  });
  const fill = { ...DEFAULT_FILL_MODEL, takeHaircut: null, reorderMs: 0 };
  const venue = paper({ clock, random: seededRandom(7), source, fill });
  return {
    venue,
    clock: { nowMs: () => clock.monotonicMs(), pass },
    market: source.facts,
    levers: paperLevers(source, venue),
    close: async () => venue.stop(),
  };
}

const paperLevers = (source: StagedMarket, venue: PaperVenue): Partial<Levers> => ({
  fillResting: async (_, quantity) => source.sells(quantity),
  stir: async () => source.stir(),
  trade: async () => source.trade(),
  gap: async () => source.gap(),
  pause: async () => source.tell('market.paused'),
  resume: async () => source.tell('market.resumed'),
  closeMarket: async () => source.tell('market.closed'),
  settle: async () => venue.settle(SYMBOL, 'yes'),
});

const NO_WIRE = 'the paper exchange is in the same process: there is no wire';

export const PAPER: VenueContract = {
  name: 'the paper venue',
  open: async () => paperWorld(),
  cannot: {
    loseAnswer: NO_WIRE,
    loseRequest: NO_WIRE,
    serverError: NO_WIRE,
    throttle: 'its limit of calls makes them wait, and refuses none',
    rejectNext: 'it refuses only what it has a reason to',
    delayVisibility: 'it answers from the exchange as it is',
    dropReports: NO_WIRE,
    reconnect: NO_WIRE,
    stall: NO_WIRE,
    reopen: 'its account ends with the process',
    losePage: 'its listings have no pages',
    changeTicks: 'a recording keeps its price steps',
    placeForeign: 'its account is nobody else to trade with',
    closedOrders: 'its orders are asked for by their ids',
  },
};
