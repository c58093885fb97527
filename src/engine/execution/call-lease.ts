/**
 * What an algorithm needs to be worth starting: room among its own kind, and a lease of calls to
 * the venue. Where either is missing the execution is worked by `simple_limit` instead, under that
 * name.
 */
import type { AlgorithmDefinition } from '../../algorithms/algorithm.ts';
import type { ExecutionRecord } from './execution-record.ts';

export interface LeaseQuestion {
  readonly definition: AlgorithmDefinition;
  /** The living executions, the new one left out. */
  readonly others: readonly ExecutionRecord[];
  /** Calls that nobody was promised yet. */
  readonly unpromised: number;
}

/** Why this algorithm may not be started now; null where it may. */
export function leaseRefusal({ definition, others, unpromised }: LeaseQuestion): string | null {
  const { name, needs } = definition;
  if (needs === undefined) return null;
  const running = others.filter((other) => other.definition.name === name).length;
  if (running >= needs.maxConcurrent)
    return `no more than ${needs.maxConcurrent} executions of ${name} run at once`;
  if (unpromised >= needs.calls) return null;
  return `${name} needs a lease of ${needs.calls} calls, ${unpromised} were free`;
}
