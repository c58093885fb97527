/**
 * A judge of one execution who knows only what was said to it, what it asked for and what its
 * orders heard. It counts lots in its own way; seeded bugs fall by the numbers in brackets.
 */
import type { EventObject } from 'xstate';
import type { ExecutionEvent } from '../../machines/execution/execution.protocol.ts';
import type { SplitOrderInput } from '../../machines/split-order/split-order.protocol.ts';
import type { Effect } from './effect-log.ts';
import type { ExecutionRig } from './execution-rig.ts';
import type { Judge } from './judged.ts';

interface Order {
  readonly filled: number;
  readonly working: number;
  readonly inDoubt: number;
  readonly ended: boolean;
  readonly acknowledged: boolean;
}

interface Belief {
  readonly target: number;
  readonly keeps: boolean;
  readonly orders: Map<string, Order>;
  cause: string | null;
  /** In a row. */
  rejections: number;
  results: number;
  /** As told since it began, or since the last restart. */
  bookLive: boolean;
  state: string;
  tags: readonly string[];
  read: number;
}

/** Three refusals in a row are an answer. */
const REJECTIONS_MAX = 3;

const held = ({ filled, working, inDoubt }: Order): number => filled + working + inDoubt;

const total = (belief: Belief, part: (order: Order) => number): number =>
  [...belief.orders.values()].reduce((sum, order) => sum + part(order), 0);

const aliveIn = (belief: Belief): readonly string[] =>
  [...belief.orders].filter(([, { ended }]) => !ended).map(([id]) => id);

const TAGS = ['deciding', 'suspended', 'closing', 'final'] as const;

const tagsOf = (rig: ExecutionRig): readonly string[] => TAGS.filter((tag) => rig.hasTag(tag));

/** The first cause of closing is the one that counts. */
function causeOf(belief: Belief, event: ExecutionEvent): string | null {
  if (belief.tags.includes('final')) return null;
  switch (event.type) {
    case 'execution.cancel':
      return 'cancelled';
    case 'execution.faulted':
      return 'failed';
    case 'execution.restarted':
      return event.policy === 'cancel-and-stop' ? 'cancelled' : null;
    case 'execution.refused':
      return belief.state === 'admitting' ? 'refused' : null;
    case 'deadline.due':
      return event.deadline === 'close' && !/admitting|closing/.test(belief.state)
        ? 'deadline'
        : null;
    case 'execution.decided':
      return belief.tags.includes('deciding') &&
        event.directives.some(({ kind }) => kind === 'finish')
        ? 'finished'
        : null;
    default:
      return null;
  }
}

/** [1] and [2]: what may be placed, walked or cancelled. */
function* wrongOrders(belief: Belief, event: ExecutionEvent | null, effects: readonly Effect[]) {
  for (const { kind, child = '', input, event: told } of effects) {
    if (kind === 'spawned') {
      const { quantity } = input as SplitOrderInput;
      if (event?.type !== 'execution.decided') yield '[1] only a decision places orders';
      if (!belief.tags.includes('deciding')) yield `[1] nothing is placed in ${belief.state}`;
      if (belief.orders.has(child)) yield '[1] a name is given once';
      if (total(belief, held) + quantity > belief.target)
        yield '[2] no more is placed than is unreleased';
      belief.orders.set(child, {
        filled: 0,
        working: quantity,
        inDoubt: 0,
        ended: false,
        acknowledged: false,
      });
    }
    if (kind === 'told' && told?.type === 'splitOrder.walk' && !belief.tags.includes('deciding'))
      yield `[1] nothing is walked in ${belief.state}`;
  }
}

/** [3]: the ledger's line, added up a second time. */
function* wrongQuantity(belief: Belief, rig: ExecutionRig): Generator<string> {
  const { filled, working, inDoubt, unreleased, overfilled, target } = rig.context().quantity;
  const ours = {
    filled: total(belief, (order) => order.filled),
    working: total(belief, (order) => order.working),
    inDoubt: total(belief, (order) => order.inDoubt),
  };
  const same = filled === ours.filled && working === ours.working && inDoubt === ours.inDoubt;
  if (!same) yield `[3] the ledger counts ${filled}/${working}/${inDoubt}`;
  if (filled + working + inDoubt + unreleased !== target + overfilled)
    yield '[3] quantity is conserved';
  if (overfilled > Math.max(0, total(belief, held) - belief.target)) yield '[3] no false overfill';
}

