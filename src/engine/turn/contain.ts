/**
 * What happens when an execution breaks: a turn is atomic for it. Its commands of this turn are
 * dropped (cancels stay), it is rebuilt from its journal without the input that broke it, its
 * orders are put in doubt, and it closes as failed. The market and its other executions never
 * notice.
 */
import { messageOf } from '../../domain/errors.ts';
import type { OrderReport } from '../../domain/order.ts';
import type { MarketHost } from '../market/market-host.ts';
import { foldInto } from '../recovery/fold.ts';
import type { Runtime } from '../runtime.ts';
import type { Fault, JournalRow } from './outbox.ts';

type FillReport = Extract<OrderReport, { readonly type: 'order.filled' }>;

/** `rows` are those of the input that broke it. */
export function contain(
  runtime: Runtime,
  host: MarketHost,
  { executionId, error }: Fault,
  rows: readonly JournalRow[],
): void {
  const { outbox, options } = runtime;
  const reason = `a fault of our own: ${messageOf(error)}`;
  options.log.error({ executionId, thrown: error }, 'an execution broke and is rebuilt');
  const inputs = rows.filter((row) => row.executionId === executionId && row.kind === 'input');
  // Kept for a person to look at, and never folded.
  for (const row of inputs) row.kind = 'poison';
  const record = runtime.records.get(executionId);
  const fills = inputs.flatMap(reportOf).filter(({ fill }) => record?.hasHeardOf(fill.fillId));
  const dropped = outbox.dropCommands(executionId);
  outbox.dropQuestions(executionId);
  host.deliver({ type: 'execution.dismissed', executionId });
  try {
    // What breaks on being told that it broke, or twice on one fill, would break for ever.
    if (inputs.some(({ type }) => type === 'execution.faulted')) throw error;
    if (fills.some(({ fill }) => record?.breaksAgainOn(fill.fillId))) throw error;
    rebuild(runtime, host, executionId);
  } catch (thrown) {
    options.log.error({ executionId, thrown }, 'it cannot be rebuilt: look at the venue yourself');
    runtime.abandon(executionId, 'failed', reason);
    return;
  }
  const message = { type: 'execution.faulted', reason } as const;
  runtime.apply(host, { type: 'execution.told', executionId, message });
  for (const command of dropped) runtime.gateway.refuse(command, reason);
  // A sound fill is booked already, and must be in the ledger too.
  for (const fill of fills) runtime.apply(host, fill);
}

function reportOf({ type, body }: JournalRow): readonly FillReport[] {
  if (type !== 'order.filled') return [];
  const { report } = JSON.parse(body) as { readonly report?: FillReport };
  return report === undefined ? [] : [report];
}

function rebuild({ outbox, options }: Runtime, host: MarketHost, executionId: string): void {
  const committed = options.store.inputsOf(executionId);
  const uncommitted = outbox.journal.filter((row) => row.executionId === executionId);
  host.muted(() => foldInto(host.actor, [...committed, ...uncommitted]));
}
