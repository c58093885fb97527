/**
 * Own resting orders of one side, in the exchange's priority: best price first, then time. Queue
 * places shrink conservatively: by prints and by the displayed size, never by guesses about who
 * cancelled.
 */
import type { Print } from '../../domain/market-data.ts';
import { type Lots, lots, minLots, NO_LOTS, type Ticks } from '../../domain/numbers.ts';
import { leavesOf, type PaperOrder, reach } from './paper-order.ts';

export interface Allocation {
  readonly order: PaperOrder;
  readonly quantity: Lots;
}

/** Behind all that is at its price or better. */
export function enqueue(queue: PaperOrder[], order: PaperOrder): void {
  const behind = queue.findIndex((other) => reach(order.side, order.price, other.price) > 0);
  queue.splice(behind === -1 ? queue.length : behind, 0, order);
}

export function dequeue(queue: PaperOrder[], order: PaperOrder): void {
  const index = queue.indexOf(order);
  if (index !== -1) queue.splice(index, 1);
}

/** Nobody can stand before us in a level that shows less. */
export function clampAhead(queue: readonly PaperOrder[], price: Ticks, displayed: Lots): void {
  for (const order of queue)
    if (order.price === price) order.ahead = minLots(order.ahead, displayed);
}

/**
 * Gives the volume of one print to the orders it reached, each lot once. A print through a price
 * found nobody left before us there; at the price, what stands ahead is served first.
 */
export function allocatePrint(queue: readonly PaperOrder[], print: Print): readonly Allocation[] {
  const allocations: Allocation[] = [];
  let left: number = print.quantity;
  let served = 0;
  for (const order of queue) {
    const through = reach(order.side, order.price, print.price);
    if (through < 0) break;
    if (through === 0) {
      // Market quantity before an earlier own order is before a later one too: it is counted once.
      const passed = Math.min(left, Math.max(0, order.ahead - served));
      left -= passed;
      served += passed;
      order.ahead = lots(Math.max(0, order.ahead - served));
    }
    const quantity = lots(Math.min(left, leavesOf(order)));
    if (quantity === 0) continue;
    order.ahead = NO_LOTS;
    left -= quantity;
    allocations.push({ order, quantity });
  }
  return allocations;
}
