/** A promise of the port and how it is tried. */
import type { Need } from './contract.ts';
import type { Stage } from './stage.ts';

export interface CardDefinition {
  /** Short, of its own, never renamed: what a report or a filter names it by. */
  readonly name: string;
  /** What a venue promises, in a sentence. */
  readonly promise: string;
  readonly needs: readonly Need[];
  play(stage: Stage): Promise<void>;
}
