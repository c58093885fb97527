/**
 * Kalshi's frames in the engine's terms: YES prices in ticks of $0.0001, quantities in lots of
 * 0.01. It is pure, and the only place that knows how Kalshi writes the NO side.
 */
import { InputError } from '../../domain/errors.ts';
import { tradeFeeOf } from '../../domain/fees.ts';
import { wholeUnits } from '../../domain/fixed-point.ts';
import type { Instrument, OutcomeSide, TickRange } from '../../domain/instrument.ts';
import type {
  BookDelta,
  BookSide,
  BookSnapshot,
  Level,
  MarketSettled,
  MarketStatus,
  Print,
  TicksChanged,
} from '../../domain/market-data.ts';
import { formatMoney, times } from '../../domain/money.ts';
import { type Lots, lots, type Ticks, ticks } from '../../domain/numbers.ts';
import type { FoundStatus, OrderReport } from '../../domain/order.ts';
import type {
  DeltaFrame,
  FillFrame,
  LifecycleFrame,
  PriceRange,
  SnapshotFrame,
  TradeFrame,
  UserOrderFrame,
} from './wire.ts';

export const PRICE_UNIT = '0.0001';
export const LOT_SIZE = '0.01';
const PRICE_PLACES = 4;
const LOT_PLACES = 2;

/** A contract pays one dollar. */
export const PAYOUT = ticks(10_000);

/** How a feed writes levels of NO: in NO prices, or with `use_yes_price` in YES prices. */
export type PriceConvention = 'ownPrice' | 'yesPrice';

/** A bid for NO at q offers YES at payout less q. The one place that knows the convention. */
const yesPriceOf = (leg: OutcomeSide, price: Ticks, convention: PriceConvention): Ticks =>
  leg === 'no' && convention === 'ownPrice' ? ticks(PAYOUT - price) : price;

const bookSideOf = (leg: OutcomeSide): BookSide => (leg === 'yes' ? 'bid' : 'ask');

export function snapshotOf(
  frame: SnapshotFrame,
  convention: PriceConvention = 'ownPrice',
): BookSnapshot {
  const { market_ticker, yes_dollars_fp = [], no_dollars_fp = [] } = frame.msg;
  const levels = (leg: OutcomeSide, rows: readonly (readonly [string, string])[]): Level[] =>
    rows.map(([price, size]) => ({
      price: yesPriceOf(leg, priceOf(price, `${leg}_dollars_fp price`), convention),
      size: lotsOf(size, `${leg}_dollars_fp size`),
    }));
  return {
    type: 'book.snapshot',
    symbol: market_ticker,
    bids: levels('yes', yes_dollars_fp),
    asks: levels('no', no_dollars_fp),
    sequence: frame.seq,
    timeMs: null,
  };
}

export function deltaOf(frame: DeltaFrame, convention: PriceConvention = 'ownPrice'): BookDelta {
  const { msg } = frame;
  return {
    type: 'book.delta',
    symbol: msg.market_ticker,
    side: bookSideOf(msg.side),
    price: yesPriceOf(msg.side, priceOf(msg.price_dollars, 'price_dollars'), convention),
    change: { by: unitsOf(msg.delta_fp, LOT_PLACES, 'delta_fp') },
    sequence: frame.seq,
    timeMs: msg.ts_ms ?? timeOfText(msg.ts ?? ''),
  };
}

/** `sequence` is the caller's own count: Kalshi numbers trades per subscription, if at all. */
export function printOf({ msg }: TradeFrame, sequence: number): Print {
  return {
    type: 'print',
    symbol: msg.market_ticker,
    price: priceOf(msg.yes_price_dollars, 'yes_price_dollars'),
    quantity: lotsOf(msg.count_fp, 'count_fp'),
    taker: msg.taker_side === 'yes' ? 'buy' : 'sell',
    timeMs: msg.ts_ms,
    sequence,
    ...(msg.is_block_trade === true ? { block: true } : {}),
  };
}

/** null for events that neither pause nor resume nor end the trading. The frame carries no time. */
export function statusOf({ msg }: LifecycleFrame): MarketStatus | null {
  const type = STATUS_OF_EVENT.get(msg.event_type);
  return type === undefined ? null : { type, symbol: msg.market_ticker, timeMs: null };
}

const STATUS_OF_EVENT: ReadonlyMap<string, MarketStatus['type']> = new Map([
  ['activated', 'market.resumed'],
  ['deactivated', 'market.paused'],
  ['determined', 'market.closed'],
  ['settled', 'market.closed'],
]);

/** What a determined market pays; null where the frame does not say. */
export function settlementOf({ msg }: LifecycleFrame): MarketSettled | null {
  const { market_ticker: symbol, result, settlement_value } = msg;
  const value =
    settlement_value === undefined
      ? SETTLED_AT.get(result ?? '')
      : priceOf(settlement_value, 'settlement_value');
  return value === undefined ? null : { type: 'market.settled', symbol, value, timeMs: null };
}

