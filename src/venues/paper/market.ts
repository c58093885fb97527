/**
 * One market of the paper exchange: the displayed book, own orders, and how they match. Pure: it
 * never reads a clock, makes an id or charges a fee, and own orders never change what is displayed.
 */
import { tickAbove, tickBelow } from '../../domain/grid.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { BookDelta, BookSide, BookSnapshot, Print } from '../../domain/market-data.ts';
import { addLots, type Lots, lots, NO_LOTS, type Ticks } from '../../domain/numbers.ts';
import type { Liquidity } from '../../domain/order.ts';
import type { Random } from '../../domain/ports.ts';
import { Displayed } from './displayed.ts';
import { DEFAULT_FILL_MODEL, type FillModel } from './fill-model.ts';
import { contraOf, leavesOf, type PaperOrder, reach } from './paper-order.ts';
import { OwnQueue } from './queue.ts';
import type { MarketDataEvent } from './source.ts';
import { Stress } from './stress.ts';
import { planSweep, type SweepPlan, type Take } from './sweep.ts';

/**
 * A trade of an own order, in YES prices. `print` is what filled a resting order, if a print did.
 */
export interface Match {
  readonly order: PaperOrder;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly liquidity: Liquidity;
  readonly print: Print | null;
  /** What a take found: the level, and the share of it that could be taken then. */
  readonly level: TakenLevel | null;
}

export interface TakenLevel {
  readonly size: Lots;
  readonly isYoung: boolean;
}

export type MarketPhase = 'open' | 'paused' | 'closed';

export interface MarketOptions {
  readonly instrument: Instrument;
  readonly model?: FillModel;
  /** Draws what a stress leaves to chance; needed where the model has one. */
  readonly random?: Random;
  /** Told of lots that left a level as part of a print. */
  readonly attributed?: (print: Print, quantity: Lots) => void;
}

const NONE: readonly Match[] = [];

export class PaperMarket {
  readonly instrument: Instrument;
  readonly #displayed: { readonly bid: Displayed; readonly ask: Displayed };
  readonly #own: { readonly bid: OwnQueue; readonly ask: OwnQueue };
  readonly #stress: Stress | null;
  #matches: Match[] = [];
  #phase: MarketPhase = 'open';
  #settledAt: Ticks | null = null;
  #synced = false;
  #sequence = 0;

