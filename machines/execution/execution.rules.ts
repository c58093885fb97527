/** The arithmetic of an execution: pure functions of its context and an event. */
import { invariant } from '../../src/domain/errors.ts';
import { subtractLots } from '../../src/domain/numbers.ts';
import { EMPTY_LINE, moveLine, openQuantity, reserve } from '../../src/ledger/quantity.ts';
import type { OrderTerms, SplitOrderInput } from '../split-order/split-order.protocol.ts';
import type {
  ClosingCause,
  Deadline,
  ExecutionContext,
  ExecutionEvent,
  ExecutionInput,
  OrderLine,
  RecoveryPolicy,
  StampedDirective,
} from './execution.protocol.ts';

type Context = ExecutionContext;
type Change = Partial<Context>;

interface Told {
  readonly context: Context;
  readonly event: ExecutionEvent;
}

/** Rejections in a row after which it is no use to go on asking. */
export const REJECTIONS_MAX = 3;

export function openingContext({ input }: { readonly input: ExecutionInput }): Context {
  const { target, ...rest } = input;
  return {
    ...rest,
    quantity: openQuantity(target),
    admission: null,
    orders: [],
    algorithmState: null,
    wakeAtMs: null,
    decisions: 0,
    rejections: 0,
    closing: null,
    urgent: false,
  };
}

const isAlive = (line: OrderLine): boolean => line.ending === null;

const isUnacknowledged = (line: OrderLine): boolean => isAlive(line) && !line.acknowledged;

const isUnanswered = (line: OrderLine): boolean => isAlive(line) && line.busy;

const isDue = ({ event }: Told, deadline: Deadline): boolean =>
  event.type === 'deadline.due' && event.deadline === deadline;

const lineOf = ({ orders }: Context, splitOrderId: string): OrderLine | undefined =>
  orders.find((line) => line.splitOrderId === splitOrderId);

const isOwn = (context: Context, splitOrderId: string): boolean =>
  lineOf(context, splitOrderId) !== undefined;

const isKnown = (context: Context): boolean => context.orders.every(({ inDoubt }) => inDoubt === 0);

const isBack = (context: Context): boolean => isKnown(context) && context.bookLive;

const restartsWith = ({ event }: Told, policy: RecoveryPolicy): boolean =>
  event.type === 'execution.restarted' && event.policy === policy;

const endsAs = ({ context }: Told, cause: ClosingCause): boolean =>
  context.closing?.cause === cause;

export const guards = {
  isBlind: ({ context }: Told) => !context.bookLive,
  isPlanned: ({ context }: Told) => context.decisions > 0,
  isAdmitted: ({ context }: Told) => context.admission !== null,
  isToStop: (told: Told) => restartsWith(told, 'cancel-and-stop'),
  isToAsk: (told: Told) => restartsWith(told, 'ask'),
  isBack: ({ context }: Told) => isBack(context),
  isBackAtWork: ({ context }: Told) => isBack(context) && context.decisions > 0,
  isBackBlind: (told: Told) => isDue(told, 'recovery') && isKnown(told.context),
  isRecoveryTime: (told: Told) => isDue(told, 'recovery'),
  isOwnOrder: ({ context, event }: Told) =>
    event.type === 'order.reported' && isOwn(context, event.splitOrderId),
  isClosingTime: (told: Told) => isDue(told, 'close'),
  isWakeTime: (told: Told) => isDue(told, 'wake'),
  isRetryTime: (told: Told) => isDue(told, 'retry'),
  isWorthARetry: (told: Told) => isDue(told, 'retry') && told.context.orders.some(isAlive),
  /** More was filled or an order ended: the decider has something to look at. */
  isNews: ({ context, event }: Told) => {
    if (event.type !== 'splitOrder.reported') return false;
    const before = lineOf(context, event.splitOrderId);
    return (
      event.filled !== (before?.filled ?? 0) || (event.ending !== null && before?.ending === null)
    );
  },
  /** A fill that was taken back is no late fill. */
  isLateFill: ({ context, event }: Told) =>
    event.type === 'splitOrder.reported' &&
    event.filled > (lineOf(context, event.splitOrderId)?.filled ?? 0),
  isFilled: ({ context }: Told) => context.quantity.filled >= context.quantity.target,
  wantsToClose: ({ context }: Told) => context.closing !== null,
  isRejectedTooOften: ({ context }: Told) => context.rejections >= REJECTIONS_MAX,
  awaitsAcknowledgement: ({ context }: Told) => context.orders.some(isUnacknowledged),
  isAcknowledged: ({ context }: Told) => !context.orders.some(isUnacknowledged),
  awaitsAnswer: ({ context }: Told) => context.orders.some(isUnanswered),
  isAnswered: ({ context }: Told) => !context.orders.some(isUnanswered),
  shedsOrders: ({ context }: Told) => context.whenStale === 'cancel',
  allEnded: ({ context }: Told) => !context.orders.some(isAlive),
  hasFills: ({ context }: Told) => context.quantity.filled > 0,
  wasCancelled: (told: Told) => endsAs(told, 'cancelled'),
  hasFailed: (told: Told) => endsAs(told, 'failed'),
};

