/** The WebSocket's own rules: acknowledgements, counts, snapshots, errors, the order of frames. */
import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../src/domain/numbers.ts';
import { START_MS } from './desk.ts';
import { open } from './open.ts';
import { type Later, OTHER, TICKER } from './still-market.ts';

const delta = (afterMs: number, price: number, contracts: number, symbol = TICKER): Later => [
  afterMs,
  {
    type: 'book.delta',
    symbol,
    side: 'ask',
    price: ticks(price * 100),
    change: { by: contracts * 100 },
    sequence: 1,
    timeMs: 0,
  },
];

const books = { channels: ['orderbook_delta'], market_tickers: [TICKER] };

describe('a subscription', () => {
  it('is acknowledged for each channel, and begins with the book', () => {
    const { say } = open();
    const frames = say('subscribe', { ...books, channels: ['orderbook_delta', 'fill'] }, 7);
    expect(frames).toMatchObject([
      { id: 7, type: 'subscribed', msg: { channel: 'orderbook_delta', sid: 1 } },
      { type: 'orderbook_snapshot', sid: 1, seq: 1 },
      { id: 7, type: 'subscribed', msg: { channel: 'fill', sid: 2 } },
    ]);
    expect(frames[0]).not.toHaveProperty('seq');
    expect(frames[1]?.['msg']).toMatchObject({
      market_ticker: TICKER,
      yes_dollars_fp: [
        ['0.3500', '200.00'],
        ['0.4200', '13.00'],
      ],
      no_dollars_fp: [
        ['0.5400', '400.00'],
        ['0.5600', '17.00'],
      ],
    });
  });

  it('counts its acknowledgements along with its frames', () => {
    const { say, hear } = open([delta(1_000, 45, 5)]);
    say('subscribe', books);
    const sids = [1];
    const added = say('update_subscription', {
      sids,
      action: 'add_markets',
      market_tickers: [OTHER],
    });
    expect(added).toMatchObject([
      { type: 'ok', id: 1, sid: 1, seq: 2, msg: { market_tickers: [TICKER, OTHER] } },
      { type: 'orderbook_snapshot', sid: 1, seq: 3, msg: { market_ticker: OTHER } },
    ]);
    expect(hear(1_500)).toMatchObject([
      {
        type: 'orderbook_delta',
        sid: 1,
        seq: 4,
        msg: { price_dollars: '0.5500', delta_fp: '5.00', side: 'no', ts_ms: START_MS + 1_000 },
      },
    ]);
    const asked = say('update_subscription', {
      sid: 1,
      action: 'get_snapshot',
      market_tickers: [TICKER],
    });
    expect(asked).toMatchObject([{ type: 'orderbook_snapshot', seq: 5 }]);
    const deleted = say('update_subscription', {
      sids,
      action: 'delete_markets',
      market_ticker: OTHER,
    });
    expect(deleted).toMatchObject([{ type: 'ok', seq: 6, msg: { market_tickers: [TICKER] } }]);
    expect(say('list_subscriptions')).toEqual([
      { id: 1, type: 'ok', msg: [{ channel: 'orderbook_delta', sid: 1 }] },
    ]);
    expect(say('unsubscribe', { sids })).toEqual([{ id: 1, type: 'unsubscribed', sid: 1, seq: 7 }]);
    expect(say('unsubscribe', { sids })).toMatchObject([{ type: 'error', msg: { code: 7 } }]);
  });

  it('is told of markets that it named alone', () => {
    const { say, hear } = open([delta(1_000, 45, 5, OTHER), delta(1_000, 45, 6)]);
    say('subscribe', { channels: ['orderbook_delta', 'ticker'], market_ticker: TICKER });
    const tickers = new Set(
      hear(1_500).map(({ msg }) => (msg as { market_ticker: string }).market_ticker),
    );
    expect([...tickers]).toEqual([TICKER]);
  });

  it('may have its levels of NO in YES prices', () => {
    const { say, hear } = open([delta(1_000, 45, 5)]);
    const [, snapshot] = say('subscribe', { ...books, use_yes_price: true });
    expect(snapshot?.['msg']).toMatchObject({
      no_dollars_fp: [
        ['0.4400', '17.00'],
        ['0.4600', '400.00'],
      ],
    });
    expect(hear(1_500)).toMatchObject([{ msg: { price_dollars: '0.4500', side: 'no' } }]);
  });

  it('leaves out a side without orders', () => {
    const empty: Later = [
      500,
      {
        type: 'book.snapshot',
        symbol: TICKER,
        bids: [],
        asks: [{ price: ticks(5_000), size: lots(100) }],
        sequence: 9,
        timeMs: null,
      },
    ];
    const { say, hear } = open([empty]);
    say('subscribe', books);
    const deltas = hear(1_000).map(({ msg }) => msg as { side: string; delta_fp: string });
    expect(deltas.filter(({ side }) => side === 'yes').map(({ delta_fp }) => delta_fp)).toEqual([
      '-13.00',
      '-200.00',
    ]);
    const [snapshot] = say('update_subscription', {
      sids: [1],
      action: 'get_snapshot',
      market_tickers: [TICKER],
    });
    expect(snapshot?.['msg']).not.toHaveProperty('yes_dollars_fp');
    expect(snapshot?.['msg']).toHaveProperty('no_dollars_fp', [['0.5000', '1.00']]);
  });

  it('is one for each channel: what is new is added to it', () => {
    const { say } = open();
    say('subscribe', books);
    expect(say('subscribe', { ...books, market_tickers: [TICKER, OTHER] })).toMatchObject([
      { type: 'ok', sid: 1, seq: 2 },
      { type: 'orderbook_snapshot', msg: { market_ticker: OTHER } },
    ]);
    expect(say('subscribe', books)).toMatchObject([{ type: 'error', msg: { code: 6 } }]);
  });
});

