/**
 * The queue of one price: our orders in time among market quantity, and which of what left it was
 * trading. A trade is told twice, by a print and by a change of the level, in either order: each
 * lot counts once, and where the change came first the queue is rolled back and done again.
 */
import type { Print } from '../../domain/market-data.ts';
import { type Lots, lots, maxLots, minLots, NO_LOTS, type Ticks } from '../../domain/numbers.ts';
import type { CancelsAhead, FillModel } from './fill-model.ts';
import { leavesOf, type PaperOrder } from './paper-order.ts';

export interface QueueRules extends Pick<FillModel, 'cancelsAhead' | 'creditTtlMs'> {
  /** Books lots of a resting order; one that is filled leaves the queue. */
  readonly fill: (order: PaperOrder, quantity: Lots, print: Print | null) => void;
  /** Lots that left a level were this print's. */
  readonly attributed: (print: Print, quantity: Lots) => void;
}

type Places = Map<PaperOrder, Lots>;

/** A print as it comes to a level. */
export interface Arrival {
  readonly print: Print;
  /** What better prices have left of it. */
  readonly volume: number;
  /** Lots that are about to leave the level at the same time: they are the print's own. */
  readonly followedBy: number;
}

interface Trade {
  readonly kind: 'trade';
  readonly atMs: number;
  readonly print: Print;
  /** What of the print came to this level and was not given to own orders. */
  volume: number;
  /** What of it the level has not shown to be gone. */
  credit: number;
  /** What stood ahead of each waiting order before. */
  places: Places;
}

interface Reduction {
  readonly kind: 'reduction';
  readonly atMs: number;
  /** The size before and after; before, without what was known to have traded. */
  depth: number;
  readonly size: Lots;
  /** What no print explains. */
  cancelled: number;
  places: Places;
}

export class LevelQueue {
  readonly price: Ticks;
  readonly #rules: QueueRules;
  #orders: readonly PaperOrder[] = [];
  /** Orders that something may still stand before: all others have been reached. */
  readonly #waiting = new Set<PaperOrder>();
  /** What happened of late, while somebody waited. */
  #log: (Trade | Reduction)[] = [];

  constructor(price: Ticks, rules: QueueRules) {
    this.price = price;
    this.#rules = rules;
  }

  /** In time. */
  get orders(): readonly PaperOrder[] {
    return this.#orders;
  }

