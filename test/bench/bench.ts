/** What a bench is: a pure function of its size that gives figures, each beside a reference. */
import type { Pace } from './measure.ts';

/** Something that one figure is held against, measured in the same run. */
export interface Beside {
  readonly name: string;
  /** The figure as a multiple of the reference. */
  readonly ratio: number;
}

export interface Aim {
  readonly text: string;
  readonly met: boolean;
}

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly beside?: Beside;
  readonly aim?: Aim;
}

export interface BenchResult {
  readonly figures: readonly Figure[];
  /** What must be known to read the figures: sizes, sources, shares. */
  readonly notes: readonly string[];
}

export interface BenchOptions {
  /** Multiplies the amount of work: 1 for figures, a little for a test that it still runs. */
  readonly scale: number;
  readonly orders: number;
  readonly progress: (text: string) => void;
}

export interface Bench {
  readonly name: string;
  readonly title: string;
  run(options: BenchOptions): Promise<BenchResult>;
}

/** The amount of work at a scale, never less than `least`. */
export const scaled = (amount: number, scale: number, least: number): number =>
  Math.max(least, Math.round(amount * scale));

/** Long enough that the grain of the clock is below a hundredth. */
const ROUND_US = 60_000;

export const paceOf = (rounds: number, scale: number): Pace => ({
  rounds: scaled(rounds, scale, 1),
  leastUs: ROUND_US * scale,
});

export const atMost = (text: string, value: number, bound: number): Aim => ({
  text,
  met: value <= bound,
});
