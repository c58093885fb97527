import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KalshiRestOptions } from '../../../src/venues/kalshi/rest.ts';
import { tradingHoursOf } from '../../../src/venues/kalshi/schedule.ts';
import { type Asked, type Reply, RestServer, restOf } from './rest-server.ts';

const market = (ticker: string, fields: object = {}) => ({
  ticker,
  event_ticker: ticker.split('-').slice(0, 2).join('-'),
  market_type: 'binary',
  status: 'active',
  close_time: '2027-02-01T15:00:00Z',
  price_level_structure: 'tapered_deci_cent',
  price_ranges: [
    { start: '0.0000', end: '0.1000', step: '0.0010' },
    { start: '0.1000', end: '0.9000', step: '0.0100' },
    { start: '0.9000', end: '1.0000', step: '0.0010' },
  ],
  ...fields,
});

const MARKETS = [market('KXRAIN-27-A'), market('KXRAIN-27-B'), market('KXSNOW-28-C')];

const SERIES: Readonly<Record<string, object>> = {
  KXRAIN: { ticker: 'KXRAIN', category: 'Climate', fee_type: 'quadratic', fee_multiplier: 1 },
  KXSNOW: {
    ticker: 'KXSNOW',
    category: '',
    fee_type: 'quadratic_with_maker_fees',
    fee_multiplier: 0.5,
  },
  KXODD: { ticker: 'KXODD', fee_type: 'flat', fee_multiplier: 2 },
};

const NOT_FOUND: Reply = { status: 404, body: { error: { code: 'not_found' } } };

function venue({ place, query }: Asked): Reply {
  const [, kind, name = ''] = place.split('/');
  const series_ticker = name.split('-')[0] ?? '';
  if (kind === 'events')
    return { body: { event: { event_ticker: name, series_ticker, ...override(name) } } };
  if (kind === 'series')
    return SERIES[name] === undefined ? NOT_FOUND : { body: { series: SERIES[name] } };
  if (name !== '') {
    const found = MARKETS.find(({ ticker }) => ticker === name);
    return found === undefined ? NOT_FOUND : { body: { market: found } };
  }
  const { tickers, event_ticker: event, series_ticker: series } = query;
  const markets = MARKETS.filter(
    (each) =>
      tickers?.split(',').includes(each.ticker) === true ||
      each.event_ticker === event ||
      (series !== undefined && each.ticker.startsWith(`${series}-`)),
  );
  return { body: { cursor: '', markets } };
}

const override = (event: string): object =>
  event === 'KXSNOW-28' ? { fee_type_override: 'quadratic', fee_multiplier_override: 0 } : {};

let server: RestServer;

beforeEach(async () => {
  server = new RestServer();
  await server.listen();
  server.answer(venue);
});

afterEach(() => server.close());

const restFor = (markets: KalshiRestOptions['markets']) => restOf(server, { markets });

describe('a market', () => {
  it('is an instrument with its grid, its fees, its event and its category', async () => {
    const { rest } = restFor({ tickers: ['KXRAIN-27-A'] });
    expect(await rest.instruments()).toEqual([
      {
        venue: 'kalshi',
        symbol: 'KXRAIN-27-A',
        priceUnit: '0.0001',
        lotSize: '0.01',
        payout: 10_000,
        tickRanges: [
          { from: 10, to: 1_000, step: 10 },
          { from: 1_000, to: 9_000, step: 100 },
          { from: 9_000, to: 9_990, step: 10 },
        ],
        minQuantity: 1,
        quantityStep: 1,
        fees: {
          kind: 'quadratic',
          takerRate: '0.07',
          makerRate: '0',
          multiplier: '1',
          tradeFeeStep: '0.0001',
          balanceStep: '0.01',
        },
        event: 'KXRAIN-27',
        category: 'Climate',
      },
    ]);
    expect(await rest.markets()).toMatchObject([
      { status: 'active', closesAtMs: Date.parse('2027-02-01T15:00:00Z') },
    ]);
    rest.close();
  });

  it('of an event or a series is asked for once, and so are those', async () => {
    const { rest } = restFor({
      tickers: ['KXRAIN-27-A'],
      events: ['KXRAIN-27'],
      series: ['KXSNOW'],
    });
    const found = await rest.instruments();
    expect(found.map(({ symbol }) => symbol)).toEqual([
      'KXRAIN-27-A',
      'KXRAIN-27-B',
      'KXSNOW-28-C',
    ]);
    expect(server.asked.map(({ place, query }) => `${place} ${query['status'] ?? ''}`)).toEqual([
      '/markets ',
      '/markets open',
      '/markets open',
      '/events/KXRAIN-27 ',
      '/events/KXSNOW-28 ',
      '/series/KXRAIN ',
      '/series/KXSNOW ',
    ]);
    // The event overrules its series.
    expect(found[2]?.fees).toMatchObject({ makerRate: '0', multiplier: '0' });
    rest.close();
  });

  it('has the dearest fees where the venue names some that are not published', async () => {
    MARKETS.push(market('KXODD-1-A'));
    const { rest, lines } = restFor({ tickers: ['KXODD-1-A'] });
    const [odd] = await rest.instruments();
    expect(odd?.fees).toMatchObject({ takerRate: '0.07', makerRate: '0.0175', multiplier: '2' });
    expect(odd).not.toHaveProperty('category');
    expect(lines.filter(({ level }) => level === 'warn')).toMatchObject([
      { fields: { ticker: 'KXODD-1-A', type: 'flat' } },
    ]);
    MARKETS.pop();
    rest.close();
  });

  it('is asked for in an address that is not too long', async () => {
    const many = Array.from({ length: 120 }, (_, index) => market(`KXRAIN-27-N${index}`));
    MARKETS.push(...many);
    const { rest } = restFor({ tickers: many.map(({ ticker }) => ticker) });
    expect(await rest.instruments()).toHaveLength(120);
    expect(server.asked.filter(({ place }) => place === '/markets')).toHaveLength(3);
    MARKETS.splice(-120);
    rest.close();
  });

  it('must be chosen, and be one', async () => {
    expect(() => restFor({})).toThrow('markets of Kalshi are chosen, was "none"');
    const { rest } = restFor({ tickers: ['KXRAIN-27-A', 'KXNONE'] });
    await expect(rest.instruments()).rejects.toThrow(
      'a market must be one of Kalshi, was "KXNONE"',
    );
    expect(await rest.market('KXNONE')).toBeNull();
    expect(await rest.market('KXRAIN-27-B')).toMatchObject({
      instrument: { symbol: 'KXRAIN-27-B', category: 'Climate' },
    });
    rest.close();
  });
});

