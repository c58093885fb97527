/** A whole engine over a scripted venue on a virtual clock, for one trial. */
import { lots, ticks } from '../../src/domain/numbers.ts';
import type { Store } from '../../src/domain/records.ts';
import type { Signal } from '../../src/domain/signal.ts';
import { createEngine, type Engine } from '../../src/engine/create-engine.ts';
import type { PositionView } from '../../src/engine/views/position-views.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import { ClockDoor } from '../simulation/clock-door.ts';
import { algorithm, placing } from '../support/rig.ts';
import { ScriptedVenue } from '../support/scripted-venue.ts';

export const START_MS = 1_800_000_000_000;

export interface Desk {
  readonly engine: Engine;
  readonly venue: LastingVenue;
  readonly pass: (ms: number) => Promise<void>;
  /** A wish for so many contracts at a price that nobody sells for; resolves with its outcome. */
  readonly wish: (signalId: string, quantity: number, timeLimitMs: number) => Promise<string>;
  /** An order that rests at the venue, and that this engine never sent. */
  readonly place: (clientOrderId: string) => void;
  /** Contracts of YES held, as the engine tells its host. */
  readonly held: () => number;
  /** As a process that dies: nothing of it happens any more. */
  readonly abandon: () => void;
}

export interface DeskOptions {
  readonly file?: string;
  /** The venue of an engine that died. */
  readonly venue?: LastingVenue;
  /** The process dies as soon as it has kept its place in the venue's list of fills. */
  readonly diesWithPlace?: boolean;
}

/** It places everything at once, and does no more. */
const resting = algorithm('resting', ({ unreleased, state }) => ({
  directives: [placing(45, unreleased)],
  state,
}));

/** Room for one of these wishes, not for two. */
const LIMITS = { maxPosition: '100', maxOpenNotional: '1000' };

export async function openDesk(options: DeskOptions = {}): Promise<Desk> {
  const { file, venue: kept, diesWithPlace = false } = options;
  const clock = kept?.clock ?? new VirtualClock(START_MS);
  const venue = kept ?? new LastingVenue(clock);
  const door = new ClockDoor(clock);
  const stores: Store[] = [];
  const engine = await createEngine(
    {
      venues: [venue],
      clock: door,
      algorithms: [resting],
      limits: LIMITS,
      ...(file === undefined ? {} : { store: { file } }),
    },
    (how) => {
      const store = openStore(how);
      stores.push(store);
      const keep: Store['keep'] = (record) => {
        store.keep(record);
        const isPlace = record.risk?.some(({ name }) => name.startsWith('fills-cursor')) ?? false;
        if (diesWithPlace && isPlace && venue.fills.length > 0) door.kill();
      };
      return { ...store, keep };
    },
  );
  const pass = (ms: number): Promise<void> => clock.run({ untilMs: clock.wallMs() + ms });
  engine.watch(venue.name, 'M');
  venue.snapshot();
  await pass(2_000);
  return {
    engine,
    venue,
    pass,
    wish: async (signalId, quantity, timeLimitMs) => {
      const { result } = engine.execute(wishFor(signalId, quantity, timeLimitMs));
      await pass(timeLimitMs + 5_000);
      return (await result).outcome;
    },
    place: (clientOrderId) =>
      void venue.submit({
        clientOrderId,
        symbol: 'M',
        outcome: 'yes',
        action: 'buy',
        price: ticks(30),
        quantity: lots(5),
        timeInForce: 'gtc',
        postOnly: false,
        expiresAtMs: null,
      }),
    held: () => {
      let quantity = 0;
      const take = (views: readonly PositionView[]): void => {
        quantity = Number(views[0]?.yes.quantity ?? 0);
      };
      engine.positions$.subscribe(take).unsubscribe();
      return quantity;
    },
    abandon: () => {
      door.kill();
      for (const store of stores) store.close();
    },
  };
}

/** It outlives the engines that trade at it, and lists fills from where it is asked to. */
export class LastingVenue extends ScriptedVenue {
  readonly clock: VirtualClock;

  constructor(clock: VirtualClock) {
    super({ clock, capabilities: { outlivesEngine: true } });
    this.clock = clock;
  }

  override async fillsSince(cursor: string | null) {
    const cursorNow = String(this.fills.length);
    return { fills: this.fills.slice(Number(cursor ?? 0)), cursor: cursorNow };
  }
}

const wishFor = (signalId: string, quantity: number, timeLimitMs: number): Signal => ({
  signalId,
  venue: 'script',
  market: 'M',
  outcome: 'yes',
  action: 'buy',
  quantity: String(quantity),
  limitPrice: '0.50',
  timeLimitMs,
  algorithm: { name: resting.name },
});
