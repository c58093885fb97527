import { describe, expect, it } from 'vitest';
import { ticks } from '../../../src/domain/numbers.ts';
import { kalshiInstrument } from '../../../src/replay/series.ts';
import {
  deltaOf,
  fillReportOf,
  type OwnOrderFacts,
  orderReportOf,
  printOf,
  settlementOf,
  snapshotOf,
  statusOf,
  tickRangesOf,
} from '../../../src/venues/kalshi/translate.ts';
import { decodeFrame } from '../../../src/venues/kalshi/wire.ts';
import { FRAMES } from './frames.ts';

const withMsg = <F extends { readonly msg: object }, M extends object>(frame: F, msg: M) => ({
  ...frame,
  msg: { ...frame.msg, ...msg },
});

const snapshotFrame = {
  ...FRAMES.orderbook_snapshot,
  msg: {
    ...FRAMES.orderbook_snapshot.msg,
    yes_dollars_fp: [
      ['0.0500', '1200.00'],
      ['0.4100', '30.25'],
    ] as [string, string][],
    no_dollars_fp: [['0.5700', '18.00']] as [string, string][],
  },
};

describe('the book', () => {
  it('turns bids for NO into offers of YES', () => {
    expect(snapshotOf(snapshotFrame)).toEqual({
      type: 'book.snapshot',
      symbol: 'KXTEST-27-A',
      bids: [
        { price: 500, size: 120_000 },
        { price: 4_100, size: 3_025 },
      ],
      asks: [{ price: 4_300, size: 1_800 }],
      sequence: 1,
      timeMs: null,
    });
    expect(deltaOf(FRAMES.orderbook_delta)).toEqual({
      type: 'book.delta',
      symbol: 'KXTEST-27-A',
      side: 'ask',
      price: 4_300,
      change: { by: -450 },
      sequence: 2,
      timeMs: 1_798_761_600_250,
    });
  });

  it('takes NO levels as they are where the feed writes YES prices', () => {
    expect(snapshotOf(snapshotFrame, 'yesPrice').asks[0]?.price).toBe(5_700);
    expect(deltaOf(FRAMES.orderbook_delta, 'yesPrice')).toMatchObject({
      side: 'ask',
      price: 5_700,
    });
    const yes = withMsg(FRAMES.orderbook_delta, { side: 'yes' as const });
    expect(deltaOf(yes, 'yesPrice')).toMatchObject({ side: 'bid', price: 5_700 });
    expect(deltaOf(yes)).toMatchObject({ side: 'bid', price: 5_700 });
  });

  it('reads the time of an old frame from its text', () => {
    const old = withMsg(FRAMES.orderbook_delta, { ts_ms: undefined });
    expect(deltaOf(old).timeMs).toBe(1_798_761_600_250);
    expect(() => deltaOf(withMsg(old, { ts: 'yesterday' }))).toThrow(/ts: must be a time/);
  });

  it('refuses a price between two ticks by name', () => {
    const odd = withMsg(FRAMES.orderbook_delta, { price_dollars: '0.57005' });
    expect(() => deltaOf(odd)).toThrow(
      'Kalshi frame, price_dollars: must be a decimal of at most 4 places, was "0.57005"',
    );
  });
});

describe('a number that cannot be', () => {
  it.each([
    ['1.0001', '1.00', 'yes_price_dollars: must lie between 0 and 1, was "1.0001"'],
    ['-0.0001', '1.00', 'yes_price_dollars: must lie between 0 and 1, was "-0.0001"'],
    ['0.5000', '-1.00', 'count_fp: must not be negative, was "-1.00"'],
  ])('%s with %s is refused', (yes_price_dollars, count_fp, message) => {
    expect(() => printOf(withMsg(FRAMES.trade, { yes_price_dollars, count_fp }), 1)).toThrow(
      message,
    );
  });
});

