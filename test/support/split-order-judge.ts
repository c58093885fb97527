/**
 * A judge of one split order who knows only what was said to it, what it sent and what it told. It
 * shares no arithmetic with the machine; seeded bugs fall by the numbers in brackets.
 */
import type {
  Ending,
  SplitOrderEvent,
  SplitOrderReported,
} from '../../machines/split-order/split-order.protocol.ts';
import type { Judge } from './judged.ts';
import type { Sent, SplitOrderRig } from './split-order-rig.ts';

type Evidence = Ending | 'never';

interface Attempt {
  readonly id: string;
  quantity: number;
  proven: boolean;
  cancelSent: boolean;
  readonly evidence: Set<Evidence>;
  cumulative: number;
}

interface Belief {
  readonly lots: number;
  readonly fills: Map<string, { readonly attempt: string; quantity: number }>;
  attempt: Attempt | null;
  /** Quantities are no longer those that we asked for. */
  restated: boolean;
  wish: boolean;
  ending: Ending | null;
  state: string;
  readonly read: { sent: number; told: number };
}

const sum = (parts: Iterable<number>): number => [...parts].reduce((all, part) => all + part, 0);

const filledOf = ({ fills }: Belief, attempt?: string): number =>
  sum(
    [...fills.values()]
      .filter((fill) => attempt === undefined || fill.attempt === attempt)
      .map(({ quantity }) => quantity),
  );

const isOver = (attempt: Attempt): boolean => attempt.evidence.size > 0;

const IN_FLIGHT = ['amending', 'withdrawing', 'cancelling'];

/** What an event says, before the order has done anything about it. */
function hear(belief: Belief, event: SplitOrderEvent, wasUncertain: boolean): void {
  if (event.type === 'splitOrder.cancel') belief.wish ||= belief.ending === null;
  if (!event.type.startsWith('order.') || !('clientOrderId' in event)) return;
  if (event.type === 'order.filled') {
    const { fillId, quantity } = event.fill;
    if (!belief.fills.has(fillId))
      belief.fills.set(fillId, { attempt: event.clientOrderId, quantity });
  }
  const { attempt } = belief;
  if (event.type === 'order.fillReverted') {
    const fill = belief.fills.get(event.fillId);
    if (fill !== undefined && fill.attempt === attempt?.id)
      attempt.cumulative = Math.max(0, attempt.cumulative - fill.quantity);
    if (fill !== undefined) fill.quantity = 0;
    else belief.fills.set(event.fillId, { attempt: event.clientOrderId, quantity: 0 });
  }
  if (attempt !== null && attempt.id === event.clientOrderId && belief.ending === null)
    hearOfCurrent(belief, attempt, event, wasUncertain);
}

function hearOfCurrent(
  belief: Belief,
  attempt: Attempt,
  event: SplitOrderEvent,
  wasUncertain: boolean,
): void {
  switch (event.type) {
    case 'order.accepted':
    case 'order.filled':
      attempt.proven = true;
      return;
    case 'order.cancelled':
    case 'order.expired':
      attempt.evidence.add(event.type === 'order.expired' ? 'expired' : 'cancelled');
      attempt.cumulative = Math.max(attempt.cumulative, event.cumulative);
      return;
    case 'order.rejected':
      if (!attempt.proven) attempt.evidence.add('rejected');
      return;
    case 'order.neverAccepted':
      if (!attempt.proven && wasUncertain) attempt.evidence.add('never');
      return;
    case 'order.notSent':
      if (event.command === 'submit' && !attempt.proven) attempt.evidence.add('never');
      belief.wish = false;
      return;
    case 'order.cancelRejected':
      belief.wish = false;
      return;
    case 'order.found':
      if (event.status !== 'resting') {
        attempt.evidence.add(event.status);
        attempt.cumulative = Math.max(attempt.cumulative, event.cumulative);
      } else if (wasUncertain) adopt(belief, attempt, event.quantity);
      return;
    case 'order.amended':
      if (attempt.proven || wasUncertain) adopt(belief, attempt, event.quantity);
      return;
    case 'order.restated':
      adopt(belief, attempt, event.quantity);
      return;
    default:
  }
}

function adopt(belief: Belief, attempt: Attempt, quantity: number): void {
  if (isOver(attempt)) return;
  attempt.proven = true;
  attempt.quantity = Math.max(quantity, filledOf(belief, attempt.id));
  belief.restated ||= quantity !== belief.lots;
}

/** [1] to [4]: what may be sent. */
function* wrongCommand(belief: Belief, sent: Sent): Generator<string> {
  const { attempt } = belief;
  if (belief.ending !== null) yield `[1] nothing is sent for an ended order: ${sent.kind}`;
  if (sent.kind === 'submit') {
    if (attempt !== null) {
      if (!attempt.evidence.has('cancelled')) yield '[2] a new attempt before proof of the last';
      if (filledOf(belief, attempt.id) < attempt.cumulative) yield '[2] a new attempt before fills';
      if (!attempt.cancelSent) yield '[2] a new attempt of an order that nobody withdrew';
      if (belief.wish) yield '[2] a new attempt of an order that shall be cancelled';
    }
    const left = belief.lots - filledOf(belief);
    if (!belief.restated && sent.quantity !== left)
      yield `[3] an attempt is sized by what is left: ${sent.quantity}, not ${left}`;
    return;
  }
  if (attempt === null || sent.clientOrderId !== attempt.id)
    yield `[4] ${sent.kind} speaks of the attempt that is alive, not of ${sent.clientOrderId}`;
  else if (isOver(attempt)) yield `[4] ${sent.kind} of an order that is proven over`;
}

