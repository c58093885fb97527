/**
 * What the host knows of one execution beside its actor: the wish as decoded, the figures at
 * arrival, fills with their circumstances, walks, calls. It counts and keeps; it never decides.
 */
import { Subject } from 'rxjs';
import type { ActorRefFrom } from 'xstate';
import type { executionMachine } from '../../../machines/execution/execution.machine.ts';
import type { Outcome, StampedDirective } from '../../../machines/execution/execution.protocol.ts';
import type { AlgorithmDefinition } from '../../algorithms/algorithm.ts';
import {
  formatPrice,
  type Instrument,
  type OutcomeSide,
  type TickRange,
} from '../../domain/instrument.ts';
import { CANCEL_RETRY_MS_MAX, RETRY_MS } from '../../domain/limits.ts';
import type { Money } from '../../domain/money.ts';
import { type Lots, NO_LOTS, sumLots, type Ticks } from '../../domain/numbers.ts';
import type { Fill, OrderReport } from '../../domain/order.ts';
import type { Clock } from '../../domain/ports.ts';
import type { Signal } from '../../domain/signal.ts';
import type { FillGap } from '../../gateway/outcome.ts';
import { endReason } from '../../gateway/refused-command.ts';
import { StageTimes } from '../../observe/latency.ts';
import type { Conclusion } from './conclude.ts';
import type { ExecutionResult, ExecutionUpdate, PriceWalk, Touch } from './result.ts';

export type ExecutionActor = ActorRefFrom<typeof executionMachine>;

/** A signal whose every part has been read and found good. */
export interface Wish {
  readonly signal: Signal;
  readonly instrument: Instrument;
  readonly outcome: OutcomeSide;
  readonly ranges: readonly TickRange[];
  readonly quantity: Lots;
  readonly limit: Ticks;
  readonly fairValue: Money | null;
  readonly definition: AlgorithmDefinition;
  readonly parameters: unknown;
}

export interface Arrival {
  readonly midDoubled: number | null;
  /** What could be taken within the cap, at most what is wanted. */
  readonly displayed: Lots;
  readonly category: string;
}

export interface BookedFill extends Fill {
  readonly clientOrderId: string;
  readonly splitOrderId: string;
  readonly bookVersion: number;
  readonly touch: Touch;
  /** Booked after its execution had ended: the result is not changed by it. */
  readonly late: boolean;
}

/** What the plan says of one split order, for rows and results. */
export interface OrderNote {
  readonly splitOrderId: string;
  readonly reason: string;
  readonly placedAtMs: number;
  readonly clientOrderIds: string[];
  readonly walks: PriceWalk[];
  /** Why its last venue order that ended did; null while none has. */
  endReason: string | null;
}

export class ExecutionRecord {
  readonly id: string;
  /** As it was decoded, but for the price ranges, which a venue may change. */
  wish: Wish;
  readonly startedAtMs: number;
  readonly updates = new Subject<ExecutionUpdate>();
  readonly result: Promise<ExecutionResult>;
  readonly fills: BookedFill[] = [];
  readonly orders = new Map<string, OrderNote>();
  readonly stages: StageTimes;
  /** Replaced by the fallback where the wished one failed. */
  definition: AlgorithmDefinition;
  parameters: unknown;
  arrival: Arrival | null = null;
  calls = 0;
  /** It was told to cancel: nothing more is placed for it. */
  isLeaving = false;
  /** The next decision is a plan, whatever was decided before: the algorithm is a new one. */
  replans = false;
  /** Snapshots of its split orders as they were last made durable. */
  durableOrders: ReadonlySet<object> = new Set();
  /** Nothing of it was let out a moment ago: it is not asked again at once. Monotonic. */
  pausedUntilMs = 0;
  /** Lots beyond the target that were spoken of already. */
  overfilled = 0;
  /** Added up and waiting to be durable. */
  conclusion: Conclusion | null = null;
  finished: ExecutionResult | null = null;
  /** It has no actor that could tell: how it ended instead. */
  abandoned: { readonly outcome: Outcome; readonly reason: string } | null = null;
  /** Why the wished algorithm was left; null while it works. */
  fallbackReason: string | null = null;
  readonly #fillIds = new Set<string>();
  readonly #broken = new Set<string>();
  /** Fills that were taken back; of one that was never heard of itself nobody knows how much. */
  readonly #reverted = new Map<
    string,
    { readonly clientOrderId: string; readonly quantity: Lots | null }
  >();
  readonly #startedMonotonicMs: number | null;
  #state = '';
  readonly #states: { readonly state: string; readonly timeMs: number }[] = [];
  #published = false;
  /** Since it was last at work. */
  #cancelRetries = 0;
  #settle: (result: ExecutionResult) => void = () => undefined;

