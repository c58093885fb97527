/**
 * One market of the exchange, and the strangers who trade there by chance. What happens in the book
 * is told to whoever listens, at once and in order; networks are somebody else's business.
 */
import type { Instrument } from '../../src/domain/instrument.ts';
import type { BookEvent, BookSide, Level, Print } from '../../src/domain/market-data.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import type { OrderRequest } from '../../src/domain/order.ts';
import type { Random } from '../../src/domain/ports.ts';
import { chance, exponential, integer } from '../../src/env/draws.ts';
import type { Ground } from './ground.ts';
import { contraOf, MatchingBook } from './matching-book.ts';
import type { TrueOrder } from './venue-model.ts';

/** Prices that strangers trade at: an own order may lie outside. */
const [LOWEST, HIGHEST] = [5, 95];
const LEVELS = 5;

type Listener = (event: BookEvent | Print) => void;

export class VenueMarket {
  readonly instrument: Instrument;
  readonly book: MatchingBook<TrueOrder>;
  status: 'open' | 'paused' | 'closed' = 'open';
  readonly #ground: Ground;
  readonly #random: Random;
  readonly #filled: (order: TrueOrder, price: number, count: number) => void;
  readonly #listeners = new Set<Listener>();
  #sequence = 0;
  #prints = 0;

  constructor(
    instrument: Instrument,
    ground: Ground,
    filled: (order: TrueOrder, price: number, count: number) => void,
  ) {
    this.instrument = instrument;
    this.#ground = ground;
    this.#filled = filled;
    this.#random = ground.random.fork(`market ${instrument.symbol}`);
    this.book = new MatchingBook((side, price, count) => this.#tellLevel(side, price, count));
    const middle = integer(this.#random, 30, 70);
    for (let depth = 1; depth <= LEVELS; depth += 1) {
      this.#show('bid', middle - depth);
      this.#show('ask', middle + depth);
    }
  }

  /** Where an order stands in YES prices. */
  placeOf({ outcome, action, price }: OrderRequest): {
    readonly side: BookSide;
    readonly price: number;
  } {
    const side = (action === 'buy') === (outcome === 'yes') ? 'bid' : 'ask';
    return { side, price: outcome === 'yes' ? price : 100 - price };
  }

  rest(order: TrueOrder): void {
    const { side, price } = this.placeOf(order.request);
    this.book.rest(side, price, { owner: order, lots: order.leaves });
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  snapshot(): BookEvent {
    const levels = (side: BookSide): readonly Level[] =>
      this.book.prices(side).map((price) => ({
        price: ticks(price),
        size: lots(this.book.sizeAt(side, price)),
      }));
    const { symbol } = this.instrument;
    const [bids, asks, timeMs] = [levels('bid'), levels('ask'), this.#ground.clock.wallMs()];
    return { type: 'book.snapshot', symbol, bids, asks, sequence: this.#sequence, timeMs };
  }

  setStatus(status: VenueMarket['status']): void {
    if (this.status === 'closed' || this.status === status) return;
    this.status = status;
    const { symbol } = this.instrument;
    const type = { open: 'market.resumed', paused: 'market.paused', closed: 'market.closed' };
    const event = { type: type[status], symbol, timeMs: this.#ground.clock.wallMs() };
    this.#ground.trace.note('market', event);
    this.#tell(event as BookEvent);
  }

  /** Strangers act now and then, for as long as the world lasts. */
  live(meanMs: number): void {
    const again = (): void => {
      const waitMs = Math.ceil(exponential(this.#random, meanMs));
      this.#ground.clock.setTimeout(() => {
        this.#act();
        again();
      }, waitMs);
    };
    again();
  }

  #act(): void {
    const side = chance(this.#random, 0.5) ? 'bid' : 'ask';
    const what = this.#random.next();
    const depth = integer(this.#random, -1, 2);
    const best = this.book.best(side);
    const contra = this.book.best(contraOf(side));
    if (this.status !== 'open') return;
    if (best === null || contra === null) this.#refill();
    else if (what < 0.4) this.#show(side, best - depth * signOf(side));
    else if (what < 0.6) this.book.withdraw(side, best, integer(this.#random, 1, 30));
    else if (what < 0.85) this.#cross(side, contra, integer(this.#random, 1, 25));
    // A strong hand: it takes the touch and shows what is left of it there.
    else this.#cross(side, contra + signOf(side), integer(this.#random, 20, 60), true);
    if (this.book.prices('bid').length < 3 || this.book.prices('ask').length < 3) this.#refill();
  }

  #refill(): void {
    const bid = this.book.best('bid');
    const ask = this.book.best('ask');
    const middle = bid ?? ask ?? 50;
    for (const side of ['bid', 'ask'] as const) {
      const from = this.book.best(side) ?? middle + (side === 'ask' ? 2 : -2);
      for (let depth = 0; depth < LEVELS; depth += 1) this.#show(side, from - depth * signOf(side));
    }
  }

  #show(side: BookSide, price: number): void {
    const count = integer(this.#random, 1, 40);
    if (price < LOWEST || price > HIGHEST || this.book.next(side, price) !== null) return;
    this.book.rest(side, price, { owner: null, lots: count });
  }

  #cross(side: BookSide, price: number, count: number, rests = false): void {
    const matches = this.book.take(side, price, count);
    let left = count;
    for (const match of matches) {
      left -= match.lots;
      this.#prints += 1;
      this.#tell({
        type: 'print',
        symbol: this.instrument.symbol,
        price: ticks(match.price),
        quantity: lots(match.lots),
        taker: side === 'bid' ? 'buy' : 'sell',
        timeMs: this.#ground.clock.wallMs(),
        sequence: this.#prints,
      });
      if (match.resting.owner !== null) this.#filled(match.resting.owner, match.price, match.lots);
    }
    const isInside = price >= LOWEST && price <= HIGHEST;
    if (rests && left > 0 && isInside) this.book.rest(side, price, { owner: null, lots: left });
  }

  #tellLevel(side: BookSide, price: number, count: number): void {
    const { symbol } = this.instrument;
    this.#sequence += 1;
    this.#tell({
      type: 'book.delta',
      symbol,
      side,
      price: ticks(price),
      change: { to: lots(count) },
      sequence: this.#sequence,
      timeMs: this.#ground.clock.wallMs(),
    });
  }

  #tell(event: BookEvent | Print): void {
    for (const listener of this.#listeners) listener(event);
  }
}

/** Towards the other side. */
const signOf = (side: BookSide): number => (side === 'bid' ? 1 : -1);
