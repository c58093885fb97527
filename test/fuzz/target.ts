/** What is fuzzed: fixtures, and a judge that throws where something is wrong. */

/** Taken, or refused in the way its contract names. */
export type Verdict = 'valid' | 'rejected';

export interface Ready {
  /** Sound inputs, which mutations begin with. */
  readonly fixtures: readonly unknown[];
  /** Throws what escapes from the code under test, and a `Violation` for what it did wrong. */
  readonly judge: (input: unknown, text: string) => Verdict;
  /** Every so often, and not timed: lets go of what was started. */
  readonly rest?: () => Promise<void>;
  readonly close?: () => Promise<void> | void;
}

export interface Target {
  readonly name: string;
  /** Its part of all inputs. */
  readonly weight: number;
  /** Whether a caller in the same process gives the input, and it may run code of its own. */
  readonly live?: boolean;
  /** How a value is written down; texts are then changed as well. */
  readonly textOf?: (value: unknown) => string;
  readonly prepare: () => Promise<Ready> | Ready;
}

/** What was taken is not what was given. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

export function claim(holds: boolean, rule: string, ...shown: readonly unknown[]): asserts holds {
  if (!holds) throw new Violation([rule, ...shown.map(String)].join(', ').slice(0, 500));
}
