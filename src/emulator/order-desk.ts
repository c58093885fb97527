/**
 * What an account may ask for: to place, cancel, amend and decrease orders. It refuses what the
 * venue would, hands the rest to the paper exchange, and says what became of it.
 */
import { ZERO } from '../domain/money.ts';
import { type Lots, lots, type Ticks } from '../domain/numbers.ts';
import type { PaperMarket } from '../venues/paper/market.ts';
import { contraOf } from '../venues/paper/paper-order.ts';
import type { Account } from './account.ts';
import type { Fields } from './fields.ts';
import { clientIdIn, type NewOrder, newOrderIn, SIDES } from './new-order.ts';
import { contracts } from './notation.ts';
import {
  cappedQuantity,
  checkBalance,
  checkGroup,
  checkTrading,
  type Moment,
  refusalOf,
} from './order-checks.ts';
import { averagesOf, OrderRecord, type UpdateReason } from './order-record.ts';
import { invalidParameters, notFound, Refusal } from './refusal.ts';

export function createOrder(account: Account, fields: Fields, moment: Moment): object {
  const request = newOrderIn(fields);
  const market = account.markets.get(request.ticker);
  if (market === undefined) throw notFound(`market ${request.ticker}`);
  checkTrading(market, moment);
  const id = request.clientOrderId;
  if (id !== null && account.usedIds.has(id)) throw new Refusal(409, 'order_already_exists');
  checkGroup(account, request.groupId);
  const order = orderOf(account, request, cappedQuantity(account, request), moment);
  checkBalance(account, order, request.price, order.now.remaining);
  if (request.selfTrade === 'maker') cancelCrossed(account, market, order, moment);
  place(account, order, moment);
  if (order.terms.groupId !== null)
    account.groups.get(order.terms.groupId)?.orderIds.add(order.terms.orderId);
  const { now, terms } = order;
  return {
    order_id: terms.orderId,
    ...clientIdOf(order),
    fill_count: contracts(now.filled),
    remaining_count: contracts(now.remaining),
    ...averagesOf(terms.side, { ...now, ...NOTHING_FILLED }, now),
    ts_ms: moment.stampMs,
  };
}

const NOTHING_FILLED = {
  filled: lots(0),
  takerCost: ZERO,
  makerCost: ZERO,
  takerFees: ZERO,
  makerFees: ZERO,
} as const;

const clientIdOf = ({ now }: OrderRecord): object =>
  now.clientOrderId === '' ? {} : { client_order_id: now.clientOrderId };

function orderOf(
  account: Account,
  request: NewOrder,
  quantity: Lots,
  { nowMs }: Moment,
): OrderRecord {
  const { ticker, side, price, clientOrderId, reduceOnly: _, quantity: __, ...rest } = request;
  const terms = { ...rest, ticker, side, orderId: account.newId(), userId: account.userId };
  return new OrderRecord({ ...terms, createdMs: nowMs }, price, quantity, clientOrderId ?? '');
}

function place(account: Account, order: OrderRecord, { nowMs }: Moment): void {
  const { terms, now } = order;
  account.expect(order);
  const outcome = account.at(nowMs, () =>
    account.exchange.submit(
      {
        clientOrderId: terms.orderId,
        symbol: terms.ticker,
        outcome: 'yes',
        action: terms.side === 'bid' ? 'buy' : 'sell',
        price: now.price,
        quantity: now.remaining,
        timeInForce: terms.timeInForce,
        postOnly: terms.postOnly,
        expiresAtMs: terms.expiresAtMs,
      },
      nowMs,
    ),
  );
  const killed = outcome.kind === 'rejected' && outcome.reason.startsWith('fill or kill');
  // A killed fill-or-kill has used up its id.
  if (now.clientOrderId !== '' && (outcome.kind === 'accepted' || killed))
    account.usedIds.add(now.clientOrderId);
  if (outcome.kind === 'accepted') return;
  account.forget(order);
  throw refusalOf(outcome.kind === 'rejected' ? outcome.reason : outcome.kind);
}

export function cancelOrder(account: Account, orderId: string, moment: Moment): object {
  const { order } = restingOrder(account, orderId);
  const { remaining } = order.now;
  withdraw(account, order, moment.nowMs, null);
  return {
    order_id: orderId,
    ...clientIdOf(order),
    reduced_by: contracts(remaining),
    ts_ms: moment.stampMs,
  };
}

/** Ends orders that rest; those that no longer do are passed over. */
export function withdraw(
  account: Account,
  { terms }: OrderRecord,
  nowMs: number,
  cause: UpdateReason | null,
): void {
  const { orderId, ticker } = terms;
  const ref = { clientOrderId: orderId, venueOrderId: null, symbol: ticker };
  account.at(nowMs, () => account.exchange.cancel(ref), cause);
}