const SETTLED_AT: ReadonlyMap<string, Ticks> = new Map([
  ['yes', PAYOUT],
  ['no', ticks(0)],
]);

/** The price ranges that hold from now on; null where the frame speaks of something else. */
export function ticksChangedOf({ msg }: LifecycleFrame): TicksChanged | null {
  const { event_type, market_ticker: symbol, price_ranges: ranges } = msg;
  if (event_type !== 'price_level_structure_updated' || ranges === undefined) return null;
  return { type: 'market.ticksChanged', symbol, ranges: tickRangesOf(ranges) };
}

/** What we know of the order that a private frame speaks of: the venue tells YES prices only. */
export interface OwnOrderFacts {
  readonly clientOrderId: string;
  readonly outcome: OutcomeSide;
  readonly instrument: Instrument;
}

const ownPriceOf = (order: OwnOrderFacts, yesPrice: Ticks): Ticks =>
  order.outcome === 'yes' ? yesPrice : ticks(PAYOUT - yesPrice);

/**
 * The fee is the venue's; where the frame has none it is reckoned from the schedule, unrounded
 * balance.
 */
export function fillReportOf({ msg }: FillFrame, order: OwnOrderFacts): OrderReport {
  const price = ownPriceOf(order, priceOf(msg.yes_price_dollars, 'yes_price_dollars'));
  const quantity = lotsOf(msg.count_fp, 'count_fp');
  const liquidity = msg.is_taker ? 'taker' : 'maker';
  const reckoned = (): string =>
    formatMoney(
      tradeFeeOf(order.instrument.fees, {
        price: times(PRICE_UNIT, price),
        quantity: times(LOT_SIZE, quantity),
        liquidity,
      }),
    );
  return {
    type: 'order.filled',
    clientOrderId: order.clientOrderId,
    fill: {
      fillId: msg.trade_id,
      price,
      quantity,
      fee: msg.fee_cost ?? reckoned(),
      liquidity,
      timeMs: msg.ts_ms,
      printSequence: null,
    },
  };
}

/** How an order stands: the whole of it, so that one report is enough after any that was missed. */
export function orderReportOf({ msg }: UserOrderFrame, order: OwnOrderFacts): OrderReport {
  const cumulative = lotsOf(msg.fill_count_fp, 'fill_count_fp');
  const resting = lotsOf(msg.remaining_count_fp, 'remaining_count_fp');
  const initial = lotsOf(msg.initial_count_fp, 'initial_count_fp');
  return {
    type: 'order.found',
    clientOrderId: order.clientOrderId,
    venueOrderId: msg.order_id,
    status: foundStatusOf(msg),
    cumulative,
    price: ownPriceOf(order, priceOf(msg.yes_price_dollars, 'yes_price_dollars')),
    quantity: msg.status === 'resting' ? lots(cumulative + resting) : initial,
  };
}

function foundStatusOf(msg: UserOrderFrame['msg']): FoundStatus {
  if (msg.status === 'resting') return 'resting';
  if (msg.status === 'executed') return 'filled';
  return msg.last_update_reason === 'ExpiryCancel' ? 'expired' : 'cancelled';
}

/** The venue's price ranges as a tick grid: 0 and the payout themselves are no prices. */
export const tickRangesOf = (ranges: readonly PriceRange[]): readonly TickRange[] =>
  ranges.map(({ start, end, step: stepText }) => {
    const step = priceOf(stepText, 'price_ranges.step');
    const from = priceOf(start, 'price_ranges.start');
    const to = priceOf(end, 'price_ranges.end');
    return {
      from: from === 0 ? step : from,
      to: to === PAYOUT ? ticks(PAYOUT - step) : to,
      step,
    };
  });

function timeOfText(text: string): number {
  const timeMs = Date.parse(text);
  if (Number.isNaN(timeMs)) throw damaged('ts', 'must be a time', text);
  return timeMs;
}

function priceOf(text: string, field: string): Ticks {
  const units = unitsOf(text, PRICE_PLACES, field);
  if (units < 0 || units > PAYOUT) throw damaged(field, 'must lie between 0 and 1', text);
  return ticks(units);
}

function lotsOf(text: string, field: string): Lots {
  const units = unitsOf(text, LOT_PLACES, field);
  if (units < 0) throw damaged(field, 'must not be negative', text);
  return lots(units);
}

function unitsOf(text: string, places: number, field: string): number {
  const units = wholeUnits(text, places);
  if (units === null) throw damaged(field, `must be a decimal of at most ${places} places`, text);
  return units;
}

const damaged = (field: string, rule: string, text: string): InputError =>
  new InputError(
    `Kalshi frame, ${field}: ${rule}`,
    text,
    'the venue changed its format or the data are damaged',
  );
