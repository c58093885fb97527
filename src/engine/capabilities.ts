/** What an engine can do, for a strategy to ask before it wants something: frozen, plain data. */
import type { AlgorithmDefinition } from '../algorithms/algorithm.ts';
import type { VenueCapabilities } from '../domain/ports.ts';
import type { RiskLimits } from '../risk/limits.ts';
import type { CallLimits } from '../risk/rate-limiter.ts';
import type { CompleteOptions } from './options.ts';

export interface AlgorithmCapabilities {
  readonly name: string;
  readonly version: number;
  /** Its parameters with their defaults; null where it cannot do without some being given. */
  readonly parameters: unknown;
  /** Calls and places it needs to start; null where it makes do with what there is. */
  readonly needs: { readonly calls: number; readonly maxConcurrent: number } | null;
  readonly wakesOn: { readonly touch: boolean; readonly trade: boolean };
}

export interface EngineCapabilities {
  /** By name. */
  readonly venues: Readonly<Record<string, VenueCapabilities>>;
  readonly algorithms: readonly AlgorithmCapabilities[];
  readonly limits: RiskLimits;
  /** Of each venue, as they were given. */
  readonly callLimits: CallLimits | readonly CallLimits[];
  readonly maxLiveExecutions: number;
  readonly maxQueuedSignals: number;
}

export function capabilitiesOf(
  options: CompleteOptions,
  algorithms: readonly AlgorithmDefinition[],
): EngineCapabilities {
  const { venues, limits, callLimits, maxLiveExecutions, maxQueuedSignals } = options;
  return frozen({
    venues: Object.fromEntries(venues.map(({ name, capabilities }) => [name, { ...capabilities }])),
    algorithms: algorithms.map(capabilityOf),
    limits: { ...limits },
    callLimits: structuredClone(callLimits),
    maxLiveExecutions,
    maxQueuedSignals,
  });
}

const capabilityOf = (definition: AlgorithmDefinition): AlgorithmCapabilities => ({
  name: definition.name,
  version: definition.version,
  parameters: defaultsOf(definition),
  needs: definition.needs === undefined ? null : { ...definition.needs },
  wakesOn: { ...definition.wakesOn },
});

/** The user's code: it may refuse to do without. */
function defaultsOf(definition: AlgorithmDefinition): unknown {
  try {
    return structuredClone(definition.parameters({}));
  } catch {
    return null;
  }
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(frozen);
  return Object.freeze(value);
}
