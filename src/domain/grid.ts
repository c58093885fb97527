/**
 * Arithmetic on a tick grid. Every function names its direction: a passive buy rounds down, a
 * passive sell up, so that rounding never pays more or asks for less than was meant.
 */
import type { TickRange } from './instrument.ts';
import { type Ticks, ticks } from './numbers.ts';

const holds = ({ from, to }: TickRange, price: number): boolean => price >= from && price <= to;

export const isOnGrid = (ranges: readonly TickRange[], price: Ticks): boolean =>
  ranges.some((range) => holds(range, price) && (price - range.from) % range.step === 0);

/** The highest grid price at or below `price`; null when all of the grid lies above. */
export function floorToGrid(ranges: readonly TickRange[], price: number): Ticks | null {
  for (let index = ranges.length - 1; index >= 0; index -= 1) {
    const range = ranges[index];
    if (range === undefined || price < range.from) continue;
    const within = Math.min(price, range.to) - range.from;
    return ticks(range.from + Math.floor(within / range.step) * range.step);
  }
  return null;
}

/** The lowest grid price at or above `price`; null when all of the grid lies below. */
export function ceilToGrid(ranges: readonly TickRange[], price: number): Ticks | null {
  for (const range of ranges) {
    if (price > range.to) continue;
    const within = Math.max(price, range.from) - range.from;
    const up = range.from + Math.ceil(within / range.step) * range.step;
    if (up <= range.to) return ticks(up);
  }
  return null;
}

/** The next grid price above; null at the top. */
export const tickAbove = (ranges: readonly TickRange[], price: Ticks): Ticks | null =>
  ceilToGrid(ranges, price + 1);

/** The next grid price below; null at the bottom. */
export const tickBelow = (ranges: readonly TickRange[], price: Ticks): Ticks | null =>
  floorToGrid(ranges, price - 1);

/** What "one tick" means at a price; where two ranges touch, the finer one. */
export function stepAt(ranges: readonly TickRange[], price: Ticks): Ticks {
  const steps = ranges.filter((range) => holds(range, price)).map(({ step }) => step);
  return steps.length > 0 ? ticks(Math.min(...steps)) : (ranges[0]?.step ?? ticks(1));
}
