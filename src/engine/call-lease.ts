/**
 * What an algorithm needs to be worth starting: room among its own kind, and a lease of calls to
 * the venue. Where either is missing the execution is worked by `simple_limit` instead, under that
 * name.
 */
import type { AlgorithmDefinition } from '../algorithms/algorithm.ts';
import type { ExecutionRecord } from './execution-record.ts';

export interface LeaseQuestion {
  readonly definition: AlgorithmDefinition;
  /** The living executions, the new one left out. */
  readonly others: readonly ExecutionRecord[];
  /** Calls that orders could still make in this window. */
  readonly callsLeft: number;
}

/** Calls that others were promised and have not made yet. */
const promised = (others: readonly ExecutionRecord[]): number =>
  others.reduce((sum, { lease, calls }) => sum + Math.max(0, (lease ?? 0) - calls), 0);

/** Why this algorithm may not be started now; null where it may. */
export function leaseRefusal({ definition, others, callsLeft }: LeaseQuestion): string | null {
  const { name, needs } = definition;
  if (needs === undefined) return null;
  const running = others.filter((other) => other.definition.name === name).length;
  if (running >= needs.maxConcurrent)
    return `no more than ${needs.maxConcurrent} executions of ${name} run at once`;
  const free = callsLeft - promised(others);
  if (free >= needs.calls) return null;
  return `${name} needs a lease of ${needs.calls} calls, ${Math.max(0, free)} were free`;
}
