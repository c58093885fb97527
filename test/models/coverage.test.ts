/** The counting of states and transitions, on a machine small enough to count by hand. */

import { describe, expect, it } from 'vitest';
import { createActor, setup } from 'xstate';
import { compare, leavesOf, startCoverage, transitionsOf } from '../support/coverage.ts';
import { edgeCover } from '../support/paths.ts';

type LampEvent = { readonly type: 'press' } | { readonly type: 'break' };

const lamp = setup({
  types: { events: {} as LampEvent },
  guards: { isDark: () => true, isBright: () => false },
}).createMachine({
  id: 'lamp',
  initial: 'off',
  on: { break: '.broken' },
  states: {
    off: { on: { press: [{ guard: 'isBright', target: 'off' }, { target: 'on' }] } },
    on: {
      initial: 'warming',
      on: { press: 'off' },
      states: { warming: { always: { guard: 'isDark', target: 'glowing' } }, glowing: {} },
    },
    broken: { on: { break: undefined } },
  },
});

const start = (coverage = startCoverage()) => {
  const actor = createActor(lamp).start();
  return {
    send: (event: LampEvent) => actor.send(event),
    watch: () => coverage.watch(actor),
    key: () => JSON.stringify(actor.getSnapshot().value),
    alphabet: (): readonly LampEvent[] => [{ type: 'press' }, { type: 'break' }],
    goesOn: () => true,
    stop: () => actor.stop(),
  };
};

describe('coverage', () => {
  it('knows every leaf, every branch and every always, and no forbidden event', () => {
    expect(leavesOf(lamp)).toEqual([
      'lamp.off',
      'lamp.on.warming',
      'lamp.on.glowing',
      'lamp.broken',
    ]);
    expect(transitionsOf(lamp)).toEqual([
      'lamp --break--> #0',
      'lamp.off --press--> #0',
      'lamp.off --press--> #1',
      'lamp.on --press--> #0',
      'lamp.on.warming --always--> #0',
    ]);
  });

  it('counts what was taken, states that are only passed through included', () => {
    const coverage = startCoverage();
    const one = start(coverage);
    one.watch();
    one.send({ type: 'press' });
    one.stop();
    expect(compare(lamp, coverage)).toEqual({
      line: 'lamp: states 3/4, transitions 2/5',
      missing: [
        'lamp.broken',
        'lamp --break--> #0',
        'lamp.off --press--> #0',
        'lamp.on --press--> #0',
      ],
    });
  });

  it('is complete after an edge cover, but for the branch that can never be taken', () => {
    const coverage = startCoverage();
    const { states, paths } = edgeCover(() => start(coverage));
    expect(states).toBe(3);
    expect(paths.map((path) => path.map(({ type }) => type).join(' '))).toEqual([
      'press',
      'break',
      'press press',
      'press break',
      'break press',
      'break break',
    ]);
    expect(compare(lamp, coverage).missing).toEqual(['lamp.off --press--> #0']);
  });
});
