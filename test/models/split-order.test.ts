/** The split order as an open system: every state, every event, judged from outside of it. */
import { describe, expect, it } from 'vitest';
import { splitOrderMachine } from '../../machines/index.ts';
import { compare, startCoverage } from '../support/coverage.ts';
import { judgedCover } from '../support/judged.ts';
import { judgeSplitOrder } from '../support/split-order-judge.ts';
import { type SplitOrderRig, startSplitOrder } from '../support/split-order-rig.ts';
import { subjectOf, WORLD_LOTS, WORLDS } from '../support/split-order-world.ts';

const coverage = startCoverage();

describe('split order, every path', () => {
  it.each(WORLDS)('breaks no rule where the venue is $name', (world) => {
    const { broken, states, paths } = judgedCover(
      (judge) => subjectOf(world, startSplitOrder, judge, coverage),
      (rig: SplitOrderRig) => judgeSplitOrder(rig, WORLD_LOTS),
    );
    console.log(`split order, ${world.name}: ${states} states, ${paths.length} paths`);
    expect(broken).toEqual([]);
    expect(paths.length).toBeGreaterThan(states);
  });

  it('takes every transition and sees every state', () => {
    const { line, missing } = compare(splitOrderMachine, coverage);
    console.log(line);
    expect(missing).toEqual([]);
  });
});
