/**
 * One circuit breaker as an open system, before a judge who knows only what was said to it. Three
 * executions ask for two places; a cool-down ends early, late, or twice as late.
 */
import { createActor } from 'xstate';
import type { BreakerEvent } from '../../machines/circuit-breaker/circuit-breaker.protocol.ts';
import { circuitBreakerMachine } from '../../machines/index.ts';
import type { startCoverage } from './coverage.ts';
import { pathOf } from './coverage.ts';
import { at, type Chart, type Mutant, rebuilt } from './mutation.ts';
import type { Subject } from './paths.ts';

export type BreakerMachine = typeof circuitBreakerMachine;

const PROBES = 2;
const [SOON, LATE] = [100, 200];
const EXECUTIONS = ['a', 'b', 'c'];

const ALPHABET: readonly BreakerEvent[] = [
  { type: 'breaker.tripped', reason: 'storm', coolUntilMs: SOON },
  { type: 'breaker.tripped', reason: 'rejects', coolUntilMs: LATE },
  { type: 'cooldown.due', atMs: SOON },
  { type: 'cooldown.due', atMs: LATE },
  ...(['probe.started', 'probe.served', 'probe.left'] as const).flatMap((type) =>
    EXECUTIONS.map((executionId) => ({ type, executionId })),
  ),
  { type: 'breaker.halted', reason: 'loss' },
  { type: 'breaker.halted', reason: 'operator' },
  { type: 'breaker.resumed' },
];

/** What must be so, by all that was said until now. */
interface Belief {
  circuit: 'closed' | 'open' | 'halfOpen';
  reason: string | null;
  coolUntilMs: number | null;
  readonly places: Map<string, 'asked' | 'served'>;
  haltReason: string | null;
}

/** [1] a trip opens from anywhere, and its cool-down is the longest of all since it was closed. */
function trip(belief: Belief, reason: string, coolUntilMs: number): void {
  belief.circuit = 'open';
  belief.reason = reason;
  belief.coolUntilMs = Math.max(coolUntilMs, belief.coolUntilMs ?? 0);
  belief.places.clear();
}

/** [3] places are for the half-open; [4] as many served as there are places close it. */
function probe(belief: Belief, kind: string, id: string): void {
  if (belief.circuit !== 'halfOpen') return;
  const place = belief.places.get(id);
  if (kind === 'probe.started' && place === undefined && belief.places.size < PROBES)
    belief.places.set(id, 'asked');
  if (place !== 'asked') return;
  if (kind === 'probe.left') belief.places.delete(id);
  if (kind === 'probe.served') belief.places.set(id, 'served');
  if ([...belief.places.values()].filter((each) => each === 'served').length < PROBES) return;
  Object.assign(belief, { circuit: 'closed', reason: null, coolUntilMs: null });
  belief.places.clear();
}

function hear(belief: Belief, event: BreakerEvent): void {
  switch (event.type) {
    case 'breaker.tripped':
      return trip(belief, event.reason, event.coolUntilMs);
    case 'cooldown.due':
      // [2] Only the end of the whole cool-down lets it be tried.
      if (belief.circuit === 'open' && event.atMs >= (belief.coolUntilMs ?? 0))
        belief.circuit = 'halfOpen';
      return;
    case 'breaker.halted':
      // [5] Halted for the first reason, until a person resumes, whatever the circuit does.
      belief.haltReason ??= event.reason;
      return;
    case 'breaker.resumed':
      belief.haltReason = null;
      return;
    default:
      return probe(belief, event.type, event.executionId);
  }
}

interface Breaker {
  readonly state: string;
  readonly tags: string;
  readonly probes: string;
  readonly said: string;
}

/** [6] what it says of itself is what it is: blocked where halted or open. */
function expected({ circuit, reason, coolUntilMs, places, haltReason }: Belief): Breaker {
  const isBlocking = circuit === 'open' || haltReason !== null;
  const tags = [
    ...(isBlocking ? ['blocking'] : []),
    ...(circuit === 'halfOpen' ? ['probing'] : []),
  ];
  const probes = [...places].map(([id, place]) => (place === 'served' ? id.toUpperCase() : id));
  return {
    state: `circuit.${circuit} halt.${haltReason === null ? 'free' : 'halted'}`,
    tags: tags.join(),
    probes: probes.join(),
    said: `${reason} ${coolUntilMs} ${haltReason}`,
  };
}

