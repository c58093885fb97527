/**
 * What is traded, and in which units. Prices are always those of the contract that is bought or
 * sold: an order on NO speaks NO prices, and `ownRanges` mirrors the tick grid for it.
 */

import { InputError } from './errors.ts';
import type { FeeSchedule } from './fees.ts';
import { isOnGrid } from './grid.ts';
import { formatUnits, lotsOf, ticksOf } from './money.ts';
import { type Lots, type Ticks, ticks } from './numbers.ts';

export type OutcomeSide = 'yes' | 'no';
export type Action = 'buy' | 'sell';

/** Prices `from`, `from + step`, ... up to and including `to` are on the grid. */
export interface TickRange {
  readonly from: Ticks;
  readonly to: Ticks;
  readonly step: Ticks;
}

export interface Instrument {
  readonly venue: string;
  readonly symbol: string;
  /** Value of one tick, a plain decimal: "0.0001". */
  readonly priceUnit: string;
  /** Value of one lot in contracts, a plain decimal: "0.01". */
  readonly lotSize: string;
  /** What a contract pays when it is right; null for what has no upper bound (shares, coins). */
  readonly payout: Ticks | null;
  /** Ascending and touching; prices outside of all ranges cannot be traded. */
  readonly tickRanges: readonly TickRange[];
  readonly minQuantity: Lots;
  /** Order quantities are multiples of it. */
  readonly quantityStep: Lots;
  readonly fees: FeeSchedule;
  /** What it is a question about, where there are several: their risks add up. */
  readonly event?: string;
  /** What kind of question it is: "politics". */
  readonly category?: string;
}

/** A price seen from the other outcome: YES at 0.71 is NO at 0.29. */
export function mirror(instrument: Instrument, price: Ticks): Ticks {
  if (instrument.payout === null)
    throw new InputError(
      'only a contract that pays a fixed sum has a NO side',
      instrument.symbol,
      'use "yes"',
    );
  return ticks(instrument.payout - price);
}

/** The tick grid in prices of the own contract. */
export function ownRanges(instrument: Instrument, outcome: OutcomeSide): readonly TickRange[] {
  if (outcome === 'yes') return instrument.tickRanges;
  return instrument.tickRanges
    .map(({ from, to, step }) => ({
      from: mirror(instrument, to),
      to: mirror(instrument, from),
      step,
    }))
    .toReversed();
}

export const formatPrice = (instrument: Instrument, price: Ticks): string =>
  formatUnits(price, instrument.priceUnit);

export const formatQuantity = (instrument: Instrument, quantity: Lots): string =>
  formatUnits(quantity, instrument.lotSize);

/** Price text of the own contract to ticks on its grid; throws an `InputError`. */
export function parsePrice(
  instrument: Instrument,
  outcome: OutcomeSide,
  text: string,
  name: string,
): Ticks {
  const { symbol, priceUnit } = instrument;
  const price = ticksOf(text, priceUnit, name);
  const ranges = ownRanges(instrument, outcome);
  const low = ranges[0]?.from;
  const high = ranges.at(-1)?.to;
  if (price !== null && low !== undefined && high !== undefined && (price < low || price > high))
    throw new InputError(
      `${name} must lie between ${formatUnits(low, priceUnit)} and ${formatUnits(high, priceUnit)}`,
      text,
      `choose a price that ${symbol} trades at`,
    );
  if (price === null || !isOnGrid(ranges, price))
    throw new InputError(
      `${name} must be on the tick grid of ${symbol} (${describeGrid(instrument, outcome)})`,
      text,
      'round it to a tick',
    );
  return price;
}

/** Quantity text to lots; throws an `InputError` for zero, negative and unfitting quantities. */
export function parseQuantity(instrument: Instrument, text: string, name = 'quantity'): Lots {
  const quantity = lotsOf(text, instrument.lotSize, name);
  const least = formatQuantity(instrument, instrument.minQuantity);
  if (quantity !== null && quantity < instrument.minQuantity)
    throw new InputError(`${name} must be at least ${least}`, text, 'ask for more');
  if (quantity === null || quantity % instrument.quantityStep !== 0)
    throw new InputError(
      `${name} must be a multiple of ${formatUnits(instrument.quantityStep, instrument.lotSize)}`,
      text,
      `${instrument.symbol} trades in such steps`,
    );
  return quantity;
}

function describeGrid(instrument: Instrument, outcome: OutcomeSide): string {
  const text = (price: Ticks): string => formatPrice(instrument, price);
  return ownRanges(instrument, outcome)
    .map(({ from, to, step }) => `${text(step)} from ${text(from)} to ${text(to)}`)
    .join(', ');
}
