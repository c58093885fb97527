/** One venue whose account is compared with ours, every ten seconds. */
import { lots, NO_LOTS, ticks } from '../../src/domain/numbers.ts';
import type { OrderRequest } from '../../src/domain/order.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { resting } from './embedded.ts';
import { type Rig, type RigOptions, START_MS, startRig } from './rig.ts';
import { ScriptedVenue, type ScriptedVenueOptions, type TrueOrder } from './scripted-venue.ts';

export const PERIOD_MS = 10_000;

export interface Reconciled {
  readonly rig: Rig;
  readonly venue: ScriptedVenue;
  readonly clock: VirtualClock;
  /** Client order id of the first order. */
  readonly orderId: () => string;
  readonly stateOf: (executionId: string) => unknown;
}

export async function reconciled(
  options: Partial<ScriptedVenueOptions> = {},
  rest: Partial<RigOptions> = {},
  prepare: (venue: ScriptedVenue) => void = () => undefined,
): Promise<Reconciled> {
  const clock = new VirtualClock(START_MS);
  const venue = new ScriptedVenue({ clock, symbols: ['M', 'N'], ...options });
  prepare(venue);
  const common = { venue, clock, algorithms: [resting], confirmation: null };
  const rig = await startRig({ ...common, reconcileMs: PERIOD_MS, ...rest });
  venue.snapshot();
  const stateOf = (id: string) => rig.runtime.hostOf('M').execution(id)?.getSnapshot().context;
  return { rig, venue, clock, stateOf, orderId: () => venue.calls[0]?.clientOrderId ?? '' };
}

/** Until both listings of the start went through. */
export const begin = async ({ rig }: Pick<Reconciled, 'rig'>): Promise<void> => {
  void rig.runtime.reconciliation.reconciled();
  await rig.pass(500);
};

/** An order that rests at the venue, and that nobody here has sent. */
export const stray = (clientOrderId: string, changes: Partial<OrderRequest> = {}): TrueOrder => ({
  request: {
    clientOrderId,
    symbol: 'M',
    outcome: 'yes',
    action: 'buy',
    price: ticks(40),
    quantity: lots(7),
    timeInForce: 'gtc',
    postOnly: false,
    expiresAtMs: null,
    ...changes,
  },
  venueOrderId: `v-${clientOrderId}`,
  status: 'resting',
  filled: NO_LOTS,
});

export const wish = { algorithm: { name: 'resting' }, timeLimitMs: 3_600_000 };
