/** What an engine is made of, and the defaults of what was not said. */
import { z } from 'zod';
import type { RecoveryPolicy } from '../../machines/execution/execution.protocol.ts';
import type { AlgorithmDefinition } from '../algorithms/algorithm.ts';
import { InputError, messageOf } from '../domain/errors.ts';
import { QUEUED_SIGNALS_MAX } from '../domain/limits.ts';
import { decimal } from '../domain/money.ts';
import type { Notice } from '../domain/notice.ts';
import type { Clock, Log, Venue } from '../domain/ports.ts';
import { sequentialIds } from '../env/ids.ts';
import type { Mirror } from '../observe/mirror.ts';
import { type BreakerSettings, breakerOf } from '../risk/breaker-settings.ts';
import { checkLimits, PAPER_LIMITS, type RiskLimits, requireLiveLimits } from '../risk/limits.ts';
import { type CallLimits, DEFAULT_CALL_LIMITS } from '../risk/rate-limiter.ts';
import { type ConfirmationTimes, confirmationOf } from './execution/confirmation.ts';
import { checkRetention, DEFAULT_RETENTION, type Retention } from './market/housekeeping.ts';
import { reconcileMsOf } from './reconciliation/reconcile.ts';

export interface EngineOptions {
  /** The venues to trade at, each with a name of its own. */
  readonly venues: readonly Venue[];
  /** Where the journal is kept; in memory unless a file is named. */
  readonly store?: { readonly file: string };
  /**
   * Finite bounds on what may be at stake; those of a small paper account unless given. A venue
   * whose orders cost money wants every one of them.
   */
  readonly limits?: Partial<RiskLimits>;
  /** Calls to one venue in any sliding window, or in several that must all hold. */
  readonly callLimits?: CallLimits | readonly CallLimits[];
  /** When the circuit breaker of a venue opens by itself, and how it closes again. */
  readonly breaker?: Partial<BreakerSettings>;
  /**
   * How long the report stream may be silent about an order before the venue is asked: 30 s while
   * it rests, 5 s after a command, unless given. Null: it is never asked.
   */
  readonly confirmation?: Partial<ConfirmationTimes> | null;
  /**
   * Milliseconds between two comparisons of the account with each venue (what rests, fills,
   * positions): 30,000 unless given; null: only at the start.
   */
  readonly reconcileMs?: number | null;
  /**
   * Executions that are worked at once at each venue, `limits.maxOpenOrders` unless given: risk
   * refuses more than that. Later signals wait for their start.
   */
  readonly maxLiveExecutions?: number;
  /** Signals that wait at each venue, 10,000 unless given; `execute` throws for one more. */
  readonly maxQueuedSignals?: number;
  /** Besides the built-in algorithms. */
  readonly algorithms?: readonly AlgorithmDefinition[];
  /** Dollars a contract that must be left after fees, where a signal says what it is worth. */
  readonly minimumEdge?: string;
  /** Grid steps beyond the price at arrival; null for no bound but the limit price. */
  readonly maxSlippageTicks?: number | null;
  /**
   * How long the books that were decided on are kept as they were; then as hourly averages. A week
   * unless given; null keeps all.
   */
  readonly retention?: Partial<Retention> | null;
  /** Resting orders when the book cannot be trusted. */
  readonly whenStale?: 'cancel' | 'keep';
  /**
   * What becomes of executions that the last process left open: 'resume' (unless given) works them
   * on, 'cancel-and-stop' withdraws them, 'ask' waits for `resumeExecution` or a cancel. Their time
   * limits stand in any case.
   */
  readonly recovery?: RecoveryPolicy;
  /** Marks our orders among others: 1 to 8 letters or digits. */
  readonly tag?: string;
  /** Real time unless given: a virtual clock makes a run reproducible. */
  readonly clock?: Clock;
  /** Silent unless given; a pino logger fits. */
  readonly log?: Log;
  /** Hears what `notices$` tells, from the first one on. */
  readonly onNotice?: (notice: Notice) => void;
  /** Takes copies of fills, metrics and books, once they are durable: `questDb` makes one. */
  readonly mirror?: Mirror;
  /** Called after each turn. For checks, never for decisions; what it throws halts the engine. */
  readonly onTurn?: () => void;
}

const TAG = 'dw';

const schema = z.strictObject({
  venues: z.array(z.custom<Venue>((value) => typeof value === 'object' && value !== null)).min(1),
  store: z.strictObject({ file: z.string().min(1) }).optional(),
  limits: z.looseObject({}).optional(),
  callLimits: z.unknown().optional(),
  confirmation: z
    .strictObject({ restingMs: z.unknown(), endingMs: z.unknown() })
    .partial()
    .nullish(),
  breaker: z.looseObject({}).optional(),
  reconcileMs: z.unknown().optional(),
  maxLiveExecutions: z.int().positive().optional(),
  maxQueuedSignals: z.int().positive().optional(),
  algorithms: z.array(z.unknown()).optional(),
  minimumEdge: z.string().optional(),
  maxSlippageTicks: z.number().int().nonnegative().nullable().optional(),
  retention: z
    .strictObject({ snapshotDays: z.unknown(), batchRows: z.unknown() })
    .partial()
    .nullish(),
  whenStale: z.enum(['cancel', 'keep']).optional(),
  recovery: z.enum(['resume', 'cancel-and-stop', 'ask']).optional(),
  tag: z.string().optional(),
  clock: z.unknown().optional(),
  log: z.unknown().optional(),
  mirror: z.unknown().optional(),
  onNotice: z.unknown().optional(),
  onTurn: z.unknown().optional(),
});

