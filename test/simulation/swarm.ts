/**
 * What kind of world a seed gives: each draws its own faults, rates, limits and shapes, so that a
 * fault that hides another is off in some of them.
 */
import type { Random } from '../../src/domain/ports.ts';
import { chance, integer, pick, uniform } from '../../src/env/draws.ts';
import { type BreakerSettings, DEFAULT_BREAKER } from '../../src/risk/breaker-settings.ts';
import type { RiskLimits } from '../../src/risk/limits.ts';
import { FAULT_NAMES, type FaultName } from './faults.ts';
import type { Latency } from './network.ts';

export interface Swarm {
  /** Each fault that is on, at a share of its most. */
  readonly faults: ReadonlyMap<FaultName, number>;
  readonly markets: number;
  /** Mean time between two deeds of strangers in one market. */
  readonly strangersMs: number;
  /** Mean time between two signals. */
  readonly signalsMs: number;
  readonly latency: Latency;
  readonly limits: RiskLimits;
  readonly callLimits: {
    readonly windowMs: number;
    readonly calls: number;
    readonly cancelReserve: number;
  };
  readonly amends: boolean;
  readonly isAskable: boolean;
  readonly recovery: 'resume' | 'cancel-and-stop' | 'ask';
  readonly reconcileMs: number | null;
  readonly hasHaltFile: boolean;
  readonly whenStale: 'cancel' | 'keep';
  readonly breaker: BreakerSettings;
  readonly maxQueuedSignals: number;
  /** SQLite itself keeps the journal. */
  readonly isRealStore: boolean;
}

/** In one of so many worlds. */
const REAL_STORES = 12;

export function drawSwarm(random: Random, without: ReadonlySet<FaultName>): Swarm {
  const draws = random.fork('swarm');
  const risk = random.fork('swarm risk');
  const density = pick(draws, [0, 0.15, 0.3, 0.3, 0.5]);
  const faults = new Map<FaultName, number>();
  for (const name of FAULT_NAMES) {
    const own = random.fork(`swarm ${name}`);
    const isOn = chance(own, density);
    const share = uniform(own, 0.1, 1);
    if (isOn && !without.has(name)) faults.set(name, share);
  }
  return {
    faults,
    markets: integer(draws, 1, 3),
    strangersMs: pick(draws, [700, 1_500, 3_000]),
    signalsMs: pick(draws, [4_000, 8_000, 15_000]),
    latency: { meanMs: pick(draws, [5, 30, 120]), tail: pick(draws, [0, 0, 0.02]) },
    limits: {
      maxOrderQuantity: '500',
      maxOrderNotional: '500',
      maxOpenNotional: '2000',
      maxPosition: String(pick(draws, [60, 150, 1_000])),
      maxOpenOrders: pick(draws, [2, 6, 20]),
      budget: pick(risk, [null, null, null, '15', '40']),
    },
    callLimits: {
      windowMs: pick(draws, [10_000, 60_000]),
      calls: pick(draws, [12, 40, 100]),
      cancelReserve: 4,
    },
    amends: chance(draws, 0.6),
    isAskable: chance(draws, 0.7),
    recovery: pick(draws, ['resume', 'resume', 'resume', 'cancel-and-stop', 'ask'] as const),
    reconcileMs: pick(draws, [10_000, 30_000, null]),
    hasHaltFile: chance(draws, 0.4),
    whenStale: pick(draws, ['cancel', 'cancel', 'keep'] as const),
    breaker: drawBreaker(risk),
    maxQueuedSignals: pick(risk, [2, 10, 10_000]),
    isRealStore: integer(draws, 1, REAL_STORES) === 1,
  };
}

/** Quick to open in some worlds: else two minutes are too short for it. */
const drawBreaker = (draws: Random): BreakerSettings => ({
  ...DEFAULT_BREAKER,
  errorsInARow: pick(draws, [2, 4, 10]),
  rejectsInARow: pick(draws, [3, 8, 20]),
  throttlesPerMinute: pick(draws, [3, 10]),
  cooldownMs: pick(draws, [2_000, 8_000, 30_000]),
  probes: pick(draws, [1, 2]),
  whenOpen: pick(draws, ['suspend', 'suspend', 'close'] as const),
});