describe('the exchange', () => {
  it('has best bids on both legs, wherever they stand in the list', async () => {
    const { rest } = restFor({ tickers: ['x'] });
    const yes_dollars = [
      ['0.3500', '200.00'],
      ['0.4200', '13.00'],
    ];
    server.answer({
      body: {
        orderbook_fp: {
          yes_dollars,
          no_dollars: [
            ['0.56', '1'],
            ['0.5', '1'],
          ],
        },
      },
    });
    expect(await rest.bestBids('KXRAIN-27-A')).toEqual({ yes: 4_200, no: 5_600 });
    server.answer({ body: { orderbook_fp: { yes_dollars: [], no_dollars: null } } });
    expect(await rest.bestBids('KXRAIN-27-A')).toEqual({ yes: null, no: null });
    expect(server.asked[0]?.place).toBe('/markets/KXRAIN-27-A/orderbook');
    rest.close();
  });

  it('tells its state with any status', async () => {
    const { rest } = restFor({ tickers: ['x'] });
    server.answer({ body: { exchange_active: true, trading_active: true } });
    expect(await rest.exchangeStatus()).toEqual({
      isActive: true,
      isTrading: true,
      resumesAtMs: null,
    });
    const exchange_estimated_resume_time = '2027-01-15T10:00:00Z';
    server.answer({
      status: 503,
      body: { exchange_active: true, trading_active: false, exchange_estimated_resume_time },
    });
    expect(await rest.exchangeStatus()).toEqual({
      isActive: true,
      isTrading: false,
      resumesAtMs: Date.parse(exchange_estimated_resume_time),
    });
    server.answer({ status: 503, body: '<html>' });
    await expect(rest.exchangeStatus()).rejects.toThrow('Kalshi, /exchange/status: status 503');
    rest.close();
  });
});

const DAY = [{ open_time: '00:00', close_time: '00:00' }];
const THURSDAY = [
  { open_time: '00:00', close_time: '03:00' },
  { open_time: '05:00', close_time: '00:00' },
];
const SCHEDULE = {
  standard_hours: [
    {
      start_time: '2024-12-01T00:00:00Z',
      end_time: '2200-12-01T00:00:00Z',
      monday: DAY,
      tuesday: DAY,
      wednesday: DAY,
      thursday: THURSDAY,
      friday: DAY,
      saturday: DAY,
      sunday: DAY,
    },
  ],
  maintenance_windows: [
    { start_datetime: '2027-01-16T10:07:00Z', end_datetime: '2027-01-16T11:00:00Z' },
  ],
};

describe('the schedule', () => {
  const hours = tradingHoursOf(SCHEDULE);
  const at = (text: string): number => Date.parse(text);

  it.each([
    // In winter Eastern Time is five hours behind, in summer four.
    ['2027-01-14T07:59:59Z', true],
    ['2027-01-14T08:00:00Z', false],
    ['2027-01-14T09:59:59Z', false],
    ['2027-01-14T10:00:00Z', true],
    ['2027-07-15T06:59:00Z', true],
    ['2027-07-15T07:00:00Z', false],
    ['2027-07-15T09:00:00Z', true],
    ['2027-01-15T08:30:00Z', true],
    ['2027-01-16T10:06:59Z', true],
    ['2027-01-16T10:07:00Z', false],
    ['2027-01-16T11:00:00Z', true],
    ['2024-01-16T11:00:00Z', false],
  ])('at %s: %s', (text, isOpen) => {
    expect(hours.isOpenAt(at(text))).toBe(isOpen);
  });

  it('tells when that changes', () => {
    const next = (text: string) => new Date(hours.nextChangeMs(at(text)) ?? 0).toISOString();
    expect(next('2027-01-13T00:00:30Z')).toBe('2027-01-14T08:00:00.000Z');
    expect(next('2027-01-14T08:00:00Z')).toBe('2027-01-14T10:00:00.000Z');
    expect(next('2027-01-15T00:00:00Z')).toBe('2027-01-16T10:07:00.000Z');
    expect(tradingHoursOf({ standard_hours: [] }).nextChangeMs(0)).toBeNull();
  });

  it('is read from the venue', async () => {
    const { rest } = restFor({ tickers: ['x'] });
    server.answer({ body: { schedule: SCHEDULE } });
    expect((await rest.tradingHours()).isOpenAt(at('2027-01-14T09:00:00Z'))).toBe(false);
    rest.close();
  });
});
