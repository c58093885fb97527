/** The request for a new order, read as the venue reads it. */
import type { BookSide } from '../domain/market-data.ts';
import type { Lots, Ticks } from '../domain/numbers.ts';
import type { TimeInForce } from '../domain/order.ts';
import type { Fields } from './fields.ts';
import type { SelfTrade } from './order-record.ts';
import { invalidOrder, invalidParameters } from './refusal.ts';

export interface NewOrder {
  readonly ticker: string;
  readonly clientOrderId: string | null;
  readonly side: BookSide;
  readonly quantity: Lots;
  readonly price: Ticks;
  readonly timeInForce: TimeInForce;
  readonly selfTrade: SelfTrade;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  readonly cancelOnPause: boolean;
  readonly groupId: string | null;
  readonly subaccount: number;
  readonly expiresAtMs: number | null;
}

export const SIDES = ['bid', 'ask'] as const;

const TIMES_IN_FORCE = {
  good_till_canceled: 'gtc',
  immediate_or_cancel: 'ioc',
  fill_or_kill: 'fok',
} as const;

const CLIENT_ID_LENGTH_MAX = 64;
const SUBACCOUNT_MAX = 63;

export function newOrderIn(fields: Fields): NewOrder {
  const order: NewOrder = {
    ticker: fields.text('ticker'),
    clientOrderId: clientIdIn(fields, 'client_order_id'),
    side: fields.choice('side', SIDES),
    quantity: fields.count('count'),
    price: fields.price('price'),
    timeInForce: TIMES_IN_FORCE[fields.choice('time_in_force', TIME_WORDS)],
    selfTrade: fields.choice('self_trade_prevention_type', ['taker_at_cross', 'maker']),
    postOnly: fields.flag('post_only'),
    reduceOnly: fields.flag('reduce_only'),
    cancelOnPause: fields.flag('cancel_order_on_pause'),
    groupId: fields.maybeText('order_group_id'),
    subaccount: fields.integer('subaccount') ?? 0,
    expiresAtMs: expiryIn(fields),
  };
  if (order.quantity === 0) throw invalidOrder('count must be positive');
  if (order.expiresAtMs !== null && order.timeInForce !== 'gtc')
    throw invalidOrder('expiration_time needs good_till_canceled');
  if (order.postOnly && order.timeInForce !== 'gtc')
    throw invalidOrder('post_only needs good_till_canceled');
  if (order.subaccount < 0 || order.subaccount > SUBACCOUNT_MAX)
    throw invalidParameters('subaccount must lie between 0 and 63');
  return order;
}

const TIME_WORDS = Object.keys(TIMES_IN_FORCE) as readonly (keyof typeof TIMES_IN_FORCE)[];

export function clientIdIn(fields: Fields, name: string): string | null {
  const id = fields.maybeText(name);
  if (id !== null && id.length > CLIENT_ID_LENGTH_MAX)
    throw invalidParameters(`${name} must have at most ${CLIENT_ID_LENGTH_MAX} characters`);
  return id;
}

/** Seconds on the wire. */
function expiryIn(fields: Fields): number | null {
  const expiry = fields.integer('expiration_time');
  return expiry === null ? null : expiry * 1_000;
}
