/**
 * Changes a value where it stands, as its shape suggests: a step is drawn from its own seed, so
 * that a list of seeds is a case, and a shorter list a smaller one.
 */
import type { Random } from '../../src/domain/ports.ts';
import { chance, integer, pick } from '../../src/env/draws.ts';
import { hostileKey, hostileNumber, hostileText, isLive, own } from './hostile-values.ts';

type Hostile = (random: Random) => unknown;

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !isLive(value);

/** Own and plain; `__proto__` stays a key. Proxies and getters stand for themselves. */
export function copyOf(value: unknown): unknown {
  if (!isPlain(value)) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  const copy = {};
  for (const [key, inner] of Object.entries(value)) put(copy, key, copyOf(inner));
  return copy;
}

const put = (target: object, key: string, value: unknown): void => {
  // A list has no other keys in JSON, and one without its own methods is of no use to anybody.
  if (Array.isArray(target) && !/^\d{1,4}$/.test(key)) return;
  Object.defineProperty(target, key, Reflect.getOwnPropertyDescriptor(own(key, value), key) ?? {});
};

interface Place {
  readonly parent: object;
  readonly key: string;
}

/** Never runs a getter. */
export const valueAt = ({ parent, key }: Place): unknown =>
  Reflect.getOwnPropertyDescriptor(parent, key)?.value as unknown;

/** All places of plain data; what is live is not looked into. */
function placesIn(root: object): Place[] {
  const places: Place[] = [];
  const open: object[] = [root];
  for (let parent = open.pop(); parent !== undefined; parent = open.pop())
    for (const key of Object.keys(parent)) {
      const value = valueAt({ parent, key });
      places.push({ parent, key });
      if (places.length > 2_000) return places;
      if (isPlain(value)) open.push(value);
    }
  return places;
}

/** Changes one place of `root`, or gives what stands in its stead. */
export function mutateValue(root: unknown, random: Random, hostile: Hostile): unknown {
  const places = isPlain(root) ? placesIn(root) : [];
  if (places.length === 0 || chance(random, 0.01)) return hostile(random);
  const { parent, key } = pick(random, places);
  const value = valueAt({ parent, key });
  switch (integer(random, 0, 9)) {
    case 0:
      Reflect.deleteProperty(parent, key);
      break;
    case 1:
      put(isPlain(value) ? value : parent, hostileKey(random), hostile(random));
      break;
    case 2:
      put(parent, key, copyOf(valueAt(pick(random, places))));
      break;
    case 3:
      if (isPlain(value) && Array.isArray(value))
        value.push(...copies(value, integer(random, 1, 12)));
      else put(parent, `${key}${integer(random, 0, 9)}`, value);
      break;
    case 4:
      put(parent, key, [value]);
      break;
    case 5:
    case 6:
      put(parent, key, hostile(random));
      break;
    default:
      put(parent, key, tweaked(value, random, hostile));
  }
  return root;
}

const copies = (list: readonly unknown[], count: number): unknown[] =>
  list.length === 0 ? [] : Array.from({ length: count }, () => copyOf(list.at(-1)));

function tweaked(value: unknown, random: Random, hostile: Hostile): unknown {
  if (typeof value === 'string') return mutateText(value, random);
  if (typeof value === 'boolean') return !value;
  if (typeof value !== 'number') return hostile(random);
  return pick(random, [
    value + 1,
    value - 1,
    -value,
    value / 3,
    value * 1e6,
    hostileNumber(random),
  ]);
}

const DIGITS = '0123456789.-+eE';

/** Changes a few characters, or a stretch of them. */
export function mutateText(text: string, random: Random): string {
  const at = integer(random, 0, text.length);
  const to = Math.min(text.length, at + integer(random, 1, 8));
  const [head, middle, tail] = [text.slice(0, at), text.slice(at, to), text.slice(to)];
  switch (integer(random, 0, 6)) {
    case 0:
      return head + tail;
    case 1:
      return head + middle + middle + tail;
    case 2:
      return head + String.fromCharCode(integer(random, 0, 0xff)) + text.slice(at + 1);
    case 3:
      return head + (DIGITS[integer(random, 0, DIGITS.length - 1)] ?? '') + tail;
    case 4:
      return head + hostileText(random) + tail;
    case 5:
      return chance(random, 0.2)
        ? head
        : head + pick(random, ['"', '{', ']', ',', '\\', '\n']) + tail;
    default:
      return head + middle.toUpperCase() + tail;
  }
}
