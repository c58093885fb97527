/** The venue's own client reads what there is: markets, books, and how things stand. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KalshiEmulator, startKalshiEmulator } from '../../src/emulator/start.ts';
import { type SdkClient, sdkFor } from './sdk.ts';
import { OTHER, stillMarkets, TICKER } from './still-market.ts';

let emulator: KalshiEmulator;
let sdk: SdkClient;

beforeAll(async () => {
  const write = { refillPerSecond: 10_000, capacity: 10_000 };
  emulator = await startKalshiEmulator({
    source: stillMarkets(),
    tier: { name: 'prime', read: write, write },
  });
  sdk = sdkFor(emulator, emulator);
});

afterAll(() => emulator.close());

describe('the morning: what there is', () => {
  it('tells of markets, events and series', async () => {
    const { data } = await sdk.markets.getMarkets();
    expect(data.markets.map(({ ticker }) => ticker).toSorted()).toEqual([TICKER, OTHER]);
    const { market } = (await sdk.markets.getMarket(TICKER)).data;
    expect(market).toMatchObject({
      event_ticker: 'KXTEST-26NOV21',
      status: 'active',
      yes_bid_dollars: '0.4200',
      yes_bid_size_fp: '13.00',
      yes_ask_dollars: '0.4400',
      no_bid_dollars: '0.5600',
      no_ask_dollars: '0.5800',
      price_level_structure: 'linear_cent',
      price_ranges: [{ start: '0.0000', end: '1.0000', step: '0.0100' }],
    });
    const { series } = (await sdk.markets.getSeries('KXTEST')).data;
    expect([series.fee_type, series.fee_multiplier]).toEqual(['quadratic', 1]);
    const { event, markets } = (await sdk.events.getEvent('KXTEST-26NOV21')).data;
    expect([event.series_ticker, markets.length]).toEqual(['KXTEST', 2]);
    expect((await sdk.events.getEvents()).data.events).toHaveLength(1);
  });

  it('tells bids of both contracts, the best last', async () => {
    const book = {
      yes_dollars: [
        ['0.3500', '200.00'],
        ['0.4200', '13.00'],
      ],
      no_dollars: [
        ['0.5400', '400.00'],
        ['0.5600', '17.00'],
      ],
    };
    expect((await sdk.markets.getMarketOrderbook(TICKER)).data).toEqual({ orderbook_fp: book });
    const top = await sdk.markets.getMarketOrderbook(TICKER, 1);
    expect(top.data.orderbook_fp).toEqual({
      yes_dollars: [['0.4200', '13.00']],
      no_dollars: [['0.5600', '17.00']],
    });
    const both = (await sdk.markets.getMarketOrderbooks([TICKER, OTHER])).data.orderbooks;
    expect(both).toEqual([TICKER, OTHER].map((ticker) => ({ ticker, orderbook_fp: book })));
  });

  it('tells how the exchange and the account stand', async () => {
    expect((await sdk.exchange.getExchangeStatus()).data).toMatchObject({
      exchange_active: true,
      trading_active: true,
    });
    const { schedule } = (await sdk.exchange.getExchangeSchedule()).data;
    expect(schedule.standard_hours[0]?.thursday).toEqual([
      { open_time: '00:00', close_time: '03:00' },
      { open_time: '05:00', close_time: '00:00' },
    ]);
    const asOf = (await sdk.exchange.getUserDataTimestamp()).data.as_of_time;
    expect(Math.abs(Date.parse(asOf) - Date.now())).toBeLessThan(5_000);
    expect((await sdk.account.getAccountApiLimits()).data).toMatchObject({
      usage_tier: 'prime',
      write: { refill_rate: 10_000, bucket_capacity: 10_000 },
    });
    const costs = (await sdk.account.getAccountEndpointCosts()).data;
    expect(costs.default_cost).toBe(10);
    expect(costs.endpoint_costs).toContainEqual({
      method: 'DELETE',
      path: '/trade-api/v2/portfolio/events/orders/:order_id',
      cost: 2,
    });
    expect((await sdk.portfolio.getBalance()).data).toMatchObject({
      balance: 1_000_000,
      balance_dollars: '10000.0000',
    });
  });
});
