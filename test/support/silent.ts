/**
 * An engine and a scripted venue whose report stream says nothing unless it is told to; it notes
 * when the venue is asked about an order.
 */
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { resting } from './embedded.ts';
import { algorithm, placing, type Rig, type RigOptions, START_MS, startRig } from './rig.ts';
import { ScriptedVenue, type ScriptedVenueOptions } from './scripted-venue.ts';

const taking = algorithm(
  'taking',
  ({ unreleased, state }) => ({
    directives: [{ ...placing(45, unreleased), timeInForce: 'ioc' }],
    state,
  }),
  ({ state }) => ({ directives: [{ kind: 'finish', reason: 'taken' }], state }),
);
/** Sixty orders of one lot. */
const many = algorithm('many', ({ state }) => ({
  directives: Array.from({ length: 60 }, (_, index) => placing(10 + (index % 30), 1)),
  state,
}));

export interface SilentWorld {
  readonly rig: Rig;
  readonly venue: ScriptedVenue;
  readonly id: string;
  readonly orderId: () => string;
  readonly quantity: () => unknown;
  /** When the venue was asked about an order. */
  readonly asked: readonly number[];
}

export interface Given {
  readonly name?: string;
  readonly quantity?: string;
  readonly timeLimitMs?: number;
  readonly speaks?: boolean;
  readonly rig?: Partial<RigOptions>;
  readonly venue?: Partial<ScriptedVenueOptions>;
}

export async function silentWorld(given: Given = {}): Promise<SilentWorld> {
  const { name = 'resting', quantity: wanted = '10', timeLimitMs = 600_000 } = given;
  const clock = new VirtualClock(START_MS);
  const venue = new ScriptedVenue({ clock, ...given.venue });
  const algorithms = [resting, taking, many];
  const rig = await startRig({ venue, clock, algorithms, ...given.rig });
  const asked: number[] = [];
  const order = venue.order.bind(venue);
  venue.order = (ref) => {
    asked.push(clock.wallMs() - START_MS);
    return order(ref);
  };
  if (given.speaks !== true) venue.told = () => [];
  venue.snapshot();
  const { id } = rig.execute({ algorithm: { name }, timeLimitMs, quantity: wanted });
  await rig.pass(20);
  const quantity = () => rig.runtime.hostOf('M').execution(id)?.getSnapshot().context.quantity;
  return { rig, venue, id, quantity, asked, orderId: () => venue.calls[0]?.clientOrderId ?? '' };
}
