import { assign, setup } from 'xstate';
import type { EngineContext, EngineEvent, EngineInput } from './engine.protocol.ts';
import * as rules from './engine.rules.ts';

/** The life of an engine: what it may do at this moment. Tags say what outsiders ask. */
export const engineMachine = setup({
  types: {} as {
    context: EngineContext;
    events: EngineEvent;
    input: EngineInput;
    tags: 'preparing' | 'accepting' | 'sending' | 'final';
  },
  actions: {
    noteHalt: assign(rules.noteHalt),
    clearHalt: assign({ haltReason: null }),
  },
}).createMachine({
  id: 'engine',
  description: 'Tags say what it may do: accept signals, send orders.',
  meta: { journey: ['recovering', 'reconciling', 'running', 'draining', 'stopped'] },
  context: rules.openingContext,
  initial: 'recovering',
  on: { 'engine.halt': { target: '.halted', actions: 'noteHalt' } },
  states: {
    recovering: {
      description: 'The journal is read.',
      tags: 'preparing',
      on: { 'engine.recovered': 'reconciling', 'engine.stop': 'stopped' },
    },
    reconciling: {
      description: 'The venues are asked what they know of us; signals wait.',
      tags: ['preparing', 'accepting'],
      on: { 'engine.reconciled': 'running', 'engine.stop': 'draining' },
    },
    running: { tags: ['accepting', 'sending'], on: { 'engine.stop': 'draining' } },
    draining: {
      description: 'No new execution; the living ones are cancelled and proven ended.',
      tags: 'sending',
      on: { 'engine.drained': 'stopped' },
    },
    halted: {
      description: 'Nothing is sent but cancels, until a person resumes.',
      on: {
        'engine.halt': { actions: 'noteHalt' },
        'engine.resume': { target: 'reconciling', actions: 'clearHalt' },
        'engine.stop': 'stopped',
        'engine.drained': 'stopped',
      },
    },
    stopped: {
      tags: 'final',
      on: { 'engine.halt': { actions: 'noteHalt' } },
    },
  },
});
