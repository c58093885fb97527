/** The life of a circuit breaker, and how it comes back after a restart. */

import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import type { BreakerEvent } from '../../machines/circuit-breaker/circuit-breaker.protocol.ts';
import { eventsOf } from '../../machines/circuit-breaker/circuit-breaker.rules.ts';
import { circuitBreakerMachine } from '../../machines/index.ts';

const breaker = (...events: readonly BreakerEvent[]) => {
  const actor = createActor(circuitBreakerMachine, { input: { probesWanted: 2 } }).start();
  for (const event of events) actor.send(event);
  return actor.getSnapshot();
};

const TRIP: BreakerEvent = { type: 'breaker.tripped', reason: '5 errors', coolUntilMs: 1_000 };
const DUE: BreakerEvent = { type: 'cooldown.due', atMs: 1_000 };
const HALT: BreakerEvent = { type: 'breaker.halted', reason: 'lost 50 dollars today' };
const probe = (type: 'probe.started' | 'probe.served' | 'probe.left', executionId: string) => ({
  type,
  executionId,
});

describe('a circuit breaker', () => {
  it('opens, cools down, lets two probes through, and closes when both were served', () => {
    expect(breaker(TRIP).hasTag('blocking')).toBe(true);
    const half = [TRIP, DUE, probe('probe.started', 'a'), probe('probe.started', 'b')] as const;
    expect(breaker(...half, probe('probe.started', 'c')).context.probes).toEqual(['a', 'b']);
    expect(breaker(...half, probe('probe.served', 'a')).hasTag('probing')).toBe(true);
    const closed = breaker(...half, probe('probe.served', 'a'), probe('probe.served', 'b'));
    expect(closed.value).toEqual({ circuit: 'closed', halt: 'free' });
  });

  it('gives the place of a probe that left to another', () => {
    const first = [TRIP, DUE, probe('probe.started', 'a'), probe('probe.left', 'a')] as const;
    expect(breaker(...first, probe('probe.started', 'b')).context.probes).toEqual(['b']);
  });

  it('opens again when it trips while it probes', () => {
    const again: BreakerEvent = { type: 'breaker.tripped', reason: 'again', coolUntilMs: 3_000 };
    const { value, context } = breaker(TRIP, DUE, probe('probe.started', 'a'), again, DUE);
    expect(value).toEqual({ circuit: 'open', halt: 'free' });
    expect(context).toMatchObject({ coolUntilMs: 3_000, probes: [] });
  });

  it('stays halted whatever the circuit does, until a person resumes', () => {
    expect(breaker(HALT, TRIP, DUE).hasTag('blocking')).toBe(true);
    expect(breaker(HALT, { type: 'breaker.resumed' }).hasTag('blocking')).toBe(false);
  });

  it.each([
    ['closed', []],
    ['open', [TRIP]],
    ['halted', [HALT]],
    ['both', [TRIP, HALT]],
  ] as const)('is rebuilt from what is kept of it: %s', (_, events) => {
    const lived = breaker(...events);
    const rebuilt = breaker(...eventsOf(lived.context));
    expect(rebuilt.value).toEqual(lived.value);
    expect(rebuilt.context).toEqual(lived.context);
  });

  it('is open after a restart while it probed: its probes are gone, its cool-down over', () => {
    const { context } = breaker(TRIP, DUE, probe('probe.started', 'a'));
    const [...events] = eventsOf(context);
    expect(breaker(...events).value).toEqual({ circuit: 'open', halt: 'free' });
    expect(breaker(...events, DUE).hasTag('probing')).toBe(true);
  });
});
