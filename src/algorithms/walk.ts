/**
 * The walk rule: which orders step towards the market, and how far. A step never passes the cap,
 * the other side or a sibling, and an order that leads its side alone never outbids itself.
 */
import { decimal } from '../domain/money.ts';
import type { Ticks } from '../domain/numbers.ts';
import type { Directive, OwnOrder } from './algorithm.ts';
import { type Direction, passiveBound } from './direction.ts';
import { momentumAgainst } from './momentum.ts';
import { holdOf, type WalkerState, type WalkerView } from './walker-state.ts';

export type Walk = Extract<Directive, { readonly kind: 'reprice' }>;
type Holds = WalkerState['holds'];

/** Whether an order still has walks to make. */
export const mayWalk = (order: OwnOrder, { parameters }: WalkerView): boolean =>
  order.timeInForce === 'gtc' && order.walks < parameters.maxWalks;

/** When its hold ends. */
export const dueAtMs = (order: OwnOrder, holds: Holds, { parameters }: WalkerView): number =>
  holdOf(holds, order).sinceMs + parameters.walkIntervalMs;

/** The steps of this moment, boldest order first; at most `callsMax` of them. */
export function walks(
  direction: Direction,
  view: WalkerView,
  holds: Holds,
  callsMax: number,
): readonly Walk[] {
  const { market, action, cap, nowMs, parameters } = view;
  const ranked = view.orders
    .filter(({ timeInForce }) => timeInForce === 'gtc')
    .toSorted((left, right) => rank(direction, left.price, right.price));
  const isReady = (order: OwnOrder): boolean =>
    order.working && !order.busy && mayWalk(order, view) && nowMs >= dueAtMs(order, holds, view);
  if (callsMax < 1 || !ranked.some(isReady)) return [];
  const window = {
    nowMs,
    intervalMs: parameters.walkIntervalMs,
    lookbackMs: parameters.lookbackMs,
  };
  const momentum = momentumAgainst(market.flow, action, direction.takes, window);
  const bound = passiveBound(direction, market.book, cap);
  if (momentum < parameters.momentumThreshold || bound === null) return [];
  const reach = stepTicks(view, momentum);
  const touch = direction.ownTouch(market.book)?.price ?? null;
  const found: Walk[] = [];
  for (const [index, order] of ranked.entries()) {
    if (!isReady(order) || found.length >= callsMax || leads(direction, order, touch)) continue;
    // Siblings count where they stand now: should their own step be refused, none was passed.
    const sibling = ranked[index - 1]?.price ?? null;
    const price = direction.shyest(stepped(direction, order.price, reach), bound, sibling);
    if (!direction.isBolder(price, order.price)) continue;
    found.push({
      kind: 'reprice',
      splitOrderId: order.splitOrderId,
      price,
      reason: reasonOf(momentum, price === sibling),
    });
  }
  return found;
}

const rank = (direction: Direction, left: Ticks, right: Ticks): number =>
  left === right ? 0 : direction.isBolder(left, right) ? -1 : 1;

/** Ahead of everyone else on its side: a bolder price would buy nothing. */
const leads = (direction: Direction, { price }: OwnOrder, touch: Ticks | null): boolean =>
  touch === null || direction.isBolder(price, touch);

/** The increment in ticks; less than a tick of the grid is made one by `stepped`. */
function stepTicks({ parameters, market }: WalkerView, momentum: number): number {
  const isHigh = momentum > parameters.highMomentum;
  const increment = isHigh ? parameters.aggressiveIncrement : parameters.baseIncrement;
  return decimal(increment, 'increment').div(market.instrument.priceUnit).floor().toNumber();
}

/** At least one grid tick, and beyond it what the increment reaches, rounded back to the grid. */
function stepped(direction: Direction, price: Ticks, reach: number): Ticks {
  const tick = direction.bolder(price) ?? price;
  const far = direction.rounded(direction.advanced(price, reach));
  return far !== null && direction.isBolder(far, tick) ? far : tick;
}

const reasonOf = (momentum: number, joins: boolean): string =>
  `momentum ${Math.round(momentum * 100)} % against us${joins ? ', joins its sibling' : ''}`;
