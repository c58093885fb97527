/** The configuration as what the paper venue is made of. */
import type { Config } from '../config/schema.ts';
import type { FillModel, PaperOptions } from '../venues/paper/venue.ts';

export function paperOptions({
  venues,
}: Config): Pick<PaperOptions, 'balance' | 'latency' | 'fill' | 'rateLimit'> {
  const { balance, latency, fillModel, rateLimit } = venues.paper;
  const limit = rateLimit === null ? {} : { rateLimit };
  return { balance, latency, fill: fillOf(fillModel), ...limit };
}

function fillOf({ mode, exponent, ...rest }: Config['venues']['paper']['fillModel']): FillModel {
  return { ...rest, cancelsAhead: mode === 'probabilistic' ? { mode, exponent } : { mode } };
}
