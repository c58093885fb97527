/**
 * The rows that one turn leaves: each a projection of an actor and its record, never read back to
 * act.
 */
import type { ExecutionContext } from '../../../machines/execution/execution.protocol.ts';
import { filledOf } from '../../../machines/split-order/split-order.rules.ts';
import { ownView } from '../../book/own-view.ts';
import { formatPrice, formatQuantity, type Instrument } from '../../domain/instrument.ts';
import { LADDER_LEVELS } from '../../domain/limits.ts';
import type { BookSide } from '../../domain/market-data.ts';
import { formatUnits } from '../../domain/money.ts';
import { sumLots } from '../../domain/numbers.ts';
import type {
  BookSnapshotRecord,
  ExecutionStateRecord,
  FillRecord,
  MetricsRecord,
  SplitOrderRecord,
  TradeRecord,
} from '../../domain/records.ts';
import { EMPTY_LINE, moveLine, openQuantity } from '../../ledger/quantity.ts';
import { splitOrdersOf } from '../execution/advise.ts';
import type { BookedFill, ExecutionActor, ExecutionRecord } from '../execution/execution-record.ts';
import type { ExecutionResult } from '../execution/result.ts';
import type { MarketHost } from '../market/market-host.ts';

/**
 * A state's value as one path: "working.monitoring". The box `open` holds what they share, no more.
 */
export function stateName(value: unknown): string {
  if (typeof value === 'string') return value;
  const [entry] = Object.entries(value as Record<string, unknown>);
  if (entry === undefined) return '';
  const [name, inner] = entry;
  return name === 'open' ? stateName(inner) : `${name}.${stateName(inner)}`;
}

export const stateOf = (actor: ExecutionActor | null): string =>
  actor === null ? 'ended.refused' : stateName(actor.getSnapshot().value);

type Known = Pick<ExecutionContext, 'quantity' | 'admission' | 'closing'>;

/** Without an actor nothing is reserved, and what was filled is what was booked. */
export function knownOf(record: ExecutionRecord, actor: ExecutionActor | null): Known {
  if (actor !== null) return actor.getSnapshot().context;
  const filled = sumLots(record.fills.map(({ quantity }) => quantity));
  const open = openQuantity(record.wish.quantity);
  const quantity = moveLine(open, EMPTY_LINE, { ...EMPTY_LINE, filled });
  return { quantity, admission: null, closing: null };
}

export function executionRow(
  record: ExecutionRecord,
  actor: ExecutionActor | null,
): ExecutionStateRecord {
  const { signal, instrument, outcome } = record.wish;
  const { quantity, admission, closing } = knownOf(record, actor);
  const cap = admission === null ? null : formatPrice(instrument, admission.cap);
  return {
    executionId: record.id,
    signalId: signal.signalId,
    venue: instrument.venue,
    market: instrument.symbol,
    outcomeSide: outcome,
    action: signal.action,
    algorithm: record.definition.name,
    parameters: JSON.stringify(record.parameters),
    limitPrice: signal.limitPrice,
    capPrice: cap,
    targetLots: quantity.target,
    filledLots: quantity.filled,
    workingLots: quantity.working,
    inDoubtLots: quantity.inDoubt,
    unreleasedLots: quantity.unreleased,
    overfilledLots: quantity.overfilled,
    lotSize: instrument.lotSize,
    state: record.abandoned === null ? stateOf(actor) : `ended.${record.abandoned.outcome}`,
    outcome: record.finished?.outcome ?? null,
    reason: record.finished?.reason ?? closing?.reason ?? null,
    startedAtMs: record.startedAtMs,
    deadlineMs: record.startedAtMs + signal.timeLimitMs,
    endedAtMs: record.finished?.endedAtMs ?? null,
  };
}