  constructor({ instrument, model, random, attributed }: MarketOptions) {
    this.instrument = instrument;
    const rules = model ?? DEFAULT_FILL_MODEL;
    this.#displayed = { bid: new Displayed('bid', rules), ask: new Displayed('ask', rules) };
    const queue = {
      ...rules,
      attributed: attributed ?? (() => {}),
      fill: (order: PaperOrder, quantity: Lots, print: Print | null) =>
        this.#match(order, {
          price: order.price,
          quantity,
          liquidity: 'maker',
          print,
          level: null,
        }),
    };
    this.#own = { bid: new OwnQueue('bid', queue), ask: new OwnQueue('ask', queue) };
    this.#stress = Stress.of(rules.stress, random);
  }

  get phase(): MarketPhase {
    return this.#phase;
  }

  /** What a YES contract was worth in the end, in ticks; null while that is open. */
  get settledAt(): Ticks | null {
    return this.#settledAt;
  }

  /** The book is whole: false before the first snapshot and after a gap in the recording. */
  get synced(): boolean {
    return this.#synced;
  }

  displayed(side: BookSide): Displayed {
    return this.#displayed[side];
  }

  /** Own resting orders, buyers first, each side in priority. */
  resting(): readonly PaperOrder[] {
    return [...this.#own.bid.orders(), ...this.#own.ask.orders()];
  }

  /** The market moves; what that fills of our resting orders comes back. */
  apply(event: MarketDataEvent, nowMs: number, followedBy = 0): readonly Match[] {
    this.#stress?.penny(nowMs, this.#displayed);
    switch (event.type) {
      case 'print':
        this.#applyPrint(event, nowMs, followedBy);
        break;
      case 'book.delta':
        this.#applyDelta(event, nowMs);
        break;
      case 'book.snapshot':
        this.#applySnapshot(event, nowMs);
        break;
      case 'book.gap':
        this.#synced = false;
        break;
      case 'market.settled':
        this.#settledAt ??= event.value;
        this.#phase = 'closed';
        break;
      case 'market.paused':
      case 'market.resumed':
      case 'market.closed':
        if (this.#settledAt === null) this.#phase = PHASES[event.type];
        if (event.type === 'market.resumed') this.#matchCrossed(nowMs);
        break;
      // The paper exchange takes any tick: only the engine keeps to the grid.
      case 'market.ticksChanged':
      case 'feed.up':
      case 'feed.alive':
      case 'feed.down':
    }
    return this.#matched();
  }

  /** The book as it is, numbered so that the next delta follows it. */
  snapshot(timeMs: number): BookSnapshot {
    return {
      type: 'book.snapshot',
      symbol: this.instrument.symbol,
      bids: this.#displayed.bid.levels(),
      asks: this.#displayed.ask.levels(),
      sequence: this.#sequence,
      timeMs,
    };
  }

  plan(side: BookSide, limit: Ticks, quantity: Lots, nowMs: number): SweepPlan {
    const contra = contraOf(side);
    const isShifted = this.#stress?.isShifted(contra, nowMs) ?? false;
    const { tickRanges } = this.instrument;
    const away = (level: Ticks): Ticks | null =>
      side === 'bid' ? tickAbove(tickRanges, level) : tickBelow(tickRanges, level);
    return planSweep({
      contra: this.#displayed[contra],
      ownContra: this.#own[contra].best,
      side,
      limit,
      quantity,
      nowMs,
      paidAt: isShifted ? away : (level) => level,
    });
  }

  /** Takes what the plan says for an order that does not rest. */
  take(order: PaperOrder, plan: SweepPlan, nowMs: number): readonly Match[] {
    for (const take of plan.takes) this.#take(order, take, nowMs);
    const matches = this.#matched();
    if (matches.length > 0) this.#stress?.taken(contraOf(order.side), nowMs);
    return matches;
  }

  /** Behind everything that is displayed at its price. */
  rest(order: PaperOrder, nowMs: number): void {
    const { half } = this.#displayed[order.side];
    order.pennied = NO_LOTS;
    this.#own[order.side].join(order, half.sizeAt(order.price));
    const improves = half.count === 0 || reach(order.side, order.price, half.priceAt(0)) > 0;
    if (improves) this.#stress?.improved(order, nowMs);
  }

  remove(order: PaperOrder): void {
    this.#own[order.side].leave(order);
    this.#stress?.left(order);
  }

  #take(order: PaperOrder, { level, price, quantity, exhausts }: Take, nowMs: number): void {
    const contra = this.#displayed[contraOf(order.side)];
    const found = { size: contra.half.sizeAt(level), isYoung: contra.isYoung(level, nowMs) };
    if (quantity > 0) contra.take(level, quantity, nowMs);
    if (exhausts) contra.exhaust(level);
    const match = { price, quantity, liquidity: 'taker', print: null, level: found } as const;
    if (quantity > 0) this.#match(order, match);
  }

  /** What was agreed elsewhere, or while nobody could trade here, passed nobody in the queue. */
  #applyPrint(print: Print, nowMs: number, followedBy: number): void {
    if (print.block === true || this.#phase !== 'open') return;
    this.#own[print.taker === 'sell' ? 'bid' : 'ask'].trade(print, nowMs, followedBy);
  }

  #applyDelta({ side, price, change, sequence }: BookDelta, nowMs: number): void {
    this.#sequence = sequence;
    if (!this.#synced) return;
    const displayed = this.#displayed[side];
    const before = displayed.change(price, change, nowMs);
    const level = this.#own[side].at(price);
    if (level !== null) {
      const size = displayed.half.sizeAt(price);
      if (size < before) level.reduce(before, size, nowMs);
    }
    this.#matchCrossedBy(side, nowMs);
  }

  #applySnapshot(snapshot: BookSnapshot, nowMs: number): void {
    this.#sequence = snapshot.sequence;
    this.#synced = true;
    this.#displayed.bid.replace(snapshot.bids, nowMs);
    this.#displayed.ask.replace(snapshot.asks, nowMs);
    for (const side of ['bid', 'ask'] as const)
      for (const level of this.#own[side].levels)
        level.resync(this.#displayed[side].half.sizeAt(level.price));
    this.#matchCrossed(nowMs);
  }

  #matchCrossed(nowMs: number): void {
    this.#matchCrossedBy('ask', nowMs);
    this.#matchCrossedBy('bid', nowMs);
  }

  /** That side came through our prices without a print: it would have traded with us. */
  #matchCrossedBy(side: BookSide, nowMs: number): void {
    const own = this.#own[contraOf(side)];
    if (own.best === undefined || this.#phase !== 'open' || !this.#synced) return;
    const contra = this.#displayed[side];
    for (const queue of own.levels)
      for (let rank = 0; rank < contra.half.count; rank += 1) {
        const price = contra.half.priceAt(rank) as Ticks;
        if (reach(contraOf(side), queue.price, price) < 0) break;
        const used = lots(queue.sweep(null, contra.available(price, nowMs)));
        if (used > 0) contra.take(price, used, nowMs);
      }
  }

  #match(order: PaperOrder, match: Omit<Match, 'order'>): void {
    order.filled = addLots(order.filled, match.quantity);
    if (leavesOf(order) === 0) this.remove(order);
    this.#matches.push({ order, ...match });
  }

  #matched(): readonly Match[] {
    if (this.#matches.length === 0) return NONE;
    const matches = this.#matches;
    this.#matches = [];
    return matches;
  }
}

const PHASES = {
  'market.paused': 'paused',
  'market.resumed': 'open',
  'market.closed': 'closed',
} as const;
