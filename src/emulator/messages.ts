/** The frames of the channels, as they go to one session. */
import type { Account } from './account.ts';
import { fillMessage } from './fill-record.ts';
import { bookResource, touchOf } from './market-resources.ts';
import type { MarketState } from './market-state.ts';
import type { News } from './news.ts';
import { amount, contracts, dollars, iso, outcomeOf, PAYOUT, seconds } from './notation.ts';
import { orderMessage } from './order-record.ts';
import type { Subscription } from './subscription.ts';

export interface Context {
  readonly account: Account;
  readonly markets: ReadonlyMap<string, MarketState>;
  readonly nowMs: number;
}

/** The type and the message of what is told; null where there is nothing to tell. */
export function messageOf(
  news: News,
  { usesYesPrice }: Subscription,
  context: Context,
): { readonly type: string; readonly msg: object } | null {
  switch (news.channel) {
    case 'orderbook_delta':
      return { type: 'orderbook_delta', msg: deltaMessage(news, usesYesPrice, context) };
    case 'ticker':
      return { type: 'ticker', msg: tickerMessage(news.ticker, context) };
    case 'trade':
      return { type: 'trade', msg: tradeMessage(news) };
    case 'fill':
      return { type: 'fill', msg: fillMessage(news.fill) };
    case 'user_orders':
      return { type: 'user_order', msg: orderMessage(news.order) };
    case 'market_positions':
      return { type: 'market_position', msg: positionMessage(news.ticker, context.account) };
    case 'market_lifecycle_v2':
    case 'order_group_updates':
    case 'cfbenchmarks_value':
      return { type: news.channel, msg: news.msg };
  }
}

/** A side without orders is left out. */
export function snapshotMessage(
  ticker: string,
  { usesYesPrice }: Subscription,
  { account, markets }: Context,
): object {
  const book = account.books.get(ticker);
  const { yes_dollars, no_dollars } =
    book === undefined ? { yes_dollars: [], no_dollars: [] } : bookResource(book, 0);
  const asks = usesYesPrice
    ? (book?.levels('ask') ?? []).map(({ price, size }) => [dollars(price), contracts(size)])
    : no_dollars;
  return {
    market_ticker: ticker,
    market_id: markets.get(ticker)?.marketId ?? '',
    ...(yes_dollars.length === 0 ? {} : { yes_dollars_fp: yes_dollars }),
    ...(asks.length === 0 ? {} : { no_dollars_fp: asks }),
  };
}

function deltaMessage(
  { ticker, change, atMs, clientOrderId }: News & { readonly channel: 'orderbook_delta' },
  usesYesPrice: boolean,
  { markets }: Context,
): object {
  const isMirrored = change.side === 'ask' && !usesYesPrice;
  return {
    market_ticker: ticker,
    market_id: markets.get(ticker)?.marketId ?? '',
    price_dollars: dollars(isMirrored ? PAYOUT - change.price : change.price),
    delta_fp: contracts(change.by),
    side: outcomeOf(change.side),
    ...(clientOrderId === null ? {} : { client_order_id: clientOrderId, subaccount: 0 }),
    ts: iso(atMs),
    ts_ms: atMs,
  };
}

export function tickerMessage(ticker: string, { account, markets, nowMs }: Context): object {
  const market = markets.get(ticker);
  const book = account.books.get(ticker);
  const whole = market?.turnover.floor().toNumber() ?? 0;
  return {
    market_id: market?.marketId ?? '',
    market_ticker: ticker,
    price_dollars: dollars(market?.last?.price ?? 0),
    ...(book === undefined ? {} : touchOf(book)),
    volume_fp: contracts(market?.volume ?? 0),
    open_interest_fp: contracts(market?.volume ?? 0),
    dollar_volume: whole,
    dollar_open_interest: whole,
    last_trade_size_fp: contracts(market?.last?.quantity ?? 0),
    ts: seconds(nowMs),
    ts_ms: nowMs,
    time: iso(nowMs),
  };
}

function tradeMessage({ trade }: News & { readonly channel: 'trade' }): object {
  const outcome = trade.taker === 'buy' ? 'yes' : 'no';
  return {
    trade_id: trade.tradeId,
    market_ticker: trade.ticker,
    yes_price_dollars: dollars(trade.price),
    no_price_dollars: dollars(PAYOUT - trade.price),
    count_fp: contracts(trade.quantity),
    taker_side: outcome,
    taker_outcome_side: outcome,
    taker_book_side: outcome === 'yes' ? 'bid' : 'ask',
    is_block_trade: trade.isBlock,
    ts: seconds(trade.atMs),
    ts_ms: trade.atMs,
  };
}

function positionMessage(ticker: string, { ledger, userId }: Account): object {
  const { position, exposure, realised, fees, traded } = ledger.holding(ticker);
  return {
    user_id: userId,
    market_ticker: ticker,
    position_fp: contracts(position),
    position_cost_dollars: amount(exposure),
    realized_pnl_dollars: amount(realised),
    fees_paid_dollars: amount(fees),
    position_fee_cost_dollars: amount(fees),
    volume_fp: contracts(traded),
  };
}
