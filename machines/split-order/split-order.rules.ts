/** The arithmetic of a split order: pure functions of its context and an event. */
import { addLots, type Lots, maxLots, NO_LOTS, subtractLots } from '../../src/domain/numbers.ts';
import type { FoundStatus, OrderRef, OrderRequest } from '../../src/domain/order.ts';
import type { Line } from '../../src/ledger/quantity.ts';
import type {
  AmendCommand,
  CancelCommand,
  Ending,
  ResolveCommand,
  SplitOrderContext,
  SplitOrderEvent,
  SplitOrderInput,
  SplitOrderReported,
  SubmitCommand,
  VenueEnd,
} from './split-order.protocol.ts';

type Context = SplitOrderContext;
type Change = Partial<Context>;

/** What XState gives to a guard, an assignment or the parameters of an action. */
export interface Told {
  readonly context: Context;
  readonly event: SplitOrderEvent;
}

type Whole = Pick<Told, 'context'>;

export const openingContext = ({ input }: { readonly input: SplitOrderInput }): Context => ({
  id: input.id,
  executionId: input.executionId,
  terms: input.terms,
  amendable: input.amendable,
  price: input.price,
  quantity: input.quantity,
  attempt: newAttempt(input.clientOrderId, input.quantity),
  fills: {},
  walk: null,
  walks: 0,
  cancelWanted: null,
  doubt: null,
  venueEnd: null,
  ending: null,
});

const newAttempt = (clientOrderId: string, quantity: Lots) => ({
  clientOrderId,
  venueOrderId: null,
  acknowledged: false,
  quantity,
});

export function filledOf({ fills }: Context): Lots {
  let filled = NO_LOTS;
  for (const { quantity } of Object.values(fills)) filled = addLots(filled, quantity);
  return filled;
}

/** What the current venue order has filled, as far as we know its fills. */
export function attemptFilled({ attempt, fills }: Context): Lots {
  let filled = NO_LOTS;
  for (const { clientOrderId, quantity } of Object.values(fills))
    if (clientOrderId === attempt.clientOrderId) filled = addLots(filled, quantity);
  return filled;
}

const leavesOf = (context: Context): Lots =>
  maxLots(subtractLots(context.attempt.quantity, attemptFilled(context)), NO_LOTS);

/** The line as the ledger counts it: what is left belongs to the market, to doubt, or to nobody. */
export function lineOf(context: Context): Line {
  const left = context.ending === null ? leavesOf(context) : NO_LOTS;
  const doubted = context.doubt !== null;
  return {
    filled: filledOf(context),
    working: doubted ? NO_LOTS : left,
    inDoubt: doubted ? left : NO_LOTS,
  };
}

export const reportOf = ({ context }: Whole): SplitOrderReported => ({
  type: 'splitOrder.reported',
  splitOrderId: context.id,
  ...lineOf(context),
  acknowledged: context.attempt.acknowledged,
  busy: context.walk !== null || context.cancelWanted !== null,
  ending: context.ending,
});

// Deeds

export function recordFill({ context, event }: Told): Change {
  if (event.type !== 'order.filled') return {};
  const { clientOrderId, fill } = event;
  const known = { clientOrderId, quantity: fill.quantity };
  const proven = clientOrderId === context.attempt.clientOrderId;
  return {
    fills: { ...context.fills, [fill.fillId]: known },
    attempt: proven ? { ...context.attempt, acknowledged: true } : context.attempt,
  };
}

/** A fill that was taken back is kept with nothing in it: a copy that comes late must not count. */
export const isReverted = ({ fills }: Context, fillId: string): boolean =>
  Object.hasOwn(fills, fillId) && fills[fillId]?.quantity === NO_LOTS;

/**
 * A bust is an entry of its own that subtracts; the venue's cumulative quantity falls with it. It
 * may overtake its fill, which then counts nothing from the beginning.
 */
export function revertFill({ context, event }: Told): Change {
  if (event.type !== 'order.fillReverted' || isReverted(context, event.fillId)) return {};
  const { fillId, clientOrderId } = event;
  const reverted = Object.hasOwn(context.fills, fillId) ? context.fills[fillId] : undefined;
  const entry = { clientOrderId: reverted?.clientOrderId ?? clientOrderId, quantity: NO_LOTS };
  const fills = { ...context.fills, [fillId]: entry };
  const { venueEnd, attempt } = context;
  if (venueEnd === null || reverted?.clientOrderId !== attempt.clientOrderId) return { fills };
  const cumulative = maxLots(subtractLots(venueEnd.cumulative, reverted.quantity), NO_LOTS);
  return { fills, venueEnd: { ...venueEnd, cumulative } };
}

export function noteAcceptance({ context, event }: Told): Change {
  if (event.type !== 'order.accepted') return {};
  const { venueOrderId } = event;
  return { attempt: { ...context.attempt, venueOrderId, acknowledged: true } };
}

