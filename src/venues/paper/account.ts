/**
 * The account at the paper exchange: fills in their order, positions and cash. Nothing is ever
 * settled.
 */
import { chargeFill, NO_ACCUMULATION } from '../../domain/fees.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { decimal, formatMoney, type Money, notional, times, ZERO } from '../../domain/money.ts';
import type { VenueFill, VenuePosition } from '../../domain/ports.ts';
import type { Match } from './market.ts';
import { priceFor } from './paper-order.ts';

export class Account {
  readonly #name: string;
  readonly #fills: VenueFill[] = [];
  readonly #positions = new Map<Instrument, number>();
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
    const value = notional(match.price, instrument.priceUnit, quantity, instrument.lotSize);
    const sign = order.side === 'bid' ? 1 : -1;
    this.#cash = this.#cash.minus(value.times(sign)).minus(charge.netFee);
    const before = this.#positions.get(instrument) ?? 0;
    this.#positions.set(instrument, before + sign * quantity);
    const fill = {
      // Of the order's id, which no later session draws again: a store keeps the fills of all.
      fillId: `${this.#name}-${clientOrderId}-f${this.#fills.length + 1}`,
      clientOrderId,
      symbol: instrument.symbol,
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

  /** The cursor is the number of fills already seen. */
  fillsSince(cursor: string | null): {
    readonly fills: readonly VenueFill[];
    readonly cursor: string;
  } {
    return { fills: this.#fills.slice(Number(cursor ?? 0)), cursor: String(this.#fills.length) };
  }

  positions(): readonly VenuePosition[] {
    return [...this.#positions]
      .filter(([, quantity]) => quantity !== 0)
      .map(([{ symbol }, quantity]) => ({ symbol, quantity }));
  }

  /**
   * Cash, less the payout that is put up for every contract held short: NO at q costs q, not -(1 -
   * q).
   */
  balance(): string {
    let collateral = ZERO;
    for (const [{ payout, priceUnit, lotSize }, quantity] of this.#positions)
      if (payout !== null && quantity < 0)
        collateral = collateral.plus(times(priceUnit, payout).times(times(lotSize, -quantity)));
    return formatMoney(this.#cash.minus(collateral));
  }
}
