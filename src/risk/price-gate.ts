/**
 * The one function that every outgoing price passes: nothing is sent above the cap when buying,
 * below it when selling, outside the collar or off the tick grid. It never makes a price more
 * aggressive.
 */
import { ceilToGrid, floorToGrid, tickAbove, tickBelow } from '../domain/grid.ts';
import type { Action, TickRange } from '../domain/instrument.ts';
import { type Ticks, ticks } from '../domain/numbers.ts';

/** All prices are those of the own contract. */
export interface PriceBounds {
  readonly action: Action;
  readonly ranges: readonly TickRange[];
  /** Highest price payable, or lowest acceptable when selling. */
  readonly cap: Ticks;
  /**
   * The furthest price that a slip of a finger may reach; null where there is nothing to measure
   * from.
   */
  readonly collar: Ticks | null;
}

/**
 * The price to send: the wanted one, pulled within the bounds. Null when no tradable price lies
 * there.
 */
export function gatedPrice(wanted: Ticks, bounds: PriceBounds): Ticks | null {
  const { action, ranges, cap } = bounds;
  const collar = bounds.collar ?? cap;
  return action === 'buy'
    ? floorToGrid(ranges, Math.min(wanted, cap, collar))
    : ceilToGrid(ranges, Math.max(wanted, cap, collar));
}

export interface CollarWidth {
  /** Grid steps. */
  readonly steps: number;
  /** Whole percent of the reference price. */
  readonly percent: number;
}

/** Ten steps for cheap contracts, where a tenth is less than one; a tenth for everything else. */
export const DEFAULT_COLLAR: CollarWidth = { steps: 10, percent: 10 };

/**
 * The worst price within reach of a reference: the wider of so many grid steps and so many percent.
 */
export function collarPrice(
  action: Action,
  reference: Ticks,
  ranges: readonly TickRange[],
  width: CollarWidth = DEFAULT_COLLAR,
): Ticks {
  const next = action === 'buy' ? tickAbove : tickBelow;
  let stepped = reference;
  for (let step = 0; step < width.steps; step += 1) stepped = next(ranges, stepped) ?? stepped;
  const reach = Math.floor((reference * width.percent) / 100);
  return action === 'buy'
    ? ticks(Math.max(stepped, reference + reach))
    : ticks(Math.min(stepped, reference - reach));
}
