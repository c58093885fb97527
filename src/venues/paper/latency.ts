/** How long messages take, each way, as distributions that a seed repeats. */

import { InputError } from '../../domain/errors.ts';
import type { Random } from '../../domain/ports.ts';
import { normal } from '../../env/draws.ts';

export type LatencyModel =
  | { readonly kind: 'fixed'; readonly ms: number }
  /**
   * `sigma` is the standard deviation of the logarithm: 0.3 puts the 99th percentile at twice the
   * median.
   */
  | { readonly kind: 'lognormal'; readonly medianMs: number; readonly sigma: number }
  /** Measured quantiles at even steps from the minimum to the maximum, ascending. */
  | { readonly kind: 'quantiles'; readonly ms: readonly number[] };

export interface PaperLatency {
  /** Exchange to subscriber, of market data. */
  readonly feed: LatencyModel;
  /** Command to exchange. */
  readonly entry: LatencyModel;
  /** Reply or report back. */
  readonly response: LatencyModel;
}

/** Typical of a client in the same region as Kalshi; measure your own and give its quantiles. */
export const KALSHI_LATENCY: PaperLatency = {
  feed: { kind: 'lognormal', medianMs: 20, sigma: 0.3 },
  entry: { kind: 'lognormal', medianMs: 40, sigma: 0.3 },
  response: { kind: 'lognormal', medianMs: 30, sigma: 0.3 },
};

export const fixedLatency = (
  feedMs: number,
  entryMs = feedMs,
  responseMs = entryMs,
): PaperLatency => ({
  feed: { kind: 'fixed', ms: feedMs },
  entry: { kind: 'fixed', ms: entryMs },
  response: { kind: 'fixed', ms: responseMs },
});

const NORMAL_P99 = 2.326;

/**
 * The quantile of a model in milliseconds, unrounded; `z` is the normal deviate that goes with
 * `share`.
 */
function quantile(model: LatencyModel, share: number, z: () => number): number {
  switch (model.kind) {
    case 'fixed':
      return model.ms;
    case 'lognormal':
      return model.medianMs * Math.exp(model.sigma * z());
    case 'quantiles': {
      const position = share * (model.ms.length - 1);
      const low = model.ms[Math.floor(position)] ?? 0;
      const high = model.ms[Math.ceil(position)] ?? low;
      return low + (high - low) * (position - Math.floor(position));
    }
  }
}

/** Draws whole milliseconds. */
export function latencyDraws(model: LatencyModel, random: Random): () => number {
  const figures = model.kind === 'quantiles' ? model.ms : [median(model)];
  if (figures.length === 0 || figures.some((ms) => !(ms >= 0 && ms < Infinity)))
    throw new InputError('a latency must be at least 0 ms', figures, 'give milliseconds');
  if (figures.some((ms, index) => ms < (figures[index - 1] ?? 0)))
    throw new InputError('quantiles ascend', figures, 'give them from the least to the greatest');
  return () => Math.round(quantile(model, random.next(), () => normal(random)));
}

const median = (model: LatencyModel): number => quantile(model, 0.5, () => 0);

export const latencyP99Ms = (model: LatencyModel): number =>
  Math.ceil(quantile(model, 0.99, () => NORMAL_P99));

/** Every message as slow as one in a hundred: what a plan must survive. */
export const worstCase = ({ feed, entry, response }: PaperLatency): PaperLatency =>
  fixedLatency(latencyP99Ms(feed), latencyP99Ms(entry), latencyP99Ms(response));
