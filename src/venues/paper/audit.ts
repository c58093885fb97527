/**
 * The paper exchange's second count: what it keeps and adds up here is never used to fill an order.
 * A violation is a defect of the simulation, and makes every figure measured with it worthless.
 */
import type { BookSide, Print } from '../../domain/market-data.ts';
import { decimal, formatMoney, notional, ZERO } from '../../domain/money.ts';
import type { Lots, Ticks } from '../../domain/numbers.ts';
import type { FoundStatus, Liquidity } from '../../domain/order.ts';
import type { VenueFill } from '../../domain/ports.ts';
import type { Account } from './account.ts';
import type { LevelAudit } from './displayed.ts';
import type { TakeHaircut } from './fill-model.ts';
import type { Match, PaperMarket, TakenLevel } from './market.ts';
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

export interface AuditOptions {
  readonly orders: ReadonlyMap<string, PaperOrder>;
  readonly markets: ReadonlyMap<string, PaperMarket>;
  readonly account: Account;
  /** Dollars to begin with, a plain decimal. */
  readonly balance: string;
  readonly takeHaircut: TakeHaircut | null;
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
  readonly level: TakenLevel | null;
  /** Dollars, a plain decimal. */
  readonly fee: string;
  readonly acceptedAtMs: number;
  readonly timeMs: number;
}

export class Audit {
  readonly #options: AuditOptions;
  readonly #trades: Trade[] = [];
  readonly #attributed = new Map<Print, number>();

  constructor(options: AuditOptions) {
    this.#options = options;
  }

  record(match: Match, fill: VenueFill): void {
    const { order, price, quantity, liquidity, print, level } = match;
    this.#trades.push({
      clientOrderId: order.request.clientOrderId,
      symbol: fill.symbol,
      side: order.side,
      limit: order.price,
      price,
      quantity,
      liquidity,
      print,
      level,
      fee: fill.fee,
      acceptedAtMs: order.acceptedAtMs,
      timeMs: fill.timeMs,
    });
  }

  /** Lots that left a level are said to have traded with a print. */
  readonly attributed = (print: Print, quantity: Lots): void => {
    this.#attributed.set(print, (this.#attributed.get(print) ?? 0) + quantity);
  };

  /** All trades of own orders as text, one a line: the same run gives the same bytes. */
  log(): string {
    return this.#trades.map((trade) => `${JSON.stringify(trade)}\n`).join('');
  }

  /** The truth at the exchange, ahead of what any client has heard. */
  orders(): readonly OrderAudit[] {
    return [...this.#options.orders.values()].map(auditOf);
  }

  /** The same of one order; null where it never arrived. */
  order(clientOrderId: string): OrderAudit | null {
    const order = this.#options.orders.get(clientOrderId);
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
    return [...this.#options.markets].flatMap(([symbol, market]) =>
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
      ...this.#trades.flatMap((trade) => haircutFaults(trade, this.#options.takeHaircut)),
      ...[...this.#attributed].flatMap(attributionFaults),
      ...this.prints().flatMap(printFaults),
      ...this.levels().flatMap(levelFaults),
      ...this.#orderFaults(),
      ...this.#positionFaults(),
      ...this.#cashFaults(),
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

  /** What was traded is held, unless it has been settled. */
  #positionFaults(): readonly string[] {
    const traded = sumBy(this.#trades, ({ symbol, side, quantity }) => [
      symbol,
      (side === 'bid' ? 1 : -1) * quantity,
    ]);
    for (const [symbol, { settledAt }] of this.#options.markets)
      if (settledAt !== null) traded.delete(symbol);
    for (const { symbol, quantity } of this.#options.account.positions())
      traded.set(symbol, (traded.get(symbol) ?? 0) - quantity);
    return [...traded].flatMap(([symbol, off]) =>
      off === 0 ? [] : [`${symbol}: position is off by ${off}`],
    );
  }

  /** Cash is what there was, less all that was paid, plus what the settled markets paid out. */
  #cashFaults(): readonly string[] {
    const { account, balance, markets } = this.#options;
    let [cash, realised] = [decimal(balance, 'balance'), ZERO];
    for (const { symbol, side, price, quantity, fee } of this.#trades) {
      const market = markets.get(symbol);
      if (market === undefined) continue;
      const { priceUnit, lotSize } = market.instrument;
      const sign = side === 'bid' ? 1 : -1;
      const value = notional(price, priceUnit, quantity, lotSize).times(sign);
      const worth = notional(market.settledAt ?? price, priceUnit, quantity, lotSize).times(sign);
      cash = cash.minus(value).minus(fee);
      if (market.settledAt !== null) cash = cash.plus(worth);
    }
    for (const profit of account.profits())
      realised = realised.plus(profit.realised).minus(profit.open);
    const moved = cash.minus(balance);
    const faults: string[] = [];
    if (!cash.eq(account.cash()))
      faults.push(`cash is ${account.cash()}, not ${formatMoney(cash)}`);
    if (!moved.eq(realised))
      faults.push(`profit is ${formatMoney(realised)}, cash moved ${formatMoney(moved)}`);
    return faults;
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

const attributionFaults = ([print, attributed]: readonly [Print, number]): readonly string[] =>
  attributed <= print.quantity
    ? []
    : [`print ${print.sequence}: explains ${attributed} lots with ${print.quantity}`];

/** A young level gives its share, however it was asked. */
function haircutFaults(trade: Trade, haircut: TakeHaircut | null): readonly string[] {
  const { clientOrderId, level, quantity } = trade;
  if (haircut === null || level === null || !level.isYoung) return [];
  const most = Math.floor(level.size * haircut.share);
  return quantity <= most
    ? []
    : [`${clientOrderId}: took ${quantity} of a young level of ${level.size}`];
}

const levelFaults = (level: ExchangeLevelAudit): readonly string[] => {
  const name = `${level.symbol} ${level.side} ${level.price}`;
  const faults: string[] = [];
  if (level.taken > level.size) faults.push(`${name}: owes ${level.taken} of ${level.size}`);
  if (level.takenInAll > level.offered)
    faults.push(`${name}: took ${level.takenInAll} of ${level.offered} ever displayed`);
  return faults;
};
