/**
 * REST replies and socket reports race, in every order that fast-check's scheduler finds: what the
 * order believes when all is quiet is what the venue knows, and what was told of an end stays true.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitOrderMachine } from '../../machines/index.ts';
import type { OrderReport } from '../../src/domain/order.ts';
import * as say from '../support/order-events.ts';
import { SPLIT_ORDER_MUTANTS } from '../support/split-order-mutants.ts';
import {
  rigOf,
  type Sent,
  type SplitOrderMachine,
  type SplitOrderRig,
} from '../support/split-order-rig.ts';
import { VenueModel } from '../support/venue-model.ts';

const LOTS = 5;
const SEED = 7;

interface Race {
  /** How much somebody trades with us, each time. */
  readonly trades: readonly number[];
  readonly walks: number;
  readonly amendable: boolean;
}

const races = fc.record({
  trades: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
  walks: fc.nat(2),
  amendable: fc.boolean(),
});

/** One order at a venue whose answers and fills travel apart. */
class Track {
  readonly order: SplitOrderRig;
  readonly venue = new VenueModel();
  readonly #scheduler: fc.Scheduler;
  #carried = 0;
  #endedWith: number | null = null;
  /** An end was told with a total that did not stay true. */
  broken = false;

  constructor(order: SplitOrderRig, scheduler: fc.Scheduler) {
    this.order = order;
    this.#scheduler = scheduler;
  }

  later(name: string, deed: () => void): void {
    void this.#scheduler.schedule(Promise.resolve(), name).then(deed);
  }

  hear(report: OrderReport): void {
    this.order.send(report);
    this.settle();
  }

  /** Carries what was just asked for; each hop is a task of its own. */
  settle(): void {
    const { sent, told } = this.order;
    for (; this.#carried < sent.length; this.#carried += 1) this.#carry(sent[this.#carried]);
    const last = told.at(-1);
    if (last === undefined || last.ending === null) return;
    this.#endedWith ??= last.filled;
    this.broken ||= this.#endedWith !== last.filled;
  }

  trade(lots: number): void {
    const [id] = this.venue.openIds;
    if (id === undefined) return;
    this.venue.match(id, lots);
    const [fill] = this.venue.inbound.splice(0);
    if (fill === undefined) return;
    this.later('socket fill', () => this.hear(fill));
    // Every second fill is told twice: by the socket, and by the poll.
    if (this.venue.filled % 2 === 0) this.later('polled fill', () => this.hear(fill));
  }

  #carry(sent: Sent | undefined): void {
    if (sent === undefined) return;
    this.later(`${sent.kind} request`, () => {
      this.venue.receive(sent, 0);
      for (const reply of this.venue.inbound.splice(0))
        this.later(`${sent.kind} reply`, () => this.hear(reply));
    });
  }
}

async function run(machine: SplitOrderMachine, race: Race, scheduler: fc.Scheduler): Promise<void> {
  const order = rigOf(machine)({ amendable: race.amendable, quantity: LOTS });
  const track = new Track(order, scheduler);
  track.settle();
  for (let walk = 0; walk < race.walks; walk += 1)
    track.later('walk', () => {
      order.send(say.walk(`b${walk}`));
      track.settle();
    });
  for (const lots of race.trades) track.later(`trade of ${lots}`, () => track.trade(lots));
  track.later('cancel', () => {
    order.send(say.cancel());
    track.settle();
  });
  await scheduler.waitIdle();
  const { filled, openIds } = track.venue;
  const last = order.told.at(-1);
  expect(order.fault()).toBeNull();
  expect(last?.filled).toBe(filled);
  expect(filled).toBeLessThanOrEqual(LOTS);
  expect(openIds).toEqual([]);
  expect(last?.ending).toBe(filled === LOTS ? 'filled' : 'cancelled');
  expect(track.broken).toBe(false);
  order.stop();
}

const racesOf = (machine: SplitOrderMachine) =>
  fc.asyncProperty(fc.scheduler(), races, (scheduler, race) => run(machine, race, scheduler));

describe('replies and fills that race', () => {
  it('leave the order with what the venue knows', async () => {
    const report = await fc.check(racesOf(splitOrderMachine), { numRuns: 500, seed: SEED });
    expect(fc.defaultReportMessage(report)).toBeUndefined();
  });

  it.each([
    'a fill counts each time it is told',
    'a cancel ack is the end, before the fills are in',
    'a refused cancel is taken as cancelled',
    'a fill while cancelling leaves the state',
    'a new attempt before the last is proven over',
    'a wanted cancel is forgotten at the ack',
  ])('would show that %s', async (name) => {
    const mutant = SPLIT_ORDER_MUTANTS.find((candidate) => candidate.name === name);
    if (mutant === undefined) throw new Error(`no seeded bug is called ${name}`);
    const options = { numRuns: 2_000, seed: SEED, endOnFailure: true };
    const { failed } = await fc.check(racesOf(mutant.machine), options);
    expect(failed).toBe(true);
  });
});
