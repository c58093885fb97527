/** The engine as a bot sees it. Every argument is checked, and nothing moves for a bad one. */
import type { Observable } from 'rxjs';
import type { AlgorithmDefinition } from '../algorithms/algorithm.ts';
import type { Halt, HaltReport } from '../domain/halts.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { LatencyView } from '../domain/latency.ts';
import type { Notice } from '../domain/notice.ts';
import type { Signal } from '../domain/signal.ts';
import type { EngineCapabilities } from './capabilities.ts';
import type { ExecutionHandle } from './execution/execution-handle.ts';
import type { OpenExecution } from './execution/executions.ts';
import type { ExecutionPlan, PlanHandle } from './execution/plan.ts';
import type { HaltOptions, ResumeOptions } from './halt/halts.ts';
import type { MarketBook } from './market/market-book.ts';
import type { DoubtfulOrder, DoubtVerdict, ListedOrder } from './reconciliation/account-desk.ts';
import type { Approver, BreakerView } from './risk/breaker-desk.ts';
import type { OrderView } from './views/order-views.ts';
import type { PositionView } from './views/position-views.ts';
import type { ExecutionQuantity } from './views/quantities.ts';

/**
 * All of it may be called from within a callback. What a subscriber throws, at once or as a
 * promise, is logged once per subscription, and disturbs nothing else. Streams are pushed and keep
 * nothing for whoever does not listen: states (`book$`, `positions$`, `orders$`) give the newest to
 * a new subscriber and at most one in a macrotask; they complete when the engine has stopped.
 */
export interface Engine {
  /**
   * Starts to work a signal and returns at once. Where more is wanted than may be worked at once it
   * waits (state 'queued') and starts by priority, then age; what waits is not durable. The same
   * signal again is the same execution, after a restart too, and is refused once that is forgotten,
   * a minute after its end. Throws an `InputError` for a signal that cannot be worked and for a
   * full queue; nothing has moved then.
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
  /**
   * What a person wants to hear of: halts, breakers, doubts, drifts, alarms; each told once, also
   * what was halted before this engine started. See `sendAlerts`.
   */
  readonly notices$: Observable<Notice>;
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
  /**
   * Executions without a result: those that wait, those that are worked, and those that a restart
   * took up. A handle of each is had by `handleOf`, or by executing its signal again.
   */
  executions(): readonly OpenExecution[];
  /** Null for an execution that this run does not remember. */
  handleOf(executionId: string): ExecutionHandle | null;
  /**
   * A person's word for an execution that asks (`recovery: 'ask'`): it is worked on. `actor` is
   * journaled. Throws an `InputError` where it does not ask.
   */
  resumeExecution(executionId: string, actor: string): void;
  /** Where every lot is, of the executions that are remembered. For checks, never for decisions. */
  quantities(): readonly ExecutionQuantity[];
  /**
   * From this moment on nothing but cancels is sent within the scope, or at all where none is
   * given; what rests there is cancelled. It stands, after a restart too, until somebody resumes.
   * Resolves when the end of every order is proven, and after 30 s at the latest with what is left;
   * never rejects. Orders of other programs at the same account survive, unless `everything`.
   * Throws an `InputError` for a venue, a market or an execution that is not known.
   */
  halt(reason: string, options?: HaltOptions): Promise<HaltReport>;
  /**
   * Lifts the halt of exactly this scope, in the name of a person: once the venues were asked what
   * they know of us. Rejects with an `InputError` where nothing of that scope is halted, or where
   * it cannot be made durable; it stays halted then.
   */
  resume(options: ResumeOptions): Promise<void>;
  /**
   * Lets a market be traded again that was disabled, in the name of a person: `resume` of exactly
   * that scope. A market is disabled by placing again and again without a fill, and by the same
   * rejection again and again.
   */
  enableMarket(venue: string, market: string, by: Approver): Promise<void>;
  /** The circuit breaker of each venue: whether new risk may be taken there. */
  breakers(): readonly BreakerView[];
  /**
   * How long executions took from stage to stage, for each venue: of those that ended since this
   * engine started, to within a hundredth.
   */
  latency(): readonly LatencyView[];
  /** The halts that stand, one for each scope. */
  halts(): readonly Halt[];
  /**
   * Orders with our tag that rest at a venue and that no journal of ours knows: they halted it. As
   * of the last reconciliation.
   */
  orphans(): readonly ListedOrder[];
  /**
   * Withdraws one of them, in the name of a person; the next reconciliation shows whether it is
   * gone. Throws an `InputError` for an order that is no orphan.
   */
  cancelOrphan(clientOrderId: string, actor: string): void;
  /** Orders at the accounts that are somebody else's: never touched. As of the last one, too. */
  foreignOrders(): readonly ListedOrder[];
  /** Orders whose outcome the venues are asked about, and what was learnt. */
  doubts(): readonly DoubtfulOrder[];
  /**
   * A person's word for an order that no venue could clear: it was never accepted, and its quantity
   * is free. Kept in the journal as the evidence. Throws an `InputError` for an order that is not
   * in doubt, or that the venue is known to have taken.
   */
  settleDoubt(clientOrderId: string, verdict: DoubtVerdict): void;
  /** Cancels what is open, waits for proof of each end, and closes. */
  stop(): Promise<void>;
}
