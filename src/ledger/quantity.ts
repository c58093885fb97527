/**
 * One execution's quantity: where every wanted lot is, at every instant.
 *
 *   filled + working + inDoubt + unreleased = target + overfilled
 *
 * `overfilled` is what a venue filled beyond the target. It is an alarm and stays 0 unless a venue
 * breaks its own word, but a fill that happened is never denied.
 */
import { invariant } from '../domain/errors.ts';
import { addLots, type Lots, lots, NO_LOTS, subtractLots } from '../domain/numbers.ts';

export interface Quantity {
  readonly target: Lots;
  readonly filled: Lots;
  /** Reserved by orders that may still fill. */
  readonly working: Lots;
  /** Reserved by orders whose outcome is not known. */
  readonly inDoubt: Lots;
  /** Free for new orders. */
  readonly unreleased: Lots;
  readonly overfilled: Lots;
}

/** One split order's share of it. */
export type Line = Pick<Quantity, 'filled' | 'working' | 'inDoubt'>;

export const EMPTY_LINE: Line = { filled: NO_LOTS, working: NO_LOTS, inDoubt: NO_LOTS };

export function openQuantity(target: Lots): Quantity {
  invariant(target > 0, 'a target is positive', target);
  return { ...EMPTY_LINE, target, unreleased: target, overfilled: NO_LOTS };
}

const held = (line: Line): number => line.filled + line.working + line.inDoubt;

/** Moves one split order from one line to another; lots it no longer holds are unreleased again. */
export function moveLine(quantity: Quantity, before: Line, after: Line): Quantity {
  const free = quantity.unreleased - quantity.overfilled + held(before) - held(after);
  const moved: Quantity = {
    target: quantity.target,
    filled: addLots(quantity.filled, subtractLots(after.filled, before.filled)),
    working: addLots(quantity.working, subtractLots(after.working, before.working)),
    inDoubt: addLots(quantity.inDoubt, subtractLots(after.inDoubt, before.inDoubt)),
    unreleased: lots(Math.max(free, 0)),
    overfilled: lots(Math.max(-free, 0)),
  };
  assertConserved(moved);
  return moved;
}

/** Reserves the lots of a new order; the intent may not be journaled without it. */
export function reserve(quantity: Quantity, wanted: Lots): Quantity {
  invariant(wanted > 0, 'a reservation is positive', wanted);
  invariant(wanted <= quantity.unreleased, 'no more is reserved than is unreleased', wanted);
  return moveLine(quantity, EMPTY_LINE, { ...EMPTY_LINE, working: wanted });
}

/** What was filled, or may yet fill: never more than the target, unless a venue overfilled. */
export const exposed = (quantity: Quantity): Lots => lots(held(quantity));

/** The broken rule, or null. The journal's SQL CHECK counts the same sum a second time. */
export function conservationFault(quantity: Quantity): string | null {
  const { target, filled, working, inDoubt, unreleased, overfilled } = quantity;
  if (Math.min(target, filled, working, inDoubt, unreleased, overfilled) < 0) {
    const [name, part] = Object.entries(quantity).find(([, each]) => each < 0) ?? [];
    return `no part is negative, ${name} was ${part}`;
  }
  const sum = filled + working + inDoubt + unreleased;
  if (sum === target + overfilled) return null;
  const rule = 'filled + working + in doubt + unreleased = target + overfilled';
  return `${rule}, was ${sum} against ${target + overfilled}`;
}

function assertConserved(quantity: Quantity): void {
  const fault = conservationFault(quantity);
  invariant(fault === null, fault ?? 'conserved');
}
