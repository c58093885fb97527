import { assign, setup } from 'xstate';
import type { BreakerContext, BreakerEvent, BreakerInput } from './circuit-breaker.protocol.ts';
import * as rules from './circuit-breaker.rules.ts';

/** Whether new risk may be taken at one venue. It measures nothing: it is told what went wrong. */
export const circuitBreakerMachine = setup({
  types: {} as {
    context: BreakerContext;
    events: BreakerEvent;
    input: BreakerInput;
    tags: 'blocking' | 'probing';
  },
  actions: {
    noteTrip: assign(rules.noteTrip),
    noteClosed: assign(rules.noteClosed),
    enrolProbe: assign(rules.enrolProbe),
    noteServed: assign(rules.noteServed),
    releaseProbe: assign(rules.releaseProbe),
    noteHalt: assign(rules.noteHalt),
    clearHalt: assign(rules.clearHalt),
  },
  guards: rules.guards,
}).createMachine({
  id: 'circuitBreaker',
  description: 'Cancels pass in every state.',
  meta: {
    journey: ['circuit', 'circuit.closed', 'circuit.open', 'circuit.halfOpen', 'circuit.closed'],
  },
  context: rules.openingContext,
  type: 'parallel',
  states: {
    circuit: {
      description: 'It opens by itself, and closes once the venue has served enough probes.',
      initial: 'closed',
      states: {
        closed: {
          description: 'Orders pass.',
          on: { 'breaker.tripped': { target: 'open', actions: 'noteTrip' } },
        },
        open: {
          description: 'No new risk until it has cooled down.',
          tags: 'blocking',
          on: {
            'cooldown.due': { guard: 'isCooled', target: 'halfOpen' },
            'breaker.tripped': { actions: 'noteTrip' },
          },
        },
        halfOpen: {
          description: 'A few executions send small orders.',
          tags: 'probing',
          on: {
            'breaker.tripped': { target: 'open', actions: 'noteTrip' },
            'probe.started': { guard: 'hasRoom', actions: 'enrolProbe' },
            'probe.served': [
              { guard: 'isLastProof', target: 'closed', actions: 'noteClosed' },
              { guard: 'isPending', actions: 'noteServed' },
            ],
            'probe.left': { guard: 'isPending', actions: 'releaseProbe' },
          },
        },
      },
    },
    halt: {
      description: 'A loss or a person stopped it.',
      initial: 'free',
      states: {
        free: { on: { 'breaker.halted': { target: 'halted', actions: 'noteHalt' } } },
        halted: {
          description: 'Only a person resumes; midnight and a restart do not.',
          tags: 'blocking',
          on: { 'breaker.resumed': { target: 'free', actions: 'clearHalt' } },
        },
      },
    },
  },
});
