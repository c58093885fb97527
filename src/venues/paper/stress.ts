/**
 * What our trading might do to the other makers, which a recording cannot show: they stand away
 * after a take, and overbid an order that improves the touch. All of it is drawn from one seed.
 */
import { invariant } from '../../domain/errors.ts';
import type { BookSide } from '../../domain/market-data.ts';
import { lots } from '../../domain/numbers.ts';
import type { Random } from '../../domain/ports.ts';
import { chance, uniform } from '../../env/draws.ts';
import type { Displayed } from './displayed.ts';
import type { FillStress } from './fill-model.ts';
import type { PaperOrder } from './paper-order.ts';

interface Penny {
  readonly order: PaperOrder;
  readonly dueMs: number;
}

export class Stress {
  readonly #stress: FillStress;
  readonly #random: Random;
  readonly #shiftedUntilMs = { bid: 0, ask: 0 };
  #pennies: readonly Penny[] = [];

  private constructor(stress: FillStress, random: Random) {
    this.#stress = stress;
    this.#random = random;
  }

  static of(stress: FillStress | null, random: Random | undefined): Stress | null {
    if (stress === null) return null;
    invariant(random !== undefined, 'a stress needs something to draw from');
    return new Stress(stress, random);
  }

  /** The makers of a side stand a tick away from where they are displayed. */
  isShifted(side: BookSide, nowMs: number): boolean {
    return nowMs < this.#shiftedUntilMs[side];
  }

  /** We took from a side. */
  taken(side: BookSide, nowMs: number): void {
    const { shiftProbability, refillHoldMs } = this.#stress;
    if (chance(this.#random, shiftProbability)) this.#shiftedUntilMs[side] = nowMs + refillHoldMs;
  }

  /** An order now shows the best price. */
  improved(order: PaperOrder, nowMs: number): void {
    const { penniedAfterMs } = this.#stress;
    if (penniedAfterMs === null) return;
    const dueMs = nowMs + uniform(this.#random, penniedAfterMs.from, penniedAfterMs.to);
    this.#pennies = [...this.#pennies, { order, dueMs }];
  }

  left(order: PaperOrder): void {
    if (this.#pennies.length === 0) return;
    this.#pennies = this.#pennies.filter((each) => each.order !== order);
  }

  /** Somebody puts the size of the touch before each order whose time has come. */
  penny(nowMs: number, displayed: Readonly<Record<BookSide, Displayed>>): void {
    if (this.#pennies.length === 0) return;
    for (const { order, dueMs } of this.#pennies)
      if (dueMs <= nowMs) order.pennied = lots(displayed[order.side].half.sizeAtRank(0));
    this.#pennies = this.#pennies.filter(({ dueMs }) => dueMs > nowMs);
  }
}
