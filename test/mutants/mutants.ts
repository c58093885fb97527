/**
 * The safety of the engine, broken on purpose: each mutant leaves out one thing that keeps money
 * from being lost, and must be seen by the simulation or by a trial. Bugs of the charts alone are
 * in `test/models/mutants.test.ts`.
 */
import { ENGINE_MUTANTS } from './engine-mutants.ts';
import type { Mutant } from './mutant.ts';
import { ORDER_MUTANTS } from './order-mutants.ts';

export const MUTANTS: readonly Mutant[] = [...ORDER_MUTANTS, ...ENGINE_MUTANTS];
