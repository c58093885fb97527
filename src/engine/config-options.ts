/** The configuration as what an engine is made of; the venues are still to be added. */
import type { Config } from '../config/schema.ts';
import type { EngineOptions } from './options.ts';

export function engineOptions({
  engine,
  limits,
  breaker,
  callLimits,
  retention,
}: Config): Omit<EngineOptions, 'venues'> {
  const { storeFile, maxLiveExecutions, ...rest } = engine;
  const { snapshotDays, batchRows } = retention;
  const { also, ...window } = callLimits;
  return {
    ...rest,
    ...(storeFile === null ? {} : { store: { file: storeFile } }),
    ...(maxLiveExecutions === null ? {} : { maxLiveExecutions }),
    limits,
    breaker,
    callLimits: also.length === 0 ? window : [window, ...also],
    retention: snapshotDays === null ? null : { snapshotDays, batchRows },
  };
}
