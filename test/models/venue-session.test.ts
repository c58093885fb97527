/** A connection: every path before its judge, every transition, and every seeded bug. */
import { describe, expect, it } from 'vitest';
import { compare, startCoverage } from '../support/coverage.ts';
import { edgeCover } from '../support/paths.ts';
import {
  SESSION_MUTANTS,
  type SessionMachine,
  sessionMachine,
  sessionSubject,
} from '../support/session-world.ts';

const coverage = startCoverage();
const { paths, states } = edgeCover(() => sessionSubject(sessionMachine, coverage));

/** By the shortest path that shows it; null where the judge has nothing to say. */
function fallOf(machine: SessionMachine): string | null {
  for (const path of paths.toSorted((left, right) => left.length - right.length)) {
    const walked = sessionSubject(machine);
    for (const event of path) walked.send(event);
    walked.stop();
    if (walked.verdict() !== null) return walked.verdict();
  }
  return null;
}

describe('connection, every path', () => {
  it('does what was said to it, and nothing else', () => {
    console.log(`connection: ${states} states, ${paths.length} paths`);
    expect(fallOf(sessionMachine)).toBeNull();
  });

  it('takes every transition and sees every state', () => {
    const { line, missing } = compare(sessionMachine, coverage);
    console.log(line);
    expect(missing).toEqual([]);
  });

  it.each(SESSION_MUTANTS)('finds the bug: $name', ({ machine }) => {
    expect(fallOf(machine)).not.toBeNull();
  });
});
