/** What the host of one venue's markets is given: complete, with no defaults left to guess. */
import type { RecoveryPolicy } from '../../machines/execution/execution.protocol.ts';
import type { AlgorithmRegistry } from '../algorithms/registry.ts';
import type { HaltPlace, HaltScope } from '../domain/halts.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Tell } from '../domain/notice.ts';
import type { Clock, Log, Venue } from '../domain/ports.ts';
import type { BookSnapshotRecord, Store } from '../domain/records.ts';
import type { SequentialIds } from '../env/ids.ts';
import type { BreakerSettings } from '../risk/breaker-settings.ts';
import type { RiskLimits } from '../risk/limits.ts';
import type { CallLimits } from '../risk/rate-limiter.ts';
import type { ConfirmationTimes } from './execution/confirmation.ts';

export interface RuntimeOptions {
  readonly venue: Venue;
  readonly instruments: readonly Instrument[];
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Store;
  /** Takes the books of a turn's decisions; they are saved when there is time. */
  readonly keepBooks: (books: readonly BookSnapshotRecord[]) => void;
  readonly ids: SequentialIds;
  readonly tag: string;
  readonly algorithms: AlgorithmRegistry;
  readonly limits: RiskLimits;
  readonly callLimits: CallLimits | readonly CallLimits[];
  readonly breaker: BreakerSettings;
  /** Null: the report stream alone is believed. */
  readonly confirmation: ConfirmationTimes | null;
  /** Between two comparisons of the account with the venue; null: only at the start. */
  readonly reconcileMs: number | null;
  /** Executions without a result at this venue; later ones wait for their start. */
  readonly maxLiveExecutions: number;
  readonly maxQueuedSignals: number;
  readonly minimumEdge: string;
  readonly maxSlippageTicks: number | null;
  readonly whenStale: 'cancel' | 'keep';
  /** What becomes of executions that the last process left open. */
  readonly recovery: RecoveryPolicy;
  /** False until the venues were asked what they know of us: until then nothing is begun. */
  readonly isReady: () => boolean;
  /** Why nothing but cancels may be sent there, or at all; null where it may. */
  readonly haltReason: (place?: HaltPlace) => string | null;
  /** All of it, unless a scope is given; it stands until a person resumes. */
  readonly halt: (reason: string, scope?: HaltScope) => void;
  /** Takes what a person wants to hear of. */
  readonly tell?: Tell;
  /** Told of each execution that is remembered no more. */
  readonly onRetired?: (signalId: string) => void;
  /** Called after every turn: for checks. What it throws halts. */
  readonly onTurn?: () => void;
}
