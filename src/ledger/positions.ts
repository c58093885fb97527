/**
 * What is held in one market and what it has brought in: a pure fold over fills, in YES terms. A
 * pair of YES and NO is worth the payout, so that buying NO and selling YES are one thing here, as
 * they are at the venue.
 *
 *   realised = cash + basis; what is held and the cash do not depend on the order of the fills
 */
import { decimal, type Money, times, ZERO } from '../domain/money.ts';
import type { Lots, Ticks } from '../domain/numbers.ts';

export interface Position {
  /** Lots: positive holds YES (or shares), negative NO (or is short). */
  readonly held: number;
  /** Dollars that the held lots cost at YES prices; signed as they are. */
  readonly basis: Money;
  /** Dollars that all fills and the settlement brought at YES prices, before fees. */
  readonly cash: Money;
  /** Dollars paid; negative where rebates outweigh them. */
  readonly fees: Money;
  /** What a YES contract turned out to be worth; null while that is open. */
  readonly settledAt: Ticks | null;
}

/** `price` in YES ticks; `direction` as `directionOf` signs it; `fee` in dollars, decimal text. */
export interface PositionFill {
  readonly direction: 1 | -1;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly fee: string;
}

/** The part of an instrument that counts here: the worth of a tick and of a lot. */
export interface Units {
  readonly priceUnit: string;
  readonly lotSize: string;
}

export const FLAT: Position = { held: 0, basis: ZERO, cash: ZERO, fees: ZERO, settledAt: null };

const valueOf = ({ priceUnit, lotSize }: Units, price: Ticks, quantity: number): Money =>
  times(priceUnit, price).times(times(lotSize, quantity));

/** What is closed leaves at the average cost; what goes beyond it opens the other side. */
export function filled(position: Position, fill: PositionFill, units: Units): Position {
  const { direction, price, quantity, fee } = fill;
  const signed = direction * quantity;
  const next = {
    ...position,
    held: position.held + signed,
    basis: basisAfter(position, signed, price, units),
    cash: position.cash.minus(valueOf(units, price, signed)),
    fees: position.fees.plus(decimal(fee, 'fee')),
  };
  return position.settledAt === null ? next : settled(next, position.settledAt, units);
}

function basisAfter(before: Position, signed: number, price: Ticks, units: Units): Money {
  const held = before.held + signed;
  if (held === 0) return ZERO;
  if (before.held === 0 || before.held > 0 === signed > 0)
    return before.basis.plus(valueOf(units, price, signed));
  if (before.held > 0 !== held > 0) return valueOf(units, price, held);
  // Multiplied first: a division that comes out even stays exact.
  return before.basis.times(held).div(before.held);
}

/** Every held YES contract is paid `value`, and every NO one the rest; later fills at once too. */
export const settled = (position: Position, value: Ticks, units: Units): Position => ({
  ...position,
  held: 0,
  basis: ZERO,
  cash: position.cash.plus(valueOf(units, value, position.held)),
  settledAt: value,
});

/** Dollars won or lost by what was closed or settled, before fees. */
export const realised = ({ cash, basis }: Position): Money => cash.plus(basis);

/** What is held and was paid for it: NO, at its own prices, where `held` is negative. */
export function holding(
  { held, basis }: Position,
  payout: Ticks | null,
  units: Units,
): { readonly quantity: number; readonly cost: Money } {
  if (held >= 0 || payout === null) return { quantity: held, cost: basis };
  return { quantity: -held, cost: valueOf(units, payout, -held).plus(basis) };
}
