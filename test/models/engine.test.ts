/** The root of the engine: state x event -> state by hand, and every transition taken. */

import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import type { EngineEvent } from '../../machines/engine/engine.protocol.ts';
import { engineMachine } from '../../machines/index.ts';
import { compare, pathOf, startCoverage } from '../support/coverage.ts';
import { edgeCover } from '../support/paths.ts';

const EVENTS: Readonly<Record<string, EngineEvent>> = {
  recovered: { type: 'engine.recovered' },
  reconciled: { type: 'engine.reconciled' },
  stop: { type: 'engine.stop' },
  drained: { type: 'engine.drained' },
  halt: { type: 'engine.halt', reason: 'operator' },
  resume: { type: 'engine.resume' },
};

/** A dot: it stays. Halt wins everywhere, and only a person's resume leaves it. */
const TABLE = `
             recovered    reconciled   stop      drained  halt    resume
recovering   reconciling  .            stopped   .        halted  .
reconciling  .            running      draining  .        halted  .
running      .            .            draining  .        halted  .
draining     .            .            .         stopped  halted  .
halted       .            .            stopped   stopped  .       reconciling
stopped      .            .            .         .        .       .
`;

const rows = TABLE.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));

const rowOf = (state: string): readonly string[] =>
  rows.find(([name]) => name === state)?.slice(1) ?? [];

const coverage = startCoverage();

/** Which tags let outsiders act; nothing is sent and nobody is accepted anywhere else. */
const TAGS: Readonly<Record<string, readonly string[]>> = {
  recovering: ['preparing'],
  reconciling: ['accepting', 'preparing'],
  running: ['accepting', 'sending'],
  draining: ['sending'],
  stopped: ['final'],
};

describe('engine, every path', () => {
  it('follows the table', () => {
    const wrong: string[] = [];
    const { paths, states } = edgeCover(() => {
      const actor = createActor(engineMachine, { input: { epoch: 1 } }).start();
      const state = (): string => pathOf(actor.getSnapshot().value);
      return {
        send(event: EngineEvent) {
          const before = state();
          actor.send(event);
          const column = Object.values(EVENTS).indexOf(event);
          const cell = rowOf(before)[column];
          const expected = cell === '.' ? before : cell;
          const { context, tags } = actor.getSnapshot();
          if (state() !== expected) wrong.push(`${event.type} in ${before}: ${state()}`);
          if ([...tags].toSorted().join() !== (TAGS[state()] ?? []).join())
            wrong.push(`tags of ${state()}: ${[...tags].join()}`);
          if (state() === 'halted' && context.haltReason === null) wrong.push('halted for nothing');
          if (state() === 'running' && context.haltReason !== null)
            wrong.push('runs although halted');
        },
        watch: () => coverage.watch(actor),
        key: () => `${state()} ${actor.getSnapshot().context.haltReason}`,
        alphabet: () => Object.values(EVENTS),
        goesOn: () => true,
        stop: () => actor.stop(),
      };
    });
    console.log(`engine: ${states} states, ${paths.length} paths`);
    expect(rows[0]).toEqual(Object.keys(EVENTS));
    expect(wrong).toEqual([]);
  });

  it('takes every transition and sees every state', () => {
    const { line, missing } = compare(engineMachine, coverage);
    console.log(line);
    expect(missing).toEqual([]);
  });
});
