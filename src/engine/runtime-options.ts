/** What the host of one venue's markets is given: complete, with no defaults left to guess. */
import type { AlgorithmRegistry } from '../algorithms/registry.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Clock, Log, Venue } from '../domain/ports.ts';
import type { BookSnapshotRecord, Store } from '../domain/records.ts';
import type { SequentialIds } from '../env/ids.ts';
import type { CallLimits } from '../risk/call-budget.ts';
import type { RiskLimits } from '../risk/pre-trade.ts';
import type { ConfirmationTimes } from './confirmation.ts';

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
  readonly callLimits: CallLimits;
  /** Null: the report stream alone is believed. */
  readonly confirmation: ConfirmationTimes | null;
  /** Executions without a result at this venue; later ones wait for their start. */
  readonly maxLiveExecutions: number;
  readonly maxQueuedSignals: number;
  readonly minimumEdge: string;
  readonly maxSlippageTicks: number | null;
  readonly whenStale: 'cancel' | 'keep';
  /** Why nothing but cancels may be sent; null while the engine runs. */
  readonly haltReason: () => string | null;
  readonly halt: (reason: string) => void;
  /** Told of each execution that is remembered no more. */
  readonly onRetired?: (signalId: string) => void;
  /** Called after every turn: for checks. What it throws halts. */
  readonly onTurn?: () => void;
}
