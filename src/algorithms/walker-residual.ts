/**
 * The end of a depth walk that may cross: resting orders are taken back first, and only what they
 * have provably set free goes out as one IOC. Both are never alive at once.
 */
import type { Decision, Directive } from './algorithm.ts';
import { directionOf } from './direction.ts';
import { releasable } from './resting-levels.ts';
import { crossAtMs, type WalkerState, type WalkerView } from './walker-state.ts';

/** Whether the time for it has come and something could be taken within the cap. */
export function isCrossingTime(view: WalkerView): boolean {
  const atMs = crossAtMs(view);
  return atMs !== null && view.nowMs >= atMs && isExecutable(view);
}

const isExecutable = ({ market, action, target, cap }: WalkerView): boolean =>
  market.book.sweep(action, target, cap).quantity > 0;

export function cross(view: WalkerView, state: WalkerState): Decision<WalkerState> {
  const { orders, callsLeft } = view;
  const hold: Decision<WalkerState> = { directives: [], state };
  if (state.residual === 'sent')
    return orders.length > 0 ? hold : { directives: [finish('the rest was crossed')], state };
  if (orders.length > 0) {
    const cancels = orders.filter(({ busy }) => !busy).slice(0, Math.max(0, callsLeft));
    return { directives: cancels.map(cancel), state: withResidual(state, 'clearing') };
  }
  const quantity = releasable(view.market.instrument, view.unreleased);
  const price = directionOf(view.action, view.market.ranges).rounded(view.cap);
  if (quantity === 0 || price === null || callsLeft < 1 || !isExecutable(view)) return hold;
  const reason = 'the rest at the end, within the cap';
  return {
    directives: [{ kind: 'place', price, quantity, timeInForce: 'ioc', postOnly: false, reason }],
    state: withResidual(state, 'sent'),
  };
}

const withResidual = (state: WalkerState, residual: WalkerState['residual']): WalkerState =>
  state.residual === residual ? state : { ...state, residual };

const cancel = ({ splitOrderId }: { readonly splitOrderId: string }): Directive => ({
  kind: 'cancel',
  splitOrderId,
  reason: 'frees the rest for the last order',
});

const finish = (reason: string): Directive => ({ kind: 'finish', reason });