const toldTo = (effects: readonly Effect[], type: string): readonly string[] =>
  effects.flatMap(({ kind, child, event }) =>
    kind === 'told' && child !== undefined && event?.type === type ? [child] : [],
  );

const isUrgent = (told: EventObject | undefined): boolean =>
  told !== undefined && 'urgent' in told && told['urgent'] === true;

/** [4] and [5]: what closes is cancelled, in doubt first after a fault; what is kept is kept. */
function* wrongClosing(
  belief: Belief,
  rig: ExecutionRig,
  event: ExecutionEvent | null,
  effects: readonly Effect[],
): Generator<string> {
  const alive = aliveIn(belief);
  const began = (tag: 'closing' | 'suspended'): boolean =>
    rig.hasTag(tag) && !belief.tags.includes(tag);
  const cancelled = toldTo(effects, 'splitOrder.cancel');
  const missed = alive.filter((id) => !cancelled.includes(id));
  if (began('closing') && missed.length > 0) yield `[4] closing cancels all: not ${missed.join()}`;
  if (began('suspended') && !belief.keeps && missed.length > 0) yield '[4] the blind shed orders';
  if (began('suspended') && belief.keeps && cancelled.length > 0) yield '[4] what is kept is kept';
  const isRetry = event?.type === 'deadline.due' && event.deadline === 'retry';
  if (isRetry && belief.tags.includes('closing') && missed.length > 0) yield '[4] a retry cancels';
  if (event?.type === 'execution.cancel' && event.urgent && !belief.tags.includes('final')) {
    const urgent = effects.filter(({ kind, event: told }) => kind === 'told' && isUrgent(told));
    if (urgent.length < alive.length) yield '[4] an urgent cancel is passed on as urgent';
  }
  const isBreak = event?.type === 'execution.faulted' || event?.type === 'execution.restarted';
  if (!isBreak || belief.tags.includes('final')) return;
  const doubtful = toldTo(effects, 'splitOrder.doubt');
  if (alive.some((id) => !doubtful.includes(id)))
    yield '[5] a fault or a restart puts every order in doubt';
}

/** [10]: a restart asks for admission again, waits until all is known, and for a person if told. */
function* wrongRestart(
  belief: Belief,
  rig: ExecutionRig,
  event: ExecutionEvent | null,
  effects: readonly Effect[],
): Generator<string> {
  const [before, after] = [belief.state, rig.state()];
  const isOver = /^(closing|ended)/.test(after);
  if (event?.type === 'execution.restarted' && !/^(closing|ended)/.test(before)) {
    const { policy } = event;
    const admitted = rig.context().admission === null ? 'admitting' : 'recovering';
    const wanted = policy === 'ask' ? 'asking' : admitted;
    if (policy === 'cancel-and-stop' ? !isOver : after !== wanted)
      yield `[10] ${policy} in ${before} leads to ${after}`;
    if (after === 'admitting' && !effects.some(({ kind }) => kind === 'requestAdmission'))
      yield '[10] nobody is asked for admission again';
    return;
  }
  if (before === 'asking' && after !== 'asking' && !isOver && event?.type !== 'execution.resume')
    yield '[10] it goes on without a person';
  const stays = before !== 'asking' && before !== 'recovering';
  if (stays || /asking|recovering|admitting/.test(after) || isOver) return;
  if (total(belief, ({ inDoubt }) => inDoubt) > 0) yield '[10] it goes on with orders in doubt';
  if (rig.hasTag('suspended') && event?.type === 'deadline.due') return;
  if (!belief.bookLive) yield '[10] it goes on with the book of before';
  if (!effects.some(({ kind }) => kind === 'requestDecision')) yield '[10] nobody decides anew';
}

