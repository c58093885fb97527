import { describe, expect, it } from 'vitest';
import { dynamicDepthWalker } from '../../src/algorithms/dynamic-depth-walker.ts';
import { InputError } from '../../src/domain/errors.ts';

describe('parameters', () => {
  it.each([
    [{ walkInterval: 4 }, 'dynamic_depth_walker has no such parameter, was "walkInterval"'],
    [{ lookbackMs: 7_999 }, 'lookbackMs must hold at least two walk intervals'],
    [{ highMomentum: 0.05 }, 'highMomentum must not lie below momentumThreshold'],
  ])('refuses %j', (parameters, message) => {
    expect(() => dynamicDepthWalker.parameters(parameters)).toThrow(InputError);
    expect(() => dynamicDepthWalker.parameters(parameters)).toThrow(message);
  });
});
