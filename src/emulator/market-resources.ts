/** Markets, events, series and books as REST tells of them. */
import type { Level } from '../domain/market-data.ts';
import { decimal } from '../domain/money.ts';
import { type MarketState, type PublicTrade, priceRangesOf, structureOf } from './market-state.ts';
import { contracts, dollars, eventOf, iso, PAYOUT, seriesOf } from './notation.ts';
import type { PublishedBook } from './published-book.ts';

const STATUS = {
  open: 'active',
  paused: 'inactive',
  closed: 'closed',
  settled: 'finalized',
} as const;

/** The words of the filter are others than those of the answer. */
export const FILTER_WORDS: Readonly<Record<MarketState['phase'], string>> = {
  open: 'open',
  paused: 'paused',
  closed: 'closed',
  settled: 'settled',
};

/** A side without orders bids 0, or offers at 1. */
export function touchOf(book: PublishedBook) {
  const [bid, ask] = [book.best('bid'), book.best('ask')];
  return {
    yes_bid_dollars: dollars(bid?.price ?? 0),
    yes_ask_dollars: dollars(ask?.price ?? PAYOUT),
    yes_bid_size_fp: contracts(bid?.size ?? 0),
    yes_ask_size_fp: contracts(ask?.size ?? 0),
  };
}

export const marketResource = (market: MarketState, book: PublishedBook) => ({
  ...identityOf(market),
  ...timesOf(market),
  ...touchOf(book),
  no_bid_dollars: dollars(PAYOUT - (book.best('ask')?.price ?? PAYOUT)),
  no_ask_dollars: dollars(PAYOUT - (book.best('bid')?.price ?? 0)),
  last_price_dollars: dollars(market.last?.price ?? 0),
  volume_fp: contracts(market.volume),
  volume_24h_fp: contracts(market.volume),
  open_interest_fp: contracts(market.volume),
  liquidity_dollars: dollars(0),
  notional_value_dollars: dollars(PAYOUT),
  previous_yes_bid_dollars: dollars(0),
  previous_yes_ask_dollars: dollars(0),
  previous_price_dollars: dollars(0),
  ...settlementOf(market),
  price_level_structure: structureOf(market.instrument),
  price_ranges: priceRangesOf(market.instrument),
  exchange_index: 0,
});

const identityOf = ({ ticker, phase }: MarketState) => ({
  ticker,
  event_ticker: eventOf(ticker),
  market_type: 'binary',
  title: ticker,
  subtitle: '',
  yes_sub_title: 'Yes',
  no_sub_title: 'No',
  rules_primary: '',
  rules_secondary: '',
  can_close_early: true,
  status: STATUS[phase],
});

const timesOf = ({ openMs, closeMs }: MarketState) => ({
  created_time: iso(openMs),
  updated_time: iso(openMs),
  open_time: iso(openMs),
  close_time: iso(closeMs),
  expiration_time: iso(closeMs),
  latest_expiration_time: iso(closeMs),
  settlement_timer_seconds: 60,
});

const settlementOf = ({ settledAt }: MarketState) => ({
  result: resultOf(settledAt),
  expiration_value: settledAt === null ? '' : dollars(settledAt),
  ...(settledAt === null ? {} : { settlement_value_dollars: dollars(settledAt) }),
});

export function resultOf(settledAt: number | null): string {
  if (settledAt === null) return '';
  if (settledAt === PAYOUT) return 'yes';
  return settledAt === 0 ? 'no' : 'scalar';
}

export const eventResource = (eventTicker: string) => ({
  event_ticker: eventTicker,
  series_ticker: seriesOf(eventTicker),
  sub_title: '',
  title: eventTicker,
  collateral_return_type: '',
  mutually_exclusive: false,
  category: 'Emulated',
  strike_date: null,
  settlement_sources: [],
  fee_type_override: null,
  fee_multiplier_override: null,
  exchange_index: 0,
});

/** The usual rates, by which the venue's own are multiples. */
const TAKER_RATE = '0.07';

export function seriesResource({ instrument }: MarketState) {
  const { fees, symbol } = instrument;
  const isFree = fees.kind === 'none';
  const makersPay = fees.kind === 'quadratic' && !decimal(fees.makerRate, 'maker rate').isZero();
  return {
    ticker: seriesOf(symbol),
    frequency: 'custom',
    title: seriesOf(symbol),
    category: 'Emulated',
    categories: ['Emulated'],
    tags: [],
    settlement_sources: [],
    contract_url: '',
    contract_terms_url: '',
    product_metadata: null,
    fee_type: makersPay ? 'quadratic_with_maker_fees' : 'quadratic',
    fee_multiplier: isFree
      ? 0
      : decimal(fees.takerRate, 'taker rate').times(fees.multiplier).div(TAKER_RATE).toNumber(),
    additional_prohibitions: [],
    exchange_index: 0,
  };
}

/** Bids alone, of both contracts; the best one last. */
export function bookResource(book: PublishedBook, depth: number) {
  const bids = book.levels('bid').map(({ price, size }) => row(price, size));
  const asks = book.levels('ask').toReversed();
  const noBids = asks.map(({ price, size }: Level) => row(PAYOUT - price, size));
  const cut = <T>(rows: readonly T[]): readonly T[] => (depth === 0 ? rows : rows.slice(-depth));
  return { yes_dollars: cut(bids), no_dollars: cut(noBids) };
}

const row = (price: number, size: number): readonly [string, string] => [
  dollars(price),
  contracts(size),
];

export function tradeResource(trade: PublicTrade) {
  const outcome = trade.taker === 'buy' ? 'yes' : 'no';
  return {
    trade_id: trade.tradeId,
    ticker: trade.ticker,
    count_fp: contracts(trade.quantity),
    yes_price_dollars: dollars(trade.price),
    no_price_dollars: dollars(PAYOUT - trade.price),
    taker_side: outcome,
    taker_outcome_side: outcome,
    taker_book_side: outcome === 'yes' ? 'bid' : 'ask',
    created_time: iso(trade.atMs),
    is_block_trade: trade.isBlock,
  };
}
