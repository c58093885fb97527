/**
 * From a market to a decision: builds the view, calls the decider, and stamps what it wants with
 * prices that passed the gate and with ids. The decider is the user's code: it may throw, and
 * nothing breaks.
 */
import type { StampedDirective } from '../../../machines/execution/execution.protocol.ts';
import type { SplitOrderContext } from '../../../machines/split-order/split-order.protocol.ts';
import { filledOf } from '../../../machines/split-order/split-order.rules.ts';
import type {
  Decision,
  Directive,
  ExecutionView,
  OwnOrder,
  Trigger,
} from '../../algorithms/algorithm.ts';
import { ownView } from '../../book/own-view.ts';
import { invariant, unreachable } from '../../domain/errors.ts';
import type { Json } from '../../domain/json.ts';
import { CHILDREN_PER_PARENT_MAX } from '../../domain/limits.ts';
import { type Lots, subtractLots, type Ticks } from '../../domain/numbers.ts';
import type { TimeInForce } from '../../domain/order.ts';
import type { Ids, Log } from '../../domain/ports.ts';
import { gatedPrice, type PriceBounds } from '../../risk/price-gate.ts';
import type { MarketFeed } from '../../streams/market-feed.ts';
import type { ExecutionActor, ExecutionRecord } from './execution-record.ts';

const TIMES_IN_FORCE: readonly TimeInForce[] = ['gtc', 'ioc', 'fok'];

export interface Advice {
  readonly directives: readonly StampedDirective[];
  readonly algorithmState: Json;
  readonly wakeAtMs: number | null;
  readonly reasons: readonly string[];
}

export interface AdviceContext {
  readonly record: ExecutionRecord;
  readonly actor: ExecutionActor;
  readonly feed: MarketFeed;
  readonly nowMs: number;
  readonly callsLeft: number;
  /** The furthest price that an order may name; null where nothing can be measured. */
  readonly collar: Ticks | null;
  readonly ids: Ids;
  readonly log: Log;
}

interface SplitOrderSnapshot {
  readonly context: SplitOrderContext;
  readonly value: unknown;
  matches(value: unknown): boolean;
  hasTag(tag: string): boolean;
}

/** The split orders of an execution, oldest first. */
export function splitOrdersOf(actor: ExecutionActor): readonly SplitOrderSnapshot[] {
  const { children } = actor.getSnapshot();
  return Object.values(children).flatMap((child) =>
    child === undefined ? [] : [child.getSnapshot() as unknown as SplitOrderSnapshot],
  );
}

function ownOrder(snapshot: SplitOrderSnapshot, record: ExecutionRecord): OwnOrder {
  const { context } = snapshot;
  return {
    splitOrderId: context.id,
    price: context.price,
    quantity: context.quantity,
    filled: filledOf(context),
    timeInForce: context.terms.timeInForce,
    working: snapshot.hasTag('resting'),
    busy: context.walk !== null || context.cancelWanted !== null || context.doubt !== null,
    walks: context.walks,
    placedAtMs: record.orders.get(context.id)?.placedAtMs ?? record.startedAtMs,
  };
}

export function viewOf({ record, actor, feed, nowMs, callsLeft }: AdviceContext): ExecutionView {
  const { context } = actor.getSnapshot();
  const { admission, quantity } = context;
  invariant(admission !== null, 'a decision is asked for after admission', record.id);
  const { instrument, outcome, ranges, signal } = record.wish;
  let orders: readonly OwnOrder[] | null = null;
  return {
    action: signal.action,
    target: quantity.target,
    filled: quantity.filled,
    unreleased: quantity.unreleased,
    cap: admission.cap,
    nowMs,
    startedAtMs: admission.startedAtMs,
    closeAtMs: admission.closeAtMs,
    // Most wakes end without a look at the orders.
    get orders() {
      orders ??= splitOrdersOf(actor)
        .filter((order) => !order.hasTag('final'))
        .map((order) => ownOrder(order, record));
      return orders;
    },
    market: {
      instrument,
      outcome,
      ranges,
      book: ownView(feed.book, instrument, outcome),
      flow: feed.flow.view(outcome),
      fresh: feed.fresh,
    },
    callsLeft,
    parameters: record.parameters,
    state: record.replans ? null : context.algorithmState,
  };
}

/** Gives prices that passed the gate and ids to what a decider wants; drops what cannot be had. */
class Stamper {
  readonly #view: ExecutionView;
  readonly #context: AdviceContext;
  readonly #bounds: PriceBounds;
  #free: Lots;
  #count: number;

  constructor(view: ExecutionView, context: AdviceContext) {
    const { action, cap, market, unreleased } = view;
    this.#view = view;
    this.#context = context;
    this.#bounds = { action, ranges: market.ranges, cap, collar: context.collar };
    this.#free = unreleased;
    this.#count = context.record.orders.size;
  }

