/** What the venue refuses of an order before the exchange sees it, and what it says afterwards. */
import { type Lots, lots, type Ticks } from '../domain/numbers.ts';
import type { PaperMarket } from '../venues/paper/market.ts';
import type { Account } from './account.ts';
import type { NewOrder } from './new-order.ts';
import { value } from './notation.ts';
import { costPrice, type OrderRecord } from './order-record.ts';
import { invalidOrder, notFound, Refusal } from './refusal.ts';

/** What the venue's state says about the moment of a command. */
export interface Moment {
  readonly nowMs: number;
  /** As the venue's clock shows it. */
  readonly stampMs: number;
  readonly isPaused: boolean;
}

export function checkTrading(market: PaperMarket, { isPaused }: Moment): void {
  if (isPaused) throw new Refusal(409, 'trading_is_paused');
  if (market.phase === 'closed') throw new Refusal(409, 'MARKET_INACTIVE');
  if (market.phase === 'paused') throw new Refusal(409, 'MARKET_NOT_ACTIVE');
}

export function checkGroup({ groups }: Account, groupId: string | null): void {
  if (groupId === null) return;
  const group = groups.get(groupId);
  if (group === undefined) throw notFound(`order group ${groupId}`);
  if (group.triggered) throw new Refusal(409, 'EXCEEDED_ORDER_GROUP_RISK_LIMIT');
}

/** An order that may only reduce is cut to what there is. */
export function cappedQuantity(account: Account, request: NewOrder): Lots {
  if (!request.reduceOnly) return request.quantity;
  const held = closable(account, request.ticker, request.side);
  if (held === 0) throw invalidOrder('reduce only: there is no position to reduce');
  return lots(Math.min(held, request.quantity));
}

/** What is held of the other side: it pays for itself. */
function closable(account: Account, ticker: string, side: 'bid' | 'ask'): number {
  const { position } = account.ledger.holding(ticker);
  return Math.max(0, side === 'bid' ? -position : position);
}

/** Every resting order must be affordable at once, without its fees. */
export function checkBalance(
  account: Account,
  order: OrderRecord,
  price: Ticks,
  remaining: Lots,
): void {
  let needed = unitsFor(account, order, price, remaining);
  for (const other of account.resting())
    if (other !== order) needed += unitsFor(account, other, other.now.price, other.now.remaining);
  if (value(1, 1).times(needed).gt(account.ledger.cash))
    throw new Refusal(400, 'insufficient_balance');
}

/** In ticks times lots: whole numbers, however many orders there are. */
function unitsFor(
  account: Account,
  { terms: { ticker, side } }: OrderRecord,
  price: Ticks,
  quantity: Lots,
): number {
  return costPrice(side, price) * Math.max(0, quantity - closable(account, ticker, side));
}

/** What the paper exchange says, in the venue's codes. */
export function refusalOf(reason: string): Refusal {
  const starts = (...texts: string[]): boolean => texts.some((text) => reason.startsWith(text));
  if (starts('fill or kill')) return new Refusal(409, 'fill_or_kill_insufficient_resting_volume');
  if (starts('post only cross')) return invalidOrder('post only cross');
  if (starts('market has no book')) return new Refusal(409, 'market_not_open');
  if (starts('order ')) return notFound(reason);
  return invalidOrder(reason);
}
