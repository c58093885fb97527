/**
 * Whether a report can be true at all. An adapter is other people's code: what it says of prices
 * and quantities is looked at once, before an execution counts with it.
 */
import { invariant } from '../../domain/errors.ts';
import { decimal } from '../../domain/money.ts';
import type { OrderReport } from '../../domain/order.ts';
import type { ExecutionRecord } from '../execution/execution-record.ts';

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

const checkTerms = ({ price, quantity }: { price: unknown; quantity: unknown }): void => {
  invariant(isCount(price), 'a price is a whole number of ticks', price);
  invariant(isCount(quantity), 'a quantity is a whole number of lots', quantity);
};

/** Throws an `InvariantError` or `InputError` that names the rule. */
export function checkReport(report: OrderReport): void {
  if (report.type === 'order.filled') {
    const { fillId, fee, quantity, timeMs } = report.fill;
    checkTerms(report.fill);
    invariant(quantity > 0, 'a fill is of something', quantity);
    invariant(typeof fillId === 'string' && fillId !== '', 'a fill has an id', fillId);
    invariant(Number.isSafeInteger(timeMs), 'a fill has a time', timeMs);
    decimal(fee, 'fee');
  }
  if ('cumulative' in report)
    invariant(isCount(report.cumulative), 'what has filled is counted', report.cumulative);
  if ('price' in report) checkTerms(report);
}

/** It says that the venue knows more of an order than we have heard. */
export function contradicts(report: OrderReport, record: ExecutionRecord): boolean {
  switch (report.type) {
    case 'order.cancelRejected':
    case 'order.amendRejected':
      return true;
    case 'order.cancelled':
    case 'order.expired':
      return report.cumulative > record.filledBy(report.clientOrderId);
    default:
      return false;
  }
}
