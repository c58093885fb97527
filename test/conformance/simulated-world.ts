/** The venue that the simulation judges the engine against: its own faults are the levers. */
import type { Levers, VenueContract, VenueWorld } from '../../src/conformance/contract.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import { seededRandom } from '../../src/env/seeded-random.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { ClockDoor } from '../simulation/clock-door.ts';
import { type FaultName, Faults } from '../simulation/faults.ts';
import type { FeedDoor } from '../simulation/feed-door.ts';
import { type Ground, Sink } from '../simulation/ground.ts';
import { Network } from '../simulation/network.ts';
import { ReportDoor } from '../simulation/report-door.ts';
import { Sometimes } from '../simulation/sometimes.ts';
import { Trace } from '../simulation/trace.ts';
import { type Gatekeeper, VENUE, VenueDoor } from '../simulation/venue-door.ts';
import type { VenueMarket } from '../simulation/venue-market.ts';
import { VenueModel } from '../simulation/venue-model.ts';
import { centsInstrument } from '../support/cents.ts';

const START_MS = 1_800_000_000_000;
const SYMBOL = 'A';

/** A fault strikes once, when it is asked for. */
class AskedFaults extends Faults {
  readonly #asked = new Set<FaultName>();

  ask(name: FaultName): void {
    this.#asked.add(name);
  }

  override strikes(name: FaultName): boolean {
    return this.#asked.delete(name);
  }
}

/** Nobody judges what passes the door here: the cards do. */
const nobody = new Proxy({}, { get: () => () => undefined }) as Gatekeeper;

function simulatedWorld(): VenueWorld {
  const virtual = new VirtualClock(START_MS);
  const random = seededRandom(3);
  const faults = new AskedFaults(random, new Map());
  const [trace, sink] = [new Trace(() => virtual.wallMs()), new Sink(virtual)];
  const ground: Ground = {
    clock: virtual,
    random,
    faults,
    trace,
    sink,
    sometimes: new Sometimes(),
    plant: null,
  };
  const network = new Network(ground, { meanMs: 20, tail: 0 });
  const clock = new ClockDoor(virtual);
  const delayMs = (): number => network.delayMs();
  const reports = new ReportDoor(ground, clock, delayMs, () => undefined);
  const instruments = [centsInstrument(VENUE, SYMBOL)];
  const report = reports.send.bind(reports);
  const model = new VenueModel({
    ground,
    instruments,
    moved: () => undefined,
    report,
    busted: report,
  });
  const reads = { lagMs: 0 };
  const newDoor = () =>
    new VenueDoor({
      ground,
      clock,
      network,
      model,
      reports,
      keeper: nobody,
      instruments,
      amends: true,
      isAskable: true,
      lagMs: () => reads.lagMs,
    });
  const venue = newDoor();
  const market = model.markets.get(SYMBOL) as VenueMarket;
  const feed = venue.feeds.get(SYMBOL) as FeedDoor;
  return {
    venue,
    clock: {
      nowMs: () => virtual.monotonicMs(),
      pass: (ms) => virtual.run({ untilMs: virtual.wallMs() + ms }),
    },
    market: factsOf(market),
    levers: {
      ...callLevers(faults),
      ...venueLevers(model, market),
      delayVisibility: async (ms) => void (reads.lagMs = ms),
      dropReports: async () => void (reports.isDown = true),
      reconnect: async () => {
        reports.isDown = false;
        feed.close(100);
      },
      gap: async () => feed.loseContinuity(),
      stall: async () => void (feed.isSilent = true),
      reopen: async () => newDoor(),
      skewClock: async (ms) => void (clock.wallOffsetMs = ms),
    },
    close: async () => clock.kill(),
  };
}

const callLevers = (faults: AskedFaults): Partial<Levers> => ({
  loseAnswer: async () => faults.ask('answerLost'),
  loseRequest: async () => faults.ask('requestLost'),
  serverError: async () => faults.ask('errorAfter'),
  throttle: async () => faults.ask('rateLimited'),
  rejectNext: async () => faults.ask('refused'),
  losePage: async () => faults.ask('listingBroken'),
});

const venueLevers = (model: VenueModel, market: VenueMarket): Partial<Levers> => ({
  placeForeign: async () => {
    const request = { clientOrderId: 'web', symbol: SYMBOL, price: ticks(2), quantity: lots(1) };
    const outcome = model.submit({
      ...request,
      outcome: 'yes',
      action: 'buy',
      timeInForce: 'gtc',
      postOnly: false,
      expiresAtMs: null,
    });
    return outcome.kind === 'accepted' ? outcome.venueOrderId : outcome.kind;
  },
  stir: async () => {
    for (const price of [3, 4]) market.book.rest('bid', price, { owner: null, lots: 7 });
    market.book.rest('ask', 97, { owner: null, lots: 7 });
    market.book.withdraw('bid', 3, 2);
  },
  pause: async () => market.setStatus('paused'),
  resume: async () => market.setStatus('open'),
  closeMarket: async () => {
    for (const order of model.open) model.end(order, 'cancelled', 'market closed');
    market.setStatus('closed');
  },
});

/** Between the two bests lies a price that nobody is at. */
const factsOf = ({ book }: VenueMarket): VenueWorld['market'] => {
  const bid = book.best('bid') ?? 0;
  const takingPrice = ticks(book.prices('ask').at(-1) ?? 0);
  return { symbol: SYMBOL, restingPrice: ticks(bid + 1), takingPrice, quantity: lots(40) };
};

const BY_CHANCE = 'its strangers trade by chance alone';

export const SIMULATED: VenueContract = {
  name: 'the venue of the simulation',
  open: async () => simulatedWorld(),
  cannot: {
    fillResting: BY_CHANCE,
    trade: BY_CHANCE,
    changeTicks: 'its price steps stay',
    settle: 'its questions are never answered',
  },
  settleMs: 4_000,
};
