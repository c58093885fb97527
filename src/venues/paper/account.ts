/**
 * The account at the paper exchange: fills in their order, positions, cash and profit. It knows
 * nothing of prices it has not traded at: what is open is worth what it cost.
 */
import { chargeFill, NO_ACCUMULATION } from '../../domain/fees.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { decimal, formatMoney, type Money, notional, times, ZERO } from '../../domain/money.ts';
import { type Lots, lots, type Ticks } from '../../domain/numbers.ts';
import type { VenueFill, VenuePosition } from '../../domain/ports.ts';
import { Holding } from './holding.ts';
import type { Match } from './market.ts';
import { priceFor } from './paper-order.ts';

/** Dollars as plain decimals; what was paid includes the fees. */
export interface MarketProfit {
  readonly symbol: string;
  /** Signed lots: positive holds YES, negative NO. */
  readonly quantity: number;
  /** Of what has been sold or settled; of what was bought in parts, the average cost. */
  readonly realised: string;
  /** What the open position cost. */
  readonly open: string;
  /** What the answer to the question paid for YES, in ticks; null while it is open. */
  readonly settledAt: Ticks | null;
}

export interface PaperAccount {
  /** One for each market that was traded, in the order of their first trades. */
  profits(): readonly MarketProfit[];
  /** The sum of the realised ones. */
  realised(): string;
}

export class Account implements PaperAccount {
  readonly #name: string;
  readonly #fills: VenueFill[] = [];
  readonly #holdings = new Map<Instrument, Holding>();
  readonly #feesOwed = new Map<string, string>();
  #cash: Money;

  /** `balance` in dollars, a plain decimal. */
  constructor(name: string, balance: string) {
    this.#name = name;
    this.#cash = decimal(balance, 'balance');
  }

  /** Books a trade: the fill is in own-contract prices, with its fee. */
  book(match: Match, instrument: Instrument, timeMs: number): VenueFill {
    const { order, quantity, liquidity } = match;
    const { clientOrderId, outcome, action } = order.request;
    const price = priceFor(instrument, outcome, match.price);
    const charge = chargeFill(
      instrument.fees,
      {
        action,
        price: times(instrument.priceUnit, price),
        quantity: times(instrument.lotSize, quantity),
        liquidity,
      },
      this.#feesOwed.get(clientOrderId) ?? NO_ACCUMULATION,
    );
    this.#feesOwed.set(clientOrderId, charge.accumulator);
    const sign = order.side === 'bid' ? 1 : -1;
    this.#move(instrument, sign * quantity, match.price, charge.netFee);
    const fill = {
      // Of the order's id, which no later session draws again: a store keeps the fills of all.
      fillId: `${this.#name}-${clientOrderId}-f${this.#fills.length + 1}`,
      clientOrderId,
      symbol: instrument.symbol,
      outcome,
      action,
      price,
      quantity,
      fee: formatMoney(charge.netFee),
      liquidity,
      timeMs,
      printSequence: match.print?.sequence ?? null,
    };
    this.#fills.push(fill);
    return fill;
  }

  /** Pays `value` ticks for each YES contract, takes as much for each one sold, free of charge. */
  settle(instrument: Instrument, value: Ticks): void {
    const held = this.#holdings.get(instrument);
    if (held === undefined) return;
    this.#move(instrument, -held.quantity, value, ZERO);
    held.settledAt = value;
  }

  /** The cursor is the number of fills already seen. */
  fillsSince(cursor: string | null): {
    readonly fills: readonly VenueFill[];
    readonly cursor: string;
  } {
    return { fills: this.#fills.slice(Number(cursor ?? 0)), cursor: String(this.#fills.length) };
  }

  positions(): readonly VenuePosition[] {
    return [...this.#holdings]
      .filter(([, { quantity }]) => quantity !== 0)
      .map(([{ symbol }, { quantity }]) => ({ symbol, quantity }));
  }

  profits(): readonly MarketProfit[] {
    return [...this.#holdings].map(([{ symbol }, { quantity, realised, open, settledAt }]) => ({
      symbol,
      quantity,
      realised: formatMoney(realised),
      open: formatMoney(open),
      settledAt,
    }));
  }

  realised(): string {
    let sum = ZERO;
    for (const { realised } of this.#holdings.values()) sum = sum.plus(realised);
    return formatMoney(sum);
  }

  /** All that was ever paid and received, without collateral. */
  cash(): string {
    return formatMoney(this.#cash);
  }

  /**
   * Cash, less the payout that is put up for every contract held short: NO at q costs q, not -(1 -
   * q).
   */
  balance(): string {
    let collateral = ZERO;
    for (const [instrument, { quantity }] of this.#holdings)
      if (instrument.payout !== null && quantity < 0)
        collateral = collateral.plus(valueOf(instrument, instrument.payout, lots(-quantity)));
    return formatMoney(this.#cash.minus(collateral));
  }

  /** A signed number of lots changes hands at a YES price. */
  #move(instrument: Instrument, change: number, price: Ticks, fee: Money): void {
    const held = this.#holdings.get(instrument) ?? new Holding();
    this.#holdings.set(instrument, held);
    const value = valueOf(instrument, price, lots(Math.abs(change)));
    const paid = (change > 0 ? value : value.negated()).plus(fee);
    this.#cash = this.#cash.minus(paid);
    held.change(change, paid);
  }
}

const valueOf = ({ priceUnit, lotSize }: Instrument, price: Ticks, quantity: Lots): Money =>
  notional(price, priceUnit, quantity, lotSize);
