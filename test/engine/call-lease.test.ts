import { describe, expect, it } from 'vitest';
import type { AlgorithmDefinition } from '../../src/algorithms/algorithm.ts';
import { dynamicDepthWalker } from '../../src/algorithms/dynamic-depth-walker.ts';
import { BUILT_IN_ALGORITHMS } from '../../src/algorithms/registry.ts';
import { simpleLimit } from '../../src/algorithms/simple-limit.ts';
import { leaseRefusal } from '../../src/engine/call-lease.ts';
import type { ExecutionRecord } from '../../src/engine/execution-record.ts';

const walker = BUILT_IN_ALGORITHMS.find(({ name }) => name === dynamicDepthWalker.name);
const simple = BUILT_IN_ALGORITHMS.find(({ name }) => name === simpleLimit.name);

const running = (
  definition: AlgorithmDefinition | undefined,
  lease: number | null,
  calls: number,
) => ({ definition, lease, calls }) as unknown as ExecutionRecord;

const walkers = (count: number, calls = 0): ExecutionRecord[] =>
  Array.from({ length: count }, () => running(walker, 13, calls));

const refusalOf = (others: readonly ExecutionRecord[], callsLeft: number): string | null =>
  walker === undefined ? 'missing' : leaseRefusal({ definition: walker, others, callsLeft });

describe('a lease', () => {
  it.each([
    ['nobody else runs', [], 80, null],
    ['four walkers run, nothing called yet', walkers(4), 80, null],
    ['five walkers run', walkers(5), 500, 'no more than 5 executions of dynamic_depth_walker run'],
    ['the window is nearly spent', [], 12, 'needs a lease of 13 calls, 12 were free'],
    ['what others were promised counts', walkers(4), 60, 'needs a lease of 13 calls, 8 were free'],
    ['what they have called is out of the window', walkers(4, 13), 13, null],
    ['who called more than its lease owes nothing', walkers(4, 20), 13, null],
    ['an algorithm without a lease owes nothing', [running(simple, null, 0)], 13, null],
  ])('%s', (_, others, callsLeft, expected) => {
    const refusal = refusalOf(others, callsLeft);
    if (expected === null) expect(refusal).toBeNull();
    else expect(refusal).toContain(expected);
  });

  it('is not asked for by an algorithm that makes one call', () => {
    if (simple === undefined) throw new Error('simple_limit is built in');
    expect(leaseRefusal({ definition: simple, others: walkers(9), callsLeft: 0 })).toBeNull();
  });
});
