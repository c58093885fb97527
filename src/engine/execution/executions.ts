/** The executions that an engine works, as a bot sees them: those that it can attach to. */

import type { Runtime } from '../runtime.ts';
import { stateOf } from '../turn/rows.ts';

export interface OpenExecution {
  readonly id: string;
  readonly signalId: string;
  readonly venue: string;
  readonly market: string;
  /** As in the chart ('working.monitoring'); 'queued' before its start. */
  readonly state: string;
  /** A restart found it, and it waits for a person: `resumeExecution`, or its handle's `cancel`. */
  readonly asks: boolean;
}

/** Those that have no result yet, oldest first. */
export function openExecutions(runtime: Runtime): readonly OpenExecution[] {
  const { intake, records } = runtime;
  const open = [...records.values()].filter(({ finished }) => finished === null);
  return [...open, ...intake.unfinished].map(({ id, wish }) => {
    const { signal, instrument } = wish;
    const actor = records.has(id) ? runtime.hostOf(instrument.symbol).execution(id) : null;
    return {
      id,
      signalId: signal.signalId,
      venue: signal.venue,
      market: signal.market,
      state: actor === null ? 'queued' : stateOf(actor),
      asks: actor?.getSnapshot().hasTag('asking') ?? false,
    };
  });
}