  /** Behind all that is displayed. */
  join(order: PaperOrder, displayed: Lots): void {
    order.ahead = this.#rules.cancelsAhead.mode === 'optimistic' ? NO_LOTS : displayed;
    if (order.ahead > 0 || this.#waiting.size > 0) this.#waiting.add(order);
    this.#orders = [...this.#orders, order];
  }

  leave(order: PaperOrder): void {
    this.#orders = this.#orders.filter((each) => each !== order);
    this.#waiting.delete(order);
    for (const { places } of this.#log) places.delete(order);
  }

  /** A print at this price. */
  trade({ print, volume, followedBy }: Arrival, nowMs: number): void {
    const left = volume - this.#serveFront(print, volume);
    if (this.#waiting.size === 0) return;
    this.#forget(nowMs);
    // Earlier prints of the same time have a claim on what is about to leave, too.
    let claimed = 0;
    for (const entry of this.#log)
      if (entry.kind === 'trade' && entry.atMs === nowMs) claimed += entry.credit;
    const own = Math.min(print.quantity, Math.max(0, followedBy - claimed));
    this.#redo(this.#place(print, left, own, nowMs));
  }

  /** A trade past this price: it found nobody left here. What own orders get comes back. */
  sweep(print: Print | null, volume: number): number {
    let left = volume;
    for (const order of this.#orders) left -= this.#serve(order, left, print);
    return volume - left;
  }

  /** The level shrank: by what a print has said before, and else by cancels. */
  reduce(before: Lots, size: Lots, nowMs: number): void {
    if (this.#waiting.size === 0) return;
    this.#forget(nowMs);
    let depth: number = before;
    let cancelled = before - size;
    for (const entry of this.#log) {
      if (entry.kind === 'reduction' || entry.credit === 0) continue;
      const explained = Math.min(entry.credit, cancelled);
      depth -= entry.credit;
      entry.credit -= explained;
      cancelled -= explained;
      if (explained > 0) this.#rules.attributed(entry.print, lots(explained));
    }
    const places = this.#places();
    this.#log.push({ kind: 'reduction', atMs: nowMs, depth, size, cancelled, places });
    this.#redo(this.#log.length - 1);
  }

  /** A snapshot says how much there is, and nothing of what happened. */
  resync(displayed: Lots): void {
    this.#log = [];
    for (const order of this.#waiting) order.ahead = minLots(order.ahead, displayed);
  }

  /** Puts a print among what happened; where to begin anew comes back. */
  #place(print: Print, volume: number, own: number, nowMs: number): number {
    let [credit, left]: [number, number] = [print.quantity - own, volume];
    let from = this.#log.length;
    const log: (Trade | Reduction)[] = [];
    for (const entry of this.#log) {
      if (entry.kind === 'reduction' && entry.cancelled > 0 && credit > 0) {
        const traded = Math.min(entry.cancelled, credit);
        const served = Math.min(traded, left);
        const { atMs, places } = entry;
        from = Math.min(from, log.length);
        log.push({ kind: 'trade', atMs, print, volume: served, credit: 0, places });
        entry.cancelled -= traded;
        entry.depth -= traded;
        credit -= traded;
        left -= served;
        this.#rules.attributed(print, lots(traded));
      }
      log.push(entry);
    }
    const places = this.#places();
    log.push({ kind: 'trade', atMs: nowMs, print, volume: left, credit: credit + own, places });
    this.#log = log;
    return from;
  }

  /** From an entry on all is done again, from the places as they were before it. */
  #redo(from: number): void {
    const seen = new Set<PaperOrder>();
    for (const entry of this.#log.slice(from)) {
      // Whom a fill has brought to the front stays there; only within this redo it may get more.
      const present = this.#orders.filter(
        (order) => entry.places.has(order) && (this.#waiting.has(order) || seen.has(order)),
      );
      for (const order of present) {
        if (!seen.has(order)) order.ahead = entry.places.get(order) ?? NO_LOTS;
        seen.add(order);
      }
      entry.places = new Map(present.map((order) => [order, order.ahead]));
      if (entry.kind === 'trade') this.#pass(entry, present);
      else this.#shrink(entry, present);
    }
  }

  /** What stands ahead of an earlier own order stands before a later one too: it counts once. */
  #pass(entry: Trade, present: readonly PaperOrder[]): void {
    let left = entry.volume;
    let served = 0;
    for (const order of present) {
      const passed = Math.min(left, Math.max(0, order.ahead - served));
      left -= passed;
      served += passed;
      order.ahead = lots(Math.max(0, order.ahead - served));
      const given = order.ahead > 0 ? 0 : this.#serve(order, left, entry.print);
      entry.volume -= given;
      left -= given;
    }
  }

  #shrink({ depth, size, cancelled }: Reduction, present: readonly PaperOrder[]): void {
    let before = NO_LOTS;
    for (const order of present) {
      const back = Math.max(0, depth - order.ahead);
      const gone = leavingAhead(this.#rules.cancelsAhead, order.ahead, back, cancelled);
      // A later order never stands before an earlier one, nor anybody in a level that shows less.
      order.ahead = minLots(size, maxLots(before, lots(order.ahead - gone)));
      before = order.ahead;
    }
  }

  #serveFront(print: Print, volume: number): number {
    let left = volume;
    for (const order of this.#orders)
      if (!this.#waiting.has(order)) left -= this.#serve(order, left, print);
    return volume - left;
  }

  /** What an order uses up of a volume that reached it; from then on it is at the front. */
  #serve(order: PaperOrder, volume: number, print: Print | null): number {
    const pennied = Math.min(volume, order.pennied);
    order.pennied = lots(order.pennied - pennied);
    const quantity = lots(Math.min(volume - pennied, leavesOf(order)));
    if (quantity > 0) {
      // A book that crosses us trades with us, not with those before us: they still stand there.
      if (print !== null) {
        order.ahead = NO_LOTS;
        this.#waiting.delete(order);
      }
      this.#rules.fill(order, quantity, print);
    }
    return pennied + quantity;
  }

  #places(): Places {
    return new Map([...this.#waiting].map((order) => [order, order.ahead]));
  }

  #forget(nowMs: number): void {
    const sinceMs = nowMs - this.#rules.creditTtlMs;
    const old = this.#log.findIndex(({ atMs }) => atMs >= sinceMs);
    if (old !== 0) this.#log = old === -1 ? [] : this.#log.slice(old);
  }
}

/** Whole lots of a cancel that stood before an order, rounded down: it never gains by rounding. */
export function leavingAhead(
  cancelsAhead: CancelsAhead,
  front: number,
  back: number,
  cancelled: number,
): number {
  if (cancelsAhead.mode === 'optimistic') return front;
  if (cancelsAhead.mode === 'conservative' || front === 0) return 0;
  const share = 1 / (1 + (back / front) ** cancelsAhead.exponent);
  // What is more than stood behind cannot have been there.
  return Math.min(front, Math.max(Math.floor(cancelled * share), cancelled - back));
}
