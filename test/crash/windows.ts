/** What was under way when an engine was killed: the truth against what it had made durable. */
import { type Exchange, restingOf } from './exchange.ts';
import { type Kept, readKept } from './kept.ts';

const ENDS = ['order.cancelled', 'order.expired', 'order.rejected'] as const;

/** The windows that this kill hit, by name; one at least. */
export function windowsOf(file: string, exchange: Exchange): readonly string[] {
  const kept = readKept(file);
  if (kept === null) return ['no store yet'];
  const open = kept.intents.filter(
    ({ executionId }) => kept.executions.get(executionId)?.isOpen === true,
  );
  const windows = new Set<string>();
  for (const { request } of open)
    for (const window of windowsOfOrder(request.clientOrderId, kept, exchange)) windows.add(window);
  if (windows.size > 0) return [...windows];
  return [open.length > 0 ? 'orders at rest' : 'nothing under way'];
}

function* windowsOfOrder(id: string, kept: Kept, { orders }: Exchange): Generator<string> {
  const order = orders.get(id);
  const reports = kept.reports.get(id) ?? new Set();
  if (order === undefined && reports.size === 0) yield 'intent durable, not at the venue';
  if (order === undefined) return;
  if (reports.size === 0) yield 'at the venue, no word of it durable';
  if (order.fills.some(({ fillId }) => !kept.fills.has(fillId))) yield 'a fill not durable';
  const hasEnd = ENDS.some((type) => reports.has(type));
  if (kept.cancels.has(id) && restingOf(order) > 0) yield 'a cancel not at the venue yet';
  if (kept.cancels.has(id) && restingOf(order) === 0 && !hasEnd) yield 'an end not durable';
  const amended = reports.has('order.amended') || reports.has('order.amendRejected');
  if (kept.amends.has(id) && !amended) yield 'an amend without an answer';
}