function noteCommand(belief: Belief, sent: Sent): void {
  if (sent.kind === 'submit')
    belief.attempt = {
      id: sent.clientOrderId,
      quantity: sent.quantity,
      proven: false,
      cancelSent: false,
      evidence: new Set(),
      cumulative: 0,
    };
  if (sent.kind === 'cancel' && belief.attempt !== null) belief.attempt.cancelSent = true;
}

/** [5] to [8]: the line that the execution counts with. */
function* wrongLine(belief: Belief, told: SplitOrderReported, uncertain: boolean) {
  const { attempt } = belief;
  if (told.filled !== filledOf(belief))
    yield `[5] filled is the sum of standing fills: ${told.filled}, not ${filledOf(belief)}`;
  const reserved = told.working + told.inDoubt;
  if (told.ending !== null) {
    if (reserved !== 0) yield `[6] an ended order reserves nothing: ${reserved}`;
    return;
  }
  if (attempt === null) return;
  const leaves = Math.max(0, attempt.quantity - filledOf(belief, attempt.id));
  if (reserved !== leaves) yield `[7] what may still fill is reserved: ${reserved}, not ${leaves}`;
  if ((uncertain ? told.working : told.inDoubt) !== 0)
    yield `[8] ${uncertain ? 'doubt is counted as doubt' : 'no doubt is counted without doubt'}`;
}

/** [9] to [11]: when and how it ends. */
function* wrongEnding(belief: Belief, { ending }: SplitOrderReported): Generator<string> {
  const { attempt } = belief;
  if (attempt === null) return;
  const filled = filledOf(belief, attempt.id);
  const settled = filled >= attempt.cumulative;
  if (belief.ending !== null) {
    if (ending !== belief.ending) yield `[9] ended stays ended: ${belief.ending}, then ${ending}`;
    return;
  }
  if (ending === null) {
    if (isOver(attempt) && settled) yield '[10] what is over and settled has ended';
    return;
  }
  if (!settled) yield `[11] ended with ${filled} of ${attempt.cumulative} settled`;
  const { evidence, proven, quantity } = attempt;
  const isRight: Record<Ending, boolean> = {
    filled: filled >= quantity,
    cancelled: evidence.has('cancelled') || evidence.has('filled'),
    expired: evidence.has('expired'),
    rejected: evidence.has('rejected'),
    failed: evidence.has('never') && !proven,
  };
  if (!isRight[ending]) yield `[11] ${ending} without its evidence`;
}

/** [12] to [15]: what is asked for is neither lost nor answered by something else. */
function* wrongMove(belief: Belief, event: SplitOrderEvent, told: SplitOrderReported, now: string) {
  const { attempt, state: before } = belief;
  if (/^order\.(?:filled|fillReverted|accepted)$/.test(event.type) && IN_FLIGHT.includes(before)) {
    if (now !== before) yield `[12] ${event.type} answers no ${before}`;
  }
  if (event.type === 'order.accepted' && /^(?:placed|partial)$/.test(before) && now !== before)
    yield '[12] a late ack moves nothing';
  if (now === 'placed' && told.filled > 0) yield '[13] placed with fills';
  if (now === 'partial' && told.filled === 0) yield '[13] partial without fills';
  if (/^(?:placed|partial)$/.test(now) && told.working === 0)
    yield '[13] working with nothing left';
  if (!belief.wish || told.ending !== null || attempt === null) return;
  if (!told.busy) yield '[14] a wanted cancel is forgotten';
  const resting = attempt.proven && !isOver(attempt) && /^(?:placed|partial|cancelling)$/.test(now);
  if (resting && !attempt.cancelSent) yield '[14] a wanted cancel is not sent';
}

export function judgeSplitOrder(rig: SplitOrderRig, lots: number): Judge<SplitOrderEvent> {
  const belief: Belief = {
    lots,
    fills: new Map(),
    attempt: null,
    restated: false,
    wish: false,
    ending: null,
    state: 'none',
    read: { sent: 0, told: 0 },
  };
  let verdict: string | null = null;
  return {
    after(event) {
      verdict ??= examine(belief, rig, event);
    },
    verdict: () => verdict,
  };
}

function examine(belief: Belief, rig: SplitOrderRig, event: SplitOrderEvent | null): string | null {
  const wasUncertain = belief.state === 'unknown';
  if (event !== null) hear(belief, event, wasUncertain);
  const wrong: string[] = [];
  const sent = rig.sent.slice(belief.read.sent);
  for (const command of sent) {
    wrong.push(...wrongCommand(belief, command));
    noteCommand(belief, command);
  }
  const told = rig.told.at(-1);
  const fault = rig.fault();
  if (fault !== null) return `[0] it threw: ${fault}`;
  if (told === undefined) return '[0] the execution was told nothing';
  const now = rig.state();
  wrong.push(...wrongLine(belief, told, rig.hasTag('uncertain')), ...wrongEnding(belief, told));
  if (event !== null) wrong.push(...wrongMove(belief, event, told, now));
  if (event?.type === 'splitOrder.cancel' && event.urgent && belief.ending === null) {
    const isNeeded = !['cancelling', 'settling'].includes(belief.state);
    if (isNeeded && !sent.some(({ kind }) => kind === 'cancel')) wrong.push('[15] urgent waits');
  }
  if (rig.hasTag('final') !== (told.ending !== null)) wrong.push('[9] final is told as an ending');
  belief.ending = told.ending;
  belief.state = now;
  belief.read.sent = rig.sent.length;
  return wrong[0] ?? null;
}
