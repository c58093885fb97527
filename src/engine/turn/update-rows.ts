/**
 * What a turn tells, as rows of the same transaction: a bot in another process hears of it however
 * this process ends. In the order in which the subscribers of this one are told.
 */
import type { UpdateRecord } from '../../domain/updates.ts';
import type { ExecutionRecord } from '../execution/execution-record.ts';
import type { ExecutionUpdate } from '../execution/result.ts';
import type { Runtime } from '../runtime.ts';

/** Nothing where the store keeps none. */
export function updateRows(
  runtime: Runtime,
  touched: readonly ExecutionRecord[],
): { readonly updates?: readonly UpdateRecord[] } {
  const { outbox, options } = runtime;
  if (options.store.updates === undefined) return {};
  const told = [
    ...outbox.updates,
    ...touched.flatMap((record) => record.untoldStates),
    ...touched.flatMap((record) => record.untoldEnd),
  ];
  return { updates: told.map((update) => rowOf(runtime, update)) };
}

function rowOf({ records, options }: Runtime, update: ExecutionUpdate): UpdateRecord {
  const { type, executionId, timeMs, ...rest } = update;
  const signalId =
    records.get(executionId)?.wish.signal.signalId ??
    options.store.execution(executionId)?.state.signalId ??
    null;
  const body = JSON.stringify({ type, executionId, signalId, timeMs, ...rest });
  return { body, atMs: timeMs };
}
