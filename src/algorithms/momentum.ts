/**
 * How hard the market moves against an order, as a share of what is usual: 0.15 is 15 % above it. A
 * statistic from the live stream; it is signed, so that a market coming towards us never looks like
 * haste.
 */
import type { FlowView } from '../book/book-view.ts';
import type { Action } from '../domain/instrument.ts';
import type { BookSide } from '../domain/market-data.ts';

export interface MomentumWindow {
  readonly nowMs: number;
  readonly intervalMs: number;
  readonly lookbackMs: number;
}

/**
 * Takers on our own side in the last interval against their mean over the lookback; without any
 * print, the share of the depth we could take that is gone. 0 where too little was observed.
 */
export function momentumAgainst(
  flow: FlowView,
  action: Action,
  takes: BookSide,
  window: MomentumWindow,
): number {
  const { nowMs, intervalMs } = window;
  const intervals = observedIntervals(flow, takes, window);
  const sinceMs = nowMs - intervals * intervalMs;
  if (flow.printCount(sinceMs, nowMs) === 0) return shrinkage(flow, takes, window);
  const mean = flow.takerVolume(action, sinceMs, nowMs) / intervals;
  if (mean === 0) return 0;
  return flow.takerVolume(action, nowMs - intervalMs, nowMs) / mean - 1;
}

/**
 * Whole intervals of the lookback that lie within what was observed: a quiet past is not an unseen
 * one.
 */
function observedIntervals(flow: FlowView, side: BookSide, window: MomentumWindow): number {
  const { nowMs, intervalMs, lookbackMs } = window;
  let intervals = Math.floor(lookbackMs / intervalMs);
  while (intervals > 0 && flow.depthAt(side, nowMs - intervals * intervalMs) === null)
    intervals -= 1;
  return intervals;
}

function shrinkage(flow: FlowView, side: BookSide, { nowMs, intervalMs }: MomentumWindow): number {
  const before = flow.depthAt(side, nowMs - intervalMs) ?? 0;
  const now = flow.depthAt(side, nowMs) ?? 0;
  return before === 0 ? 0 : (before - now) / before;
}