export type CompleteOptions = Required<
  Omit<
    EngineOptions,
    | 'clock'
    | 'log'
    | 'mirror'
    | 'onNotice'
    | 'onTurn'
    | 'limits'
    | 'breaker'
    | 'confirmation'
    | 'retention'
  >
> & {
  readonly limits: RiskLimits;
  readonly breaker: BreakerSettings;
  readonly confirmation: ConfirmationTimes | null;
  readonly retention: Retention | null;
};

/** Throws an `InputError` for the first option that cannot be used. */
export function completeOptions(given: EngineOptions): CompleteOptions {
  try {
    return checked(given);
  } catch (thrown) {
    if (thrown instanceof InputError) throw thrown;
    // A caller's own code ran: a getter, a proxy.
    throw new InputError('options can be read', messageOf(thrown), 'see EngineOptions');
  }
}

function assertShape(given: EngineOptions): void {
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path.join('.') ?? '';
    throw new InputError(
      `option ${path}: ${issue?.message ?? 'invalid'}`,
      path,
      'see EngineOptions',
    );
  }
  const names = given.venues.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new InputError('every venue has a name of its own', twice, 'rename one');
}

function checked(given: EngineOptions): CompleteOptions {
  assertShape(given);
  // Looked at before a store is opened for them.
  sequentialIds({ tag: given.tag ?? TAG, epoch: 0, nextSequence: 0 });
  decimal(given.minimumEdge ?? '0', 'minimumEdge');
  const { callLimits = DEFAULT_CALL_LIMITS } = given;
  checkCallLimits(callLimits);
  const limits = limitsOf(given);
  const reconcileMs = reconcileMsOf(given.reconcileMs);
  checkReconcileAge(limits, reconcileMs);
  return {
    venues: given.venues,
    store: given.store ?? { file: ':memory:' },
    limits,
    breaker: breakerOf(given.breaker),
    maxLiveExecutions: given.maxLiveExecutions ?? limits.maxOpenOrders,
    maxQueuedSignals: given.maxQueuedSignals ?? QUEUED_SIGNALS_MAX,
    callLimits,
    confirmation: confirmationOf(given.confirmation),
    reconcileMs,
    algorithms: given.algorithms ?? [],
    minimumEdge: given.minimumEdge ?? '0',
    maxSlippageTicks: given.maxSlippageTicks ?? null,
    retention:
      given.retention === null
        ? null
        : checkRetention({ ...DEFAULT_RETENTION, ...given.retention }),
    whenStale: given.whenStale ?? 'cancel',
    recovery: given.recovery ?? 'resume',
    tag: given.tag ?? TAG,
  };
}

/** It would limit nothing, or let nothing pass. */
function checkReconcileAge(
  { maxReconcileAgeMs = null }: RiskLimits,
  periodMs: number | null,
): void {
  if (maxReconcileAgeMs === null || (periodMs !== null && maxReconcileAgeMs > periodMs)) return;
  throw new InputError(
    `maxReconcileAgeMs must be longer than reconcileMs (${periodMs ?? 'never'})`,
    maxReconcileAgeMs,
    'give a shorter reconcileMs, or a longer age',
  );
}

const CALL_WINDOWS_MAX = 8;

/** Where orders cost money, the limits of a paper account are nobody's decision. */
const limitsOf = ({ venues, limits = {} }: EngineOptions): RiskLimits =>
  venues.some(({ capabilities }) => capabilities.realMoney === true)
    ? requireLiveLimits(limits)
    : checkLimits({ ...PAPER_LIMITS, ...limits });

function checkCallLimits(limits: NonNullable<EngineOptions['callLimits']>): void {
  const isOne = typeof limits === 'object' && !Array.isArray(limits);
  const count = isOne ? 1 : Array.isArray(limits) ? limits.length : 0;
  if (count === 0 || count > CALL_WINDOWS_MAX)
    throw new InputError(
      `callLimits: one window, or a list of 1 to ${CALL_WINDOWS_MAX}`,
      `a list of ${count}`,
      'give {"windowMs","calls","cancelReserve"}',
    );
  for (const window of [limits].flat()) checkWindow(window);
}

function checkWindow({ windowMs, calls, cancelReserve }: CallLimits): void {
  const isWhole = (count: number): boolean => Number.isSafeInteger(count) && count >= 0;
  if (!isWhole(windowMs) || !isWhole(calls) || windowMs === 0 || calls === 0)
    throw new InputError(
      'callLimits: a window has a length and room',
      `${calls} calls in ${windowMs} ms`,
      'give whole numbers above 0',
    );
  if (!isWhole(cancelReserve) || cancelReserve >= calls)
    throw new InputError(
      'callLimits: the reserve for cancels leaves room for orders',
      cancelReserve,
      `give a whole number below ${calls}`,
    );
}
