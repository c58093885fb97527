/** Values that programs trip over: each could come from a wire, a file or a caller. */

import type { Random } from '../../src/domain/ports.ts';
import { integer, pick } from '../../src/env/draws.ts';

const WORDS =
  'NaN|Infinity|-0|-1|+1|.5|1.|0x10|1_000|1,5|1e3|1e999|0.00000000000000000001|9007199254740993|' +
  '99999999999999999999|0.1 |\n0.1|\u0661\u0662|\uff10.\uff15|0.70000000000000001|00.70|1.0000|' +
  '0.0001|__proto__|constructor|prototype|toString|hasOwnProperty|length|' +
  "'; drop table journal; --|$&|%s%n|{{x}}|<img src=x onerror=alert(1)>|../..|null|true|[]|{}|" +
  '2027-13-45T99:00Z|+275760-09-13T00:00:00.001Z';

const CHARACTERS = [' ', '\u0000', '\ud800', 'x\udfff', '\ufeff', '\u202e\u2066', 'e\u0301', '💥'];

const TEXTS: readonly string[] = ['', ...CHARACTERS, ...WORDS.split('|')];

const WHOLE = [0, -0, 1, -1, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 53 - 1, -(2 ** 53), 8.64e15];
const ODD = [0.1, 0.1 + 0.2, 8.64e15 + 1, 1e21, 1e308, -1e308, 5e-324];
const NUMBERS: readonly number[] = [...WHOLE, ...ODD, Number.NaN, Infinity, -Infinity];

export const KEYS: readonly string[] =
  '__proto__|constructor|prototype|toString|valueOf|toJSON|then|length|hasOwnProperty||0|-1|x.y'
    .split('|')
    .concat(CHARACTERS);

export const hostileText = (random: Random): string =>
  integer(random, 0, 30) === 0
    ? pick(random, ['9', 'a', '\ud800', '[', '0.']).repeat(integer(random, 100, 5_000))
    : pick(random, TEXTS);

export const hostileNumber = (random: Random): number => pick(random, NUMBERS);

export const hostileKey = (random: Random): string => pick(random, KEYS);

/** JSON can carry it, in some form. */
export function plainHostile(random: Random): unknown {
  switch (integer(random, 0, 7)) {
    case 0:
    case 1:
      return hostileText(random);
    case 2:
    case 3:
      return hostileNumber(random);
    case 4:
      return pick(random, [null, true, false]);
    case 5:
      return pick(random, [[], {}, [[]], [null], [{}], { msg: {} }]);
    case 6:
      return own(hostileKey(random), pick(random, [{}, null, 1, 'x', { polluted: true }]));
    default:
      return nested(integer(random, 2, 60));
  }
}

const boom = (): never => {
  throw new Error('boom');
};

const endless = (): unknown => new Proxy({}, { get: endless, ownKeys: () => ['a'] });

/** Another value at each reading. */
function fickle(): object {
  let reads = 0;
  return Object.defineProperty({}, 'name', { get: () => `${(reads += 1)}`, enumerable: true });
}

const LIVE_MAKERS: readonly (() => unknown)[] = [
  () => Object.defineProperty({}, 'name', { get: boom, enumerable: true }),
  () => Object.defineProperty({}, 'quantity', { get: boom, enumerable: true }),
  () => ({ toString: boom, valueOf: boom, [Symbol.toPrimitive]: boom, toJSON: boom }),
  () => ({ toString: () => ({}), valueOf: () => ({}) }),
  () => new Proxy({}, { get: boom, ownKeys: boom, has: boom, getOwnPropertyDescriptor: boom }),
  () => new Proxy([], { get: boom }),
  () => new Proxy(boom, {}),
  endless,
  fickle,
  cyclic,
  () => Symbol('s'),
  () => 10n ** 30n,
  () => boom,
  () => new Date(Number.NaN),
  () => Object.create(null) as unknown,
  () => Object.freeze(Object.create({ quantity: '1' }) as object),
  () => new Map([['quantity', '1']]),
  () => new Uint8Array(8),
  () => Object('0.5') as unknown,
  () => Array.from({ length: 2 ** 16 }),
  () => Promise.resolve(),
  () => WeakRef,
  () => undefined,
];

const LIVE = new WeakSet();

/** To look into it could run its code. */
export const isLive = (value: object): boolean => LIVE.has(value);

/** Only a caller in the same process can give these. */
export function liveHostile(random: Random): unknown {
  const value = pick(random, LIVE_MAKERS)();
  if ((typeof value === 'object' && value !== null) || typeof value === 'function') LIVE.add(value);
  return value;
}

/** An own property under any name, `__proto__` too. */
export const own = (key: string, value: unknown): object =>
  Object.defineProperty({}, key, { value, enumerable: true, configurable: true, writable: true });

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

function cyclic(): object {
  const loop: { self?: object } = {};
  loop.self = loop;
  return loop;
}
