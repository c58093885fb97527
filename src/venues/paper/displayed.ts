/**
 * One displayed side of a market and what we took from it. The recording does not know of our
 * takes: what we consumed stays consumed until the level itself shrinks below it, so that nothing
 * is taken twice.
 */
import { HalfBook } from '../../book/half-book.ts';
import type { BookDelta, BookSide, Level } from '../../domain/market-data.ts';
import { type Lots, lots, type Ticks } from '../../domain/numbers.ts';
import type { FillModel } from './fill-model.ts';

export interface LevelAudit {
  readonly price: number;
  readonly size: number;
  /** Own takes that the level still owes, with what was not there for us. */
  readonly taken: number;
  /** Everything ever displayed at this price: the first size and each increase. */
  readonly offered: number;
  /** Everything we ever took at this price. */
  readonly takenInAll: number;
}

/** Refills of a level that we took from, which are not there for us until then. */
interface Hold {
  readonly untilMs: number;
  readonly lots: number;
}

export class Displayed {
  readonly half: HalfBook;
  readonly #haircut: FillModel['takeHaircut'];
  readonly #holdMs: number;
  readonly #taken = new Map<number, number>();
  readonly #takenInAll = new Map<number, number>();
  readonly #offered = new Map<number, number>();
  /** When a level came, in time since the first event: small numbers are kept without a box. */
  readonly #bornMs = new Map<number, number>();
  readonly #holds = new Map<number, Hold>();
  #firstMs: number | null = null;

  constructor(side: BookSide, { takeHaircut, stress }: Pick<FillModel, 'takeHaircut' | 'stress'>) {
    this.half = new HalfBook(side === 'bid' ? 1 : -1);
    this.#haircut = takeHaircut;
    this.#holdMs = stress?.refillHoldMs ?? 0;
  }

  /** The size before comes back. */
  change(price: Ticks, change: BookDelta['change'], nowMs: number): Lots {
    const before = this.half.sizeAt(price);
    const size = 'to' in change ? change.to : Math.max(0, before + change.by);
    if (before === 0 && size > 0 && this.#haircut !== null) {
      this.#firstMs ??= nowMs;
      this.#bornMs.set(price, nowMs - this.#firstMs);
    }
    this.#set(price, before, size, nowMs);
    return before;
  }

  /** Levels that a snapshot brings may have stood long: they are not young. */
  replace(levels: readonly Level[], nowMs: number): void {
    const sizes = new Map<Ticks, number>(this.levels().map(({ price }) => [price, 0]));
    for (const { price, size } of levels) sizes.set(price, (sizes.get(price) ?? 0) + size);
    for (const [price, size] of sizes) this.#set(price, this.half.sizeAt(price), size, nowMs);
    this.#bornMs.clear();
  }

  /** Best first. */
  levels(): readonly Level[] {
    return Array.from({ length: this.half.count }, (_, rank) => ({
      price: this.half.priceAt(rank) as Ticks,
      size: lots(this.half.sizeAtRank(rank)),
    }));
  }

  /** What of a level we have not consumed. */
  available(price: Ticks, nowMs: number): Lots {
    const left = this.half.sizeAt(price) - (this.#taken.get(price) ?? 0);
    return lots(Math.max(0, left - this.#held(price, nowMs)));
  }

  /** What of it a taker gets: of a young level only a part. */
  takeable(price: Ticks, nowMs: number): Lots {
    const available = this.available(price, nowMs);
    if (this.#haircut === null || !this.isYoung(price, nowMs)) return available;
    const size = this.half.sizeAt(price);
    const gone = size - Math.floor(size * this.#haircut.share);
    return lots(Math.max(0, available - gone));
  }

  isYoung(price: Ticks, nowMs: number): boolean {
    const bornMs = this.#bornMs.get(price);
    if (bornMs === undefined || this.#firstMs === null || this.#haircut === null) return false;
    return nowMs - this.#firstMs - bornMs < this.#haircut.youngerThanMs;
  }

  take(price: Ticks, quantity: Lots, nowMs: number): void {
    this.#taken.set(price, (this.#taken.get(price) ?? 0) + quantity);
    this.#takenInAll.set(price, (this.#takenInAll.get(price) ?? 0) + quantity);
    if (this.#holdMs === 0) return;
    const held = this.#held(price, nowMs);
    this.#holds.set(price, { untilMs: nowMs + this.#holdMs, lots: held });
  }

  /** A taker found no more here: what a young level still shows was not there. */
  exhaust(price: Ticks): void {
    this.#taken.set(price, this.half.sizeAt(price));
  }

  /** The levels that we took from. */
  audit(): readonly LevelAudit[] {
    return [...this.#takenInAll].map(([price, takenInAll]) => ({
      price,
      takenInAll,
      size: this.half.sizeAt(price as Ticks),
      taken: this.#taken.get(price) ?? 0,
      offered: this.#offered.get(price) ?? 0,
    }));
  }

  #held(price: Ticks, nowMs: number): number {
    const hold = this.#holds.get(price);
    return hold === undefined || nowMs >= hold.untilMs ? 0 : hold.lots;
  }

  #set(price: Ticks, before: number, size: number, nowMs: number): void {
    if (size > before) this.#offered.set(price, (this.#offered.get(price) ?? 0) + size - before);
    this.half.set(price, size);
    if (this.#taken.size === 0) return;
    const taken = this.#taken.get(price);
    if (taken !== undefined && taken > size) this.#taken.set(price, size);
    const hold = this.#holds.get(price);
    if (hold === undefined || nowMs >= hold.untilMs) return;
    const refilled = hold.lots + Math.max(0, size - before);
    const left = size - (this.#taken.get(price) ?? 0);
    this.#holds.set(price, { ...hold, lots: Math.min(refilled, left) });
  }
}
