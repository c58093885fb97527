/**
 * A caller's value as plain data of our own. Each part of it is read once, so that what was checked
 * is what is used; it may run a caller's code, and nothing that this throws gets out as it is.
 */
import { InputError, messageOf } from './errors.ts';

/** More than any signal, and few enough to be read in a moment. */
const PARTS_MAX = 10_000;
const DEPTH_MAX = 32;
/** Half a character: nobody can store it, and two of them would come back as the same. */
const NO_UNICODE = /\p{Surrogate}/u;

/** Throws an `InputError` for what is no plain data: functions, symbols, cycles, what throws. */
export function plainOf(value: unknown, what: string): unknown {
  let parts = 0;
  const copy = (given: unknown, depth: number): unknown => {
    parts += 1;
    if (parts > PARTS_MAX || depth > DEPTH_MAX) throw new Error('it is too large or too deep');
    const kind = typeof given;
    if (kind === 'function' || kind === 'symbol' || kind === 'bigint')
      throw new Error(`a ${kind} is in it`);
    if (typeof given === 'string' && NO_UNICODE.test(given))
      throw new Error('a text is no Unicode');
    if (typeof given !== 'object' || given === null) return given;
    if (!Array.isArray(given))
      return Object.fromEntries(
        Object.entries(given).map(([key, inner]) => [key, copy(inner, depth + 1)]),
      );
    if (given.length > PARTS_MAX) throw new Error('it is too large');
    return Array.from(given, (inner) => copy(inner, depth + 1));
  };
  try {
    return copy(value, 0);
  } catch (thrown) {
    const rule = `${what} is plain JSON (${messageOf(thrown).slice(0, 100)})`;
    throw new InputError(rule, typeof value, 'give text, numbers, lists and objects');
  }
}
