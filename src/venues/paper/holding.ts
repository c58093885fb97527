/**
 * What we hold of one market and what it cost, fees included, by average cost. Nothing is lost in
 * the division: what is realised and what is open always add up to the cash that moved.
 */
import { type Money, ZERO } from '../../domain/money.ts';
import type { Ticks } from '../../domain/numbers.ts';

/** A share of a cost is rounded to so many places, far below any fee. */
const COST_PLACES = 10;

export class Holding {
  settledAt: Ticks | null = null;
  #quantity = 0;
  #open: Money = ZERO;
  #realised: Money = ZERO;

  /** Signed lots: positive holds YES, negative NO. */
  get quantity(): number {
    return this.#quantity;
  }

  /** What the open position cost; a short one has cost less than nothing. */
  get open(): Money {
    return this.#open;
  }

  get realised(): Money {
    return this.#realised;
  }

  /** `paid` for a signed number of lots, fees included; negative where it was received. */
  change(lots: number, paid: Money): void {
    const closed = Math.sign(lots) === -Math.sign(this.#quantity) ? this.#closedBy(lots) : 0;
    const before = this.#quantity;
    this.#quantity = before + lots;
    if (closed === 0) this.#open = this.#open.plus(paid);
    else this.#close(partOf(this.#open, closed, Math.abs(before)), closed, lots, paid);
  }

  #closedBy(lots: number): number {
    return Math.min(Math.abs(lots), Math.abs(this.#quantity));
  }

  /** What goes beyond the old position opens a new one, at its share of the price. */
  #close(cost: Money, closed: number, lots: number, paid: Money): void {
    const proceeds = partOf(paid, closed, Math.abs(lots));
    this.#realised = this.#realised.minus(cost).minus(proceeds);
    this.#open = this.#open.minus(cost).plus(paid).minus(proceeds);
  }
}

const partOf = (whole: Money, part: number, of: number): Money =>
  part === of ? whole : whole.times(part).div(of).toDecimalPlaces(COST_PLACES);
