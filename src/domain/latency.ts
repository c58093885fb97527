/** How long executions take from stage to stage, as it is told and kept: milliseconds, no money. */

/** Of an execution and its first order, in the order in which they usually come. */
export const STAGES = [
  'started',
  'admitted',
  'decided',
  'committed',
  'sent',
  'acked',
  'filled',
] as const;
export type Stage = (typeof STAGES)[number];

/**
 * Milliseconds after its signal was taken at which an execution first came so far: it left the
 * queue and asked for admission; it had a book and passed the risk check; its first order was
 * decided, was durable, was written to the venue; an order was accepted, something was filled. Null
 * where it never came so far, or began in an earlier process.
 */
export type StageLatencies = Readonly<Record<`${Stage}Ms`, number | null>>;

export interface StageQuantiles {
  readonly stage: Stage;
  /** Where the time begins to count. */
  readonly since: Stage | 'signal';
  readonly count: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface LatencyView {
  readonly venue: string;
  /** Those that ended since the engine started. */
  readonly executions: number;
  readonly stages: readonly StageQuantiles[];
}

/** What the store keeps of it is named so, and then by the venue. */
export const LATENCY_ROW = 'latency ';
