/** The engine as a bot sees it. Every argument is checked, and nothing moves for a bad one. */
import type { Observable } from 'rxjs';
import type { AlgorithmDefinition } from '../algorithms/algorithm.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Signal } from '../domain/signal.ts';
import type { EngineCapabilities } from './capabilities.ts';
import type { ExecutionHandle } from './execution-handle.ts';
import type { MarketBook } from './market-book.ts';
import type { OrderView } from './order-views.ts';
import type { ExecutionPlan, PlanHandle } from './plan.ts';
import type { PositionView } from './position-views.ts';
import type { ExecutionQuantity } from './quantities.ts';

/**
 * All of it may be called from within a callback. What a subscriber throws, at once or as a
 * promise, is logged once per subscription, and disturbs nothing else. Streams are pushed and keep
 * nothing for whoever does not listen: states (`book$`, `positions$`, `orders$`) give the newest to
 * a new subscriber and at most one in a macrotask; they complete when the engine has stopped.
 */
export interface Engine {
  /**
   * Starts to work a signal and returns at once. Where more is wanted than may be worked at once
   * it waits (state 'queued') and starts by priority, then age; what waits is not durable. The same
   * signal again is the same execution, and is refused once that is forgotten, a minute after its
   * end. Throws an `InputError` for a signal that cannot be worked and for a full queue; nothing
   * has moved then.
   */
  execute(signal: Signal): ExecutionHandle;
  /**
   * Works a plan over many markets at once. All of its legs are checked before any of them moves:
   * throws a `PlanError` that names every fault. The same plan again is the same handle, while its
   * executions are remembered, and is refused after that.
   */
  executePlan(plan: ExecutionPlan): PlanHandle;
  /**
   * The book of a market, which is followed from now on: nothing before the first whole book.
   * `levels` a side, 10 unless given. Throws an `InputError` for an unknown venue or market.
   */
  book$(venue: string, market: string, levels?: number): Observable<MarketBook>;
  /**
   * What this engine's store has seen filled, and what is under way: one entry for each market with
   * either. Not what the account held before or trades elsewhere.
   */
  readonly positions$: Observable<readonly PositionView[]>;
  /** All orders that have not ended. */
  readonly orders$: Observable<readonly OrderView[]>;
  /** Venues, algorithms with their parameters, and limits; plain frozen data. */
  capabilities(): EngineCapabilities;
  /** Adds an algorithm that signals may name from now on. */
  registerAlgorithm(definition: AlgorithmDefinition): void;
  instruments(): readonly Instrument[];
  /**
   * Follows a market before anything is wanted there, so that the first execution finds its recent
   * trading. Throws an `InputError` for a venue or a market that is not known.
   */
  watch(venue: string, market: string): void;
  /** This opening of the store: part of every id, and higher than any before it. */
  readonly epoch: number;
  /** The execution that a signal has, by this run or an earlier one; null for a new signal. */
  executionOf(signalId: string): string | null;
  /** Where every lot is, of the executions that are remembered. For checks, never for decisions. */
  quantities(): readonly ExecutionQuantity[];
  /** Nothing but cancels is sent any more; every execution is cancelled, urgently. */
  halt(reason: string): void;
  /** Cancels what is open, waits for proof of each end, and closes. */
  stop(): Promise<void>;
}