describe('a wrong command is answered by its number', () => {
  const { session, frames, say } = open();
  say('subscribe', books);

  it.each([
    ['subscribe', undefined, 2],
    ['subscribe', {}, 3],
    ['subscribe', { channels: ['gossip'] }, 8],
    ['subscribe', { channels: ['orderbook_delta'] }, 14],
    ['subscribe', { channels: ['trade'], market_ticker: 'KXNONE' }, 16],
    ['subscribe', { channels: ['trade'], market_tickers: 'KXNONE' }, 11],
    ['unsubscribe', {}, 4],
    ['unsubscribe', { sids: [9] }, 7],
    ['update_subscription', { sids: [1, 2], action: 'add_markets' }, 12],
    ['update_subscription', { sids: [1] }, 15],
    ['update_subscription', { sids: [1], action: 'dance' }, 13],
    ['update_subscription', { sids: [1], action: 'add_markets' }, 14],
    ['shout', {}, 5],
  ])('%s %o: %d', (cmd, params, code) => {
    expect(say(cmd, params, 42)).toMatchObject([{ id: 42, type: 'error', msg: { code } }]);
  });

  it('text that is no command: 1', () => {
    for (const text of ['{', '[]', '3', 'null']) {
      frames.length = 0;
      session.receive(text);
      expect(frames).toMatchObject([{ type: 'error', msg: { code: 1 } }]);
    }
  });
});

describe('an own trade', () => {
  const all = {
    channels: ['orderbook_delta', 'trade', 'ticker', 'fill', 'user_orders', 'market_positions'],
    market_tickers: [TICKER],
  };

  it('changes the book first, then fills, then the order, then the position', () => {
    const { desk, say, hear } = open();
    say('subscribe', all);
    desk.placed({ price: '0.4400', count: '20.00', client_order_id: 'mine' });
    const frames = hear(10);
    expect(frames.map(({ type }) => type)).toEqual([
      'orderbook_delta',
      'orderbook_delta',
      'fill',
      'user_order',
      'market_position',
      'ticker',
      'trade',
    ]);
    const [bid, ask, fill, order, position, ticker, trade] = frames.map(({ msg }) => msg);
    expect(bid).toMatchObject({ price_dollars: '0.4400', delta_fp: '3.00', side: 'yes' });
    expect(ask).toMatchObject({ price_dollars: '0.5600', delta_fp: '-17.00', side: 'no' });
    expect([bid, ask]).toMatchObject([{ client_order_id: 'mine' }, { client_order_id: 'mine' }]);
    expect(fill).toMatchObject({
      count_fp: '17.00',
      fee_cost: '0.293300',
      post_position_fp: '17.00',
    });
    expect(order).toMatchObject({
      client_order_id: 'mine',
      status: 'resting',
      fill_count_fp: '17.00',
      last_update_reason: 'Trade',
    });
    expect(position).toMatchObject({ position_fp: '17.00', position_cost_dollars: '7.480000' });
    expect(ticker).toMatchObject({ price_dollars: '0.4400', yes_bid_dollars: '0.4400' });
    expect(trade).toMatchObject({ count_fp: '17.00', taker_side: 'yes' });
    for (const { type, ...frame } of frames) {
      const isNumbered = type === 'orderbook_delta' || type === 'trade';
      expect(Object.hasOwn(frame, 'seq')).toBe(isNumbered);
    }
  });

  it('is nobody else’s business', () => {
    const { desk, say, hear } = open();
    say('subscribe', all);
    desk.place({ price: '0.4400' }, 'two');
    expect(hear(10).map(({ type }) => type)).toEqual(['trade']);
  });
});