  stamp(directive: Directive): StampedDirective[] {
    switch (directive.kind) {
      case 'place':
        return this.#place(directive);
      case 'reprice':
        return this.#reprice(directive);
      case 'waitUntil':
        invariant(Number.isSafeInteger(directive.timeMs), 'a wake-up is a time', directive.timeMs);
        return [];
      case 'cancel':
      case 'finish':
        return [directive];
      default:
        return unreachable(directive);
    }
  }

  #place(directive: Extract<Directive, { kind: 'place' }>): StampedDirective[] {
    const { kind, timeInForce, postOnly, reason } = directive;
    invariant(TIMES_IN_FORCE.includes(timeInForce), 'a time in force is known', timeInForce);
    invariant(typeof postOnly === 'boolean', 'post-only is a yes or a no', postOnly);
    const price = gatedPrice(directive.price, this.#bounds);
    const quantity = checkedQuantity(directive.quantity, this.#view);
    if (price === null) return this.#drop(directive, 'no price on the grid lies within the cap');
    if (quantity > this.#free) return this.#drop(directive, `${this.#free} lots are free`);
    if (this.#count >= CHILDREN_PER_PARENT_MAX)
      return [{ kind: 'finish', reason: `${this.#count} orders are the most of one execution` }];
    this.#free = subtractLots(this.#free, quantity);
    this.#count += 1;
    const { record, ids } = this.#context;
    const splitOrderId = `${record.id}-${this.#count}`;
    const names = { splitOrderId, clientOrderId: ids.clientOrderId() };
    return [{ kind, price, quantity, timeInForce, postOnly, reason, ...names }];
  }

  /** It cannot be had: whoever wrote the algorithm is told, for the market never will. */
  #drop(directive: Directive, why: string): [] {
    const { log, record } = this.#context;
    log.warn({ executionId: record.id, directive, why }, 'a directive was dropped');
    return [];
  }

  #reprice(directive: Extract<Directive, { kind: 'reprice' }>): StampedDirective[] {
    const { kind, splitOrderId, reason } = directive;
    const price = gatedPrice(directive.price, this.#bounds);
    const { actor, ids } = this.#context;
    const order = splitOrdersOf(actor).find(({ context }) => context.id === splitOrderId)?.context;
    if (order === undefined || price === null || price === order.price) return [];
    // An amend keeps the venue order and so its id; only a withdrawal ends in a new one.
    const kept = order.amendable ? order.attempt.clientOrderId : ids.clientOrderId();
    return [{ kind, splitOrderId, price, clientOrderId: kept, reason }];
  }
}

function checkedQuantity(quantity: Lots, { market: { instrument } }: ExecutionView): Lots {
  const { minQuantity, quantityStep } = instrument;
  invariant(Number.isSafeInteger(quantity), 'an order is a whole number of lots', quantity);
  invariant(quantity >= minQuantity, `an order has at least ${minQuantity} lots`, quantity);
  invariant(quantity % quantityStep === 0, `lots come in steps of ${quantityStep}`, quantity);
  return quantity;
}

/** Null means: hold, nothing changed. What the decider throws, this throws. */
export function advise(context: AdviceContext, trigger: Trigger): Advice | null {
  const view = viewOf(context);
  const { definition, replans } = context.record;
  const opens = context.actor.getSnapshot().context.decisions === 0;
  // A new plan needs something to place: until then the orders of the last one do their work.
  if (replans && !opens && view.unreleased === 0) return null;
  const first = replans || opens;
  const decision: Decision = first ? definition.plan(view) : definition.decide(view, trigger);
  const advice = stamped(decision, view, context, first);
  context.record.replans = false;
  return advice;
}

function stamped(
  decision: Decision,
  view: ExecutionView,
  context: AdviceContext,
  mustAnswer: boolean,
): Advice | null {
  const stamper = new Stamper(view, context);
  const directives = decision.directives.flatMap((directive) => stamper.stamp(directive));
  const waits = decision.directives.filter((directive) => directive.kind === 'waitUntil');
  const previous = context.actor.getSnapshot().context.wakeAtMs;
  const pending = previous !== null && previous > context.nowMs ? previous : null;
  const wakeAtMs = waits.at(-1)?.timeMs ?? pending;
  const unchanged =
    directives.length === 0 && decision.state === view.state && wakeAtMs === previous;
  if (unchanged && !mustAnswer) return null;
  const reasons = decision.directives.map(({ reason }) => reason);
  const algorithmState = decision.state === view.state ? view.state : plain(decision.state);
  return { directives, algorithmState, wakeAtMs, reasons };
}

/**
 * As the journal will have it, and out of the decider's reach: else a fold gives something else.
 */
const plain = (state: Json): Json => frozen(JSON.parse(JSON.stringify(state ?? null)) as Json);

function frozen(value: Json): Json {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(frozen);
  return Object.freeze(value);
}
