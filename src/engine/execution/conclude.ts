/** Adds up one ended execution: the result its user gets, and the shares its metrics row keeps. */
import type { Outcome } from '../../../machines/execution/execution.protocol.ts';
import { filledOf } from '../../../machines/split-order/split-order.rules.ts';
import { type OwnSize, ownView } from '../../book/own-view.ts';
import { type Action, formatPrice, formatQuantity } from '../../domain/instrument.ts';
import { decimal, formatMoney, type Money, notional, times, ZERO } from '../../domain/money.ts';
import { addLots, type Lots, maxLots, NO_LOTS, sumLots } from '../../domain/numbers.ts';
import { type ImpactStratum, impactStratum } from '../../quality/impact.ts';
import { shortfall } from '../../quality/shortfall.ts';
import type { MarketFeed } from '../../streams/market-feed.ts';
import type { MarketHost } from '../market/market-host.ts';
import { knownOf, stateName, stateOf } from '../turn/rows.ts';
import { splitOrdersOf } from './advise.ts';
import type { BookedFill, ExecutionActor, ExecutionRecord, Wish } from './execution-record.ts';
import type { ExecutionFill, ExecutionOrder, ExecutionResult } from './result.ts';

export interface Conclusion {
  readonly result: ExecutionResult;
  readonly fillRate: string;
  readonly makerShare: string | null;
}

const SHARE_PLACES = 6;

const share = (part: Money, whole: Money): string | null =>
  whole.isZero() ? null : formatMoney(part.div(whole).toDecimalPlaces(SHARE_PLACES));

/** Judges how it ended and adds it up; the result is given once it is durable. */
export function concludeRecord(record: ExecutionRecord, host: MarketHost, atMs: number): void {
  const { abandoned } = record;
  const actor = abandoned === null ? host.execution(record.id) : null;
  const outcome = abandoned?.outcome ?? (stateOf(actor).replace('ended.', '') as Outcome);
  const closing = actor?.getSnapshot().context.closing;
  const reason = abandoned?.reason ?? closing?.reason ?? outcome;
  record.conclusion = conclude(record, actor, host.feed, { outcome, reason, atMs });
}

interface Totals {
  readonly filled: Lots;
  readonly asMaker: Lots;
  /** Dollars: the sum of price times quantity. */
  readonly value: Money;
  readonly fees: Money;
}

function totalsOf({ fills, wish: { instrument } }: ExecutionRecord): Totals {
  const { priceUnit, lotSize } = instrument;
  const makers = fills.filter(({ liquidity }) => liquidity === 'maker');
  return {
    filled: sumLots(fills.map(({ quantity }) => quantity)),
    asMaker: sumLots(makers.map(({ quantity }) => quantity)),
    value: fills.reduce(
      (sum, { price, quantity }) => sum.plus(notional(price, priceUnit, quantity, lotSize)),
      ZERO,
    ),
    fees: fills.reduce((sum, { fee }) => sum.plus(decimal(fee, 'fee')), ZERO),
  };
}

function conclude(
  record: ExecutionRecord,
  actor: ExecutionActor | null,
  feed: MarketFeed,
  {
    outcome,
    reason,
    atMs,
  }: { readonly outcome: Outcome; readonly reason: string; readonly atMs: number },
): Conclusion {
  const { signal, instrument } = record.wish;
  const { quantity, admission } = knownOf(record, actor);
  const { filled, asMaker, value, fees } = totalsOf(record);
  const contracts = times(instrument.lotSize, filled);
  const mid = record.arrival?.midDoubled ?? null;
  const result: ExecutionResult = {
    ...identityOf(record),
    outcome,
    reason,
    liquidityCategory: record.arrival?.category ?? 'unknown',
    impact: impactOf(record, feed, quantity.target, atMs),
    targetQuantity: formatQuantity(instrument, quantity.target),
    filledQuantity: formatQuantity(instrument, filled),
    averagePrice: contracts.isZero() ? null : average(value, contracts),
    limitPrice: signal.limitPrice,
    capPrice: admission === null ? null : formatPrice(instrument, admission.cap),
    arrivalMid: mid === null ? null : formatMoney(times(instrument.priceUnit, mid).div(2)),
    allInCentsPerContract: allInCents(record, feed, filled, quantity.target),
    fees: formatMoney(fees),
    ...countsOf(record),
    endedAtMs: atMs,
    orders: ordersOf(record, actor),
    fills: record.fills.map((fill) => publicFill(record, fill)),
  };
  const fillRate = share(contracts, times(instrument.lotSize, quantity.target)) ?? '0';
  return { result, fillRate, makerShare: share(times(instrument.lotSize, asMaker), contracts) };
}

