/** What may leave the engine: the payload of an intent that is durable already. */
import type { AmendRequest, OrderRef, OrderRequest } from '../domain/order.ts';
import type { GateQuestion } from './gate.ts';

interface Addressed {
  readonly executionId: string;
  readonly splitOrderId: string;
  readonly clientOrderId: string;
  readonly symbol: string;
}

export type OutboundCommand =
  | (Addressed & {
      readonly kind: 'submit';
      readonly request: OrderRequest;
      readonly question: GateQuestion;
    })
  | (Addressed & {
      readonly kind: 'amend';
      readonly request: AmendRequest;
      readonly question: GateQuestion;
      readonly reason: string;
    })
  | (Addressed & { readonly kind: 'cancel'; readonly ref: OrderRef; readonly reason: string });
