/** The emulator's own account of the day, to be compared with what a client believes. */
import type { FillRecord } from './fill-record.ts';
import { amount, contracts, dollars } from './notation.ts';
import type { OrderRecord } from './order-record.ts';

export type LogEntry = OrderEntry | FillEntry;

/** An order as it stands after `event`. */
export interface OrderEntry {
  readonly type: 'order';
  readonly event: string;
  readonly atMs: number;
  readonly keyId: string;
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly ticker: string;
  readonly side: 'bid' | 'ask';
  /** Of YES. */
  readonly price: string;
  readonly status: 'resting' | 'canceled' | 'executed';
  readonly initialCount: string;
  readonly fillCount: string;
  readonly remainingCount: string;
  readonly reason: string | null;
}

export interface FillEntry {
  readonly type: 'fill';
  readonly atMs: number;
  readonly keyId: string;
  readonly tradeId: string;
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly ticker: string;
  readonly side: 'bid' | 'ask';
  readonly price: string;
  readonly count: string;
  readonly fee: string;
  readonly isTaker: boolean;
}

export function logEntryOf(
  keyId: string,
  event: string,
  { terms, now }: OrderRecord,
  fill: FillRecord | null,
): LogEntry {
  const { orderId, ticker, side } = terms;
  const { clientOrderId } = now;
  const of = { keyId, orderId, clientOrderId, ticker, side };
  if (fill !== null)
    return {
      type: 'fill',
      atMs: fill.atMs,
      ...of,
      tradeId: fill.tradeId,
      price: dollars(fill.price),
      count: contracts(fill.quantity),
      fee: amount(fill.fee),
      isTaker: fill.isTaker,
    };
  return {
    type: 'order',
    event,
    atMs: now.atMs,
    ...of,
    price: dollars(now.price),
    status: now.status,
    initialCount: contracts(now.initial),
    fillCount: contracts(now.filled),
    remainingCount: contracts(now.remaining),
    reason: now.reason,
  };
}
