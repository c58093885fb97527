/** All that is said to the circuit breaker of one venue. */

export interface BreakerInput {
  /** Executions that must have been served before it closes again. */
  readonly probesWanted: number;
}

export interface BreakerContext extends BreakerInput {
  /** Why it is not closed; null while it is. */
  readonly reason: string | null;
  /** Until when it stays open; null while it is closed. */
  readonly coolUntilMs: number | null;
  /** Executions that may send while it is half-open: those that were served included. */
  readonly probes: readonly string[];
  /** Those of them that the venue has served. */
  readonly served: readonly string[];
  /** Why nothing passes until a person resumes; null while something may. */
  readonly haltReason: string | null;
}

export type BreakerEvent =
  /** Something went wrong too often; `coolUntilMs` is when it may be tried again. */
  | { readonly type: 'breaker.tripped'; readonly reason: string; readonly coolUntilMs: number }
  | { readonly type: 'cooldown.due'; readonly atMs: number }
  /** An execution sends its first order while the breaker is half-open. */
  | { readonly type: 'probe.started'; readonly executionId: string }
  /** The venue took its order. */
  | { readonly type: 'probe.served'; readonly executionId: string }
  /** It ended before the venue said anything: its place is free again. */
  | { readonly type: 'probe.left'; readonly executionId: string }
  | { readonly type: 'breaker.halted'; readonly reason: string }
  | { readonly type: 'breaker.resumed' };
