/**
 * What one market is watched for: the same thing again and again, prices that jumped, and orders
 * that may be there already. It says what it sees; the gate refuses.
 */
import { formatPrice, formatQuantity, type OutcomeSide } from '../../domain/instrument.ts';
import { decimal, type Money, times } from '../../domain/money.ts';
import { type Ticks, ticks } from '../../domain/numbers.ts';
import type { OrderReport } from '../../domain/order.ts';
import type { OutboundCommand } from '../../gateway/command.ts';
import type { RiskLimits } from '../../risk/limits.ts';
import type { Measured } from '../../risk/pre-trade.ts';
import { collarPrice } from '../../risk/price-gate.ts';
import { PriceReference } from '../../risk/price-reference.ts';
import { type Refusal, refused } from '../../risk/refusal.ts';
import { RepeatCount } from '../../risk/repeats.ts';
import type { Wish } from '../execution/execution-record.ts';
import type { MarketHost } from '../market/market-host.ts';

const DUPLICATE = 'an order is not placed again while the same one is in doubt';

export class MarketGuard {
  readonly #host: MarketHost;
  readonly #limits: RiskLimits;
  readonly #reference = new PriceReference();
  readonly #repeats = new RepeatCount();

  constructor(host: MarketHost, limits: RiskLimits) {
    this.#host = host;
    this.#limits = limits;
  }

  /** Remembers what the price is now; of a book that cannot be trusted, nothing. */
  look(nowMs: number): void {
    const mid = this.#midDoubled();
    if (mid === null || !this.#host.feed.fresh) return;
    this.#reference.note(nowMs, mid, this.#maxJump());
  }

  /**
   * The worst price within reach of the mid of now and of the one a minute ago, so that what moved
   * fast is waited for; null where neither is known.
   */
  collar({ outcome, ranges, signal: { action } }: Wish): Ticks | null {
    const { collarSteps = null, collarPercent = null } = this.#limits;
    if (collarSteps === null && collarPercent === null) return null;
    const width = { steps: collarSteps ?? 0, percent: collarPercent ?? 0 };
    const worst = [this.#midDoubled(), this.#reference.minuteAgo].flatMap((mid) => {
      if (mid === null) return [];
      const own = this.#ownMidDoubled(mid, outcome) / 2;
      const reference = ticks(action === 'buy' ? Math.ceil(own) : Math.floor(own));
      return collarPrice(action, reference, ranges, width);
    });
    if (worst.length === 0) return null;
    return ticks(action === 'buy' ? Math.min(...worst) : Math.max(...worst));
  }

  measured(nowMs: number, { kind }: OutboundCommand): Measured {
    const mid = this.#midDoubled();
    const lastMs = kind === 'submit' ? this.#repeats.lastPlacedAtMs : null;
    return {
      maxSpread: this.#spread(),
      ...(mid === null ? {} : { maxBookMove: this.#dollars(this.#reference.jump(mid)).div(2) }),
      ...(lastMs === null ? {} : { minOrderGapMs: Math.floor(nowMs - lastMs) }),
    };
  }

  /** Why this order would be one too many of its kind; the market is to be disabled then. */
  repeatObjection(nowMs: number): Refusal | null {
    const { maxRepeats = null } = this.#limits;
    if (maxRepeats === null) return null;
    const count = this.#repeats.placements(nowMs) + 1;
    if (count <= maxRepeats) return null;
    return refused('maxRepeats', `${count} orders in a minute without a fill`, `${maxRepeats}`);
  }

  /** The same order may rest already: while that is in doubt it is not placed again. */
  duplicateObjection(command: OutboundCommand): Refusal | null {
    if (command.kind !== 'submit') return null;
    const { outcome, action, price, quantity } = command.request;
    for (const { id, wish } of this.#host.alive) {
      const snapshot = this.#host.execution(id)?.getSnapshot();
      if (wish.outcome !== outcome || wish.signal.action !== action) continue;
      if (snapshot === undefined || snapshot.context.quantity.inDoubt === 0) continue;
      for (const child of Object.values(snapshot.children)) {
        const order = child?.getSnapshot();
        if (order?.hasTag('uncertain') !== true) continue;
        const { attempt, price: itsPrice } = order.context;
        if (attempt.clientOrderId === command.clientOrderId) continue;
        if (itsPrice !== price || attempt.quantity !== quantity) continue;
        return refused(DUPLICATE, this.#termsOf(command), `in doubt: ${attempt.clientOrderId}`);
      }
    }
    return null;
  }

  placed(nowMs: number): void {
    this.#repeats.placed(nowMs);
  }

  filled(): void {
    this.#repeats.filled();
  }

  /** Says why the market is to be disabled; null where it need not. */
  hear(command: OutboundCommand, report: OrderReport): string | null {
    if (report.type === 'order.accepted') this.#repeats.accepted();
    // Too many calls are no fault of the market, nor of the order.
    if (report.type !== 'order.rejected' || report.throttled === true) return null;
    const terms = `${this.#termsOf(command)}: ${report.reason}`;
    const count = this.#repeats.rejected(terms);
    const { maxSameRejects = null } = this.#limits;
    return maxSameRejects === null || count < maxSameRejects
      ? null
      : `maxSameRejects: ${count} times rejected, ${terms}`;
  }

  #termsOf(command: OutboundCommand): string {
    if (command.kind === 'cancel') return 'cancel';
    const { instrument } = this.#host;
    const { action, price, quantity } = command.question;
    return `${action} ${formatQuantity(instrument, quantity)} at ${formatPrice(instrument, price)}`;
  }

  /** Dollars; where nobody bids or offers, up to what a contract can be worth at all. */
  #spread(): Money | number {
    const { bids, asks } = this.#host.feed.book;
    const bid = Number.isFinite(bids.best) ? bids.best : 0;
    const ask = Number.isFinite(asks.best) ? asks.best : this.#host.instrument.payout;
    return ask === null ? Infinity : this.#dollars(ask - bid);
  }

  /** In YES ticks; null on a one-sided book. */
  #midDoubled(): number | null {
    const { bids, asks } = this.#host.feed.book;
    const sum = bids.best + asks.best;
    return Number.isFinite(sum) ? sum : null;
  }

  #ownMidDoubled(midDoubled: number, outcome: OutcomeSide): number {
    const { payout } = this.#host.instrument;
    return outcome === 'yes' || payout === null ? midDoubled : 2 * payout - midDoubled;
  }

  #maxJump(): number {
    const { maxBookMove = null } = this.#limits;
    const { priceUnit } = this.#host.instrument;
    return maxBookMove === null
      ? Infinity
      : decimal(maxBookMove, 'maxBookMove').times(2).div(priceUnit).toNumber();
  }

  #dollars(count: number): Money {
    return times(this.#host.instrument.priceUnit, count);
  }
}
