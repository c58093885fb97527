/** What an arriving order takes from the displayed ladder, and where it would meet an own order. */
import type { BookSide } from '../../domain/market-data.ts';
import { type Lots, lots, type Ticks } from '../../domain/numbers.ts';
import type { Displayed } from './displayed.ts';
import { type PaperOrder, reach } from './paper-order.ts';

export interface Take {
  /** The level that it is taken from. */
  readonly level: Ticks;
  /** What is paid: the level's price, or a worse one where makers are made to stand away. */
  readonly price: Ticks;
  readonly quantity: Lots;
  /** The order would have had more of this level than there was for it. */
  readonly exhausts: boolean;
}

export interface SweepPlan {
  readonly takes: readonly Take[];
  /** What is not taken. */
  readonly left: Lots;
  /** The next to match would have been an own order: the rest of the taker is cancelled. */
  readonly selfCross: boolean;
}

export interface Sweep {
  readonly contra: Displayed;
  readonly ownContra: PaperOrder | undefined;
  readonly side: BookSide;
  readonly limit: Ticks;
  readonly quantity: Lots;
  readonly nowMs: number;
  /** The price that a level is taken at; null where there is none on the grid. */
  readonly paidAt: (level: Ticks) => Ticks | null;
}

/** Best price first, up to the limit; at an own order's price only what stands ahead of it. */
export function planSweep(sweep: Sweep): SweepPlan {
  const { contra, ownContra, side, limit, nowMs, paidAt } = sweep;
  const takes: Take[] = [];
  let left: number = sweep.quantity;
  const reachable = (price: number): boolean => reach(side, limit, price) >= 0;
  const own = ownContra !== undefined && reachable(ownContra.price) ? ownContra : null;
  for (let rank = 0; rank < contra.half.count && left > 0; rank += 1) {
    const level = contra.half.priceAt(rank) as Ticks;
    const price = paidAt(level);
    // An own order is met before every level behind its price.
    if (price === null || !reachable(price) || (own !== null && reach(side, own.price, price) < 0))
      break;
    const available = contra.available(level, nowMs);
    if (available === 0) continue;
    const takeable = contra.takeable(level, nowMs);
    const before = own?.price === price ? Math.min(takeable, own.ahead) : takeable;
    const quantity = lots(Math.min(left, before));
    const exhausts = quantity === takeable && takeable < available;
    if (quantity > 0 || exhausts) takes.push({ level, price, quantity, exhausts });
    left -= quantity;
  }
  return { takes, left: lots(left), selfCross: own !== null && left > 0 };
}
