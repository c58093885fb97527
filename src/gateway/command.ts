/** What may leave the engine: the payload of an intent that is durable already. */
import type { AmendRequest, OrderRef, OrderRequest } from '../domain/order.ts';
import type { GateQuestion } from './gate.ts';

interface Addressed {
  readonly executionId: string;
  readonly splitOrderId: string;
  readonly clientOrderId: string;
  readonly symbol: string;
}

interface Decided extends Addressed {
  readonly question: GateQuestion;
  /** By the clock that never jumps: too long after it, it is not sent. Left out: when it came. */
  readonly decidedAtMs?: number;
}

export type OutboundCommand =
  | (Decided & { readonly kind: 'submit'; readonly request: OrderRequest })
  | (Decided & {
      readonly kind: 'amend';
      readonly request: AmendRequest;
      readonly reason: string;
    })
  | (Addressed & { readonly kind: 'cancel'; readonly ref: OrderRef; readonly reason: string });