/** Of those orders that changed since they were last made durable; of all at the end. */
export function splitOrderRows(
  record: ExecutionRecord,
  actor: ExecutionActor | null,
): readonly SplitOrderRecord[] {
  if (actor === null) return [];
  const { instrument } = record.wish;
  const isChanged = (snapshot: object): boolean =>
    record.finished !== null || !record.durableOrders.has(snapshot);
  return splitOrdersOf(actor)
    .filter(isChanged)
    .map((snapshot) => {
      const { context } = snapshot;
      const note = record.orders.get(context.id);
      return {
        splitOrderId: context.id,
        executionId: record.id,
        clientOrderId: context.attempt.clientOrderId,
        venueOrderId: context.attempt.venueOrderId,
        price: formatPrice(instrument, context.price),
        quantity: formatQuantity(instrument, context.quantity),
        filledQuantity: formatQuantity(instrument, filledOf(context)),
        state: stateName(snapshot.value),
        timeInForce: context.terms.timeInForce,
        priceWalkHistory: JSON.stringify(note?.walks ?? []),
        placedAtMs: note?.placedAtMs ?? record.startedAtMs,
        endedAtMs: context.ending === null ? null : (record.finished?.endedAtMs ?? null),
      };
    });
}

export const fillRow = (
  instrument: Instrument,
  fill: Omit<BookedFill, 'late'> & { readonly executionId: string },
): FillRecord => ({
  venue: instrument.venue,
  fillId: fill.fillId,
  executionId: fill.executionId,
  splitOrderId: fill.splitOrderId,
  clientOrderId: fill.clientOrderId,
  price: formatPrice(instrument, fill.price),
  quantity: formatQuantity(instrument, fill.quantity),
  fee: fill.fee,
  liquidity: fill.liquidity,
  timeMs: fill.timeMs,
  bookVersion: fill.bookVersion,
  touchBid: fill.touch.bid,
  touchAsk: fill.touch.ask,
  printSequence: fill.printSequence,
});

export function tradeRow(record: ExecutionRecord, result: ExecutionResult): TradeRecord | null {
  if (result.averagePrice === null) return null;
  const { instrument, outcome } = record.wish;
  return {
    executionId: record.id,
    signalId: result.signalId,
    venue: instrument.venue,
    market: result.market,
    outcomeSide: outcome,
    action: result.action,
    quantity: result.filledQuantity,
    averagePrice: result.averagePrice,
    fees: result.fees,
    closedAtMs: result.endedAtMs,
  };
}

export const metricsRow = (
  record: ExecutionRecord,
  result: ExecutionResult,
  shares: { readonly fillRate: string; readonly makerShare: string | null },
): MetricsRecord => ({
  executionId: record.id,
  algorithm: result.algorithm,
  algorithmVersion: record.definition.version,
  liquidityCategory: result.liquidityCategory,
  arrivalMid: result.arrivalMid,
  averagePrice: result.averagePrice,
  allInCentsPerContract: result.allInCentsPerContract,
  ...shares,
  fees: result.fees,
  walks: result.walks,
  splits: result.splits,
  calls: result.calls,
  durationMs: result.endedAtMs - result.startedAtMs,
  outcome: result.outcome,
});

/** Ten levels a side, in YES terms, best first. */
export function bookRow({ instrument, feed }: MarketHost, atMs: number): BookSnapshotRecord {
  const book = ownView(feed.book, instrument, 'yes');
  const ladder = (side: BookSide): readonly (readonly [string, string])[] =>
    book
      .ladder(side, LADDER_LEVELS)
      .map(({ price, size }) => [formatPrice(instrument, price), formatQuantity(instrument, size)]);
  const [bids, asks] = [ladder('bid'), ladder('ask')];
  const { spread } = book;
  return {
    venue: instrument.venue,
    market: instrument.symbol,
    atMs,
    bookVersion: book.version,
    bids: JSON.stringify(bids),
    asks: JSON.stringify(asks),
    bestBid: bids[0]?.[0] ?? null,
    bestAsk: asks[0]?.[0] ?? null,
    spread: spread === null ? null : formatUnits(spread, instrument.priceUnit),
  };
}