/** A lookup by our own id may be the first to tell the venue's. */
const venueOrderIdIn = (event: SplitOrderEvent): { readonly venueOrderId?: string } =>
  event.type === 'order.found' && event.venueOrderId !== undefined
    ? { venueOrderId: event.venueOrderId }
    : {};

const ENDINGS: Readonly<Record<FoundStatus, Ending | null>> = {
  resting: null,
  filled: 'filled',
  cancelled: 'cancelled',
  expired: 'expired',
  rejected: 'rejected',
};

function venueEndOf(event: SplitOrderEvent): VenueEnd | null {
  switch (event.type) {
    case 'order.cancelled':
      return { ending: 'cancelled', cumulative: event.cumulative, reason: event.reason };
    case 'order.expired':
      return { ending: 'expired', cumulative: event.cumulative, reason: event.reason };
    case 'order.rejected':
      return { ending: 'rejected', cumulative: NO_LOTS, reason: event.reason };
    case 'order.found': {
      const ending = ENDINGS[event.status];
      return ending && { ending, cumulative: event.cumulative, reason: 'found when asked' };
    }
    default:
      return null;
  }
}

/** A later word of the venue can only raise what it says has filled, unless all is proven known. */
export function noteEnd({ context, event }: Told): Change {
  const told = venueEndOf(event);
  if (told === null) return {};
  const isProven = event.type === 'order.found' && event.settled === true;
  const raised = maxLots(told.cumulative, context.venueEnd?.cumulative ?? NO_LOTS);
  const cumulative = isProven ? attemptFilled(context) : raised;
  const attempt = { ...context.attempt, ...venueOrderIdIn(event) };
  return { attempt, venueEnd: { ...told, cumulative } };
}

/**
 * The venue's terms are the terms. A total below what has filled is what has filled; the line keeps
 * the fills of earlier attempts beside the new total.
 */
export function adoptTerms({ context, event }: Told): Change {
  const told =
    event.type === 'order.amended' ||
    event.type === 'order.restated' ||
    event.type === 'order.found';
  if (!told) return {};
  const earlier = subtractLots(filledOf(context), attemptFilled(context));
  const total = maxLots(event.quantity, attemptFilled(context));
  return {
    price: event.price,
    quantity: addLots(earlier, total),
    attempt: {
      ...context.attempt,
      ...venueOrderIdIn(event),
      quantity: total,
      acknowledged: true,
    },
  };
}

export function wantWalk({ context, event }: Told): Change {
  if (event.type !== 'splitOrder.walk') return {};
  const { price, clientOrderId, reason } = event;
  return { walk: { price, clientOrderId, reason }, walks: context.walks + 1 };
}

export const wantCancel = ({ event }: Told): Change =>
  event.type === 'splitOrder.cancel' ? { cancelWanted: event.reason } : {};

/** While nothing proves the submission, it is what is in doubt, whichever command went astray. */
export function noteDoubt({ context, event }: Told): Change {
  if (!context.attempt.acknowledged) return { doubt: 'submit' };
  return { doubt: event.type === 'order.doubted' ? event.command : 'amend' };
}

/** The withdrawn order is proven over: what it left is sent again, under a new client order id. */
export function beginAttempt({ context }: Told): Change {
  if (context.walk === null) return {};
  const { price, clientOrderId } = context.walk;
  return {
    price,
    attempt: newAttempt(clientOrderId, leavesOf(context)),
    walk: null,
    venueEnd: null,
    doubt: null,
  };
}

// Commands

const refOf = ({ attempt, terms }: Context): OrderRef => ({
  clientOrderId: attempt.clientOrderId,
  venueOrderId: attempt.venueOrderId,
  symbol: terms.symbol,
});

const addressOf = ({ id, executionId }: Context) => ({ splitOrderId: id, executionId });

export function submitCommand({ context }: Whole): SubmitCommand {
  const { attempt, price, terms } = context;
  const request: OrderRequest = {
    ...terms,
    clientOrderId: attempt.clientOrderId,
    price,
    quantity: attempt.quantity,
  };
  return { ...addressOf(context), request };
}

export function amendCommand({ context }: Whole): AmendCommand {
  const price = context.walk?.price ?? context.price;
  const request = { ...refOf(context), price, quantity: context.attempt.quantity };
  return { ...addressOf(context), request, reason: context.walk?.reason ?? '' };
}

export const cancelCommand = ({ context }: Whole): CancelCommand => ({
  ...addressOf(context),
  ref: refOf(context),
  reason: context.cancelWanted ?? context.walk?.reason ?? '',
});

export const resolveCommand = ({ context }: Whole): ResolveCommand => ({
  ...addressOf(context),
  ref: refOf(context),
  doubt: context.doubt ?? 'submit',
});
