/**
 * Positions and cash, reckoned from the fills and settlements of an account alone: the paper
 * exchange keeps books of its own, and a test compares the two.
 */
import type { BookSide } from '../domain/market-data.ts';
import { type Money, ZERO } from '../domain/money.ts';
import type { Lots, Ticks } from '../domain/numbers.ts';
import { PAYOUT, value } from './notation.ts';
import { costPrice } from './order-record.ts';

export type LedgerEntry =
  | {
      readonly kind: 'fill';
      readonly atMs: number;
      readonly ticker: string;
      readonly side: BookSide;
      /** Of YES. */
      readonly price: Ticks;
      readonly quantity: Lots;
      readonly fee: Money;
    }
  | {
      readonly kind: 'settlement';
      readonly atMs: number;
      readonly ticker: string;
      /** What YES paid. */
      readonly price: Ticks;
    };

export interface Holding {
  /** Lots; negative is NO. */
  readonly position: number;
  /** What the open position cost. */
  readonly exposure: Money;
  readonly realised: Money;
  readonly fees: Money;
  /** What was ever spent. */
  readonly spent: Money;
  /** Lots ever traded. */
  readonly traded: number;
  readonly atMs: number;
}

const NOTHING: Holding = {
  position: 0,
  exposure: ZERO,
  realised: ZERO,
  fees: ZERO,
  spent: ZERO,
  traded: 0,
  atMs: 0,
};

export class Ledger {
  readonly #holdings = new Map<string, Holding>();
  #cash: Money;

  constructor(cash: Money) {
    this.#cash = cash;
  }

  get cash(): Money {
    return this.#cash;
  }

  holdings(): ReadonlyMap<string, Holding> {
    return this.#holdings;
  }

  holding(ticker: string): Holding {
    return this.#holdings.get(ticker) ?? NOTHING;
  }

  apply(entry: LedgerEntry): void {
    const before = this.holding(entry.ticker);
    if (entry.kind === 'fill') return this.#fill(before, entry);
    // Whoever holds YES is paid its value, whoever holds NO the rest.
    const side = before.position > 0 ? 'ask' : 'bid';
    this.#close(entry, before, side, Math.abs(before.position));
  }

  /**
   * First what is held of the other side is given back for a dollar a pair, then more is bought.
   */
  #fill(before: Holding, entry: LedgerEntry & { readonly kind: 'fill' }): void {
    const { side, quantity, price, fee, ticker, atMs } = entry;
    const sign = side === 'bid' ? 1 : -1;
    const closing = Math.min(quantity, Math.max(0, -sign * before.position));
    this.#close(entry, before, side, closing);
    const held = this.holding(ticker);
    const cost = value(costPrice(side, price), quantity - closing);
    this.#cash = this.#cash.minus(cost).minus(fee);
    this.#holdings.set(ticker, {
      ...held,
      position: held.position + sign * (quantity - closing),
      exposure: held.exposure.plus(cost),
      fees: held.fees.plus(fee),
      spent: held.spent.plus(cost),
      traded: held.traded + quantity,
      atMs,
    });
  }

  #close(entry: LedgerEntry, before: Holding, side: BookSide, quantity: number): void {
    const { ticker, atMs, price } = entry;
    if (quantity === 0) return void this.#holdings.set(ticker, { ...before, atMs });
    const paid = value(PAYOUT - costPrice(side, price), quantity);
    const cost = before.exposure.times(quantity).div(Math.abs(before.position));
    this.#cash = this.#cash.plus(paid);
    this.#holdings.set(ticker, {
      ...before,
      position: before.position + (side === 'bid' ? quantity : -quantity),
      exposure: before.exposure.minus(cost),
      realised: before.realised.plus(paid).minus(cost),
      atMs,
    });
  }
}
