/** The texts of options whose grammar is the command line's own. Each throws an `InputError`. */
import { InputError } from '../index.ts';

const SECONDS = /^-?\d{1,9}(?:\.\d{1,3})?$/;

/** Seconds from now on, as whole milliseconds. */
export function milliseconds(text: string, option: string): number {
  if (!SECONDS.test(text))
    throw new InputError(`${option} must be a number of seconds`, text, 'write it like 40 or 2.5');
  const read = Math.round(Number(text) * 1_000);
  if (read >= 0) return read;
  throw new InputError(`${option} must not lie in the past`, text, 'write it like 40 or 2.5');
}

/** An execution takes time: a deadline of 0 is past when it arrives. */
export function timeLimit(text: string): number {
  const read = milliseconds(text, '--time-limit');
  if (read > 0) return read;
  throw new InputError('--time-limit must lie in the future', text, 'give more than 0 seconds');
}

const COUNT_MAX = 10_000;

export function count(text: string): number {
  const read = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (read >= 1 && read <= COUNT_MAX) return read;
  throw new InputError(`--count lies between 1 and ${COUNT_MAX}`, text, 'choose one there');
}

/** "dynamic_depth_walker:maxWalks=5,splitRatios=0.5/0.5"; the algorithm reads the values. */
export function algorithm(text: string): Readonly<Record<string, string>> {
  const colon = text.indexOf(':');
  if (colon < 0) return { name: text };
  const pairs = text
    .slice(colon + 1)
    .split(',')
    .map((pair): readonly [string, string] => {
      const [name, value, ...more] = pair.split('=');
      if (name && value && more.length === 0) return [name, value];
      throw new InputError(
        'parameters of --algorithm are name=value',
        pair,
        'write them like "dynamic_depth_walker:maxWalks=5,splitRatios=0.5/0.5"',
      );
    });
  return { ...Object.fromEntries(pairs), name: text.slice(0, colon) };
}
