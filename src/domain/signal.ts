/**
 * What a strategy wants. Prices and quantities are decimal text, in the terms of the contract that
 * is bought or sold. `signalId` is an idempotency key: the same signal twice is one execution.
 */
import type { Action, OutcomeSide } from './instrument.ts';

export interface AlgorithmChoice {
  readonly name: string;
  /** The algorithm's own parameters, decoded by it. */
  readonly [parameter: string]: unknown;
}

export interface Signal {
  readonly signalId: string;
  readonly venue: string;
  readonly market: string;
  readonly outcome: OutcomeSide;
  readonly action: Action;
  readonly quantity: string;
  /** Never above it when buying, never below it when selling. */
  readonly limitPrice: string;
  /** What a contract is worth to the strategy; with it no price is paid that leaves no edge. */
  readonly fairValue?: string;
  readonly timeLimitMs: number;
  readonly algorithm: AlgorithmChoice;
  /** Difference between fair value and market when the signal was made, in dollars. */
  readonly edge?: string;
  /** The strategy's trust in it, 0 to 1, as decimal text. */
  readonly confidence?: string;
  /** Higher leaves the queue of waiting signals first, then the older one; 0 unless given. */
  readonly priority?: number;
  /**
   * Milliseconds since the epoch: it is refused instead of started after that. What has started by
   * then is worked to its own time limit.
   */
  readonly validUntilMs?: number;
  readonly modelId?: string;
  readonly strategyId?: string;
}
