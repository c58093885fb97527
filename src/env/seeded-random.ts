/**
 * Random numbers that a seed repeats (sfc32, 128 bits of state). Never for secrets: who has seen a
 * few draws can compute the rest.
 */
import type { Random } from '../domain/ports.ts';

/** The same seed gives the same draws; forks depend on the seed and the name alone. */
export function seededRandom(seed: string | number): Random {
  const path = String(seed);
  const draw = sfc32(hash(path, 1), hash(path, 2), hash(path, 3));
  return {
    // 53 bits, all that a double holds: 27 from one draw, 26 from the next.
    next: () => ((draw() >>> 5) * 2 ** 26 + (draw() >>> 6)) / 2 ** 53,
    fork: (name) => seededRandom(`${path}\u0000${name}`),
  };
}

/** FNV-1a over the UTF-16 units, then mixed so that near seeds lie far apart. */
function hash(text: string, salt: number): number {
  let state = 0x811c9dc5 ^ Math.imul(salt, 0x9e3779b9);
  for (let index = 0; index < text.length; index += 1)
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return state ^ (state >>> 16);
}

/** Doty-Humphrey's small fast counter generator: unsigned 32-bit integers, period at least 2^32. */
function sfc32(first: number, second: number, third: number): () => number {
  let [a, b, c, counter] = [first, second, third, 1];
  const draw = (): number => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  for (let round = 0; round < 15; round += 1) draw();
  return draw;
}
