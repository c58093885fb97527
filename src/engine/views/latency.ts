/** Where stage times meet the turn and the store. The meters are `src/observe/latency.ts`. */
import { messageOf } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports.ts';
import type { RiskStateRecord } from '../../domain/records.ts';
import type { ExecutionRecord } from '../execution/execution-record.ts';
import type { Runtime } from '../runtime.ts';

/** Their turn is durable: so is the first order of those that have one. */
export function noteCommitted(touched: readonly ExecutionRecord[], clock: Clock): void {
  for (const { stages } of touched)
    if (stages.lacks('committed') && !stages.lacks('decided'))
      stages.reach('committed', clock.monotonicMs());
}

/** What goes with a turn: nothing mostly, at most one row in a second. */
export function latencyRows({ latency, options }: Runtime): readonly RiskStateRecord[] {
  if (!latency.hasNews) return [];
  const { clock } = options;
  return latency.rows({ monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() });
}

/** What no turn took with it, at the end of the engine. */
export function keepLatencies(runtimes: readonly Runtime[]): void {
  for (const { latency, options } of runtimes) {
    const { store, log, clock } = options;
    const risk = latency.rows({ monotonicMs: Infinity, wallMs: clock.wallMs() });
    try {
      if (risk.length > 0) store.keep({ risk });
    } catch (thrown) {
      log.warn({ reason: messageOf(thrown) }, 'the latencies of this run could not be kept');
    }
  }
}
