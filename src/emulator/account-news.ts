/**
 * What an account is told once something has happened: first how the books changed, then its fills,
 * then how its orders and positions stand.
 */
import type { MarketDataEvent } from '../venues/paper/source.ts';
import type { Account, Notice } from './account.ts';
import type { FillRecord } from './fill-record.ts';
import type { PublicTrade } from './market-state.ts';
import type { News } from './news.ts';
import type { LevelChange } from './published-book.ts';

export function newsOf(
  account: Account,
  nowMs: number,
  event: MarketDataEvent | null,
): readonly News[] {
  const notices = account.takeNotices();
  const touched = new Set(notices.flatMap((notice) => tickerOf(notice)));
  const books = [...touched].flatMap((ticker) =>
    deltas(account, ticker, nowMs, { nowMs, notices }),
  );
  const moved = event === null || touched.has(event.symbol) ? [] : bookNews(account, event, nowMs);
  const isMarketNews = event !== null && MOVES_TICKER.has(event.type);
  const tickers = new Set(isMarketNews ? [...touched, event.symbol] : touched);
  return [
    ...moved,
    ...books,
    ...notices.flatMap(noticeNews),
    ...[...tickers].map((ticker): News => ({ channel: 'ticker', ticker })),
  ];
}

const MOVES_TICKER: ReadonlySet<string> = new Set(['print', 'book.delta', 'book.snapshot']);

const tickerOf = (notice: Notice): readonly string[] => {
  if (notice.kind === 'position') return [];
  return [notice.kind === 'fill' ? notice.fill.ticker : notice.order.terms.ticker];
};

/** A delta that met none of our orders changed its own price alone. */
function bookNews(account: Account, event: MarketDataEvent, nowMs: number): readonly News[] {
  if (event.type !== 'book.delta' && event.type !== 'book.snapshot') return [];
  const { symbol } = event;
  const when = { nowMs: event.timeMs ?? nowMs, notices: [] };
  return event.type === 'book.delta'
    ? deltas(account, symbol, nowMs, when, event)
    : deltas(account, symbol, nowMs, when);
}

interface Occasion {
  readonly nowMs: number;
  readonly notices: readonly Notice[];
}

function deltas(
  account: Account,
  ticker: string,
  nowMs: number,
  occasion: Occasion,
  at?: Pick<LevelChange, 'side' | 'price'>,
): readonly News[] {
  const changes = account.books.get(ticker)?.changes(nowMs, at) ?? [];
  return changes.map((change) => ({
    channel: 'orderbook_delta',
    ticker,
    change,
    atMs: occasion.nowMs,
    clientOrderId: causeOf(change, ticker, occasion.notices),
  }));
}

/** The own order that stands there, or the one that took from there. */
function causeOf(change: LevelChange, ticker: string, notices: readonly Notice[]): string | null {
  for (const notice of notices) {
    if (notice.kind !== 'order' || notice.order.terms.ticker !== ticker) continue;
    const { terms, now } = notice.order;
    if (terms.side === change.side && now.price === change.price) return now.clientOrderId;
  }
  for (const notice of notices)
    if (notice.kind === 'fill' && notice.fill.isTaker && notice.fill.ticker === ticker)
      return notice.fill.clientOrderId;
  return null;
}

function noticeNews(notice: Notice): readonly News[] {
  switch (notice.kind) {
    case 'fill': {
      const { fill } = notice;
      const own: News = { channel: 'fill', ticker: fill.ticker, fill };
      // Our own taking is a trade that no recording knows.
      return fill.isTaker
        ? [own, { channel: 'trade', ticker: fill.ticker, trade: tradeOfFill(fill) }]
        : [own];
    }
    case 'order': {
      const { order } = notice;
      return [{ channel: 'user_orders', ticker: order.terms.ticker, order }];
    }
    case 'position':
      return [{ channel: 'market_positions', ticker: notice.ticker }];
  }
}

const tradeOfFill = (fill: FillRecord): PublicTrade => ({
  tradeId: fill.tradeId,
  ticker: fill.ticker,
  price: fill.price,
  quantity: fill.quantity,
  taker: fill.side === 'bid' ? 'buy' : 'sell',
  isBlock: false,
  atMs: fill.atMs,
});
