/**
 * Lots are conserved between an execution, its orders and a venue, whatever is lost, late, doubled
 * or out of order on the way; and a few seeded bugs prove that this could be seen to fail.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitOrderMachine } from '../../machines/index.ts';
import { Desk, fold, resume, type Step } from '../support/desk.ts';
import { SPLIT_ORDER_MUTANTS } from '../support/split-order-mutants.ts';
import type { SplitOrderMachine } from '../support/split-order-rig.ts';

const TARGET = 12;
const SEED = 20_261_121;

const steps = fc.array(fc.tuple(fc.nat(19), fc.nat(9_999)), {
  minLength: 5,
  maxLength: 80,
  size: 'max',
});

/** The first thing that goes wrong on the way, or when all has arrived. */
function faultOf(machine: SplitOrderMachine, amendable: boolean, way: readonly Step[]) {
  const desk = new Desk(machine, TARGET, amendable);
  try {
    for (const step of way) {
      desk.step(step);
      const wrong = desk.wrong();
      if (wrong !== null) return wrong;
    }
    desk.drain();
    return desk.wrong() ?? desk.unsettled();
  } finally {
    desk.stop();
  }
}

const conserves = (machine: SplitOrderMachine) =>
  fc.property(fc.boolean(), steps, (amendable, way) => {
    expect(faultOf(machine, amendable, way)).toBeNull();
  });

describe('an execution at a venue', () => {
  it('conserves lots on every way', () => {
    const report = fc.check(conserves(splitOrderMachine), { numRuns: 400, seed: SEED });
    expect(fc.defaultReportMessage(report)).toBeUndefined();
  });

  it('is rebuilt from its journal or from half way: the same inputs give the same tree', () => {
    const folds = fc.property(fc.boolean(), steps, (amendable, way) => {
      const desk = new Desk(splitOrderMachine, TARGET, amendable);
      for (const step of way) desk.step(step);
      expect(fold(desk, TARGET, amendable)).toBe(desk.persisted());
      expect(resume(desk, TARGET, amendable)).toBe(desk.persisted());
      desk.stop();
    });
    fc.assert(folds, { numRuns: 100, seed: SEED });
  });

  it.each([
    'a fill counts each time it is told',
    'a refused cancel is taken as cancelled',
    'a cancel ack is the end, before the fills are in',
    'a new attempt before the last is proven over',
    'a new attempt is sized by a remembered number',
    'no answer is a refusal',
    'no answer to a cancel is a cancel',
    'what is found filled is filled, whatever was booked',
  ])('would show that %s', (name) => {
    const mutant = SPLIT_ORDER_MUTANTS.find((candidate) => candidate.name === name);
    if (mutant === undefined) throw new Error(`no seeded bug is called ${name}`);
    const { failed } = fc.check(conserves(mutant.machine), {
      numRuns: 2_000,
      seed: SEED,
      endOnFailure: true,
    });
    expect(failed).toBe(true);
  });
});
