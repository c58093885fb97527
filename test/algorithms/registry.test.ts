import { describe, expect, it } from 'vitest';
import { AlgorithmRegistry } from '../../src/algorithms/registry.ts';
import { simpleLimit } from '../../src/algorithms/simple-limit.ts';
import { InputError } from '../../src/domain/errors.ts';

describe('the registry of algorithms', () => {
  it('knows the built-in ones', () => {
    const registry = new AlgorithmRegistry();
    expect(registry.algorithmNamed('simple_limit')).toBe(simpleLimit);
    expect(registry.algorithmNamed('dynamic_depth_walker').version).toBe(1);
    expect(registry.algorithmNamed('market').version).toBe(1);
  });

  it('refuses an unknown name and lists the known ones (A41)', () => {
    const registry = new AlgorithmRegistry();
    expect(() => registry.algorithmNamed('twop')).toThrow(InputError);
    expect(() => registry.algorithmNamed('twop')).toThrow(
      'no such algorithm, was "twop"; choose one of simple_limit, dynamic_depth_walker',
    );
    expect(() => registry.algorithmNamed('constructor')).toThrow(InputError);
  });

  it("takes a user's own, in this registry alone", () => {
    const registry = new AlgorithmRegistry();
    const own = { ...simpleLimit, name: 'my_own', version: 3 };
    registry.registerAlgorithm(own);
    expect(registry.algorithmNamed('my_own')).toBe(own);
    expect(new AlgorithmRegistry().names).not.toContain('my_own');
  });

  it.each([
    [{ name: 'simple_limit' }, 'registered once'],
    [{ name: 'My Own' }, 'lower case'],
    [{ name: 'my_own', version: 0 }, 'version of my_own'],
  ])('refuses %j', (changes, message) => {
    const registry = new AlgorithmRegistry();
    expect(() => registry.registerAlgorithm({ ...simpleLimit, ...changes })).toThrow(message);
  });
});
