/**
 * A report of an order whose execution is gone. Its fill is booked, or taken back, all the same, as
 * a correction with an alarm; the result that was given does not change.
 */
import type { Action, OutcomeSide } from '../../domain/instrument.ts';
import { lotsOf } from '../../domain/money.ts';
import { lots } from '../../domain/numbers.ts';
import type { OrderReport } from '../../domain/order.ts';
import type {
  ExecutionStateRecord,
  FillRecord,
  JournalRecord,
  OrderOwner,
} from '../../domain/records.ts';
import { directionOf } from '../../ledger/exposure.ts';
import { publicFill } from '../execution/conclude.ts';
import { checkReport } from './check-report.ts';
import type { SinkContext } from './host-sink.ts';
import { fillRow } from './rows.ts';

type Context = Pick<
  SinkContext,
  'store' | 'outbox' | 'ledger' | 'log' | 'host' | 'alarm' | 'clock'
>;

/** Whatever is wrong with it ends here: there is no execution left that could break. */
export function bookLateReport(context: Context, report: OrderReport): void {
  try {
    book(context, report);
  } catch (thrown) {
    context.log.error({ report, thrown }, 'a late report could not be booked');
  }
}

function book(context: Context, report: OrderReport): void {
  const { store, log, outbox, ledger, host } = context;
  const owner = store.ownerOf(report.clientOrderId);
  const stored = owner === null ? null : store.execution(owner.executionId);
  log.warn({ report, owner }, 'a report came for no order that lives here');
  if (owner === null || stored === null) return;
  if (report.type === 'order.fillReverted')
    return noteReversal(context, owner, stored.state, report);
  if (report.type !== 'order.filled') return;
  checkReport(report);
  const { fill, clientOrderId } = report;
  const { instrument, feed } = host();
  const isBooked =
    store.hasFill(instrument.venue, fill.fillId) ||
    outbox.fills.some(({ fillId }) => fillId === fill.fillId);
  const rows = [...store.inputsOf(owner.executionId), ...outbox.journal];
  if (isBooked || wasTakenBack(rows, fill.fillId)) return;
  const { outcome, action } = sidesOf(stored.state);
  ledger.fill(owner.executionId, instrument.symbol, directionOf(outcome, action), fill.quantity);
  const touch = host().touch(outcome);
  const bookVersion = feed.book.version;
  const booked = { ...fill, ...owner, clientOrderId, bookVersion, touch, late: true };
  outbox.fills.push(fillRow(instrument, booked));
  const { executionId } = owner;
  const told = publicFill({ wish: { instrument } }, booked);
  outbox.updates.push({ type: 'fill', executionId, timeMs: context.clock.wallMs(), fill: told });
  context.alarm(owner.executionId, `fill ${fill.fillId} came after the execution was closed`);
}

type Reversal = Extract<OrderReport, { readonly type: 'order.fillReverted' }>;

/** The fill keeps its row; the journal says that it was taken back, and positions follow it. */
function noteReversal(
  context: Context,
  owner: OrderOwner,
  state: ExecutionStateRecord,
  report: Reversal,
): void {
  const { host, outbox, clock, alarm, ledger, store } = context;
  const { type, fillId } = report;
  const { executionId, splitOrderId } = owner;
  const { instrument } = host();
  const body = JSON.stringify({ type: 'order.reported', splitOrderId, report });
  if (wasTakenBack([...store.inputsOf(executionId), ...outbox.journal], fillId)) return;
  const row = standingFill(context, fillId);
  // Its own fill may be heard of later, and counts nothing then.
  const quantity = row === null ? 0 : lotsOf(row.quantity, instrument.lotSize);
  const { outcome, action } = sidesOf(state);
  const direction = directionOf(outcome, action);
  ledger.fill(executionId, instrument.symbol, direction, lots(0 - (quantity ?? 0)));
  outbox.journal.push({
    executionId,
    splitOrderId,
    kind: 'input',
    type,
    body,
    stateBefore: null,
    stateAfter: null,
    rule: null,
    bookVersion: host().feed.book.version,
    touchBid: null,
    touchAsk: null,
    atMs: clock.wallMs(),
  });
  alarm(executionId, `fill ${fillId} was taken back by the venue after the execution was closed`);
}

/** Whether the journal's inputs say of a fill that the venue took it back. */
export const wasTakenBack = (
  rows: readonly Pick<JournalRecord, 'kind' | 'type' | 'body'>[],
  fillId: string,
): boolean =>
  rows.some(({ kind, type, body }) => {
    if (kind !== 'input' || type !== 'order.fillReverted') return false;
    const { report } = JSON.parse(body) as { readonly report?: { readonly fillId?: string } };
    return report?.fillId === fillId;
  });

/** The fill as it counts, durable or about to be; null where it counts no more, or never did. */
function standingFill(
  { store, outbox, host }: Context,
  fillId: string,
): Pick<FillRecord, 'quantity'> | null {
  const coming = outbox.fills.find((fill) => fill.fillId === fillId);
  if (coming !== undefined) return coming;
  const { venue, symbol } = host().instrument;
  for (const fill of store.fills(venue, symbol)) if (fill.fillId === fillId) return fill;
  return null;
}

/** As the row was written: by this engine, from a signal that had been read. */
const sidesOf = ({ outcomeSide, action }: ExecutionStateRecord) => ({
  outcome: outcomeSide as OutcomeSide,
  action: action as Action,
});
