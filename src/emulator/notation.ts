/**
 * How Kalshi writes numbers and times, read from its specification: dollars and counts as decimal
 * text, prices always of YES. Nothing here is shared with the adapter, so that the two can find
 * each other's errors.
 */
import { wholeUnits } from '../domain/fixed-point.ts';
import type { BookSide } from '../domain/market-data.ts';
import { formatMoney, formatUnits, type Money, times } from '../domain/money.ts';
import { type Lots, lots, type Ticks, ticks } from '../domain/numbers.ts';
import type { Random } from '../domain/ports.ts';

export const PRICE_UNIT = '0.0001';
export const LOT_SIZE = '0.01';
/** A contract pays one dollar. */
export const PAYOUT = 10_000;

/** "0.5600". */
export const dollars = (price: number): string => formatUnits(price, PRICE_UNIT);

/** "10.00"; changes are signed. */
export const contracts = (quantity: number): string => formatUnits(quantity, LOT_SIZE);

/** Half up to so many places, all of them written: "0.054600". */
export function amount(money: Money, places = 6): string {
  // Plus 0: what rounds to nothing has no sign.
  const [whole = '0', rest = ''] = formatMoney(money.toDecimalPlaces(places).plus(0)).split('.');
  return `${whole}.${rest.padEnd(places, '0')}`;
}

/** Whole cents, as the balance is still told. */
export const cents = (money: Money): number => money.times(100).floor().toNumber();

export const value = (price: number, quantity: number): Money =>
  times(PRICE_UNIT, price).times(times(LOT_SIZE, quantity));

const PRICE = /^\d+\.\d{2,4}$/;
const COUNT = /^\d+(?:\.\d{1,2})?$/;

/** Requests write prices with 2 to 4 places; null for anything else. */
export function priceIn(text: string): Ticks | null {
  const units = PRICE.test(text) ? wholeUnits(text, 4) : null;
  return units === null ? null : ticks(units);
}

/** Requests write counts with 0 to 2 places; null for anything else. */
export function countIn(text: string): Lots | null {
  const units = COUNT.test(text) ? wholeUnits(text, 2) : null;
  return units === null ? null : lots(units);
}

export const iso = (timeMs: number): string => new Date(timeMs).toISOString();

export const seconds = (timeMs: number): number => Math.floor(timeMs / 1_000);

/** The contract that a side of the book is for: a bid buys YES, an ask NO. */
export const outcomeOf = (side: BookSide): 'yes' | 'no' => (side === 'bid' ? 'yes' : 'no');

/** A version 4 id; never a secret. */
export function uuid(random: Random): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random.next() * 16).toString(16)).join(
    '',
  );
  const variant = '89ab'[Math.floor(random.next() * 4)] ?? '8';
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20),
  ].join('-');
}

/** "KXBTC15M-26MAY130900-00" is of the series KXBTC15M and of the event KXBTC15M-26MAY130900. */
export const seriesOf = (ticker: string): string => ticker.split('-')[0] ?? ticker;

export function eventOf(ticker: string): string {
  const parts = ticker.split('-');
  return parts.length < 3 ? ticker : parts.slice(0, -1).join('-');
}
