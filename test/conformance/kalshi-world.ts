/** The Kalshi adapter on a real socket: the emulator at the other end, its faults as levers. */
import type { Levers, VenueContract, VenueWorld } from '../../src/conformance/contract.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import type { Clock, Venue } from '../../src/domain/ports.ts';
import type { FaultName } from '../../src/emulator/faults.ts';
import { type KalshiEmulator, startKalshiEmulator } from '../../src/emulator/start.ts';
import { liveClock } from '../../src/env/live-clock.ts';
import { type KalshiVenue, kalshiVenue, Secret } from '../../src/venues/kalshi/venue.ts';
import { centsInstrument } from '../support/cents.ts';
import { NarrowDoor } from './narrow-door.ts';
import { StagedMarket } from './staged-market.ts';

const SYMBOL = 'KXKIT-26-YES';
const ROOMY = { refillPerSecond: 1_000_000, capacity: 1_000_000 };
const PAGE_ROWS = 20;
const CONNECTED_WITHIN_MS = 10_000;

const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    liveClock.setTimeout(resolve, ms);
  });

/** A clock of ours that can be set, as a time server does. */
function settable(): { readonly clock: Clock; readonly set: (ms: number) => void } {
  let offsetMs = 0;
  const clock = { ...liveClock, wallMs: () => liveClock.wallMs() + offsetMs };
  return { clock, set: (ms) => (offsetMs = ms) };
}

async function kalshiWorld(): Promise<VenueWorld> {
  const source = stagedMarket();
  const emulator = await startKalshiEmulator({
    source,
    keyKind: 'ed25519',
    tier: { name: 'roomy', read: ROOMY, write: ROOMY },
  });
  const door = new NarrowDoor(emulator.restUrl, PAGE_ROWS);
  const { clock, set } = settable();
  const reached = await through(door, emulator);
  const others: KalshiVenue[] = [];
  const reopen = async (): Promise<KalshiVenue> => {
    const other = adapterOf(reached, clock);
    others.push(other);
    return other;
  };
  const venue = await reopen();
  await venue.instruments();
  await connected(venue);
  const next = new NextCommand(emulator);
  return {
    venue: next.around(venue),
    clock: { nowMs: () => liveClock.monotonicMs(), pass: sleep },
    market: source.facts,
    levers: {
      ...marketLevers(source),
      ...wireLevers(emulator, next, door),
      reopen,
      placeForeign: () => placeByHand(emulator),
      skewClock: async (ms) => set(ms),
    },
    close: async () => {
      for (const each of others) await each.close();
      await door.close();
      await emulator.close();
      const broken = emulator.violations();
      if (broken.length > 0) throw new Error(broken.join('; '));
    },
  };
}

type Reached = Pick<KalshiEmulator, 'restUrl' | 'wsUrl' | 'keyId' | 'privateKeyPem'>;

const stagedMarket = (): StagedMarket =>
  new StagedMarket({
    instrument: {
      ...centsInstrument('kalshi', SYMBOL),
      priceUnit: '0.0001',
      lotSize: '0.01',
      payout: ticks(10_000),
      tickRanges: [{ from: ticks(100), to: ticks(9_900), step: ticks(100) }],
    },
    startMs: Math.floor(liveClock.wallMs()),
    ticksPerCent: 100,
    lotsPerContract: 100,
  });

/** Its addresses are getters, which a spread would lose. */
const through = async (door: NarrowDoor, emulator: KalshiEmulator): Promise<Reached> => {
  const { wsUrl, keyId, privateKeyPem } = emulator;
  return { restUrl: await door.open(), wsUrl, keyId, privateKeyPem };
};

const adapterOf = (emulator: Reached, clock: Clock): KalshiVenue =>
  kalshiVenue({
    environment: emulator,
    credentials: { keyId: emulator.keyId, privateKey: new Secret(emulator.privateKeyPem) },
    markets: { tickers: [SYMBOL] },
    balanceStep: '0.0001',
    clock,
  });

