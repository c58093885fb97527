/** The circuit breaker: every path before its judge, every transition, and every seeded bug. */
import { describe, expect, it } from 'vitest';
import { circuitBreakerMachine } from '../../machines/index.ts';
import { BREAKER_MUTANTS, type BreakerMachine, breakerSubject } from '../support/breaker-world.ts';
import { compare, startCoverage } from '../support/coverage.ts';
import { edgeCover } from '../support/paths.ts';

const coverage = startCoverage();
const subject = () => breakerSubject(circuitBreakerMachine, coverage);
const { paths, states } = edgeCover(subject);

/** By the shortest path that shows it; null where the judge has nothing to say. */
function fallOf(machine: BreakerMachine): string | null {
  for (const path of paths.toSorted((left, right) => left.length - right.length)) {
    const walked = breakerSubject(machine);
    for (const event of path) walked.send(event);
    walked.stop();
    if (walked.verdict() !== null) return walked.verdict();
  }
  return null;
}

describe('circuit breaker, every path', () => {
  it('does what was said to it, and nothing else', () => {
    console.log(`circuit breaker: ${states} states, ${paths.length} paths`);
    expect(fallOf(circuitBreakerMachine)).toBeNull();
  });

  it('takes every transition and sees every state', () => {
    const { line, missing } = compare(circuitBreakerMachine, coverage);
    console.log(line);
    expect(missing).toEqual([]);
  });

  it.each(BREAKER_MUTANTS)('finds the bug: $name', ({ machine }) => {
    expect(fallOf(machine)).not.toBeNull();
  });
});