const startBreaker = (machine: BreakerMachine) =>
  createActor(machine, { input: { probesWanted: PROBES } }).start();

function seen(actor: ReturnType<typeof startBreaker>): Breaker {
  const { value, context, tags } = actor.getSnapshot();
  const { probes, served, reason, coolUntilMs, haltReason } = context;
  return {
    state: pathOf(value),
    tags: [...tags].toSorted().join(),
    probes: probes.map((id) => (served.includes(id) ? id.toUpperCase() : id)).join(),
    said: `${reason} ${coolUntilMs} ${haltReason}`,
  };
}

export interface BreakerSubject extends Subject<BreakerEvent> {
  /** The first thing that was wrong. */
  verdict(): string | null;
}

export function breakerSubject(
  machine: BreakerMachine,
  coverage?: ReturnType<typeof startCoverage>,
): BreakerSubject {
  const actor = startBreaker(machine);
  const belief: Belief = {
    circuit: 'closed',
    reason: null,
    coolUntilMs: null,
    places: new Map(),
    haltReason: null,
  };
  let verdict: string | null = null;
  return {
    send(event) {
      actor.send(event);
      hear(belief, event);
      const [is, should] = [seen(actor), expected(belief)].map((one) => JSON.stringify(one));
      if (is !== should) verdict ??= `${event.type}: ${is}, not ${should}`;
    },
    verdict: () => verdict,
    watch: () => coverage?.watch(actor),
    key: () => JSON.stringify(seen(actor)),
    alphabet: () => ALPHABET,
    goesOn: () => true,
    stop: () => actor.stop(),
  };
}

const provided = (
  name: string,
  parts: Parameters<BreakerMachine['provide']>[0],
): Mutant<BreakerMachine> => ({ name, machine: circuitBreakerMachine.provide(parts) });

const charted = (name: string, change: (chart: Chart) => void): Mutant<BreakerMachine> => ({
  name,
  machine: rebuilt(circuitBreakerMachine, change),
});

export const BREAKER_MUTANTS: readonly Mutant<BreakerMachine>[] = [
  provided('any timer ends the cool-down', { guards: { isCooled: () => true } }),
  provided('the cool-down never ends', { guards: { isCooled: () => false } }),
  provided('there is always room for a probe', { guards: { hasRoom: () => true } }),
  provided('one that is served twice counts twice', {
    guards: { isLastProof: ({ context }) => context.served.length + 1 >= context.probesWanted },
  }),
  provided('the first proof closes', {
    guards: { isLastProof: ({ context }) => context.served.length === 0 },
  }),
  provided('who resumed is asked why it was halted', { actions: { clearHalt: () => {} } }),
  charted('a later halt hides the first', (chart) => {
    at(chart, 'halt.halted').on['breaker.halted'] = { actions: 'noteHalt' };
  }),
  provided('a trip forgets its reason', { actions: { noteTrip: () => {} } }),
  provided('who leaves keeps its place', { actions: { releaseProbe: () => {} } }),
  charted('a trip while it probes is not heard', (chart) => {
    delete at(chart, 'circuit.halfOpen').on['breaker.tripped'];
  }),
  charted('the end of a cool-down closes it at once', (chart) => {
    at(chart, 'circuit.open').on['cooldown.due'] = { guard: 'isCooled', target: 'closed' };
  }),
  charted('the end of a cool-down lifts a halt', (chart) => {
    at(chart, 'halt.halted').on['cooldown.due'] = { target: 'free', actions: 'clearHalt' };
  }),
  charted('a halted breaker lets pass', (chart) => {
    Object.assign(at(chart, 'halt.halted'), { tags: [] });
  }),
  charted('a resume closes the circuit', (chart) => {
    at(chart, 'circuit.open').on['breaker.resumed'] = { target: 'closed', actions: 'noteClosed' };
  }),
  charted('it closes and remembers its probes', (chart) => {
    at(chart, 'circuit.halfOpen').on['probe.served'] = [
      { guard: 'isLastProof', target: 'closed' },
      { guard: 'isPending', actions: 'noteServed' },
    ];
  }),
];
