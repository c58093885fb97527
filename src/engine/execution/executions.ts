/** The executions that an engine works, as a bot sees them: those that it can attach to. */

import type { Runtime } from '../runtime.ts';
import { stateOf } from '../turn/rows.ts';

export interface OpenExecution {
  readonly id: string;
  readonly signalId: string;
  readonly venue: string;
  readonly market: string;
  /**
   * As in the chart ('working.monitoring'); 'queued' before its start, 'ended.refused' and the like
   * while its result waits to be durable.
   */
  readonly state: string;
  /** A restart found it, and it waits for a person: `resumeExecution`, or its handle's `cancel`. */
  readonly asks: boolean;
}

/** Those that have no result yet, oldest first. */
export function openExecutions(runtime: Runtime): readonly OpenExecution[] {
  const { intake, records } = runtime;
  const open = [...records.values()].filter(({ finished }) => finished === null);
  return [...open, ...intake.unfinished].map(({ id, wish, abandoned }) => {
    const { signal, instrument } = wish;
    const isActed = abandoned === null && records.has(id);
    const actor = isActed ? runtime.hostOf(instrument.symbol).execution(id) : null;
    const unacted = abandoned === null ? 'queued' : `ended.${abandoned.outcome}`;
    return {
      id,
      signalId: signal.signalId,
      venue: signal.venue,
      market: signal.market,
      state: actor === null ? unacted : stateOf(actor),
      asks: actor?.getSnapshot().hasTag('asking') ?? false,
    };
  });
}
