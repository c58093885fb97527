/**
 * One simulated market: a value that moves, makers who quote around it, takers who come by chance
 * and takers who know the next move. It only ever runs forward, and reads nothing but its own
 * random numbers.
 */

import type { Action } from '../../domain/instrument.ts';
import type { BookSide } from '../../domain/market-data.ts';
import { type Lots, lots } from '../../domain/numbers.ts';
import type { Random } from '../../domain/ports.ts';
import { chance, exponential, integer, normal, uniform } from '../../env/draws.ts';
import { LatentValue } from './latent-value.ts';
import { contraOf } from './paper-order.ts';
import type { LiquidityProfile, Quantiles } from './profiles.ts';
import type { SimulatedBook } from './simulated-book.ts';

const LOTS_PER_CONTRACT = 100;
/** Levels a side that makers keep. */
const LEVELS = 12;
/** Markets begin within so many grid steps of the middle. */
const START_SPREAD = 15;
/** Makers change their idea of the spread once in so many of their own actions. */
const SPREAD_CHANGE = 1 / 200;
const NORMAL_P90 = 1.2816;

/** A positive number with these percentiles: lognormal below and above the median. */
function around({ p10, p50, p90 }: Quantiles, random: Random): number {
  const z = Math.max(-3, Math.min(3, normal(random))) / NORMAL_P90;
  return p50 * (z < 0 ? p50 / p10 : p90 / p50) ** z;
}

interface Due {
  quote: number;
  take: number;
  informed: number;
  withdraw: number;
}

export class SimulatedMarket {
  readonly #book: SimulatedBook;
  readonly #profile: LiquidityProfile;
  readonly #random: Random;
  readonly #value: LatentValue;
  /** What makers want to show at each index, drawn when the level is first used. */
  readonly #targets: Float64Array;
  readonly #awayUntilMs = { bid: 0, ask: 0 };
  readonly #due: Due;
  #spread = 1;
  #lastMs: number;

  constructor(book: SimulatedBook, profile: LiquidityProfile, random: Random, startMs: number) {
    this.#book = book;
    this.#profile = profile;
    this.#random = random;
    const start = book.grid.length / 2 + uniform(random, -START_SPREAD, START_SPREAD);
    this.#value = new LatentValue(profile, random.fork('value'), start, startMs);
    this.#targets = new Float64Array(book.grid.length);
    this.#lastMs = startMs;
    this.#due = { quote: startMs, take: startMs, informed: Infinity, withdraw: startMs };
    this.#drawSpread();
    for (const what of ['quote', 'take', 'withdraw'] as const) this.#again(what, startMs);
    this.#drawInformed(startMs);
    this.#fill();
    book.snapshot(startMs);
  }

