/** What the host of one venue's markets is given: complete, with no defaults left to guess. */
import type { AlgorithmRegistry } from '../algorithms/registry.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Clock, Log, Venue } from '../domain/ports.ts';
import type { Store } from '../domain/records.ts';
import type { SequentialIds } from '../env/ids.ts';
import type { CallLimits } from '../risk/call-budget.ts';
import type { RiskLimits } from '../risk/pre-trade.ts';

export interface RuntimeOptions {
  readonly venue: Venue;
  readonly instruments: readonly Instrument[];
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Store;
  readonly ids: SequentialIds;
  readonly tag: string;
  readonly algorithms: AlgorithmRegistry;
  readonly limits: RiskLimits;
  readonly callLimits: CallLimits;
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