async function connected(venue: KalshiVenue): Promise<void> {
  venue.reports$.subscribe(() => undefined);
  const untilMs = liveClock.monotonicMs() + CONNECTED_WITHIN_MS;
  while (!venue.connection.isLive && liveClock.monotonicMs() < untilMs) await sleep(5);
  if (!venue.connection.isLive) throw new Error(`not connected: ${venue.connection.reason}`);
}

/** Faults that hold for one command. */
class NextCommand {
  readonly #emulator: KalshiEmulator;
  #fault: FaultName | null = null;

  constructor(emulator: KalshiEmulator) {
    this.#emulator = emulator;
  }

  meets(fault: FaultName): void {
    this.#fault = fault;
  }

  around(venue: KalshiVenue): Venue {
    const commands = {
      submit: (request) => this.#during(() => venue.submit(request)),
      amend: (request) => this.#during(() => venue.amend(request)),
      cancel: (ref) => this.#during(() => venue.cancel(ref)),
    } satisfies Partial<Venue>;
    return new Proxy<Venue>(venue, {
      get: (target, key) => {
        const member: unknown = Reflect.get(commands, key) ?? Reflect.get(target, key, target);
        return typeof member === 'function' ? (member.bind(target) as unknown) : member;
      },
    });
  }

  async #during<T>(call: () => Promise<T>): Promise<T> {
    const fault = this.#fault;
    this.#fault = null;
    if (fault === null) return call();
    this.#emulator.setFault(fault, true);
    try {
      return await call();
    } finally {
      this.#emulator.setFault(fault, false);
    }
  }
}

const wireLevers = (
  emulator: KalshiEmulator,
  next: NextCommand,
  door: NarrowDoor,
): Partial<Levers> => ({
  loseAnswer: async () => next.meets('lost-response'),
  loseRequest: async () => void (door.cutsCommand = true),
  serverError: async () => next.meets('error-after'),
  throttle: async () => next.meets('rate-limit-storm'),
  // Whatever reason it has: a pause is one.
  rejectNext: async () => next.meets('pause'),
  losePage: async () => void (door.cutsPage = true),
  delayVisibility: async () => emulator.setFault('read-lag', true),
  dropReports: async () => emulator.setFault('socket-silent', true),
  reconnect: async () => {
    emulator.setFault('socket-silent', false);
    emulator.setFault('socket-closed', true);
  },
  gap: async () => emulator.setFault('seq-gap', true),
  stall: async () => emulator.setFault('socket-silent', true),
  pause: async () => emulator.setFault('pause', true),
  resume: async () => emulator.setFault('pause', false),
  changeTicks: async () => emulator.setFault('tick-change', true),
});

const marketLevers = (source: StagedMarket): Partial<Levers> => ({
  fillResting: async (_id, quantity) => source.sells(quantity),
  stir: async () => source.stir(),
  trade: async () => source.trade(),
  // What comes by the clock is not told; that it is determined is.
  closeMarket: async () => source.settle(),
  settle: async () => source.settle(),
});

/** From another program with the same key. */
async function placeByHand(emulator: KalshiEmulator): Promise<string> {
  const other = adapterOf(emulator, liveClock);
  await other.instruments();
  const outcome = await other.submit({
    clientOrderId: 'by-hand',
    symbol: SYMBOL,
    outcome: 'yes',
    action: 'buy',
    price: ticks(4_100),
    quantity: lots(100),
    timeInForce: 'gtc',
    postOnly: false,
    expiresAtMs: null,
  });
  await other.close();
  return outcome.kind === 'accepted' ? outcome.venueOrderId : outcome.kind;
}

export const KALSHI: VenueContract = {
  name: 'Kalshi, against the emulator',
  open: kalshiWorld,
  cannot: { lookupByClientId: 'Kalshi asks by its own ids only' },
  // The status of the exchange is asked for every ten seconds.
  answerWithinMs: 20_000,
  pageSize: PAGE_ROWS,
};
