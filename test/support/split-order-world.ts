/**
 * The split order as an open system, twice: at a venue that amends, and at one where a walk
 * withdraws the order and places a new one. Two lots are enough: the reachable chart does not grow.
 */
import type { SplitOrderEvent } from '../../machines/split-order/split-order.protocol.ts';
import type { Coverage } from './coverage.ts';
import type { Judge } from './judged.ts';
import * as say from './order-events.ts';
import type { Subject } from './paths.ts';
import type { RigOptions, SplitOrderRig } from './split-order-rig.ts';

export const WORLD_LOTS = 2;

export interface World {
  readonly name: string;
  readonly amendable: boolean;
  readonly alphabet: readonly SplitOrderEvent[];
}

/** What may be said of either kind of order, whatever the venue can do. */
const common: readonly SplitOrderEvent[] = [
  say.accepted(),
  say.rejected(),
  say.filled('f1', 1),
  say.reverted('f1'),
  say.cancelled(0),
  say.cancelled(1),
  say.expired(0),
  say.expired(1),
  say.cancelRejected(),
  say.doubted('submit'),
  say.doubted('cancel'),
  say.notSent('submit'),
  say.notSent('cancel'),
  say.found('resting', 0, 2),
  say.found('cancelled', 1, 2),
  say.found('filled', 2, 2),
  say.neverAccepted(),
  say.walk(),
  say.cancel(),
  say.cancel(true),
  say.doubt,
];

export const WORLDS: readonly World[] = [
  {
    name: 'amending',
    amendable: true,
    alphabet: [
      ...common,
      say.filled('f2', 1),
      say.amended(2),
      say.restated(2),
      say.amendRejected(),
      say.doubted('amend'),
      say.notSent('amend'),
      say.found('expired', 0, 2),
      say.found('rejected', 0, 2),
    ],
  },
  {
    name: 'withdrawing',
    amendable: false,
    alphabet: [
      ...common,
      say.accepted('b'),
      say.rejected('b'),
      say.filled('g1', 1, 'b'),
      say.cancelled(0, 'b'),
      say.cancelled(1, 'b'),
      say.expired(0, 'b'),
      say.doubted('submit', 'b'),
      say.neverAccepted('b'),
    ],
  },
  {
    // Apart, since each total that a venue may state doubles the states.
    name: 'restating',
    amendable: true,
    alphabet: [
      say.accepted(),
      say.filled('f1', 1),
      say.filled('f2', 1),
      say.restated(1),
      say.restated(3),
      say.amended(2),
      say.amended(1),
      say.cancelled(1),
      say.doubted('submit'),
      say.found('resting', 1, 1),
      say.walk(),
      say.cancel(),
    ],
  },
];

/** What guards read, and nothing beyond: an ended order asks only whether a fill is known. */
const keyOf = (rig: SplitOrderRig): string => {
  const { attempt, fills, walk, cancelWanted, doubt, venueEnd } = rig.context();
  const known = Object.entries(fills)
    .map(([id, { quantity }]) => `${id}:${quantity}`)
    .toSorted();
  const open = [
    attempt.clientOrderId,
    attempt.acknowledged,
    attempt.quantity,
    walk !== null,
    cancelWanted !== null,
    doubt,
    venueEnd && [venueEnd.ending, venueEnd.cumulative],
  ];
  return JSON.stringify([rig.state(), known, ...(rig.hasTag('final') ? [] : open)]);
};

/** A venue does not foresee: the second attempt is only spoken of once it was sent. */
const isPossible = (event: SplitOrderEvent, rig: SplitOrderRig): boolean =>
  !('clientOrderId' in event) ||
  event.type === 'splitOrder.walk' ||
  rig.sent.some(
    ({ kind, clientOrderId }) => kind === 'submit' && clientOrderId === event.clientOrderId,
  );

export function subjectOf(
  { amendable, alphabet }: World,
  start: (options: RigOptions) => SplitOrderRig,
  judge?: (rig: SplitOrderRig) => Judge<SplitOrderEvent>,
  coverage?: Coverage,
): Subject<SplitOrderEvent> {
  const rig = start({ amendable, quantity: WORLD_LOTS });
  const judging = judge?.(rig);
  judging?.after(null);
  return {
    send(event) {
      rig.send(event);
      judging?.after(event);
    },
    watch: () => coverage?.watch(rig.actor),
    key: () => keyOf(rig),
    alphabet: () => alphabet.filter((event) => isPossible(event, rig)),
    // A second walk would give the same client order id twice.
    goesOn: () =>
      amendable || rig.context().attempt.clientOrderId === 'a' || rig.context().walks < 2,
    stop: () => rig.stop(),
  };
}