export function admit({ event }: Told): Change {
  if (event.type !== 'execution.admitted') return {};
  const { type: _, notes: __, ...admission } = event;
  return { admission };
}

export const noteBook = ({ event }: Told): Change => ({ bookLive: event.type === 'book.live' });

export function noteClosing({ context, event }: Told): Change {
  if (context.closing !== null) {
    const urgent = event.type === 'execution.cancel' && event.urgent;
    return urgent ? { urgent } : {};
  }
  switch (event.type) {
    case 'execution.cancel':
      return { closing: { cause: 'cancelled', reason: event.reason }, urgent: event.urgent };
    case 'execution.refused':
      return { closing: { cause: 'refused', reason: event.reason } };
    case 'execution.faulted':
      return { closing: { cause: 'failed', reason: event.reason } };
    case 'execution.restarted':
      return { closing: { cause: 'cancelled', reason: 'cancelled by a restart, as configured' } };
    case 'deadline.due':
      return { closing: { cause: 'deadline', reason: 'the time limit was reached' } };
    default:
      return { closing: { cause: 'finished', reason: 'everything was filled' } };
  }
}

export const noteRejections = ({ context }: Told): Change => ({
  closing: { cause: 'failed', reason: `${context.rejections} orders in a row were rejected` },
});

export function recordReport({ context, event }: Told): Change {
  if (event.type !== 'splitOrder.reported') return {};
  const { splitOrderId, filled, working, inDoubt, acknowledged, busy, ending } = event;
  const line: OrderLine = { splitOrderId, filled, working, inDoubt, acknowledged, busy, ending };
  const { orders } = context;
  const before = lineOf(context, splitOrderId);
  const rejected = line.ending === 'rejected' && before?.ending !== 'rejected';
  const accepted = line.acknowledged && before?.acknowledged === false;
  return {
    orders: before === undefined ? [...orders, line] : orders.with(orders.indexOf(before), line),
    quantity: moveLine(context.quantity, before ?? EMPTY_LINE, line),
    rejections: accepted ? 0 : context.rejections + (rejected ? 1 : 0),
  };
}

/**
 * A decision is applied as decided, but never beyond what is true: an order that has ended is left
 * alone, and nothing is placed that the ledger does not hold.
 */
export function executable(context: Context, event: ExecutionEvent): readonly StampedDirective[] {
  if (event.type !== 'execution.decided') return [];
  let free = context.quantity.unreleased;
  return event.directives.filter((directive) => {
    if (directive.kind === 'finish') return true;
    if (directive.kind === 'place') {
      if (directive.quantity > free || isOwn(context, directive.splitOrderId)) return false;
      free = subtractLots(free, directive.quantity);
      return true;
    }
    const line = lineOf(context, directive.splitOrderId);
    const alive = line !== undefined && isAlive(line);
    return alive && (directive.kind === 'cancel' || (line.acknowledged && !line.busy));
  });
}

/** Reserves what is about to be placed: the quantity moves with the intent, not with the answer. */
export function adoptDecision({ context, event }: Told): Change {
  if (event.type !== 'execution.decided') return {};
  let { quantity } = context;
  const orders = [...context.orders];
  let { closing } = context;
  for (const directive of executable(context, event)) {
    if (directive.kind === 'finish') closing ??= { cause: 'finished', reason: directive.reason };
    if (directive.kind !== 'place') continue;
    quantity = reserve(quantity, directive.quantity);
    orders.push({
      ...EMPTY_LINE,
      splitOrderId: directive.splitOrderId,
      working: directive.quantity,
      acknowledged: false,
      busy: false,
      ending: null,
    });
  }
  const { algorithmState, wakeAtMs } = event;
  return { quantity, orders, closing, algorithmState, wakeAtMs, decisions: context.decisions + 1 };
}

type Placement = Extract<StampedDirective, { kind: 'place' }>;

export function splitOrderInput(context: Context, placement: Placement): SplitOrderInput {
  const resting = placement.timeInForce === 'gtc' && context.expiring;
  const terms: OrderTerms = {
    ...context.terms,
    timeInForce: placement.timeInForce,
    postOnly: placement.postOnly,
    expiresAtMs: resting ? (context.admission?.deadlineMs ?? null) : null,
  };
  const { splitOrderId, clientOrderId, price, quantity } = placement;
  const { id: executionId, amendable } = context;
  return { id: splitOrderId, executionId, terms, clientOrderId, price, quantity, amendable };
}

export const aliveOrders = ({ orders }: Context): readonly string[] =>
  orders.filter(isAlive).map(({ splitOrderId }) => splitOrderId);

/** What `isOwnOrder` let pass. */
export function reported({ event }: Told): Extract<ExecutionEvent, { type: 'order.reported' }> {
  invariant(event.type === 'order.reported', 'only a report is passed on to an order', event.type);
  return event;
}
