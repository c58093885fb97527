import { describe, expect, it } from 'vitest';
import type { AlgorithmDefinition } from '../../src/algorithms/algorithm.ts';
import { dynamicDepthWalker } from '../../src/algorithms/dynamic-depth-walker.ts';
import { BUILT_IN_ALGORITHMS } from '../../src/algorithms/registry.ts';
import { simpleLimit } from '../../src/algorithms/simple-limit.ts';
import { leaseRefusal } from '../../src/engine/execution/call-lease.ts';
import type { ExecutionRecord } from '../../src/engine/execution/execution-record.ts';

const walker = BUILT_IN_ALGORITHMS.find(({ name }) => name === dynamicDepthWalker.name);
const simple = BUILT_IN_ALGORITHMS.find(({ name }) => name === simpleLimit.name);

const running = (definition: AlgorithmDefinition | undefined) =>
  ({ definition }) as unknown as ExecutionRecord;

const walkers = (count: number): ExecutionRecord[] =>
  Array.from({ length: count }, () => running(walker));

const refusalOf = (others: readonly ExecutionRecord[], unpromised: number): string | null =>
  walker === undefined ? 'missing' : leaseRefusal({ definition: walker, others, unpromised });

describe('a lease', () => {
  it.each([
    ['nobody else runs', [], 80, null],
    ['four walkers run', walkers(4), 13, null],
    ['five walkers run', walkers(5), 500, 'no more than 5 executions of dynamic_depth_walker run'],
    ['the window is nearly spent', [], 12, 'needs a lease of 13 calls, 12 were free'],
    ['others do not count', [running(simple), ...walkers(4)], 13, null],
  ])('%s', (_, others, unpromised, expected) => {
    const refusal = refusalOf(others, unpromised);
    if (expected === null) expect(refusal).toBeNull();
    else expect(refusal).toContain(expected);
  });

  it('is not asked for by an algorithm that makes one call', () => {
    if (simple === undefined) throw new Error('simple_limit is built in');
    expect(leaseRefusal({ definition: simple, others: walkers(9), unpromised: 0 })).toBeNull();
  });
});
