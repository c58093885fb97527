import { describe, expect, it } from 'vitest';
import type { AlgorithmDefinition } from '../../src/algorithms/algorithm.ts';
import { resting, world } from '../support/embedded.ts';

const DEFAULTS = { steps: [1, 2] };

const demanding: AlgorithmDefinition = {
  ...resting,
  name: 'demanding',
  parameters: () => {
    throw new Error('say how many steps');
  },
};

const easy: AlgorithmDefinition = { ...resting, name: 'easy', parameters: () => DEFAULTS };

describe('what an engine can do', () => {
  it('says the defaults of each algorithm, and of which there are none', async () => {
    const { engine, clock } = await world({ algorithms: [demanding, easy] });
    const { algorithms } = engine.capabilities();
    const defaults = new Map(algorithms.map(({ name, parameters }) => [name, parameters]));
    expect(defaults.get('demanding')).toBeNull();
    expect(defaults.get('easy')).toEqual({ steps: [1, 2] });
    expect(defaults.has('simple_limit')).toBe(true);
    await clock.settle(engine.stop());
  });

  it('is a frozen copy: nothing of the engine can be changed through it', async () => {
    const { engine, venue, clock } = await world({ algorithms: [easy] });
    const said = engine.capabilities();
    const steps = said.algorithms.find(({ name }) => name === 'easy')?.parameters;
    expect(Object.isFrozen(steps)).toBe(true);
    expect(Object.isFrozen(DEFAULTS.steps)).toBe(false);
    expect(() => Object.assign(said.limits, { maxOpenOrders: 1e9 })).toThrow(TypeError);
    expect(() => Object.assign(said.venues['script'] ?? {}, { amend: null })).toThrow(TypeError);
    expect(venue.capabilities.amend).toBe('total');
    expect(engine.capabilities()).toEqual(said);
    await clock.settle(engine.stop());
  });
});
