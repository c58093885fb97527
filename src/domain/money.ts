/**
 * Decimals and their only door. Text in, text out; the grammar is narrower than decimal.js's own,
 * so that "1e3", "0x10", " 1" and NaN never become money.
 */
import { Decimal } from 'decimal.js';
import { InputError, invariant } from './errors.ts';
import { type Lots, lots, type Ticks, ticks } from './numbers.ts';

/** Dollars (or the venue's cash). Exact; 40 digits are more than any fee or notional needs. */
export type Money = Decimal;

const Exact = Decimal.clone({ precision: 40, toExpNeg: -40, toExpPos: 40 });
const PLAIN_DECIMAL = /^-?\d{1,18}(?:\.\d{1,18})?$/;

export const ZERO: Money = new Exact(0);

/** A plain decimal such as "0.7100" or "-3"; anything else throws an `InputError` that names it. */
export function decimal(text: string, name: string): Money {
  if (!PLAIN_DECIMAL.test(text))
    throw new InputError(`${name} must be a plain decimal`, text, 'write it like "0.7100"');
  return new Exact(text);
}

const constants = new Map<string, Money>();

/** Units, steps and rates are few, and each is read once. */
function constant(text: string): Money {
  const known = constants.get(text);
  if (known !== undefined) return known;
  const value = new Exact(text);
  constants.set(text, value);
  return value;
}

/** The value of an integer count of `unit`s: `times("0.0001", 7100)` is 0.71. */
export const times = (unit: string, count: number): Money => constant(unit).times(count);

/** How many `unit`s the text stands for, or null where it is not a whole number of them. */
function countOf(text: string, unit: string, name: string): number | null {
  const count = decimal(text, name).div(unit);
  if (count.abs().gt(Number.MAX_SAFE_INTEGER))
    throw new InputError(
      `${name} must be at most ${formatUnits(Number.MAX_SAFE_INTEGER, unit)}`,
      text,
      'write a smaller one',
    );
  return count.isInteger() ? count.toNumber() : null;
}

/** Decimal text to ticks; null when the text lies between two ticks. */
export function ticksOf(text: string, priceUnit: string, name = 'price'): Ticks | null {
  const count = countOf(text, priceUnit, name);
  return count === null ? null : ticks(count);
}

/** Decimal text to lots; null when the text lies between two lots. */
export function lotsOf(text: string, lotSize: string, name = 'quantity'): Lots | null {
  const count = countOf(text, lotSize, name);
  return count === null ? null : lots(count);
}

/** A unit as a whole number of its last place: "0.0025" is 25 at 4 places. */
interface Scale {
  readonly mantissa: number;
  readonly places: number;
}

const scales = new Map<string, Scale>();

/** Units are few, and each is read once: prices are written thousands of times a second. */
function scaleOf(unit: string): Scale {
  const known = scales.get(unit);
  if (known !== undefined) return known;
  const places = unit.split('.')[1]?.length ?? 0;
  const scale = { mantissa: decimal(unit, 'unit').times(`1e${places}`).toNumber(), places };
  scales.set(unit, scale);
  return scale;
}

/** A count of units as text with the unit's own places: 7100 of "0.0001" is "0.7100". */
export function formatUnits(count: number, unit: string): string {
  const { mantissa, places } = scaleOf(unit);
  const whole = count * mantissa;
  if (!Number.isSafeInteger(whole)) return times(unit, count).toFixed(places);
  const digits = String(Math.abs(whole)).padStart(places + 1, '0');
  const sign = whole < 0 ? '-' : '';
  if (places === 0) return sign + digits;
  return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** Money as text, without an exponent and without trailing zeros. */
export const formatMoney = (amount: Money): string => amount.toFixed();

/** The cash value of a quantity at a price. */
export const notional = (price: Ticks, priceUnit: string, size: Lots, lotSize: string): Money =>
  times(priceUnit, price).times(times(lotSize, size));

const inSteps = (amount: Money, step: Money): Money => {
  invariant(step.gt(0), 'a rounding step is positive', step);
  return amount.div(step);
};

/** Rounds up to a multiple of `step`: what a venue does to its fees. */
export const roundUp = (amount: Money, step: string): Money =>
  inSteps(amount, constant(step)).ceil().times(constant(step));

/** Rounds towards minus infinity to a multiple of `step`: what a venue does to our balance. */
export const roundDown = (amount: Money, step: string): Money =>
  inSteps(amount, constant(step)).floor().times(constant(step));
