/** What many seeds amount to. */
import { countStrikes, type Strikes } from './faults.ts';
import type { SeedResult } from './run-seed.ts';
import { addCounts, type Counts, NO_COUNTS } from './sometimes.ts';

export interface FoundViolation {
  readonly seed: number;
  readonly rule: string;
  readonly what: string;
  readonly atMs: number;
}

export interface Totals {
  readonly seeds: number;
  /** Simulated minutes of faults. */
  readonly minutes: number;
  /** In all, the healing included. */
  readonly simulatedMs: number;
  readonly orders: number;
  readonly fills: number;
  readonly crashes: number;
  /** Seeds that broke a rule. */
  readonly violations: number;
  readonly found: readonly FoundViolation[];
  readonly sometimes: Counts;
  /** How often each fault struck. */
  readonly faults: Strikes;
  /** Of all seeds; the order in which they were run does not matter. */
  readonly traceHash: string;
}

export const NO_TOTALS: Totals = {
  seeds: 0,
  minutes: 0,
  simulatedMs: 0,
  orders: 0,
  fills: 0,
  crashes: 0,
  violations: 0,
  found: [],
  sometimes: NO_COUNTS,
  faults: countStrikes(() => 0),
  traceHash: '0'.repeat(16),
};

export function addSeed(totals: Totals, result: SeedResult, minutes: number): Totals {
  const [first] = result.violations;
  const { seed } = result;
  return {
    seeds: totals.seeds + 1,
    minutes: totals.minutes + minutes,
    simulatedMs: totals.simulatedMs + result.simulatedMs,
    orders: totals.orders + result.orders,
    fills: totals.fills + result.fills,
    crashes: totals.crashes + result.crashes,
    violations: totals.violations + (first === undefined ? 0 : 1),
    found: first === undefined ? totals.found : [...totals.found, { seed, ...first }],
    sometimes: addCounts(totals.sometimes, result.sometimes),
    faults: countStrikes((name) => totals.faults[name] + result.struck[name]),
    traceHash: combined(totals.traceHash, result.traceHash),
  };
}

/** Exclusive or: no order of seeds gives another sum. */
const combined = (left: string, right: string): string =>
  (BigInt(`0x${left}`) ^ BigInt(`0x${right}`)).toString(16).padStart(16, '0');
