/** The configuration as the options of the parts that a session is made of. */
import type { Config } from '../config/schema.ts';
import type { EngineOptions } from '../index.ts';
import type { FillModel, PaperOptions } from '../venues/paper/venue.ts';

export function engineOptions({
  engine,
  limits,
  callLimits,
  retention,
}: Config): Omit<EngineOptions, 'venues'> {
  const { storeFile, maxLiveExecutions, ...rest } = engine;
  const { snapshotDays, batchRows } = retention;
  return {
    ...rest,
    ...(storeFile === null ? {} : { store: { file: storeFile } }),
    ...(maxLiveExecutions === null ? {} : { maxLiveExecutions }),
    limits,
    callLimits,
    retention: snapshotDays === null ? null : { snapshotDays, batchRows },
  };
}

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