describe('the market', () => {
  it('tells a print with the taker of YES', () => {
    expect(printOf(FRAMES.trade, 17)).toEqual({
      type: 'print',
      symbol: 'KXTEST-27-A',
      price: 4_300,
      quantity: 450,
      taker: 'buy',
      timeMs: 1_798_761_600_250,
      sequence: 17,
    });
    expect(printOf(withMsg(FRAMES.trade, { taker_side: 'no' as const }), 1).taker).toBe('sell');
  });

  it.each([
    ['deactivated', 'market.paused'],
    ['activated', 'market.resumed'],
    ['determined', 'market.closed'],
    ['settled', 'market.closed'],
  ])('%s is %s', (event, type) => {
    const frame = { ...FRAMES.market_lifecycle_v2, msg: { market_ticker: 'A', event_type: event } };
    expect(statusOf(frame)).toEqual({ type, symbol: 'A', timeMs: null });
  });

  it.each([
    [{ result: 'yes', settlement_value: '1.0000' }, 10_000],
    [{ result: 'no', settlement_value: '0.0000' }, 0],
    [{ result: 'yes' }, 10_000],
    [{ result: 'no' }, 0],
    [{ result: 'scalar', settlement_value: '0.5000' }, 5_000],
  ])('%j settles at %d', (said, value) => {
    const msg = { market_ticker: 'A', event_type: 'determined', ...said };
    const frame = decodeFrame({ ...FRAMES.market_lifecycle_v2, msg });
    expect(frame.type === 'market_lifecycle_v2' && settlementOf(frame)).toEqual({
      type: 'market.settled',
      symbol: 'A',
      value,
      timeMs: null,
    });
  });

  it.each([{}, { result: '' }, { result: 'scalar' }])('%j settles nothing', (said) => {
    const msg = { market_ticker: 'A', event_type: 'determined', ...said };
    expect(settlementOf({ ...FRAMES.market_lifecycle_v2, msg })).toBeNull();
  });

  it('marks a block trade, where the venue says that it is one', () => {
    const block = (is_block_trade: boolean): boolean | undefined => {
      const frame = decodeFrame(withMsg(FRAMES.trade, { is_block_trade }));
      return frame.type === 'trade' ? printOf(frame, 1).block : undefined;
    };
    expect([block(true), block(false)]).toEqual([true, undefined]);
  });

  it('says nothing of other events', () => {
    const frame = {
      ...FRAMES.market_lifecycle_v2,
      msg: { market_ticker: 'A', event_type: 'created' },
    };
    expect(statusOf(frame)).toBeNull();
  });

  it('has a tick grid without its ends', () => {
    expect(tickRangesOf([{ start: '0.0000', end: '1.0000', step: '0.0010' }])).toEqual([
      { from: 10, to: 9_990, step: 10 },
    ]);
    expect(kalshiInstrument('KXBTC15M-27JAN010001-01').tickRanges).toEqual([
      { from: 10, to: 1_000, step: 10 },
      { from: 1_000, to: 9_000, step: 100 },
      { from: 9_000, to: 9_990, step: 10 },
    ]);
  });
});

describe('own orders', () => {
  const yes: OwnOrderFacts = {
    clientOrderId: 'dw-1',
    outcome: 'yes',
    instrument: kalshiInstrument('KXTEST-27-A'),
  };
  const no: OwnOrderFacts = { ...yes, outcome: 'no' };

  it('fill at the price of their own contract', () => {
    expect(fillReportOf(FRAMES.fill, yes)).toEqual({
      type: 'order.filled',
      clientOrderId: 'dw-1',
      fill: {
        fillId: 'trade-1',
        price: 4_300,
        quantity: 450,
        fee: '0.077300',
        liquidity: 'taker',
        timeMs: 1_798_761_600_250,
        printSequence: null,
      },
    });
    expect(fillReportOf(FRAMES.fill, no)).toMatchObject({ fill: { price: 5_700 } });
  });

  it('pay the reckoned fee where the frame has none', () => {
    const silent = withMsg(FRAMES.fill, { fee_cost: undefined });
    // 0.07 * 0.43 * 0.57 * 4.50 = 0.0772065, rounded up to a hundredth of a cent.
    expect(fillReportOf(silent, no)).toMatchObject({ fill: { fee: '0.0773' } });
    const made = withMsg(silent, { is_taker: false });
    expect(fillReportOf(made, yes)).toMatchObject({ fill: { fee: '0', liquidity: 'maker' } });
  });

  it('stand as the venue says', () => {
    expect(orderReportOf(FRAMES.user_order, no)).toEqual({
      type: 'order.found',
      clientOrderId: 'dw-1',
      venueOrderId: 'order-1',
      status: 'resting',
      cumulative: 450,
      price: ticks(5_700),
      quantity: 1_000,
    });
  });

  it.each([
    ['executed', undefined, 'filled'],
    ['canceled', undefined, 'cancelled'],
    ['canceled', 'SelfTradeCancel', 'cancelled'],
    ['canceled', 'ExpiryCancel', 'expired'],
  ] as const)('that are %s for %s are %s', (status, reason, found) => {
    const over = { status, last_update_reason: reason, remaining_count_fp: '0.00' };
    expect(orderReportOf(withMsg(FRAMES.user_order, over), yes)).toMatchObject({
      status: found,
      quantity: 1_200,
    });
  });
});
