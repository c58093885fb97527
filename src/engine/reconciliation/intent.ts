/**
 * The intent of a command as the journal keeps it: what will be sent, until when, and a hash by
 * which an order that is found later can be told to be this one.
 */
import { createHash } from 'node:crypto';
import { INTENT_AGE_MS_MAX } from '../../domain/limits.ts';
import type { OrderRequest } from '../../domain/order.ts';

/**
 * What makes an order this order and no other; each venue can list these, and most list no more.
 */
export type Payload = Pick<OrderRequest, 'symbol' | 'outcome' | 'action' | 'price' | 'quantity'>;

/** The same keys in the same order whatever they were given in; plain JSON. */
const canonical = ({ symbol, outcome, action, price, quantity }: Payload): string =>
  JSON.stringify([symbol, outcome, action, price, quantity]);

/** SHA-256, hexadecimal. */
export const payloadHash = (payload: Payload): string =>
  createHash('sha256').update(canonical(payload)).digest('hex');

export interface Intent {
  readonly payloadHash: string;
  /** Not sent by then, it is never sent: wall time. */
  readonly validUntilMs: number;
}

export const intentOf = (payload: Payload, nowMs: number): Intent => ({
  payloadHash: payloadHash(payload),
  validUntilMs: nowMs + INTENT_AGE_MS_MAX,
});
