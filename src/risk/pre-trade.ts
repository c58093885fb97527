/**
 * The last question before an order may be sent. `evaluate` is pure and is the only maker of
 * `RiskApproved`: whoever demands that type can be given nothing that was not asked about.
 */
import { estimateTakerFee } from '../domain/fees.ts';
import { type Action, formatPrice, formatQuantity, type Instrument } from '../domain/instrument.ts';
import { formatMoney, type Money, notional, times, ZERO } from '../domain/money.ts';
import type { Lots, Ticks } from '../domain/numbers.ts';
import type { RiskLimits } from './limits.ts';
import { gatedPrice, type PriceBounds } from './price-gate.ts';
import { type Refusal, refused } from './refusal.ts';

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
  /** Why nothing of the kind passes now, whatever its size; null where nothing speaks against. */
  readonly objection: Refusal | null;
  /** What the world is like at this moment; nothing for what cannot be measured. */
  readonly measured: Measured;
}

export type Approval<T> =
  | { readonly kind: 'approved'; readonly item: RiskApproved<T>; readonly notional: Money }
  | Refusal;

/** Held against a limit of the same name, the item in question included where it adds to it. */
export type Measured = {
  readonly [K in MeasuredLimit]?: Money | number;
};

export type MeasuredLimit =
  | 'budget'
  | 'maxEventRisk'
  | 'maxCategoryShare'
  | 'minOrderGapMs'
  | 'maxSpread'
  | 'maxBookMove'
  | 'maxRepeats'
  | 'maxDailyTrades'
  | 'maxDailyVolume'
  | 'maxReconcileAgeMs'
  | 'maxClockSkewMs'
  | 'maxLagMs';

/**
 * Approves the item as it is, or says which rule it breaks; it never changes the item. `cost` is
 * its `orderCost`, for whoever has reckoned it.
 */
export function evaluate<T extends Priced>(
  item: T,
  context: RiskContext,
  cost = orderCost(item, context.instrument),
): Approval<T> {
  const refusal =
    context.objection ??
    priceRefusal(item, context) ??
    sizeRefusal(item, cost, context) ??
    measuredRefusal(context);
  if (refusal !== null) return refusal;
  return { kind: 'approved', item: Object.freeze({ ...item }) as RiskApproved<T>, notional: cost };
}

/** Dollars at stake: what a buyer would pay with the worst-case fee, what a seller gives. */
export function orderCost({ action, price, quantity }: Priced, instrument: Instrument): Money {
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
  if (!(quantity > 0))
    return refused('a quantity is positive', formatQuantity(instrument, quantity), 'above 0');
  const contracts = times(instrument.lotSize, quantity);
  const checks = [
    ['maxOrderQuantity', contracts],
    ['maxOrderNotional', cost],
    ['maxOpenNotional', exposure.notional.plus(cost)],
    ['maxPosition', exposure.position.plus(contracts)],
    ['maxOpenOrders', times('1', exposure.orders + 1)],
  ] as const;
  for (const [rule, value] of checks) {
    const limit = String(limits[rule]);
    if (!value.lessThanOrEqualTo(limit)) return refused(rule, formatMoney(value), limit);
  }
  return null;
}

function measuredRefusal({ limits, measured }: RiskContext): Refusal | null {
  for (const [name, value] of Object.entries(measured)) {
    const rule = name as MeasuredLimit;
    const limit = limits[rule] ?? null;
    if (limit === null || !breaks(rule, value, limit)) continue;
    return refused(
      rule,
      typeof value === 'number' ? String(value) : formatMoney(value),
      `${limit}`,
    );
  }
  return null;
}

/** A gap is a least, all others are a most; what is no number keeps to neither. */
function breaks(rule: MeasuredLimit, value: Money | number, limit: string | number): boolean {
  if (rule === 'minOrderGapMs') return !(Number(value) >= Number(limit));
  return typeof value === 'number' ? !(value <= Number(limit)) : !value.lessThanOrEqualTo(limit);
}
