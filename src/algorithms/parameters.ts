/**
 * Reads an algorithm's own parameters. Values come from code as numbers and from the command line
 * as text, and mean the same; an unknown name is refused, since a misspelt one would silently do
 * nothing.
 */
import { InputError } from '../domain/errors.ts';
import { decimal, formatMoney, ticksOf } from '../domain/money.ts';

/** Turns a given value into the parameter's; never called without one. */
export interface Reader<T> {
  readonly default: T;
  read(given: unknown, name: string): T;
}

type Readers = Readonly<Record<string, Reader<unknown>>>;
type Values<R extends Readers> = { readonly [Name in keyof R]: R[Name]['default'] };

/** `name` is the algorithm's own, where the signal's whole choice is handed on. */
const RESERVED = 'name';

export function readParameters<R extends Readers>(
  algorithm: string,
  readers: R,
  given: Readonly<Record<string, unknown>>,
): Values<R> {
  const known = Object.keys(readers);
  for (const name of Object.keys(given))
    if (name !== RESERVED && !known.includes(name))
      throw new InputError(
        `${algorithm} has no such parameter`,
        name,
        `it knows ${known.join(', ')}`,
      );
  const values: Record<string, unknown> = {};
  for (const [name, reader] of Object.entries(readers)) {
    const value = given[name];
    values[name] = value === undefined ? reader.default : reader.read(value, name);
  }
  return values as Values<R>;
}

/** A number or its text as plain decimal text; anything else is named in the error. */
function decimalText(given: unknown, name: string): string {
  const text = typeof given === 'number' ? String(given) : given;
  if (typeof text !== 'string')
    throw new InputError(`${name} must be a number`, given, 'write it as 4 or "4"');
  return formatMoney(decimal(text, name));
}

function outside(name: string, given: unknown, least: number, most: number): InputError {
  return new InputError(`${name} must lie between ${least} and ${most}`, given, 'choose one there');
}

/** A whole number: a count, or milliseconds. */
export const whole = (fallback: number, least: number, most: number): Reader<number> => ({
  default: fallback,
  read(given, name) {
    const value = Number(decimalText(given, name));
    if (!Number.isInteger(value))
      throw new InputError(`${name} must be a whole number`, given, 'round it');
    if (value < least || value > most) throw outside(name, given, least, most);
    return value;
  },
});

/** A statistic such as a threshold; never money, hence a plain number. */
export const statistic = (fallback: number, least: number, most: number): Reader<number> => ({
  default: fallback,
  read(given, name) {
    const value = Number(decimalText(given, name));
    if (value < least || value > most) throw outside(name, given, least, most);
    return value;
  },
});

/** A positive amount of dollars or of contracts, kept as decimal text. */
export const positive = (fallback: string): Reader<string> => ({
  default: fallback,
  read(given, name) {
    const text = decimalText(given, name);
    if (decimal(text, name).greaterThan(0)) return text;
    throw new InputError(`${name} must be positive`, given, `the default is ${fallback}`);
  },
});

export const oneOf = <const Choice extends string>(
  fallback: Choice,
  choices: readonly Choice[],
): Reader<Choice> => ({
  default: fallback,
  read(given, name) {
    const choice = choices.find((known) => known === given);
    if (choice !== undefined) return choice;
    throw new InputError(
      `${name} must be one of ${choices.join(', ')}`,
      given,
      `the default is ${fallback}`,
    );
  },
});

/** Left out, `null` and "none" mean that there is none. */
export const optional = <T>(reader: Reader<T>): Reader<T | null> => ({
  default: null,
  read: (given, name) => (given === null || given === 'none' ? null : reader.read(given, name)),
});

/** A share is counted in ten-thousandths, so that 0.6 and 0.4 add up to exactly one. */
const SHARE_UNIT = '0.0001';
const ONE = 10_000;

/**
 * Shares of a whole, as a list or as "0.6/0.4": positive, adding up to 1. Read as whole ten-
 * thousandths.
 */
export const shares = (
  fallback: readonly number[],
  least: number,
  most: number,
): Reader<readonly number[]> => ({
  default: fallback,
  read(given, name) {
    const parts: readonly unknown[] =
      typeof given === 'string' ? given.split('/') : Array.isArray(given) ? given : [];
    if (parts.length < least || parts.length > most)
      throw new InputError(
        `${name} must have ${least} to ${most} shares`,
        given,
        'write it as "0.6/0.4"',
      );
    const counts = parts.map((part) => ticksOf(decimalText(part, name), SHARE_UNIT, name) ?? 0);
    const sum = counts.reduce<number>((total, count) => total + count, 0);
    if (counts.some((count) => count <= 0) || sum !== ONE)
      throw new InputError(
        `${name} must be positive steps of ${SHARE_UNIT} that add up to 1`,
        given,
        'write it as "0.6/0.4"',
      );
    return counts;
  },
});