/** [6] and [7]: one result, of what was filled and why it closed. */
function* wrongEnd(belief: Belief, rig: ExecutionRig, effects: readonly Effect[]) {
  const wasFinal = belief.tags.includes('final');
  belief.results += effects.filter(({ kind }) => kind === 'publishResult').length;
  if (belief.results !== (rig.hasTag('final') ? 1 : 0)) yield `[6] ${belief.results} results`;
  if (wasFinal && rig.state() !== belief.state) yield '[6] a result never changes';
  if (wasFinal || !rig.hasTag('final')) return;
  if (aliveIn(belief).length > 0) yield '[7] ended before every order has';
  const filled = total(belief, (order) => order.filled);
  if (belief.rejections >= REJECTIONS_MAX) belief.cause ??= 'failed';
  const outcome = (): string => {
    if (belief.cause === 'refused') return 'refused';
    if (filled >= belief.target) return 'completed';
    if (belief.cause === 'cancelled' || belief.cause === 'failed') return belief.cause;
    return filled > 0 ? 'partial' : 'unfilled';
  };
  if (rig.state() !== `ended.${outcome()}`) yield `[7] ${rig.state()}, not ${outcome()}`;
}

/** [8] and [9]: who is asked, told and alarmed. */
function* wrongWord(
  belief: Belief,
  rig: ExecutionRig,
  event: ExecutionEvent,
  effects: readonly Effect[],
  { isNews, isFill }: News,
): Generator<string> {
  const did = (kind: string): boolean => effects.some((effect) => effect.kind === kind);
  if (belief.tags.includes('final') && did('raiseLateFill') !== isFill)
    yield `[8] ${isFill ? 'a silent late fill' : 'what is no fill is called a late one'}`;
  const isWake = event.type === 'deadline.due' && event.deadline === 'wake';
  const isWorking = belief.state.startsWith('working') && rig.state().startsWith('working');
  if (isWorking && (isNews || isWake) && !did('requestDecision')) yield '[8] nobody is asked';
  if (event.type !== 'order.reported') return;
  const passed = effects.some(({ kind, child }) => kind === 'told' && child === event.splitOrderId);
  if (passed !== belief.orders.has(event.splitOrderId)) yield '[9] a report reaches its own order';
}

interface News {
  /** Another quantity is filled, or an order ended. */
  readonly isNews: boolean;
  readonly isFill: boolean;
}

const NO_NEWS: News = { isNews: false, isFill: false };

/** Takes a report into the belief. */
function hear(belief: Belief, event: ExecutionEvent): News {
  belief.cause ??= causeOf(belief, event);
  if (event.type === 'book.live') belief.bookLive = true;
  if (event.type === 'book.stale' || event.type === 'execution.restarted') belief.bookLive = false;
  if (event.type !== 'splitOrder.reported') return NO_NEWS;
  const { filled, working, inDoubt, ending, acknowledged, splitOrderId } = event;
  const before = belief.orders.get(splitOrderId);
  const after = { filled, working, inDoubt, ended: ending !== null, acknowledged };
  belief.orders.set(splitOrderId, after);
  if (acknowledged && before?.acknowledged === false) belief.rejections = 0;
  else if (ending === 'rejected' && before?.ended === false) belief.rejections += 1;
  const isNews = before?.filled !== filled || before.ended !== after.ended;
  return { isNews, isFill: filled > (before?.filled ?? 0) };
}

export function judgeExecution(rig: ExecutionRig, target: number): Judge<ExecutionEvent> {
  const belief: Belief = {
    target,
    keeps: rig.context().whenStale === 'keep',
    orders: new Map(),
    cause: null,
    rejections: 0,
    results: 0,
    bookLive: rig.context().bookLive,
    state: 'admitting',
    tags: [],
    read: 0,
  };
  let verdict: string | null = null;
  return {
    after(event) {
      verdict ??= examine(belief, rig, event);
    },
    verdict: () => verdict,
  };
}

function examine(belief: Belief, rig: ExecutionRig, event: ExecutionEvent | null): string | null {
  const fault = rig.fault();
  if (fault !== null) return `[0] it threw: ${fault}`;
  const news = event === null ? NO_NEWS : hear(belief, event);
  const effects = rig.effects.slice(belief.read);
  const wrong = [
    ...wrongOrders(belief, event, effects),
    ...wrongQuantity(belief, rig),
    ...wrongClosing(belief, rig, event, effects),
    ...wrongRestart(belief, rig, event, effects),
    ...wrongEnd(belief, rig, effects),
    ...(event === null ? [] : wrongWord(belief, rig, event, effects, news)),
  ];
  belief.state = rig.state();
  belief.tags = tagsOf(rig);
  belief.read = rig.effects.length;
  return wrong[0] ?? null;
}