const identityOf = ({ id, wish, definition, fallbackReason }: ExecutionRecord) => ({
  id,
  signalId: wish.signal.signalId,
  market: wish.instrument.symbol,
  outcomeSide: wish.outcome,
  action: wish.signal.action,
  algorithm: definition.name,
  fallbackReason,
});

const countsOf = ({ walks, orders, calls, startedAtMs, stages }: ExecutionRecord) => ({
  walks,
  splits: orders.size,
  calls,
  startedAtMs,
  latency: stages.latencies,
});

function allInCents(
  { wish, fills, arrival }: ExecutionRecord,
  feed: MarketFeed,
  filled: Lots,
  target: Lots,
): string | null {
  const { instrument, outcome, signal } = wish;
  const cost = shortfall({
    instrument,
    action: signal.action,
    // A venue that overfilled gave more than was ordered: what was got is what is judged.
    quantity: maxLots(filled, target),
    fills,
    decisionMidDoubled: null,
    arrivalMidDoubled: arrival?.midDoubled ?? null,
    deadlineBook: ownView(feed.book, instrument, outcome, takenBy(fills, signal.action)),
  });
  return cost?.allInCents ?? null;
}

function impactOf(
  { arrival, wish, startedAtMs }: ExecutionRecord,
  feed: MarketFeed,
  quantity: Lots,
  atMs: number,
): ImpactStratum | null {
  if (arrival === null) return null;
  const flow = feed.flow.view(wish.outcome);
  const bought = flow.takerVolume('buy', startedAtMs, atMs);
  const windowVolume = addLots(bought, flow.takerVolume('sell', startedAtMs, atMs));
  return impactStratum({ quantity, displayed: arrival.displayed, windowVolume });
}

/**
 * What was taken of a recorded book is still displayed in it, and is not there to be had again.
 * Where the venue shows it gone, the rest is judged too dear rather than too cheap.
 */
function takenBy(fills: readonly BookedFill[], action: Action): OwnSize {
  const takenSide = action === 'buy' ? 'ask' : 'bid';
  const takes = fills.filter(({ liquidity }) => liquidity === 'taker');
  return (side, price) =>
    side === takenSide
      ? sumLots(takes.filter((fill) => fill.price === price).map(({ quantity }) => quantity))
      : NO_LOTS;
}

/** Six places: a sum of prices over a sum of lots seldom ends earlier. */
const average = (value: Money, contracts: Money): string =>
  formatMoney(value.div(contracts).toDecimalPlaces(SHARE_PLACES));

export function publicFill(
  { wish: { instrument } }: { readonly wish: Pick<Wish, 'instrument'> },
  fill: BookedFill,
): ExecutionFill {
  return {
    id: fill.fillId,
    splitOrder: fill.splitOrderId,
    timeMs: fill.timeMs,
    price: formatPrice(instrument, fill.price),
    quantity: formatQuantity(instrument, fill.quantity),
    fee: fill.fee,
    liquidity: fill.liquidity,
    bookVersion: fill.bookVersion,
    touch: fill.touch,
    printSeq: fill.printSequence,
  };
}

function ordersOf(
  record: ExecutionRecord,
  actor: ExecutionActor | null,
): readonly ExecutionOrder[] {
  if (actor === null) return [];
  const { instrument } = record.wish;
  return splitOrdersOf(actor).map((snapshot) => {
    const { context, value } = snapshot;
    const note = record.orders.get(context.id);
    return {
      splitOrder: context.id,
      clientOrderIds: note?.clientOrderIds ?? [context.attempt.clientOrderId],
      price: formatPrice(instrument, context.price),
      quantity: formatQuantity(instrument, context.quantity),
      filledQuantity: formatQuantity(instrument, filledOf(context)),
      state: context.ending ?? stateName(value),
      reason: note?.reason ?? '',
      endReason: context.ending === 'filled' ? null : (note?.endReason ?? null),
      walks: note?.walks ?? [],
      placedAtMs: note?.placedAtMs ?? record.startedAtMs,
    };
  });
}
