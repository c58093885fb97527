/** What an arriving order takes from the displayed ladder, and where it would meet an own order. */

import type { BookSide } from '../../domain/market-data.ts';
import { type Lots, lots, type Ticks } from '../../domain/numbers.ts';
import type { Displayed } from './displayed.ts';
import { type PaperOrder, reach } from './paper-order.ts';

export interface Take {
  readonly price: Ticks;
  readonly quantity: Lots;
}

export interface SweepPlan {
  readonly takes: readonly Take[];
  /** What is not taken. */
  readonly left: Lots;
  /** The next to match would have been an own order: the rest of the taker is cancelled. */
  readonly selfCross: boolean;
}

/** Best price first, up to the limit; at an own order's price only what stands ahead of it. */
export function planSweep(
  contra: Displayed,
  ownContra: PaperOrder | undefined,
  side: BookSide,
  limit: Ticks,
  quantity: Lots,
): SweepPlan {
  const takes: Take[] = [];
  let left: number = quantity;
  const reachable = (price: number): boolean => reach(side, limit, price) >= 0;
  const own = ownContra !== undefined && reachable(ownContra.price) ? ownContra : null;
  for (let rank = 0; rank < contra.half.count && left > 0; rank += 1) {
    const price = contra.half.priceAt(rank) as Ticks;
    // An own order is met before every level behind its price.
    if (!reachable(price) || (own !== null && reach(side, own.price, price) < 0)) break;
    const available = contra.available(price);
    const takeable = own?.price === price ? Math.min(available, own.ahead) : available;
    const taken = Math.min(left, takeable);
    if (taken > 0) takes.push({ price, quantity: lots(taken) });
    left -= taken;
  }
  return { takes, left: lots(left), selfCross: own !== null && left > 0 };
}