  /**
   * When something happens next, in whole milliseconds; each action has a millisecond of its own.
   */
  get dueMs(): number {
    const { quote, take, informed, withdraw } = this.#due;
    const next = Math.min(quote, take, informed, withdraw, this.#value.next.atMs);
    return Math.max(this.#lastMs + 1, Math.ceil(next));
  }

  /** The next action of anybody; not each is an event of the book. */
  step(): void {
    const { quote, take, informed, withdraw } = this.#due;
    const atMs = this.dueMs;
    const next = Math.min(quote, take, informed, withdraw, this.#value.next.atMs);
    this.#lastMs = atMs;
    if (next === informed) this.#takeInformed(atMs);
    else if (next === this.#value.next.atMs) this.#move();
    else if (next === take) this.#takeByChance(atMs);
    else if (next === withdraw) this.#withdraw(atMs);
    else this.#quote(atMs);
  }

  /** Whether YES is the answer: as likely as the contract is worth. `payout` in ticks. */
  comesTrue(payout: number): boolean {
    const { grid } = this.#book;
    const index = Math.max(0, Math.min(grid.length - 1, Math.round(this.#value.value)));
    return chance(this.#random.fork('answer'), (grid[index] ?? 0) / payout);
  }

  #again(what: 'quote' | 'take' | 'withdraw', fromMs: number): void {
    const { deltasPerSecond, printsPerSecond, withdrawalsPerHour } = this.#profile;
    const informed = this.#profile.movesPerSecond * this.#profile.informedShare;
    const perSecond = {
      quote: deltasPerSecond - printsPerSecond,
      take: Math.max(printsPerSecond - informed, printsPerSecond / 10),
      withdraw: withdrawalsPerHour / 3_600,
    }[what];
    this.#due[what] =
      perSecond === 0 ? Infinity : fromMs + exponential(this.#random, 1_000 / perSecond);
  }

  #move(): void {
    const { atMs } = this.#value.next;
    this.#value.move();
    this.#drawSpread();
    this.#drawInformed(atMs);
  }

  #drawSpread(): void {
    this.#spread = Math.max(1, Math.round(around(this.#profile.spread, this.#random)));
  }

  /** Somebody who knows the next move acts in the time that is left before it. */
  #drawInformed(fromMs: number): void {
    const share = this.#random.next();
    const knows = chance(this.#random, this.#profile.informedShare);
    this.#due.informed = knows ? fromMs + share * (this.#value.next.atMs - fromMs) : Infinity;
  }

  /** Takes what will be cheap after the move. */
  #takeInformed(atMs: number): void {
    this.#due.informed = Infinity;
    const { move } = this.#value.next;
    const worth = this.#value.value + move;
    if (move > 0) this.#take('buy', Math.floor(worth), atMs);
    else this.#take('sell', Math.ceil(worth), atMs);
  }

  #takeByChance(atMs: number): void {
    this.#again('take', this.#due.take);
    const buys = chance(this.#random, 0.5 + 0.35 * this.#value.direction);
    const reach = integer(this.#random, 0, 2);
    if (buys) this.#take('buy', this.#book.best('ask') + reach, atMs);
    else this.#take('sell', this.#book.best('bid') - reach, atMs);
  }

  #take(action: Action, limit: number, atMs: number): void {
    this.#book.take(action, limit, this.#draw(this.#profile.print), atMs);
  }

  #draw(contracts: Quantiles): Lots {
    return lots(Math.max(1, Math.round(around(contracts, this.#random))) * LOTS_PER_CONTRACT);
  }

  /** The makers of a side pull all they show, and stay away for a while. */
  #withdraw(atMs: number): void {
    this.#again('withdraw', this.#due.withdraw);
    const side: BookSide = chance(this.#random, 0.5) ? 'bid' : 'ask';
    const awayMs = exponential(this.#random, this.#profile.withdrawalSeconds * 1_000);
    this.#awayUntilMs[side] = atMs + awayMs;
    while (!this.#book.isEmpty(side)) this.#book.remove(side, this.#book.best(side), atMs);
  }

  /** Where the makers of a side want the touch to be. */
  #wanted(side: BookSide): number {
    const bid = Math.round(this.#value.value - this.#spread / 2);
    return side === 'bid' ? bid : bid + this.#spread;
  }

  /**
   * A maker of one side pulls a stale quote, improves a poor touch, or acts somewhere in the
   * ladder.
   */
  #quote(atMs: number): void {
    this.#again('quote', this.#due.quote);
    if (chance(this.#random, SPREAD_CHANGE)) this.#drawSpread();
    const side: BookSide = chance(this.#random, 0.5) ? 'bid' : 'ask';
    if (this.#awayUntilMs[side] > atMs) return;
    const book = this.#book;
    const wanted = this.#wanted(side);
    const ahead = (book.best(side) - wanted) * (side === 'bid' ? 1 : -1);
    const better = book.isEmpty(side) ? -1 : ahead;
    if (better > 0) book.remove(side, book.best(side), atMs);
    else if (better === 0) this.#churn(side, atMs);
    else if (wanted < book.best('ask') && wanted > book.best('bid')) this.#show(side, wanted, atMs);
    else if (!book.isEmpty(contraOf(side)))
      book.remove(contraOf(side), book.best(contraOf(side)), atMs);
  }

  #show(side: BookSide, index: number, atMs: number): void {
    if (this.#book.grid[index] === undefined) return;
    const size = this.#newTarget(index);
    this.#book.change(side, index, size, atMs);
  }

  #newTarget(index: number): Lots {
    const size = this.#draw(this.#profile.touch);
    this.#targets[index] = size;
    return size;
  }

  /**
   * An order comes or goes at some level, so that the level keeps near what makers want to show
   * there.
   */
  #churn(side: BookSide, atMs: number): void {
    const behind = Math.floor(exponential(this.#random, this.#profile.meanDepth));
    const index = this.#book.best(side) + (side === 'bid' ? -behind : behind);
    const order = this.#draw(this.#profile.order);
    if (behind >= LEVELS || this.#book.grid[index] === undefined) return;
    const size = this.#book.sizeAt(side, index);
    if (size === 0) return this.#show(side, index, atMs);
    const target = this.#targets[index] ?? 0;
    const by = Math.min(order, target);
    this.#book.change(side, index, size <= target ? by : -Math.min(by, size), atMs);
  }

  #fill(): void {
    for (const side of ['bid', 'ask'] as const)
      for (let behind = 0; behind < LEVELS; behind += 1) {
        const index = this.#wanted(side) + (side === 'bid' ? -behind : behind);
        if (this.#book.grid[index] !== undefined)
          this.#book.set(side, index, this.#newTarget(index));
      }
  }
}
