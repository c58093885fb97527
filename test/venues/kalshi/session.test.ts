/** One connection from its first byte to its end, told by a scripted venue. */
import { describe, expect, it } from 'vitest';
import { SILENCE_MS } from '../../../src/venues/kalshi/session.ts';
import { follow, linesOf, liveRig, rig, stateOf } from './session-rig.ts';
import { MARKET } from './session-venue.ts';

const PRICED = { yes_price_dollars: '0.4300', order_id: 'v' } as const;
const FILL = {
  ...PRICED,
  trade_id: 't',
  market_ticker: MARKET,
  is_taker: false,
  count_fp: '4.00',
  ts_ms: 7,
};
const ORDER = {
  ...PRICED,
  ticker: MARKET,
  status: 'resting',
  fill_count_fp: '4.00',
  remaining_count_fp: '6.00',
  initial_count_fp: '10.00',
};

describe('a connection', () => {
  it('reaches live by way of subscriptions and REST, and only then tells a book', async () => {
    const made = await liveRig();
    const { world, streams } = made;
    const isLive = { state: 'live', isLive: true, isPaused: false, reason: null };
    expect(streams.session.view).toEqual(isLive);
    const [news, groups, index, books, trades] = world.peer.commands;
    expect(news?.params.channels).toEqual(['fill', 'user_orders', 'market_lifecycle_v2']);
    expect(groups?.params.channels).toEqual(['order_group_updates']);
    expect(index?.params).toEqual({ channels: ['cfbenchmarks_value'], index_ids: ['BRTI'] });
    expect(books?.params).toEqual({
      channels: ['orderbook_delta'],
      market_tickers: [MARKET],
      use_yes_price: false,
    });
    expect(trades?.params).toEqual({ channels: ['trade'], market_tickers: [MARKET] });
    expect(made.types()).toEqual(['feed.down A', 'feed.up A', 'book.snapshot A']);
    expect(made.heard.at(-1)).toMatchObject({ bids: [{ price: 500 }, { price: 4_100 }] });
  });

  it('passes on deltas, prints and signs of life', async () => {
    const made = await liveRig();
    const { peer } = made.world;
    made.types();
    const change = { price_dollars: '0.4100', delta_fp: '-4.00', side: 'yes', ts_ms: 1 };
    peer.push('orderbook_delta', 'orderbook_delta', { market_ticker: MARKET, ...change });
    peer.push('trade', 'trade', {
      trade_id: 't',
      market_ticker: MARKET,
      yes_price_dollars: '0.4100',
      count_fp: '4.00',
      taker_side: 'no',
      ts_ms: 1,
    });
    peer.ping();
    expect(made.types()).toEqual(['book.delta A', 'feed.alive A']);
    expect(made.prints).toMatchObject([{ price: 4_100, quantity: 400, taker: 'sell' }]);
  });

  it('is given up after 30 s without a sign, and made anew', async () => {
    const made = await liveRig();
    await made.live(60_000);
    expect(made.world.peers).toHaveLength(1);
    made.types();
    await made.pass(SILENCE_MS + 10_000);
    expect(made.types()).toContain('feed.down A');
    expect(linesOf(made, 'warn').at(-1)).toContain('no sign of life for 30 s');
    expect(made.world.peers.length).toBeGreaterThan(1);
    expect(made.world.peers[0]?.isClosed).toBe(true);
    expect(stateOf(made)).toBe('live');
    expect(made.types()).toEqual([]);
  });

  it('is tried again where nobody answers within 10 s, after pauses that grow', async () => {
    const made = rig();
    made.world.opens = false;
    made.streams.session.open();
    await made.pass(60_000);
    expect(linesOf(made, 'warn')[0]).toContain('no sign of life for 10 s');
    const { length } = made.world.peers;
    expect(length).toBeGreaterThan(2);
    await made.pass(3_600_000);
    expect(made.world.peers.length - length).toBeLessThan(250);
    made.world.opens = true;
    await made.live(61_000);
    expect(stateOf(made)).toBe('live');
  });

  it('waits its longest pause where the key is refused, and says so in one line', async () => {
    const made = rig();
    made.world.opens = false;
    made.streams.session.open();
    made.world.peer.refuse('the venue answers 401 to the handshake');
    await made.pass(500);
    expect(stateOf(made)).toBe('backoff');
    expect(linesOf(made, 'warn')).toHaveLength(1);
    expect(linesOf(made, 'warn')[0]).toMatch(/answers 401 to the handshake","waitMs":\d{4,5}/);
    expect(made.streams.session.view.reason).toContain('401');
  });

  it('is made anew where a command is not answered', async () => {
    const made = rig();
    made.world.acknowledges = false;
    made.streams.session.open();
    await made.pass(1_000);
    expect(stateOf(made)).toBe('subscribing');
    await made.live(16_000);
    expect(linesOf(made, 'warn')[0]).toContain('a command was not answered');
    made.world.acknowledges = true;
    await made.pass(30_000);
    expect(stateOf(made)).toBe('live');
  });

  it('is never live while REST does not answer', async () => {
    const made = rig();
    made.world.failing = 'status';
    made.streams.session.open();
    await made.pass(20_000);
    expect(linesOf(made, 'info')).toEqual([]);
    expect(linesOf(made, 'warn')[0]).toContain('the account is not known: REST does not answer');
    made.world.failing = null;
    await made.live(60_000);
    expect(stateOf(made)).toBe('live');
  });

  it('is live all the same where only the markets cannot be listed', async () => {
    const made = await liveRig();
    made.world.failing = 'markets';
    made.world.peer.lose('gone');
    await made.pass(2_000);
    expect(stateOf(made)).toBe('live');
    expect(linesOf(made, 'warn').at(-1)).toContain('the markets could not be listed');
  });

  it('is lost by a frame that cannot be read as it should', async () => {
    const made = await liveRig();
    made.world.peer.lose('Kalshi frame, fill.msg.count_fp: must be a decimal, was "x"');
    expect(stateOf(made)).toBe('backoff');
    expect(made.heard.at(-1)).toMatchObject({ type: 'feed.down', reason: /count_fp/ });
  });

  it.each(['fill', 'user_orders'])(
    'compares the account again where %s has a gap',
    async (name) => {
      const made = await liveRig();
      made.types();
      const type = name === 'fill' ? 'fill' : 'user_order';
      const msg = type === 'fill' ? FILL : ORDER;
      const numbered = (seq: number): void =>
        made.world.peer.raw({ type, sid: made.world.peer.sids.get(name), seq, msg });
      numbered(1);
      expect(stateOf(made)).toBe('live');
      numbered(3);
      expect(stateOf(made)).toBe('reconciling');
      await made.pass(100);
      expect(stateOf(made)).toBe('live');
      expect(made.types()).toEqual(['feed.down A', 'feed.up A', 'book.snapshot A']);
    },
  );

  it('that is lost as soon as it is live is made anew ever more slowly', async () => {
    const made = await liveRig();
    const lose = async (times: number, afterMs: number): Promise<number> => {
      const { length } = linesOf(made, 'warn');
      for (let index = 0; index < times; index += 1) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await made.live(afterMs);
        while (!made.streams.session.view.isLive)
          // oxlint-disable-next-line no-await-in-loop -- until it is back
          await made.pass(50);
        made.world.peer.lose('again');
      }
      const waits = linesOf(made, 'warn').slice(length);
      return Math.max(...waits.map((line) => Number(/"waitMs":(\d+)/.exec(line)?.[1])));
    };
    expect(await lose(12, 100)).toBeGreaterThan(5_000);
    expect(await lose(4, 130_000)).toBeLessThan(1_000);
  });

  it('outlives a listener that breaks, and so do other listeners', async () => {
    const made = await liveRig();
    made.streams.books.book$(MARKET).subscribe(() => {
      throw new Error('broken');
    });
    made.streams.books.book$(MARKET).subscribe((event) => made.heard.push(event));
    made.world.peer.lose('gone');
    await made.pass(2_000);
    made.types();
    made.world.peer.snapshot(MARKET);
    expect(made.types()).toEqual(['book.snapshot A', 'book.snapshot A']);
    expect(linesOf(made, 'error')[0]).toContain('broken');
  });

  it('ends for good, and leaves no timer behind', async () => {
    const made = await liveRig();
    made.types();
    for (const event_type of ['deactivated', 'activated'])
      made.world.peer.push('market_lifecycle_v2', 'market_lifecycle_v2', {
        market_ticker: MARKET,
        event_type,
      });
    made.streams.close();
    expect(made.types()).toEqual(['market.paused A', 'market.resumed A', 'feed.down A']);
    expect(made.world.peer.isClosed).toBe(true);
    await made.pass(100);
    expect(made.clock.pending).toBe(0);
    made.streams.session.open();
    await made.pass(60_000);
    expect(made.world.peers).toHaveLength(1);
  });
});

