/** What a turn leaves to say of executions: the states they came to, and that they are over. */
import { LATE_FILL_WINDOW_MS } from '../../domain/limits.ts';
import { concludeRecord } from '../execution/conclude.ts';
import type { ExecutionRecord } from '../execution/execution-record.ts';
import type { MarketHost } from '../market/market-host.ts';
import type { Runtime } from '../runtime.ts';
import type { JournalRow } from './outbox.ts';
import { stateOf } from './rows.ts';

const DEADLINES = ['close', 'wake', 'retry', 'recovery', 'pause'] as const;

/** Writes what the inputs of `rows` made of their executions. */
export function noteStates(runtime: Runtime, host: MarketHost, rows: readonly JournalRow[]): void {
  for (const row of rows) {
    const actor = host.execution(row.executionId);
    const record = runtime.records.get(row.executionId);
    if (actor === null || record === undefined) continue;
    row.stateAfter = stateOf(actor);
    record.showState(row.stateAfter, row.atMs);
    const { overfilled } = actor.getSnapshot().context.quantity;
    if (overfilled > record.overfilled)
      runtime.alarm(record.id, `the venue filled ${overfilled} lots more than was wanted`);
    record.overfilled = overfilled;
  }
}

/** Adds it up and frees what it held; it stays addressable while a late fill may come. */
export function endExecution(runtime: Runtime, record: ExecutionRecord): void {
  const { options, wheel, ledger, intake } = runtime;
  const { id: executionId } = record;
  const host = runtime.hostOf(record.wish.instrument.symbol);
  const atMs = options.clock.wallMs();
  concludeRecord(record, host, atMs);
  runtime.latency.note(record.stages);
  if (host.alive.delete(record)) intake.ended();
  ledger.release(executionId);
  for (const deadline of DEADLINES) wheel.cancel(`${executionId}:${deadline}`);
  retire(runtime, record);
}

/** One whose end is not durable yet is still needed for that. */
function retire(runtime: Runtime, record: ExecutionRecord): void {
  const { id: executionId, wish } = record;
  runtime.wheel.armIn(`${executionId}:retire`, LATE_FILL_WINDOW_MS, () => {
    const host = runtime.hostOf(wish.instrument.symbol);
    if (record.finished === null) retire(runtime, record);
    else runtime.enqueue(host, { type: 'execution.dismissed', executionId });
  });
}
