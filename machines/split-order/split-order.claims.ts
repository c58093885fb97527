/** What a split order's chart asks before it moves: claims about its context and an event. */
import type { OrderCommandKind } from '../../src/domain/order.ts';
import type { Ending, SplitOrderContext, SplitOrderEvent } from './split-order.protocol.ts';
import { attemptFilled, filledOf, isReverted, type Told } from './split-order.rules.ts';

type Context = SplitOrderContext;

const saysOfCurrent = ({ attempt }: Context, event: SplitOrderEvent): boolean =>
  'clientOrderId' in event && event.clientOrderId === attempt.clientOrderId;

const isNewFill = ({ fills }: Context, event: SplitOrderEvent): boolean =>
  event.type === 'order.filled' && !Object.hasOwn(fills, event.fill.fillId);

const isOf = (command: OrderCommandKind, event: SplitOrderEvent): boolean =>
  'command' in event && event.command === command;

const doubts = ({ context, event }: Told, command: OrderCommandKind): boolean =>
  saysOfCurrent(context, event) && context.doubt === command;

const completes = (context: Context): boolean => attemptFilled(context) >= context.attempt.quantity;

/** Our own fills add up to what the venue says had filled when it ended the order. */
const settles = (context: Context): boolean =>
  context.venueEnd !== null && attemptFilled(context) >= context.venueEnd.cumulative;

const settlesAs = (context: Context, ending: Ending): boolean =>
  settles(context) && context.venueEnd?.ending === ending;

/** Where the venue amends, a walk never ends in a new attempt. */
const isWithdrawn = ({ amendable, walk }: Context): boolean => !amendable && walk !== null;

/**
 * Reports of an earlier attempt say nothing of the one that is alive: only its fills count. So
 * every claim about a report includes that it is of the current attempt.
 */
export const guards = {
  isCurrent: ({ context, event }: Told) => saysOfCurrent(context, event),
  isFresh: ({ context, event }: Told) => isNewFill(context, event),
  isFreshAndCurrent: ({ context, event }: Told) =>
    isNewFill(context, event) && saysOfCurrent(context, event),
  /** Of a fill that stands, or that was never heard of: that one shall not count either. */
  isNewReversal: ({ context, event }: Told) =>
    event.type === 'order.fillReverted' && !isReverted(context, event.fillId),
  isUrgent: ({ event }: Told) => event.type === 'splitOrder.cancel' && event.urgent,
  isAmendable: ({ context }: Told) => context.amendable,
  /** A fill that leaves the order as it is, partly filled: most fills are. */
  isOneOfMany: ({ context, event }: Told) =>
    event.type === 'order.filled' &&
    isNewFill(context, event) &&
    attemptFilled(context) + event.fill.quantity < context.attempt.quantity,
  /** With it the order is complete: whatever else was wanted of it is too late. */
  isLast: ({ context, event }: Told) =>
    event.type === 'order.filled' &&
    isNewFill(context, event) &&
    saysOfCurrent(context, event) &&
    attemptFilled(context) + event.fill.quantity >= context.attempt.quantity,
  isComplete: ({ context }: Told) => completes(context),
  hasFills: ({ context }: Told) => filledOf(context) > 0,
  wantsCancel: ({ context }: Told) => context.cancelWanted !== null,
  isUnacknowledged: ({ context, event }: Told) =>
    saysOfCurrent(context, event) && !context.attempt.acknowledged,
  /** A submission that was acknowledged is over, whatever became of its reply. */
  isOutstanding: ({ context, event }: Told) =>
    saysOfCurrent(context, event) && !(isOf('submit', event) && context.attempt.acknowledged),
  provesUnsent: ({ context, event }: Told) =>
    saysOfCurrent(context, event) && isOf('submit', event) && !context.attempt.acknowledged,
  isUnsentCancel: ({ context, event }: Told) =>
    saysOfCurrent(context, event) && isOf('cancel', event),
  isUnsentEarlyCancel: ({ context, event }: Told) =>
    saysOfCurrent(context, event) && isOf('cancel', event) && !context.attempt.acknowledged,
  doubtsSubmit: (told: Told) => doubts(told, 'submit'),
  doubtsAmend: (told: Told) => doubts(told, 'amend'),
  doubtsCancel: (told: Told) => doubts(told, 'cancel'),
  provesAcceptance: (told: Told) => isNewFill(told.context, told.event) && doubts(told, 'submit'),
  foundEnded: ({ context, event }: Told) =>
    saysOfCurrent(context, event) && event.type === 'order.found' && event.status !== 'resting',
  foundResting: ({ context, event }: Told) =>
    saysOfCurrent(context, event) && event.type === 'order.found' && event.status === 'resting',
  settlesFilled: ({ context }: Told) => settles(context) && completes(context),
  settlesToNextAttempt: ({ context }: Told) =>
    settlesAs(context, 'cancelled') && isWithdrawn(context) && context.cancelWanted === null,
  settlesExpired: ({ context }: Told) => settlesAs(context, 'expired'),
  settlesRejected: ({ context }: Told) => settlesAs(context, 'rejected'),
  isSettled: ({ context }: Told) => settles(context),
};
