/**
 * The last question before an order may be sent. `evaluate` is pure and is the only maker of
 * `RiskApproved`: whoever demands that type can be given nothing that was not asked about.
 */
import { InputError } from '../domain/errors.ts';
import { estimateTakerFee } from '../domain/fees.ts';
import { type Action, formatPrice, formatQuantity, type Instrument } from '../domain/instrument.ts';
import { decimal, formatMoney, type Money, notional, times, ZERO } from '../domain/money.ts';
import type { Lots, Ticks } from '../domain/numbers.ts';
import { gatedPrice, type PriceBounds } from './price-gate.ts';
import { type Refusal, refused } from './refusal.ts';

/** As a person writes them: plain decimals, all finite; "no limit" is never a silent default. */
export interface RiskLimits {
  /** Contracts in one order. */
  readonly maxOrderQuantity: string;
  /** Dollars of one order: price times quantity, and for a buyer the worst-case fee on top. */
  readonly maxOrderNotional: string;
  /** Dollars of all that is open, this order included. */
  readonly maxOpenNotional: string;
  /** Contracts held in one market if all that is open filled, this order included. */
  readonly maxPosition: string;
  /** Orders that may rest at once, this one included. */
  readonly maxOpenOrders: number;
}

/** What is open already, without the order in question. */
export interface OpenExposure {
  /** Dollars, fees included. */
  readonly notional: Money;
  readonly orders: number;
  /** Contracts held in the order's direction if all that is open filled; negative against it. */
  readonly position: Money;
}

export const NO_EXPOSURE: OpenExposure = { notional: ZERO, orders: 0, position: ZERO };

/** What risk needs to know of an order, or of a whole execution at its cap. */
export interface Priced {
  readonly action: Action;
  readonly price: Ticks;
  readonly quantity: Lots;
}

declare const approval: unique symbol;

/** Proof that risk saw this very value; it is frozen, so that it cannot change afterwards. */
export type RiskApproved<T> = Readonly<T> & { readonly [approval]: true };

export interface RiskContext {
  readonly instrument: Instrument;
  readonly limits: RiskLimits;
  readonly exposure: OpenExposure;
  readonly bounds: PriceBounds;
}

export type Approval<T> =
  | { readonly kind: 'approved'; readonly item: RiskApproved<T>; readonly notional: Money }
  | Refusal;

const AMOUNTS = ['maxOrderQuantity', 'maxOrderNotional', 'maxOpenNotional', 'maxPosition'] as const;

/** Throws an `InputError` that names the limit which is missing or not a positive decimal. */
export function checkLimits(limits: RiskLimits): RiskLimits {
  // Settings from a file may lack what the type demands.
  const given: Partial<RiskLimits> = limits;
  for (const name of AMOUNTS) {
    const text = given[name] ?? '';
    if (!decimal(text, name).greaterThan(ZERO))
      throw new InputError(`${name} must be positive`, text, 'every limit is required and finite');
  }
  const { maxOpenOrders } = limits;
  if (!Number.isSafeInteger(maxOpenOrders) || maxOpenOrders < 1)
    throw new InputError('maxOpenOrders must be a whole number above 0', maxOpenOrders, 'try 20');
  return limits;
}

/** Approves the item as it is, or says which rule it breaks; it never changes the item. */
export function evaluate<T extends Priced>(item: T, context: RiskContext): Approval<T> {
  const { instrument } = context;
  const cost = orderCost(item, instrument);
  const refusal = priceRefusal(item, context) ?? sizeRefusal(item, cost, context);
  if (refusal !== null) return refusal;
  return { kind: 'approved', item: Object.freeze({ ...item }) as RiskApproved<T>, notional: cost };
}

/** Dollars at stake: what a buyer would pay with the worst-case fee, what a seller gives. */
function orderCost({ action, price, quantity }: Priced, instrument: Instrument): Money {
  const value = notional(price, instrument.priceUnit, quantity, instrument.lotSize);
  return action === 'buy' ? value.plus(estimateTakerFee(instrument, price, quantity)) : value;
}

function priceRefusal(
  { action, price }: Priced,
  { bounds, instrument }: RiskContext,
): Refusal | null {
  if (action === bounds.action && gatedPrice(price, bounds) === price) return null;
  const cap = formatPrice(instrument, bounds.cap);
  const collar = bounds.collar === null ? 'none' : formatPrice(instrument, bounds.collar);
  return refused(
    'a price lies on the grid, within cap and collar',
    `${action} at ${formatPrice(instrument, price)}`,
    `cap ${cap}, collar ${collar} to ${bounds.action}`,
  );
}

function sizeRefusal({ quantity }: Priced, cost: Money, context: RiskContext): Refusal | null {
  const { instrument, limits, exposure } = context;
  if (quantity <= 0)
    return refused('a quantity is positive', formatQuantity(instrument, quantity), 'above 0');
  const contracts = times(instrument.lotSize, quantity);
  const checks: readonly (readonly [keyof RiskLimits, Money])[] = [
    ['maxOrderQuantity', contracts],
    ['maxOrderNotional', cost],
    ['maxOpenNotional', exposure.notional.plus(cost)],
    ['maxPosition', exposure.position.plus(contracts)],
    ['maxOpenOrders', times('1', exposure.orders + 1)],
  ];
  for (const [rule, value] of checks) {
    const limit = String(limits[rule]);
    if (value.greaterThan(limit)) return refused(rule, formatMoney(value), limit);
  }
  return null;
}
