/**
 * Kalshi's REST resources in the engine's terms, and orders in Kalshi's. It is pure; which contract
 * an order was made in stands in its id (order-id.ts).
 */
import { InputError } from '../../domain/errors.ts';
import { formatUnits, lotsOf, ticksOf } from '../../domain/money.ts';
import { type Lots, lots, type Ticks } from '../../domain/numbers.ts';
import type { AmendRequest, FoundStatus, OrderRequest, TimeInForce } from '../../domain/order.ts';
import type { VenueFill, VenueOrder } from '../../domain/ports.ts';
import type { KnownOrder } from './known-orders.ts';
import { actionOf, bookSideOf, type OwnId, ownIdOf, ownPriceOf, wireIdOf } from './order-id.ts';
import type { WireFill, WireOrder } from './rest-wire.ts';
import { LOT_SIZE, PRICE_UNIT } from './translate.ts';

const damaged = (field: string, rule: string, text: string): InputError =>
  new InputError(`Kalshi answer, ${field}: ${rule}`, text, 'the venue changed its format');

/** Signed: positions are. */
export function lotsIn(text: string, field: string): Lots {
  const count = lotsOf(text, LOT_SIZE, field);
  if (count === null) throw damaged(field, `is a multiple of ${LOT_SIZE}`, text);
  return count;
}

export function ticksIn(text: string, field: string): Ticks {
  const price = ticksOf(text, PRICE_UNIT, field);
  if (price === null) throw damaged(field, `is a multiple of ${PRICE_UNIT}`, text);
  return price;
}

export function timeIn(text: string, field: string): number {
  const timeMs = Date.parse(text);
  if (Number.isNaN(timeMs)) throw damaged(field, 'is a time', text);
  return timeMs;
}

/** Null where the venue does not say. */
export const timeOrNull = (text: string | null | undefined, field: string): number | null =>
  text === null || text === undefined || text === '' ? null : timeIn(text, field);

export const countText = (quantity: number): string => formatUnits(quantity, LOT_SIZE);

const TIMES_IN_FORCE = {
  gtc: 'good_till_canceled',
  ioc: 'immediate_or_cancel',
  fok: 'fill_or_kill',
} as const satisfies Readonly<Record<TimeInForce, string>>;

export type SelfTradePrevention = 'taker_at_cross' | 'maker';

/** What every order of an account is sent with. */
export interface OrderSettings {
  readonly subaccount: number;
  readonly groupId: string | null;
  readonly selfTradePrevention: SelfTradePrevention;
  readonly cancelOnPause: boolean;
}

export function createBody(order: OrderRequest, settings: OrderSettings) {
  const { symbol, outcome, action, price, quantity, timeInForce, expiresAtMs } = order;
  const { subaccount, groupId, selfTradePrevention, cancelOnPause } = settings;
  return {
    ticker: symbol,
    client_order_id: wireIdOf(order),
    side: bookSideOf(outcome, action),
    count: countText(quantity),
    price: formatUnits(ownPriceOf(outcome, price), PRICE_UNIT),
    time_in_force: TIMES_IN_FORCE[timeInForce],
    self_trade_prevention_type: selfTradePrevention,
    post_only: order.postOnly,
    cancel_order_on_pause: cancelOnPause,
    // Whole seconds, and never later than was wanted.
    ...(expiresAtMs === null ? {} : { expiration_time: Math.floor(expiresAtMs / 1_000) }),
    ...(groupId === null ? {} : { order_group_id: groupId }),
    ...(subaccount === 0 ? {} : { subaccount }),
  };
}

/** `count` is what has filled and what shall rest together, which is what an amend says too. */
export function amendBody(
  { symbol, clientOrderId, price, quantity }: AmendRequest,
  { outcome, action }: Pick<KnownOrder, 'outcome' | 'action'>,
) {
  const wireId = wireIdOf({ clientOrderId, outcome });
  return {
    ticker: symbol,
    side: bookSideOf(outcome, action),
    price: formatUnits(ownPriceOf(outcome, price), PRICE_UNIT),
    count: countText(quantity),
    client_order_id: wireId,
    updated_client_order_id: wireId,
  };
}

/** An order that was made by hand at Kalshi has no client id: the venue's stands for it. */
export const wireIdIn = ({ client_order_id, order_id }: WireOrder): string =>
  client_order_id || order_id;

export function venueOrderOf(wire: WireOrder): VenueOrder {
  const { clientOrderId, outcome } = ownIdOf(wireIdIn(wire));
  const cumulative = lotsIn(wire.fill_count_fp, 'fill_count_fp');
  const isResting = wire.status === 'resting';
  // What an order was sent with stays in the initial count, and an amend shows in what rests.
  const quantity = isResting
    ? lots(cumulative + lotsIn(wire.remaining_count_fp, 'remaining_count_fp'))
    : lotsIn(wire.initial_count_fp, 'initial_count_fp');
  const expiresAtMs = timeOrNull(wire.expiration_time, 'expiration_time');
  return {
    clientOrderId,
    venueOrderId: wire.order_id,
    symbol: wire.ticker,
    status: statusOf(wire, expiresAtMs),
    cumulative,
    request: {
      clientOrderId,
      symbol: wire.ticker,
      outcome,
      action: actionOf(outcome, wire.book_side),
      price: ownPriceOf(outcome, ticksIn(wire.yes_price_dollars, 'yes_price_dollars')),
      quantity,
      // The venue does not list these two.
      timeInForce: 'gtc',
      postOnly: false,
      expiresAtMs,
    },
  };
}

/** REST has no word for expired: it ended when its time had come. */
function statusOf(wire: WireOrder, expiresAtMs: number | null): FoundStatus {
  if (wire.status === 'resting') return 'resting';
  if (wire.status === 'executed') return 'filled';
  const endedAtMs = endedAtOf(wire);
  return expiresAtMs !== null && endedAtMs !== null && endedAtMs >= expiresAtMs
    ? 'expired'
    : 'cancelled';
}

/** Null where the venue does not say. */
export const endedAtOf = ({ last_update_time }: WireOrder): number | null =>
  timeOrNull(last_update_time, 'last_update_time');

/** Throws an `InputError` for a fill without a time. */
export function filledAtOf({ created_time, ts }: WireFill): number {
  if (typeof created_time === 'string') return timeIn(created_time, 'created_time');
  if (typeof ts === 'number') return ts * 1_000;
  throw damaged('created_time', 'is a time', 'nothing');
}

export function venueFillOf(wire: WireFill, { clientOrderId, outcome }: OwnId): VenueFill {
  return {
    clientOrderId,
    symbol: wire.ticker,
    outcome,
    action: actionOf(outcome, wire.book_side),
    fillId: wire.trade_id,
    price: ownPriceOf(outcome, ticksIn(wire.yes_price_dollars, 'yes_price_dollars')),
    quantity: lotsIn(wire.count_fp, 'count_fp'),
    fee: wire.fee_cost,
    liquidity: wire.is_taker ? 'taker' : 'maker',
    timeMs: filledAtOf(wire),
    printSequence: null,
  };
}
