import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chance, exponential, integer, normal, pick, uniform } from '../../src/env/draws.ts';
import { seededRandom } from '../../src/env/seeded-random.ts';

const many = <T>(count: number, draw: () => T): readonly T[] => Array.from({ length: count }, draw);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('seededRandom', () => {
  it('repeats itself: these draws are part of every recorded run', () => {
    const random = seededRandom('tape-1');
    expect(many(3, () => random.next())).toEqual([
      0.7931335806055438, 0.5226544989251641, 0.26561819445734636,
    ]);
    expect(seededRandom(7).next()).toBe(seededRandom('7').next());
  });

  it('forks by name alone, whatever was drawn before', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.nat({ max: 20 }), (seed, name, drawn) => {
        const fresh = seededRandom(seed);
        const used = seededRandom(seed);
        many(drawn, () => used.next());
        const [left, right] = [fresh.fork(name), used.fork(name)];
        expect(many(5, () => left.next())).toEqual(many(5, () => right.next()));
      }),
    );
  });

  it('gives different names, seeds and nestings different draws', () => {
    const root = seededRandom('a');
    const firsts = [
      root,
      root.fork('b'),
      root.fork('b').fork('c'),
      root.fork('bc'),
      root.fork(''),
      seededRandom('b'),
      seededRandom('a/b'),
    ].map((random) => random.next());
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  it('spreads evenly: every decile of draws and of first draws holds its share', () => {
    const random = seededRandom('even');
    for (const draws of [
      many(100_000, () => random.next()),
      Array.from({ length: 100_000 }, (_, seed) => seededRandom(seed).next()),
    ]) {
      const deciles = Array.from({ length: 10 }, () => 0);
      for (const draw of draws) {
        const decile = Math.floor(draw * 10);
        deciles[decile] = (deciles[decile] ?? 0) + 1;
      }
      expect(deciles).toHaveLength(10);
      // Five standard deviations of a binomial count: a fixed seed passes for ever or never.
      for (const count of deciles) expect(Math.abs(count - 10_000)).toBeLessThan(475);
    }
  });
});

describe('draws', () => {
  it('stay in their ranges', () => {
    const random = seededRandom('ranges');
    fc.assert(
      fc.property(fc.integer({ min: -1e6, max: 1e6 }), fc.nat({ max: 1e6 }), (low, width) => {
        const whole = integer(random, low, low + width);
        expect(Number.isInteger(whole) && whole >= low && whole <= low + width).toBe(true);
        const real = uniform(random, low, low + width);
        expect(real >= low && (width === 0 ? real === low : real < low + width)).toBe(true);
      }),
    );
    expect(new Set(many(200, () => integer(random, 1, 6)))).toEqual(new Set([1, 2, 3, 4, 5, 6]));
    expect([chance(random, 0), chance(random, 1)]).toEqual([false, true]);
  });

  it('have the means and spreads they are named for', () => {
    const random = seededRandom('moments');
    expect(Math.abs(mean(many(50_000, () => exponential(random, 40))) - 40)).toBeLessThan(1);
    const normals = many(50_000, () => normal(random, 10, 2));
    expect(Math.abs(mean(normals) - 10)).toBeLessThan(0.05);
    expect(Math.abs(mean(normals.map((value) => (value - 10) ** 2)) - 4)).toBeLessThan(0.15);
  });

  it('pick from what there is', () => {
    const random = seededRandom('pick');
    expect(new Set(many(100, () => pick(random, ['a', 'b'])))).toEqual(new Set(['a', 'b']));
    expect(() => pick(random, [])).toThrow('there must be something to pick from');
  });
});