export function amendOrder(
  account: Account,
  orderId: string,
  fields: Fields,
  moment: Moment,
): object {
  const { order, market } = restingOrder(account, orderId);
  checkTrading(market, moment);
  const [price, quantity] = [fields.price('price'), fields.count('count')];
  if (fields.text('ticker') !== order.terms.ticker)
    throw invalidParameters('ticker is not that of the order');
  if (fields.choice('side', SIDES) !== order.terms.side)
    throw invalidParameters('side is not that of the order');
  const named = clientIdIn(fields, 'client_order_id');
  if (named !== null && named !== order.now.clientOrderId)
    throw invalidParameters('client_order_id is not that of the order');
  const updated = clientIdIn(fields, 'updated_client_order_id');
  if (updated !== null && updated !== order.now.clientOrderId && account.usedIds.has(updated))
    throw new Refusal(409, 'order_already_exists');
  const before = order.now;
  if (quantity < before.filled) throw new Refusal(400, 'INVALID_AMEND_QTY_FOR_ORDER');
  checkBalance(account, order, price, lots(quantity - before.filled));
  restate(account, order, { price, quantity, reason: 'Amend', clientOrderId: updated }, moment);
  const { now } = order;
  const changed = now.filled !== before.filled || now.remaining !== before.remaining;
  return {
    order_id: orderId,
    ...clientIdOf(order),
    ...(changed
      ? {
          remaining_count: contracts(now.remaining),
          fill_count: contracts(now.filled - before.filled),
        }
      : {}),
    ...averagesOf(order.terms.side, before, now),
    ts_ms: moment.stampMs,
  };
}

export function decreaseOrder(
  account: Account,
  orderId: string,
  fields: Fields,
  moment: Moment,
): object {
  const { order, market } = restingOrder(account, orderId);
  checkTrading(market, moment);
  const [by, to] = [fields.maybeCount('reduce_by'), fields.maybeCount('reduce_to')];
  const { remaining, filled, price } = order.now;
  if ((by === null) === (to === null))
    throw invalidParameters('exactly one of reduce_by and reduce_to is needed');
  const left = to ?? Math.max(0, remaining - (by ?? 0));
  if (left > remaining) throw invalidParameters('reduce_to must not be above what remains');
  const quantity = lots(filled + left);
  restate(account, order, { price, quantity, reason: 'Decrease', clientOrderId: null }, moment);
  return {
    order_id: orderId,
    ...clientIdOf(order),
    remaining_count: contracts(order.now.remaining),
    ts_ms: moment.stampMs,
  };
}

interface Restatement {
  readonly price: Ticks;
  /** In all: what has filled and what shall rest. */
  readonly quantity: Lots;
  readonly reason: 'Amend' | 'Decrease';
  readonly clientOrderId: string | null;
}

/** The exchange tells of fills on the way: the new terms are noted before they come. */
function restate(account: Account, order: OrderRecord, to: Restatement, moment: Moment): void {
  const { terms, now } = order;
  const { orderId, ticker } = terms;
  const { price, quantity, reason } = to;
  const clientOrderId = to.clientOrderId ?? now.clientOrderId;
  const ref = { clientOrderId: orderId, venueOrderId: null, symbol: ticker };
  const initial = reason === 'Amend' ? quantity : now.initial;
  const remaining = lots(quantity - now.filled);
  order.change(moment.nowMs, { price, remaining, initial, reason, clientOrderId });
  const outcome = account.at(moment.nowMs, () =>
    account.exchange.amend({ ...ref, price, quantity }, moment.nowMs),
  );
  if (outcome.kind !== 'accepted') {
    order.change(moment.nowMs, now);
    throw refusalOf(outcome.kind === 'rejected' ? outcome.reason : outcome.kind);
  }
  if (clientOrderId !== '') account.usedIds.add(clientOrderId);
  account.changed(order, reason === 'Amend' ? 'amended' : 'decreased');
}

function restingOrder(
  account: Account,
  orderId: string,
): { readonly order: OrderRecord; readonly market: PaperMarket } {
  const order = account.orders.get(orderId);
  const market = order && account.markets.get(order.terms.ticker);
  if (order === undefined || market === undefined) throw notFound(`order ${orderId}`);
  if (market.phase === 'closed') throw new Refusal(409, 'MARKET_INACTIVE');
  if (order.now.status !== 'resting') throw notFound(`order ${orderId} is ${order.now.status}`);
  return { order, market };
}

/** Self-trade prevention "maker": what we would meet of our own goes, and the taker goes on. */
function cancelCrossed(
  account: Account,
  market: PaperMarket,
  { terms, now }: OrderRecord,
  { nowMs }: Moment,
): void {
  const contra = contraOf(terms.side);
  while (market.plan(terms.side, now.price, now.remaining, nowMs).selfCross) {
    const met = market.resting().find(({ side }) => side === contra);
    const order = met && account.orders.get(met.request.clientOrderId);
    if (order === undefined) return;
    withdraw(account, order, nowMs, 'SelfTradeCancel');
  }
}
