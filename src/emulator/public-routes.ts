/** Markets, events, series, books and trades, and how the exchange and the account stand. */
import { type BucketSize, DEFAULT_COST, ENDPOINT_COSTS } from './buckets.ts';
import {
  bookResource,
  eventResource,
  FILTER_WORDS,
  marketResource,
  seriesResource,
  tradeResource,
} from './market-resources.ts';
import type { MarketState } from './market-state.ts';
import { eventOf, iso, seriesOf } from './notation.ts';
import { grouped, integerIn, isWithin, listIn, pageOf } from './pages.ts';
import type { PublishedBook } from './published-book.ts';
import { invalidParameters, notFound, ok, Refusal } from './refusal.ts';
import { get, publicly, type Route, type Visit } from './route.ts';
import { SCHEDULE } from './schedule.ts';

function marketOf({ world }: Visit, ticker: string): MarketState {
  const market = world.markets.get(ticker);
  if (market === undefined) throw notFound(`market ${ticker}`);
  return market;
}

function bookOf({ account }: Visit, ticker: string): PublishedBook {
  const book = account.books.get(ticker);
  if (book === undefined) throw notFound(`market ${ticker}`);
  return book;
}

const told = (visit: Visit, market: MarketState): object =>
  marketResource(market, bookOf(visit, market.ticker));

function listMarkets(visit: Visit): object {
  const { world, query } = visit;
  const [tickers, status] = [listIn(query, 'tickers'), query.get('status') ?? ''];
  const [event, series] = [query.get('event_ticker'), query.get('series_ticker')];
  if (status !== '' && status !== 'unopened' && !Object.values(FILTER_WORDS).includes(status))
    throw invalidParameters('unknown status');
  const { rows, cursor } = pageOf(
    [...world.markets.values()],
    query,
    ({ ticker, phase }) =>
      (tickers === null || tickers.includes(ticker)) &&
      (!event || eventOf(ticker) === event) &&
      (!series || seriesOf(ticker) === series) &&
      (status === '' || FILTER_WORDS[phase] === status),
  );
  return { markets: rows.map((market) => told(visit, market)), cursor };
}

const DEPTH_MAX = 100;

function oneBook(visit: Visit): object {
  const depth = integerIn(visit.query, 'depth') ?? 0;
  if (depth < 0 || depth > DEPTH_MAX) throw invalidParameters('depth must be at most 100');
  visit.world.catchUp();
  const book = bookOf(visit, marketOf(visit, visit.params['ticker'] ?? '').ticker);
  return { orderbook_fp: bookResource(book, depth) };
}

const BOOKS_MAX = 100;

function books(visit: Visit): object {
  const tickers = listIn(visit.query, 'tickers');
  if (tickers === null) throw new Refusal(400, 'missing_parameters', 'tickers');
  if (tickers.length > BOOKS_MAX) throw invalidParameters('at most 100 tickers');
  visit.world.catchUp();
  const orderbooks = tickers.map((ticker) => ({
    ticker,
    orderbook_fp: bookResource(bookOf(visit, ticker), 0),
  }));
  return { orderbooks };
}

function listTrades({ world, query }: Visit): object {
  const ticker = query.get('ticker');
  const all = [...world.markets.values()].flatMap(({ trades }) => trades);
  const { rows, cursor } = pageOf(
    all.toSorted((left, right) => left.atMs - right.atMs),
    query,
    (trade) => (!ticker || trade.ticker === ticker) && isWithin(query, trade.atMs),
  );
  return { trades: rows.map(tradeResource), cursor };
}

function listEvents(visit: Visit): object {
  const { world, query } = visit;
  const series = query.get('series_ticker');
  const withMarkets = query.get('with_nested_markets') === 'true';
  const byEvent = [...grouped(world.markets.values(), ({ ticker }) => eventOf(ticker))];
  const { rows, cursor } = pageOf(
    byEvent,
    query,
    ([event]) => !series || seriesOf(event) === series,
  );
  const events = rows.map(([event, markets]) => ({
    ...eventResource(event),
    ...(withMarkets ? { markets: markets.map((market) => told(visit, market)) } : {}),
  }));
  return { events, cursor };
}

function oneEvent(visit: Visit): object {
  const wanted = visit.params['event_ticker'] ?? '';
  const markets = [...visit.world.markets.values()].filter(
    ({ ticker }) => eventOf(ticker) === wanted,
  );
  if (markets.length === 0) throw notFound(`event ${wanted}`);
  return { event: eventResource(wanted), markets: markets.map((market) => told(visit, market)) };
}

/** All of a series' markets are alike. */
function seriesFound({ world }: Visit): ReadonlyMap<string, MarketState> {
  return new Map([...world.markets.values()].map((market) => [seriesOf(market.ticker), market]));
}

function oneSeries(visit: Visit): object {
  const market = seriesFound(visit).get(visit.params['series_ticker'] ?? '');
  if (market === undefined) throw notFound('series');
  return { series: seriesResource(market) };
}

function exchangeStatus({ world }: Visit): object {
  const trading_active = !world.isPaused();
  const status = { exchange_active: true, trading_active, intra_exchange_transfers_active: true };
  return {
    ...status,
    exchange_estimated_resume_time: null,
    exchange_index_statuses: [{ exchange_index: 0, ...status }],
  };
}

const bucket = ({ refillPerSecond, capacity }: BucketSize) => ({
  refill_rate: refillPerSecond,
  bucket_capacity: capacity,
});

const accountLimits = ({ account: { tier } }: Visit): object => ({
  usage_tier: tier.name,
  read: bucket(tier.read),
  write: bucket(tier.write),
  grants: [],
});

const endpointCosts = (): object => ({
  default_cost: DEFAULT_COST,
  endpoint_costs: ENDPOINT_COSTS.map((entry) => ({
    ...entry,
    path: `/trade-api/v2${entry.path}`,
  })),
});

export const PUBLIC_ROUTES: readonly Route[] = [
  publicly('/markets/orderbooks', (visit) => ok(books(visit))),
  publicly('/markets/trades', (visit) => ok(listTrades(visit))),
  publicly('/markets/:ticker/orderbook', (visit) => ok(oneBook(visit))),
  publicly('/markets/:ticker', (visit) =>
    ok({ market: told(visit, marketOf(visit, visit.params['ticker'] ?? '')) }),
  ),
  publicly('/markets', (visit) => ok(listMarkets(visit))),
  publicly('/events/fee_changes', () => ok({ event_fee_changes: [], cursor: '' })),
  publicly('/events/:event_ticker', (visit) => ok(oneEvent(visit))),
  publicly('/events', (visit) => ok(listEvents(visit))),
  publicly('/series/fee_changes', () => ok({ series_fee_change_arr: [] })),
  publicly('/series/:series_ticker', (visit) => ok(oneSeries(visit))),
  publicly('/series', (visit) =>
    ok({ series: [...seriesFound(visit).values()].map(seriesResource) }),
  ),
  publicly('/exchange/status', (visit) => ok(exchangeStatus(visit))),
  publicly('/exchange/schedule', () => ok({ schedule: SCHEDULE })),
  publicly('/exchange/user_data_timestamp', ({ world }) =>
    ok({ as_of_time: iso(world.stampMs() - world.nowMs() + world.asOfMs()) }),
  ),
  get('/account/limits', (visit) => ok(accountLimits(visit))),
  get('/account/endpoint_costs', () => ok(endpointCosts())),
];
