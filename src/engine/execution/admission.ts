/** Admission: the cap and the claim of a new execution, or the reason why it is refused. */
import type { ExecutionMessage } from '../../../machines/execution/execution.protocol.ts';
import { arrivalLiquidity } from '../../algorithms/liquidity.ts';
import type { BookView } from '../../book/book-view.ts';
import { ownView } from '../../book/own-view.ts';
import { mirror } from '../../domain/instrument.ts';
import { decimal, times } from '../../domain/money.ts';
import type { Ticks } from '../../domain/numbers.ts';
import { type Claim, claimOf, directionOf, type ExposureLedger } from '../../ledger/exposure.ts';
import { arrivalCap, type CapAnswer } from '../../risk/cap.ts';
import type { RiskLimits } from '../../risk/limits.ts';
import {
  type Approval,
  evaluate,
  orderCost,
  type Priced,
  type RiskContext,
} from '../../risk/pre-trade.ts';
import type { Refusal } from '../../risk/refusal.ts';
import type { MarketFeed } from '../../streams/market-feed.ts';
import type { ExecutionRecord, Wish } from './execution-record.ts';
import { tooOld } from './intake.ts';

export interface AdmissionContext {
  readonly record: ExecutionRecord;
  readonly feed: MarketFeed;
  readonly ledger: ExposureLedger;
  readonly limits: RiskLimits;
  /** What else speaks for and against an execution that would reserve this claim. */
  readonly riskOf: (claim: Claim) => Pick<RiskContext, 'objection' | 'measured'>;
  /** Dollars a contract that must be left after fees, where the signal says what it is worth. */
  readonly minimumEdge: string;
  readonly maxSlippageTicks: number | null;
  /** Kept for closing: two of the venue's slowest answers. */
  readonly closingReserveMs: number;
  readonly startedAtMs: number;
  readonly nowMs: number;
}

/** Judges and, where the answer is yes, reserves; the reservation comes last. */
export function admit(context: AdmissionContext): ExecutionMessage {
  const { record, feed, ledger } = context;
  const { instrument, outcome, signal, quantity } = record.wish;
  const { validUntilMs = Infinity } = signal;
  if (context.nowMs > validUntilMs)
    return { type: 'execution.refused', reason: tooOld(validUntilMs) };
  const book = ownView(feed.book, instrument, outcome);
  const answer = capOf(context, book);
  if (answer.kind === 'refused') return refusal(answer);
  const { price: cap } = answer;
  const { category } = arrivalLiquidity(instrument, book, signal.action, cap);
  const displayed = book.sweep(signal.action, quantity, cap).quantity;
  record.arrival = { midDoubled: book.midDoubled, displayed, category };
  const claim = claimAt(record.wish, cap);
  const judged = judge(context, cap, claim);
  if (judged.kind === 'refused') return refusal(judged);
  ledger.reserve(record.id, claim);
  const { startedAtMs } = context;
  const deadlineMs = startedAtMs + signal.timeLimitMs;
  // A wish too short for the reserve still gets half of its time to trade in.
  const reserveMs = Math.min(context.closingReserveMs, Math.floor(signal.timeLimitMs / 2));
  const closeAtMs = deadlineMs - reserveMs;
  return { type: 'execution.admitted', cap, startedAtMs, closeAtMs, deadlineMs };
}

function capOf(context: AdmissionContext, book: BookView): CapAnswer {
  const { instrument, ranges, signal, limit, fairValue } = context.record.wish;
  const { action } = signal;
  return arrivalCap({
    action,
    instrument,
    ranges,
    limit,
    fairValue,
    minimumEdge: decimal(context.minimumEdge, 'minimumEdge'),
    arrivalPrice: (action === 'buy' ? book.ask : book.bid)?.price ?? null,
    maxSlippageTicks: context.maxSlippageTicks,
  });
}

/** What it could cost, and what it could lose: who sells what is not held buys the other side. */
function claimAt({ instrument, outcome, signal, quantity }: Wish, price: Ticks): Claim {
  const { action } = signal;
  const { symbol, payout } = instrument;
  const cost = orderCost({ action, price, quantity }, instrument);
  const isShort = action === 'sell' && payout !== null;
  const risk = isShort
    ? orderCost({ action: 'buy', price: mirror(instrument, price), quantity }, instrument)
    : cost;
  return claimOf(symbol, directionOf(outcome, action), cost, quantity, risk);
}

/** A whole execution is measured against what may be open, not against one order's size. */
function judge(context: AdmissionContext, cap: Ticks, claim: Claim): Approval<Priced> {
  const { record, ledger, limits, riskOf } = context;
  const { instrument, outcome, ranges, signal, quantity } = record.wish;
  const { action } = signal;
  const totals = ledger.totals(instrument.symbol, directionOf(outcome, action));
  const { maxPosition: maxOrderQuantity, maxOpenNotional: maxOrderNotional } = limits;
  const exposure = {
    notional: totals.notional,
    orders: totals.executions,
    position: times(instrument.lotSize, totals.positionLots),
  };
  return evaluate(
    { action, price: cap, quantity },
    {
      instrument,
      limits: { ...limits, maxOrderQuantity, maxOrderNotional },
      bounds: { action, ranges, cap, collar: null },
      exposure,
      ...riskOf(claim),
    },
    decimal(claim.notional, 'notional'),
  );
}

/** As its user named what a whole execution is measured against. */
const NAMES: Readonly<Record<string, string>> = {
  maxOrderQuantity: 'maxPosition',
  maxOrderNotional: 'maxOpenNotional',
};

const refusal = ({ rule, value, limit }: Refusal): ExecutionMessage => ({
  type: 'execution.refused',
  reason: `${NAMES[rule] ?? rule}: was ${value}, allowed ${limit}`,
});