  /** `startedMonotonicMs`: by the clock of this process; left out where no time limit runs. */
  constructor(id: string, wish: Wish, startedAtMs: number, startedMonotonicMs?: number) {
    this.id = id;
    this.wish = wish;
    this.startedAtMs = startedAtMs;
    this.#startedMonotonicMs = startedMonotonicMs ?? null;
    this.stages = new StageTimes(this.#startedMonotonicMs);
    this.definition = wish.definition;
    this.parameters = wish.parameters;
    this.result = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** How long the next cancel waits, where the last one ended nothing; it is counted. */
  nextCancelMs(): number {
    const pauseMs = Math.min(RETRY_MS * 2 ** this.#cancelRetries, CANCEL_RETRY_MS_MAX);
    this.#cancelRetries += 1;
    return pauseMs;
  }

  /** A decision is wanted: it does not withdraw any more. */
  atWork(): void {
    this.#cancelRetries = 0;
  }

  /** Milliseconds since it started: a step of the wall clock is no time that has passed. */
  ageMs(clock: Pick<Clock, 'wallMs' | 'monotonicMs'>): number {
    if (this.#startedMonotonicMs === null) return clock.wallMs() - this.startedAtMs;
    return Math.round(clock.monotonicMs() - this.#startedMonotonicMs);
  }

  /** When it started, as the wall clock goes by now. */
  startedBy(clock: Pick<Clock, 'wallMs' | 'monotonicMs'>): number {
    return clock.wallMs() - this.ageMs(clock);
  }

  get walks(): number {
    let total = 0;
    for (const order of this.orders.values()) total += order.walks.length;
    return total;
  }

  /** False where the fill was booked before, or taken back, be it before it was heard of. */
  book(fill: BookedFill): boolean {
    const { fillId, clientOrderId, quantity } = fill;
    if (this.#reverted.has(fillId)) this.#reverted.set(fillId, { clientOrderId, quantity });
    if (this.#fillIds.has(fillId)) return false;
    this.#fillIds.add(fillId);
    this.fills.push(fill);
    return true;
  }

  /** Of one that was taken back first, once its quantity is known, too. */
  hasHeardOf(fillId: string): boolean {
    return this.#fillIds.has(fillId) && this.#reverted.get(fillId)?.quantity !== null;
  }

  /** True from the second time on. */
  breaksAgainOn(fillId: string): boolean {
    if (this.#broken.has(fillId)) return true;
    this.#broken.add(fillId);
    return false;
  }

  /** Lots of one venue order, as far as its fills are known. */
  filledBy(clientOrderId: string): Lots {
    const own = this.fills.filter((fill) => fill.clientOrderId === clientOrderId);
    return sumLots(own.map(({ quantity }) => quantity));
  }

  /** What is missing of what the venue counts; it may go on counting what it has taken back. */
  gapOf(clientOrderId: string, cumulative: Lots): FillGap {
    const filled = this.filledBy(clientOrderId);
    const reverted = [...this.#reverted.values()].filter(
      (fill) => fill.clientOrderId === clientOrderId,
    );
    if (filled >= cumulative) return 'none';
    if (reverted.some(({ quantity }) => quantity === null)) return 'unclear';
    const known = reverted.map(({ quantity }) => quantity ?? NO_LOTS);
    return filled + sumLots(known) === cumulative ? 'takenBack' : 'some';
  }

  /** Null where no such fill stands; one that comes later is not booked either. */
  unbook(fillId: string, clientOrderId: string): BookedFill | null {
    this.#fillIds.add(fillId);
    const index = this.fills.findIndex((fill) => fill.fillId === fillId);
    const fill = index < 0 ? null : (this.fills.splice(index, 1)[0] ?? null);
    if (fill !== null) this.#reverted.set(fillId, fill);
    else if (!this.#reverted.has(fillId))
      this.#reverted.set(fillId, { clientOrderId, quantity: null });
    return fill;
  }

  fallBack(definition: AlgorithmDefinition, reason: string): void {
    this.definition = definition;
    this.parameters = definition.parameters({});
    this.fallbackReason = reason;
    this.replans = true;
  }

  /** Writes down what a decision is about to do: the plan's own words for rows and results. */
  note(directives: readonly StampedDirective[], actor: ExecutionActor, atMs: number): void {
    const { instrument } = this.wish;
    for (const directive of directives) {
      const { reason } = directive;
      if (directive.kind === 'place') {
        const { splitOrderId, clientOrderId } = directive;
        const order = { splitOrderId, reason, placedAtMs: atMs, walks: [], endReason: null };
        this.orders.set(splitOrderId, { ...order, clientOrderIds: [clientOrderId] });
      } else if (directive.kind === 'reprice') {
        const child = actor.getSnapshot().children[directive.splitOrderId];
        const context = child?.getSnapshot().context;
        const from = context === undefined ? '' : formatPrice(instrument, context.price);
        const to = formatPrice(instrument, directive.price);
        this.orders.get(directive.splitOrderId)?.walks.push({ atMs, from, to, reason });
      }
    }
  }

  /** A split order's venue order; the first one is known from its plan. */
  noteAttempt(splitOrderId: string, clientOrderId: string): OrderNote | undefined {
    const order = this.orders.get(splitOrderId);
    if (order?.clientOrderIds.includes(clientOrderId) === false)
      order.clientOrderIds.push(clientOrderId);
    return order;
  }

  noteEnd(splitOrderId: string, report: OrderReport): void {
    const order = this.orders.get(splitOrderId);
    const reason = endReason(report);
    if (order !== undefined && reason !== null) order.endReason = reason;
  }

  /** Remembers a change of state; it is told once the turn is durable. */
  showState(state: string, timeMs: number): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#states.push({ state, timeMs });
  }

  /** The changes of state that were not told yet. */
  get untoldStates(): readonly ExecutionUpdate[] {
    const { id: executionId } = this;
    return this.#states.map(({ state, timeMs }) => ({ type: 'state', executionId, timeMs, state }));
  }

  /** The result, where it was not told yet. */
  get untoldEnd(): readonly ExecutionUpdate[] {
    const { id: executionId, finished: result } = this;
    if (result === null || this.#published) return [];
    return [{ type: 'ended', executionId, timeMs: result.endedAtMs, result }];
  }

  flushStates(): void {
    const { untoldStates } = this;
    this.#states.length = 0;
    for (const update of untoldStates) this.updates.next(update);
  }

  /** Gives the result, once; called after it is durable. */
  publish(): void {
    const { finished: result, untoldEnd } = this;
    if (result === null || this.#published) return;
    this.#published = true;
    for (const update of untoldEnd) this.updates.next(update);
    this.updates.complete();
    this.#settle(result);
  }
}
