/** The execution as an open system: its orders only listen; what they would tell is an input. */
import { describe, expect, it } from 'vitest';
import { executionMachine } from '../../machines/index.ts';
import { compare, startCoverage } from '../support/coverage.ts';
import { judgeExecution } from '../support/execution-judge.ts';
import { type ExecutionRig, startExecution } from '../support/execution-rig.ts';
import { EXECUTION_WORLDS, executionSubject, TARGET } from '../support/execution-world.ts';
import { judgedCover } from '../support/judged.ts';

const coverage = startCoverage();

describe('execution, every path', () => {
  it.each(EXECUTION_WORLDS)('breaks no rule with $name', (world) => {
    const { broken, states, paths } = judgedCover(
      (judge) => executionSubject(world, startExecution, judge, coverage),
      (rig: ExecutionRig) => judgeExecution(rig, TARGET),
    );
    console.log(`execution, ${world.name}: ${states} states, ${paths.length} paths`);
    expect(broken).toEqual([]);
    expect(paths.length).toBeGreaterThan(states);
  });

  it('takes every transition and sees every state', () => {
    const { line, missing } = compare(executionMachine, coverage);
    console.log(line);
    expect(missing).toEqual([]);
  });
});
