/**
 * The two integers everything is counted in. A price is a whole number of ticks, a quantity a whole
 * number of lots; what one of them is worth stands in the instrument. The brands keep them apart.
 */
import { invariant } from './errors.ts';

declare const unit: unique symbol;

/** A price, as a count of the instrument's `priceUnit`. */
export type Ticks = number & { readonly [unit]: 'ticks' };

/** A quantity, as a count of the instrument's `lotSize`. */
export type Lots = number & { readonly [unit]: 'lots' };

// Both add 0 so that no count is minus zero, which is equal to zero but not the same.

export const ticks = (count: number): Ticks => {
  invariant(Number.isSafeInteger(count), 'a price is a whole number of ticks', count);
  return (count + 0) as Ticks;
};

export const lots = (count: number): Lots => {
  invariant(Number.isSafeInteger(count), 'a quantity is a whole number of lots', count);
  return (count + 0) as Lots;
};

export const NO_LOTS = lots(0);

export const addLots = (left: Lots, right: Lots): Lots => lots(left + right);
export const subtractLots = (left: Lots, right: Lots): Lots => lots(left - right);
export const minLots = (left: Lots, right: Lots): Lots => (left < right ? left : right);
export const maxLots = (left: Lots, right: Lots): Lots => (left > right ? left : right);
export const sumLots = (parts: Iterable<Lots>): Lots => {
  let total = 0;
  for (const part of parts) total += part;
  return lots(total);
};
