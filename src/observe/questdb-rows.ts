/** Fills, metrics and books as rows of QuestDB: which table, which kind of column. */
import type { BookSnapshotRecord, FillRecord, MetricsRecord } from '../domain/records.ts';

/** Symbols are for values that repeat; whatever is left out has no value. */
export interface Row {
  readonly table: string;
  readonly atMs: number;
  readonly symbols: Cells<string>;
  readonly texts: Cells<string>;
  readonly decimals: Cells<string>;
  readonly counts: Cells<number>;
}

type Cells<T> = Readonly<Record<string, T | null>>;

export const valuesOf = <T>(cells: Cells<T>): readonly (readonly [string, T])[] =>
  Object.entries(cells).flatMap(([name, value]) => (value === null ? [] : [[name, value]]));

export const fillRow = (fill: FillRecord): Row => ({
  table: 'depthwalker_fills',
  atMs: fill.timeMs,
  symbols: { venue: fill.venue, liquidity: fill.liquidity },
  texts: {
    fill_id: fill.fillId,
    execution_id: fill.executionId,
    split_order_id: fill.splitOrderId,
    client_order_id: fill.clientOrderId,
  },
  decimals: {
    price: fill.price,
    quantity: fill.quantity,
    fee: fill.fee,
    touch_bid: fill.touchBid,
    touch_ask: fill.touchAsk,
  },
  counts: { book_version: fill.bookVersion },
});

export const metricsRow = (metrics: MetricsRecord, atMs: number): Row => ({
  table: 'depthwalker_metrics',
  atMs,
  symbols: {
    algorithm: metrics.algorithm,
    liquidity_category: metrics.liquidityCategory,
    outcome: metrics.outcome,
  },
  texts: { execution_id: metrics.executionId },
  decimals: {
    arrival_mid: metrics.arrivalMid,
    average_price: metrics.averagePrice,
    all_in_cents: metrics.allInCentsPerContract,
    fill_rate: metrics.fillRate,
    maker_share: metrics.makerShare,
    fees: metrics.fees,
  },
  counts: {
    walks: metrics.walks,
    splits: metrics.splits,
    calls: metrics.calls,
    duration_ms: metrics.durationMs,
  },
});

export const bookRow = (book: BookSnapshotRecord): Row => ({
  table: 'depthwalker_books',
  atMs: book.atMs,
  symbols: { venue: book.venue, market: book.market },
  texts: { bids: book.bids, asks: book.asks },
  decimals: { best_bid: book.bestBid, best_ask: book.bestAsk, spread: book.spread },
  counts: { book_version: book.bookVersion },
});
