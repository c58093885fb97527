/**
 * Markets of Kalshi as instruments, with the fees of their series and the tick grid that the venue
 * gives them; and whether the exchange trades. Prices of books come from the socket, never from
 * here: the venue's listing of markets is served from a cache.
 */
import { InputError } from '../../domain/errors.ts';
import type { FeeSchedule } from '../../domain/fees.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { lots, type Ticks } from '../../domain/numbers.ts';
import type { Log } from '../../domain/ports.ts';
import { KalshiError, type Query, type RestClient } from './rest-client.ts';
import { ticksIn, timeIn, timeOrNull } from './rest-translate.ts';
import * as wire from './rest-wire.ts';
import { type TradingHours, tradingHoursOf } from './schedule.ts';
import { LOT_SIZE, PAYOUT, PRICE_UNIT, tickRangesOf } from './translate.ts';

/** Tickers; markets of an event or a series as far as they are open. At least one in all. */
export interface MarketSelection {
  readonly tickers?: readonly string[];
  readonly events?: readonly string[];
  readonly series?: readonly string[];
}

export interface KalshiMarket {
  readonly instrument: Instrument;
  /** 'initialized', 'active', 'inactive', 'closed', 'determined', ... */
  readonly status: string;
  readonly closesAtMs: number;
}

/** Null for a leg without bids. */
export interface BestBids {
  readonly yes: Ticks | null;
  readonly no: Ticks | null;
}

export interface ExchangeStatus {
  /** False: not even cancels are taken. */
  readonly isActive: boolean;
  /** False: orders are neither placed nor amended; cancels work. */
  readonly isTrading: boolean;
  /** As the venue expects; null where it does not say. */
  readonly resumesAtMs: number | null;
}

export interface MarketsRestOptions {
  readonly client: RestClient;
  readonly log: Log;
  readonly name: string;
  readonly balanceStep: string;
  readonly selection: MarketSelection;
}

const MARKETS = '/markets';
/** So many tickers fit into an address. */
const TICKERS_PER_CALL = 50;

export class MarketsRest {
  readonly #options: MarketsRestOptions;

  /** Throws an `InputError` where no market is chosen: all of Kalshi is tens of thousands. */
  constructor(options: MarketsRestOptions) {
    const { tickers = [], events = [], series = [] } = options.selection;
    if (tickers.length + events.length + series.length === 0)
      throw new InputError(
        'markets of Kalshi are chosen',
        'none',
        'name tickers, events or series',
      );
    this.#options = options;
  }

  async instruments(): Promise<readonly Instrument[]> {
    return (await this.list()).map(({ instrument }) => instrument);
  }

  /** Throws an `InputError` for a ticker that Kalshi does not know. */
  async list(): Promise<readonly KalshiMarket[]> {
    const { tickers = [], events = [], series = [] } = this.#options.selection;
    const queries: readonly Query[] = [
      ...inChunks(tickers).map((some) => ({ tickers: some.join(',') })),
      ...events.map((event_ticker) => ({ event_ticker, status: 'open' })),
      ...series.map((series_ticker) => ({ series_ticker, status: 'open' })),
    ];
    const found = new Map<string, wire.WireMarket>();
    for (const query of queries) {
      // oxlint-disable-next-line no-await-in-loop -- one call at a time: reads are few
      const pages = await this.#options.client.pages(MARKETS, wire.marketPage, query);
      for (const market of pages.flatMap(({ markets }) => markets))
        found.set(market.ticker, market);
    }
    for (const ticker of tickers)
      if (!found.has(ticker))
        throw new InputError('a market must be one of Kalshi', ticker, 'look at its ticker');
    return this.#complete([...found.values()]);
  }