describe('other news', () => {
  it('that an account may not hear are done without', async () => {
    const made = rig();
    made.world.unknownChannels = ['order_group_updates', 'cfbenchmarks_value'];
    await follow(made, MARKET);
    expect(stateOf(made)).toBe('live');
    expect(linesOf(made, 'error')).toHaveLength(2);
    const without = rig();
    without.world.unknownChannels = ['fill'];
    await follow(without, MARKET);
    expect(stateOf(without)).toBe('backoff');
    expect(linesOf(without, 'warn')[0]).toContain('Unknown channel name (8)');
  });

  it('are told in words of our own', async () => {
    const made = await liveRig();
    const { peer } = made.world;
    peer.push('order_group_updates', 'order_group_updates', {
      event_type: 'triggered',
      order_group_id: 'g',
    });
    for (const data of ['{"value":"91234.56"}', '{"value":7}', 'no JSON'])
      peer.push('cfbenchmarks_value', 'cfbenchmarks_value', {
        index_id: 'BRTI',
        received_at: 5,
        data,
      });
    peer.push('market_lifecycle_v2', 'event_fee_update', { event_ticker: 'KXTEST-27' });
    peer.push('market_lifecycle_v2', 'event_lifecycle', { event_ticker: 'KXTEST-28' });
    expect(made.news).toEqual([
      { type: 'orderGroup', id: 'g', event: 'triggered', limit: null },
      { type: 'index', id: 'BRTI', value: '91234.56', timeMs: 5 },
      { type: 'fees', event: 'KXTEST-27', feeType: null, multiplier: null },
      { type: 'eventCreated', event: 'KXTEST-28', series: null },
    ]);
    expect(stateOf(made)).toBe('live');
  });
});
