/** The life of an engine, and what it may do at each moment. */

import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import type { EngineEvent } from '../../machines/engine/engine.protocol.ts';
import { engineMachine } from '../../machines/index.ts';

const story = (...types: readonly EngineEvent['type'][]): readonly unknown[] => {
  const engine = createActor(engineMachine, { input: { epoch: 1 } }).start();
  return types.map((type) => {
    engine.send({ type, reason: 'operator' });
    return engine.getSnapshot().value;
  });
};

describe('an engine', () => {
  it('recovers and reconciles before it runs, and drains before it stops', () => {
    expect(story('engine.recovered', 'engine.reconciled', 'engine.stop', 'engine.drained')).toEqual(
      ['reconciling', 'running', 'draining', 'stopped'],
    );
  });

  it('is halted from anywhere, and reconciles again when a person resumes', () => {
    expect(story('engine.halt', 'engine.resume', 'engine.halt', 'engine.stop')).toEqual([
      'halted',
      'reconciling',
      'halted',
      'stopped',
    ]);
  });

  it('keeps the reason of the halt until it is lifted', () => {
    const engine = createActor(engineMachine, { input: { epoch: 1 } }).start();
    engine.send({ type: 'engine.halt', reason: 'loss limit' });
    expect(engine.getSnapshot().context.haltReason).toBe('loss limit');
    engine.send({ type: 'engine.resume' });
    expect(engine.getSnapshot().context.haltReason).toBeNull();
  });
});
