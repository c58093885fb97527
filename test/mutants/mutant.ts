/** What a mutant is, and what must see it. */
import type { Plant } from './plant.ts';
import type { TrialName } from './trials.ts';

export type Killer =
  /** Seeds of the simulation, tried in order. */
  | { readonly seeds: readonly number[] }
  /** Where the simulation cannot see it. */
  | { readonly trials: readonly TrialName[] };

export interface Mutant {
  readonly name: string;
  readonly plants: readonly Plant[];
  /** Null for one that survives, and why it may. */
  readonly killer: Killer | null;
  readonly survivesBecause?: string;
}

export const plant = (file: string, find: string, replace: string): Plant => ({
  file,
  find,
  replace,
});

/** As many as are worth a try: whatever is drawn for them changes with the engine. */
const SEEDS_MAX = 30;

/** `first` is the one that was seen to kill it; the others are tried after it. */
export function seedsFrom(first: number): Killer {
  const others = Array.from({ length: SEEDS_MAX }, (_, index) => index + 1);
  return { seeds: [first, ...others.filter((seed) => seed !== first)] };
}

export const trial = (name: TrialName): Killer => ({ trials: [name] });

export const mutant = (name: string, killer: Killer, ...plants: readonly Plant[]): Mutant => ({
  name,
  killer,
  plants,
});
