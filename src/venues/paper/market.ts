/**
 * One market of the paper exchange: the displayed book, own orders, and how they match. Pure: it
 * never reads a clock, makes an id or charges a fee, and own orders never change what is displayed.
 */
import type { Instrument } from '../../domain/instrument.ts';
import type { BookDelta, BookSide, BookSnapshot, Print } from '../../domain/market-data.ts';
import { addLots, type Lots, lots, minLots, type Ticks } from '../../domain/numbers.ts';
import type { Liquidity } from '../../domain/order.ts';
import { Displayed } from './displayed.ts';
import { contraOf, leavesOf, type PaperOrder, reach } from './paper-order.ts';
import { allocatePrint, clampAhead, dequeue, enqueue } from './queue.ts';
import type { MarketDataEvent } from './source.ts';
import { planSweep, type SweepPlan } from './sweep.ts';

/**
 * A trade of an own order, in YES prices. `print` is what filled a resting order, if a print did.
 */
export interface Match {
  readonly order: PaperOrder;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly liquidity: Liquidity;
  readonly print: Print | null;
}

export type MarketPhase = 'open' | 'paused' | 'closed';

const NONE: readonly Match[] = [];

export class PaperMarket {
  readonly instrument: Instrument;
  readonly #displayed = { bid: new Displayed('bid'), ask: new Displayed('ask') };
  readonly #own: { readonly bid: PaperOrder[]; readonly ask: PaperOrder[] } = { bid: [], ask: [] };
  #phase: MarketPhase = 'open';
  #synced = false;
  #sequence = 0;

  constructor(instrument: Instrument) {
    this.instrument = instrument;
  }

  get phase(): MarketPhase {
    return this.#phase;
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
    return [...this.#own.bid, ...this.#own.ask];
  }

  /** The market moves; what that fills of our resting orders comes back. */
  apply(event: MarketDataEvent): readonly Match[] {
    switch (event.type) {
      case 'print':
        return this.#applyPrint(event);
      case 'book.delta':
        return this.#applyDelta(event);
      case 'book.snapshot':
        return this.#applySnapshot(event);
      case 'book.gap':
        this.#synced = false;
        return NONE;
      case 'market.paused':
      case 'market.resumed':
      case 'market.closed':
      case 'market.settled':
        this.#phase = PHASES[event.type];
        return NONE;
      case 'feed.up':
      case 'feed.alive':
      case 'feed.down':
        return NONE;
    }
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

  plan(side: BookSide, limit: Ticks, quantity: Lots): SweepPlan {
    const contra = contraOf(side);
    return planSweep(this.#displayed[contra], this.#own[contra][0], side, limit, quantity);
  }

  /** Takes what the plan says for an order that does not rest. */
  take(order: PaperOrder, plan: SweepPlan): readonly Match[] {
    const contra = this.#displayed[contraOf(order.side)];
    return plan.takes.map(({ price, quantity }) => {
      contra.take(price, quantity);
      return this.#match(order, price, quantity, 'taker', null);
    });
  }

  /** Behind everything that is displayed at its price. */
  rest(order: PaperOrder): void {
    order.ahead = this.#displayed[order.side].half.sizeAt(order.price);
    enqueue(this.#own[order.side], order);
  }

  remove(order: PaperOrder): void {
    dequeue(this.#own[order.side], order);
  }

  #applyPrint(print: Print): readonly Match[] {
    const queue = this.#own[print.taker === 'sell' ? 'bid' : 'ask'];
    if (queue.length === 0) return NONE;
    return allocatePrint(queue, print).map(({ order, quantity }) =>
      this.#match(order, order.price, quantity, 'maker', print),
    );
  }

  #applyDelta({ side, price, change, sequence }: BookDelta): readonly Match[] {
    this.#sequence = sequence;
    if (!this.#synced) return NONE;
    this.#displayed[side].change(price, change);
    clampAhead(this.#own[side], price, this.#displayed[side].half.sizeAt(price));
    return this.#matchCrossed(contraOf(side));
  }

  #applySnapshot(snapshot: BookSnapshot): readonly Match[] {
    this.#sequence = snapshot.sequence;
    this.#synced = true;
    this.#displayed.bid.replace(snapshot.bids);
    this.#displayed.ask.replace(snapshot.asks);
    for (const order of this.resting())
      order.ahead = minLots(order.ahead, this.#displayed[order.side].half.sizeAt(order.price));
    return [...this.#matchCrossed('bid'), ...this.#matchCrossed('ask')];
  }

  /** The other side came through our prices without a print: it would have traded with us. */
  #matchCrossed(side: BookSide): readonly Match[] {
    const contra = this.#displayed[contraOf(side)];
    const best = this.#own[side][0];
    if (best === undefined || !(reach(side, best.price, contra.half.priceAt(0)) >= 0)) return NONE;
    const matches: Match[] = [];
    // What is filled leaves the queue meanwhile.
    const orders = [...this.#own[side]];
    for (const order of orders) {
      for (let rank = 0; rank < contra.half.count && leavesOf(order) > 0; rank += 1) {
        const price = contra.half.priceAt(rank) as Ticks;
        if (reach(side, order.price, price) < 0) break;
        const quantity = minLots(leavesOf(order), contra.available(price));
        if (quantity === 0) continue;
        contra.take(price, quantity);
        matches.push(this.#match(order, order.price, quantity, 'maker', null));
      }
    }
    return matches;
  }

  #match(
    order: PaperOrder,
    price: Ticks,
    quantity: Lots,
    liquidity: Liquidity,
    print: Print | null,
  ): Match {
    order.filled = addLots(order.filled, quantity);
    if (liquidity === 'maker') order.ahead = lots(0);
    if (leavesOf(order) === 0) this.remove(order);
    return { order, price, quantity, liquidity, print };
  }
}

const PHASES = {
  'market.paused': 'paused',
  'market.resumed': 'open',
  'market.closed': 'closed',
  'market.settled': 'closed',
} as const;
