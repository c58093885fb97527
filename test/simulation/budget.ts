/**
 * What the account has bound, counted anew: what is held at what it cost, and what all that is open
 * would cost on top, of which a pair of YES and NO pays its part. Fees are left out: it is a floor.
 */

import type { Disk } from './store-model.ts';
import { isOurs } from './tag.ts';
import type { TrueOrder, VenueModel } from './venue-model.ts';

/** Cents that a pair of YES and NO pays. */
const PAIR = 100;

interface Held {
  readonly lots: number;
  /** Cents, of YES where lots are positive, of NO where they are negative. */
  readonly cost: number;
}

/** A lot of NO at 30 cents is a YES sold at 70: both take YES for 30. */
const costOf = (action: string, price: number): number => (action === 'buy' ? price : PAIR - price);

const signOf = (outcome: string, action: string): 1 | -1 =>
  (outcome === 'yes') === (action === 'buy') ? 1 : -1;

function heldAfter({ lots, cost }: Held, sign: 1 | -1, count: number, each: number): Held {
  const against = Math.max(0, Math.min(count, -sign * lots));
  const left = count - against;
  const kept = lots === 0 ? 0 : cost * (1 - against / Math.abs(lots));
  return { lots: lots + sign * count, cost: kept + left * each };
}

function heldIn(market: string, disk: Disk): Held {
  let held: Held = { lots: 0, cost: 0 };
  for (const { executionId, price, quantity } of disk.standing()) {
    const state = disk.executions.get(executionId);
    if (state?.market !== market) continue;
    const sign = signOf(state.outcomeSide, state.action);
    const each = costOf(state.action, Math.round(Number(price) * 100));
    held = heldAfter(held, sign, Number(quantity), each);
  }
  return held;
}

/** Dollars; `openOf` are the lots of an order that may fill, or have and are not booked. */
export function boundBy(
  disk: Disk,
  model: VenueModel,
  openOf: (order: TrueOrder) => number,
): number {
  let cents = 0;
  for (const market of model.markets.keys()) {
    const { lots, cost } = heldIn(market, disk);
    const open = { 1: 0, [-1]: 0 };
    for (const order of model.orders.values()) {
      const { symbol, outcome, action, price } = order.request;
      if (symbol === market && isOurs(order.id) && disk.intents.has(order.id))
        open[signOf(outcome, action)] += costOf(action, price) * openOf(order);
    }
    const ofSign = (sign: 1 | -1): number => {
      const pairs = Math.max(0, -sign * lots);
      return Math.max(0, open[sign] - PAIR * pairs);
    };
    cents += cost + ofSign(1) + ofSign(-1);
  }
  return cents / 100;
}
