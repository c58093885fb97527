/**
 * The paper exchange's second count: what it keeps and adds up here is never used to fill an order.
 * A violation is a defect of the simulation, and makes every figure measured with it worthless.
 */
import type { BookSide, Print } from '../../domain/market-data.ts';
import type { Lots, Ticks } from '../../domain/numbers.ts';
import type { FoundStatus, Liquidity } from '../../domain/order.ts';
import type { Account } from './account.ts';
import type { LevelAudit } from './displayed.ts';
import type { Match, PaperMarket } from './market.ts';
import { bookSideOf, leavesOf, type PaperOrder, reach } from './paper-order.ts';

export interface OrderAudit {
  readonly clientOrderId: string;
  readonly status: FoundStatus;
  readonly quantity: Lots;
  readonly cumulative: Lots;
  /** What may still fill at the exchange; 0 once it has ended. */
  readonly leaves: number;
  readonly ahead: Lots;
}

export interface PrintAudit {
  readonly print: Print;
  readonly ownMakerVolume: number;
}

export interface ExchangeLevelAudit extends LevelAudit {
  readonly symbol: string;
  readonly side: BookSide;
}

interface Trade {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: BookSide;
  /** Both in YES prices; the limit as it stood at the trade. */
  readonly limit: Ticks;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly liquidity: Liquidity;
  readonly print: Print | null;
  readonly acceptedAtMs: number;
  readonly timeMs: number;
}

export class Audit {
  readonly #orders: ReadonlyMap<string, PaperOrder>;
  readonly #markets: ReadonlyMap<string, PaperMarket>;
  readonly #account: Account;
  readonly #trades: Trade[] = [];

  constructor(
    orders: ReadonlyMap<string, PaperOrder>,
    markets: ReadonlyMap<string, PaperMarket>,
    account: Account,
  ) {
    this.#orders = orders;
    this.#markets = markets;
    this.#account = account;
  }

  record(
    { order, price, quantity, liquidity, print }: Match,
    symbol: string,
    timeMs: number,
  ): void {
    this.#trades.push({
      clientOrderId: order.request.clientOrderId,
      symbol,
      side: order.side,
      limit: order.price,
      price,
      quantity,
      liquidity,
      print,
      acceptedAtMs: order.acceptedAtMs,
      timeMs,
    });
  }

  /** The truth at the exchange, ahead of what any client has heard. */
  orders(): readonly OrderAudit[] {
    return [...this.#orders.values()].map(auditOf);
  }

  /** The same of one order; null where it never arrived. */
  order(clientOrderId: string): OrderAudit | null {
    const order = this.#orders.get(clientOrderId);
    return order === undefined ? null : auditOf(order);
  }

  /** The prints that filled own orders. */
  prints(): readonly PrintAudit[] {
    const makers = this.#trades.flatMap(({ print, quantity }) =>
      print === null ? [] : [{ print, quantity }],
    );
    const volumes = sumBy(makers, ({ print, quantity }) => [print, quantity]);
    return [...volumes].map(([print, ownMakerVolume]) => ({ print, ownMakerVolume }));
  }

  /** The levels that own orders took from, or were crossed by. */
  levels(): readonly ExchangeLevelAudit[] {
    return [...this.#markets].flatMap(([symbol, market]) =>
      (['bid', 'ask'] as const).flatMap((side) =>
        market
          .displayed(side)
          .audit()
          .map((level) => ({ ...level, symbol, side })),
      ),
    );
  }

  /** Broken rules, each with its figures; empty when all is conserved. */
  violations(): readonly string[] {
    return [
      ...this.#trades.flatMap(tradeFaults),
      ...this.prints().flatMap(printFaults),
      ...this.levels().flatMap(levelFaults),
      ...this.#orderFaults(),
      ...this.#positionFaults(),
    ];
  }

  #orderFaults(): readonly string[] {
    const fills = sumBy(this.#trades, ({ clientOrderId, quantity }) => [clientOrderId, quantity]);
    return this.orders().flatMap(({ clientOrderId, status, quantity, cumulative }) => {
      const filled = fills.get(clientOrderId) ?? 0;
      const faults: string[] = [];
      if (filled !== cumulative) faults.push(`fills add up to ${filled}, not to ${cumulative}`);
      if (cumulative > quantity) faults.push(`filled ${cumulative} of ${quantity}`);
      if ((status === 'filled') !== (cumulative === quantity) && status !== 'cancelled')
        faults.push(`is ${status} with ${cumulative} of ${quantity} filled`);
      return faults.map((fault) => `${clientOrderId}: ${fault}`);
    });
  }

  #positionFaults(): readonly string[] {
    const traded = sumBy(this.#trades, ({ symbol, side, quantity }) => [
      symbol,
      (side === 'bid' ? 1 : -1) * quantity,
    ]);
    for (const { symbol, quantity } of this.#account.positions())
      traded.set(symbol, (traded.get(symbol) ?? 0) - quantity);
    return [...traded].flatMap(([symbol, off]) =>
      off === 0 ? [] : [`${symbol}: position is off by ${off}`],
    );
  }
}

function sumBy<T, Key>(
  items: readonly T[],
  part: (item: T) => readonly [Key, number],
): Map<Key, number> {
  const sums = new Map<Key, number>();
  for (const item of items) {
    const [key, amount] = part(item);
    sums.set(key, (sums.get(key) ?? 0) + amount);
  }
  return sums;
}

const auditOf = (order: PaperOrder): OrderAudit => ({
  clientOrderId: order.request.clientOrderId,
  status: order.status,
  quantity: order.request.quantity,
  cumulative: order.filled,
  leaves: order.status === 'resting' ? leavesOf(order) : 0,
  ahead: order.ahead,
});

function tradeFaults(trade: Trade): readonly string[] {
  const { clientOrderId, side, limit, price, print, timeMs, acceptedAtMs } = trade;
  const faults: string[] = [];
  if (reach(side, limit, price) < 0)
    faults.push(`${clientOrderId}: ${side} filled at ${price}, past its limit ${limit}`);
  if (timeMs < acceptedAtMs)
    faults.push(`${clientOrderId}: filled at ${timeMs}, accepted at ${acceptedAtMs}`);
  if (print !== null && bookSideOf('yes', print.taker) === side)
    faults.push(`${clientOrderId}: ${side} filled by a taker of its own side`);
  if (print !== null && reach(side, limit, print.price) < 0)
    faults.push(`${clientOrderId}: filled by a print at ${print.price} short of ${limit}`);
  return faults;
}

const printFaults = ({ print, ownMakerVolume }: PrintAudit): readonly string[] =>
  ownMakerVolume <= print.quantity
    ? []
    : [`print ${print.sequence}: filled ${ownMakerVolume} of own orders with ${print.quantity}`];

const levelFaults = (level: ExchangeLevelAudit): readonly string[] => {
  const name = `${level.symbol} ${level.side} ${level.price}`;
  const faults: string[] = [];
  if (level.taken > level.size) faults.push(`${name}: owes ${level.taken} of ${level.size}`);
  if (level.takenInAll > level.offered)
    faults.push(`${name}: took ${level.takenInAll} of ${level.offered} ever displayed`);
  return faults;
};