  async one(symbol: string): Promise<KalshiMarket | null> {
    try {
      const place = `${MARKETS}/${encodeURIComponent(symbol)}`;
      const { market } = await this.#options.client.read(place, wire.marketAnswer);
      return (await this.#complete([market]))[0] ?? null;
    } catch (thrown) {
      if (thrown instanceof KalshiError && thrown.status === 404) return null;
      throw thrown;
    }
  }

  async bestBids(symbol: string): Promise<BestBids> {
    const place = `${MARKETS}/${encodeURIComponent(symbol)}/orderbook`;
    const { orderbook_fp } = await this.#options.client.read(place, wire.orderBook);
    const { yes_dollars, no_dollars } = orderbook_fp;
    return { yes: bestOf(yes_dollars), no: bestOf(no_dollars) };
  }

  async status(): Promise<ExchangeStatus> {
    const answer = await this.#options.client.readAny('/exchange/status', wire.exchangeStatus);
    const field = 'exchange_estimated_resume_time';
    return {
      isActive: answer.exchange_active,
      isTrading: answer.trading_active,
      resumesAtMs: timeOrNull(answer[field], field),
    };
  }

  async hours(): Promise<TradingHours> {
    const { schedule } = await this.#options.client.read(
      '/exchange/schedule',
      wire.exchangeSchedule,
    );
    return tradingHoursOf(schedule);
  }

  /** Each event and each series is asked about once. */
  async #complete(markets: readonly wire.WireMarket[]): Promise<readonly KalshiMarket[]> {
    const { client } = this.#options;
    const events = await eachOnce(
      markets.map(({ event_ticker }) => event_ticker),
      async (ticker) =>
        (await client.read(`/events/${encodeURIComponent(ticker)}`, wire.eventAnswer)).event,
    );
    const series = await eachOnce(
      [...events.values()].map(({ series_ticker }) => series_ticker),
      async (ticker) =>
        (await client.read(`/series/${encodeURIComponent(ticker)}`, wire.seriesAnswer)).series,
    );
    return markets.flatMap((market) => {
      const event = events.get(market.event_ticker);
      const own = series.get(event?.series_ticker ?? '');
      return event === undefined || own === undefined ? [] : [this.#marketOf(market, event, own)];
    });
  }

  #marketOf(market: wire.WireMarket, event: wire.WireEvent, series: wire.WireSeries): KalshiMarket {
    const { name, balanceStep } = this.#options;
    const feeType = event.fee_type_override ?? series.fee_type;
    const multiplier = event.fee_multiplier_override ?? series.fee_multiplier;
    const category = series.category ?? '';
    return {
      status: market.status,
      closesAtMs: timeIn(market.close_time, 'close_time'),
      instrument: {
        venue: name,
        symbol: market.ticker,
        priceUnit: PRICE_UNIT,
        lotSize: LOT_SIZE,
        payout: PAYOUT,
        tickRanges: tickRangesOf(market.price_ranges),
        minQuantity: lots(1),
        quantityStep: lots(1),
        fees: this.#feesOf(market.ticker, feeType, multiplier, balanceStep),
        event: market.event_ticker,
        ...(category === '' ? {} : { category }),
      },
    };
  }

  /** A type that we do not know, or whose table is not published, is reckoned as the dearest. */
  #feesOf(ticker: string, type: string, multiplier: number, balanceStep: string): FeeSchedule {
    const makerRate = MAKER_RATES.get(type);
    if (makerRate === undefined)
      this.#options.log.warn({ ticker, type }, 'unknown fees: reckoned with fees for makers too');
    return {
      kind: 'quadratic',
      takerRate: '0.07',
      makerRate: makerRate ?? MAKER_RATE,
      multiplier: String(multiplier),
      tradeFeeStep: '0.0001',
      balanceStep,
    };
  }
}

const MAKER_RATE = '0.0175';

const MAKER_RATES: ReadonlyMap<string, string> = new Map([
  ['quadratic', '0'],
  ['quadratic_with_maker_fees', MAKER_RATE],
  ['quadratic_with_combo_maker_fees', MAKER_RATE],
]);

/** The venue lists the best level last, its documents say first: the highest bid is the best. */
function bestOf(levels: readonly (readonly [string, string])[] | null | undefined): Ticks | null {
  const prices = (levels ?? []).map(([price]) => ticksIn(price, 'orderbook_fp'));
  return prices.toSorted((left, right) => right - left)[0] ?? null;
}

const inChunks = (tickers: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(tickers.length / TICKERS_PER_CALL) }, (_, index) =>
    tickers.slice(index * TICKERS_PER_CALL, (index + 1) * TICKERS_PER_CALL),
  );

async function eachOnce<T>(
  names: readonly string[],
  ask: (name: string) => Promise<T>,
): Promise<ReadonlyMap<string, T>> {
  const found = new Map<string, T>();
  for (const name of new Set(names)) {
    // oxlint-disable-next-line no-await-in-loop -- one call at a time: reads are few
    found.set(name, await ask(name));
  }
  return found;
}
