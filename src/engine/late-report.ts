/**
 * A report of an order whose execution is gone. Its fill is booked, or taken back, all the same, as
 * a correction with an alarm; the result that was given does not change.
 */
import type { Action, OutcomeSide } from '../domain/instrument.ts';
import type { OrderReport } from '../domain/order.ts';
import type { ExecutionStateRecord, OrderOwner } from '../domain/records.ts';
import { directionOf } from '../ledger/exposure.ts';
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
  if (report.type === 'order.fillReverted') return noteReversal(context, owner, report);
  if (report.type !== 'order.filled') return;
  checkReport(report);
  const { fill, clientOrderId } = report;
  const { instrument, feed } = host();
  const isBooked =
    store.hasFill(instrument.venue, fill.fillId) ||
    outbox.fills.some(({ fillId }) => fillId === fill.fillId);
  if (isBooked) return;
  const { outcome, action } = sidesOf(stored.state);
  ledger.fill(owner.executionId, instrument.symbol, directionOf(outcome, action), fill.quantity);
  const touch = host().touch(outcome);
  const bookVersion = feed.book.version;
  outbox.fills.push(fillRow(instrument, { ...fill, ...owner, clientOrderId, bookVersion, touch }));
  context.alarm(owner.executionId, `fill ${fill.fillId} came after the execution was closed`);
}

type Reversal = Extract<OrderReport, { readonly type: 'order.fillReverted' }>;

/** The fill keeps its row; the journal says that it was taken back, and positions follow it. */
function noteReversal(context: Context, owner: OrderOwner, report: Reversal): void {
  const { store, host, outbox, clock, alarm } = context;
  const { type, fillId } = report;
  if (!store.hasFill(host().instrument.venue, fillId)) return;
  const { executionId, splitOrderId } = owner;
  outbox.journal.push({
    executionId,
    splitOrderId,
    kind: 'input',
    type,
    body: JSON.stringify({ type: 'order.reported', splitOrderId, report }),
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

/** As the row was written: by this engine, from a signal that had been read. */
const sidesOf = ({ outcomeSide, action }: ExecutionStateRecord) => ({
  outcome: outcomeSide as OutcomeSide,
  action: action as Action,
});
