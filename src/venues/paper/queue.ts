/** Own resting orders of one side, in the exchange's priority: best price first, then time. */
import type { BookSide, Print } from '../../domain/market-data.ts';
import type { Lots, Ticks } from '../../domain/numbers.ts';
import { LevelQueue, type QueueRules } from './level-queue.ts';
import { type PaperOrder, reach } from './paper-order.ts';

export class OwnQueue {
  readonly #side: BookSide;
  readonly #rules: QueueRules;
  /** Best price first; never an empty one. */
  #levels: readonly LevelQueue[] = [];

  constructor(side: BookSide, rules: QueueRules) {
    this.#side = side;
    this.#rules = rules;
  }

  get levels(): readonly LevelQueue[] {
    return this.#levels;
  }

  get best(): PaperOrder | undefined {
    return this.#levels[0]?.orders[0];
  }

  orders(): readonly PaperOrder[] {
    return this.#levels.flatMap(({ orders }) => orders);
  }

  at(price: Ticks): LevelQueue | null {
    for (const level of this.#levels) if (level.price === price) return level;
    return null;
  }

  join(order: PaperOrder, displayed: Lots): void {
    const level = this.at(order.price) ?? new LevelQueue(order.price, this.#rules);
    level.join(order, displayed);
    if (this.#levels.includes(level)) return;
    const behind = ({ price }: LevelQueue): boolean => reach(this.#side, price, level.price) > 0;
    const better = this.#levels.filter(behind);
    this.#levels = [...better, level, ...this.#levels.slice(better.length)];
  }

  leave(order: PaperOrder): void {
    this.at(order.price)?.leave(order);
    this.#levels = this.#levels.filter(({ orders }) => orders.length > 0);
  }

  /** Gives the volume of one print to the orders it reached, each lot once. */
  trade(print: Print, nowMs: number, followedBy: number): void {
    let left: number = print.quantity;
    for (const level of this.#levels) {
      const through = reach(this.#side, level.price, print.price);
      if (through < 0) return;
      if (through > 0) left -= level.sweep(print, left);
      else level.trade({ print, volume: left, followedBy }, nowMs);
    }
  }
}
