/** Books over a connection that loses messages, writes other prices, or knows no such market. */
import { describe, expect, it } from 'vitest';
import { PROBE_AFTER_MS } from '../../../src/venues/kalshi/books.ts';
import { actionsOf, follow, linesOf, liveRig, rig, stateOf } from './session-rig.ts';
import { MARKET, OTHER } from './session-venue.ts';

describe('messages that are missing', () => {
  it('of books: a gap is told, a snapshot asked for, and nothing is down', async () => {
    const made = await liveRig();
    made.types();
    made.world.peer.skip('orderbook_delta', 2);
    const change = { price_dollars: '0.4100', delta_fp: '-4.00', side: 'yes', ts_ms: 1 };
    made.world.peer.push('orderbook_delta', 'orderbook_delta', {
      market_ticker: MARKET,
      ...change,
    });
    await made.pass(10);
    expect(made.types()).toEqual(['book.gap A', 'book.delta A', 'book.snapshot A']);
    expect(actionsOf(made).at(-1)).toBe('get_snapshot');
    expect(made.heard.find(({ type }) => type === 'book.gap')).toMatchObject({
      expected: 3,
      received: 5,
    });
    expect(stateOf(made)).toBe('live');
  });

  it('are none where acknowledgements count', async () => {
    const made = await liveRig();
    await follow(made, OTHER);
    made.types();
    const change = { price_dollars: '0.4100', delta_fp: '-4.00', side: 'yes', ts_ms: 1 };
    made.world.peer.push('orderbook_delta', 'orderbook_delta', { market_ticker: OTHER, ...change });
    expect(made.types()).toEqual(['book.delta B']);
    expect(actionsOf(made).slice(-2)).toEqual(['add_markets', 'add_markets']);
  });

  it('of what no snapshot repeats: REST is asked before it is live again', async () => {
    const made = await liveRig();
    made.types();
    made.world.calls.length = 0;
    made.world.peer.skip('market_lifecycle_v2');
    made.world.peer.push('market_lifecycle_v2', 'market_lifecycle_v2', {
      market_ticker: MARKET,
      event_type: 'metadata_updated',
    });
    expect(stateOf(made)).toBe('reconciling');
    await made.pass(20);
    expect(made.world.calls).toEqual(expect.arrayContaining(['markets', 'status']));
    expect(made.types()).toEqual(['feed.down A', 'feed.up A', 'book.snapshot A']);
  });

  it('of an overflowing buffer: the subscription is made anew, then all is compared', async () => {
    const made = await liveRig();
    for (const channel of ['orderbook_delta', 'fill']) {
      made.types();
      const { peer } = made.world;
      const before = peer.sids.get(channel);
      peer.raw({ type: 'error', sid: before, msg: { code: 25, msg: 'Buffer overflow' } });
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await made.pass(50);
      expect(stateOf(made)).toBe('live');
      expect(peer.sids.get(channel)).not.toBe(before);
      expect(made.types()).toEqual(['feed.down A', 'feed.up A', 'book.snapshot A']);
      // What still comes under the old name is nobody's.
      peer.raw({
        type: 'orderbook_delta',
        sid: before,
        seq: 9,
        msg: { market_ticker: MARKET, price_dollars: '0.41', delta_fp: '1', side: 'yes', ts_ms: 1 },
      });
      expect(made.types()).toEqual([]);
    }
  });

  it('of one silent market: its book is asked for every minute', async () => {
    const made = await liveRig();
    made.types();
    await made.live(PROBE_AFTER_MS + 6_000);
    expect(made.types()).toContain('book.snapshot A');
    made.world.acknowledges = false;
    await made.live(PROBE_AFTER_MS + 20_000);
    expect(linesOf(made, 'warn')[0]).toContain('books asked for do not come');
  });

  it('of one market that stays silent: its book is not trusted, all others are', async () => {
    const made = await liveRig();
    await follow(made, OTHER);
    made.types();
    made.world.mute = MARKET;
    await made.live(PROBE_AFTER_MS + 20_000);
    expect(made.types().filter((type) => type.startsWith('book.'))).toEqual([
      'book.snapshot B',
      'book.gap A',
    ]);
    expect(stateOf(made)).toBe('live');
    made.world.mute = null;
    await made.live(PROBE_AFTER_MS);
    expect(made.types()).toContain('book.snapshot A');
  });

  it('of a market that is closed: nothing is asked', async () => {
    const made = await liveRig();
    made.world.mute = MARKET;
    made.world.peer.push('market_lifecycle_v2', 'market_lifecycle_v2', {
      market_ticker: MARKET,
      event_type: 'determined',
    });
    const { length } = made.world.peer.commands;
    await made.live(5 * PROBE_AFTER_MS);
    expect(made.world.peer.commands).toHaveLength(length);
    expect(made.world.peers).toHaveLength(1);
  });
});

describe('the prices of NO', () => {
  it('that are not those asked for shut every book of the connection', async () => {
    const made = rig();
    made.world.bestNo = 9_800;
    await follow(made, MARKET);
    await made.pass(1_000);
    expect(made.types()).toEqual(['feed.down A', 'feed.up A', 'feed.down A']);
    expect(linesOf(made, 'error')).toHaveLength(1);
    made.world.bestNo = null;
    made.world.peer.lose('gone');
    await made.pass(2_000);
    expect(made.types()).toEqual(['feed.down A', 'feed.up A', 'book.snapshot A']);
  });

  it('are looked at twice: a market moves between the book and what REST says of it', async () => {
    const made = rig();
    const { world, clock } = made;
    // The one level goes to 0.51 and back: the other convention would say the same of it.
    world.books.set(MARKET, { yes: [['0.4100', '1.00']], no: [['0.4900', '1.00']] });
    world.bestNo = 5_100;
    const watch = (): void => {
      const looks = world.calls.filter((call) => call === `book ${MARKET}`).length;
      if (looks < 2) clock.setTimeout(watch, 1);
      else world.bestNo = null;
    };
    watch();
    await follow(made, MARKET);
    await made.pass(1_000);
    expect(made.types()).toEqual(['feed.down A', 'feed.up A', 'book.snapshot A']);
    expect(linesOf(made, 'error')).toEqual([]);
  });

  it('are taken as asked where there is nothing to tell them by, until there is', async () => {
    const made = rig();
    made.world.books.set(MARKET, { yes: [['0.4100', '1.00']], no: [] });
    await follow(made, MARKET);
    expect(made.types()).toEqual(['feed.down A', 'feed.up A', 'book.snapshot A']);
    made.world.books.delete(MARKET);
    made.world.bestNo = 9_800;
    made.world.peer.snapshot(MARKET);
    await made.pass(10);
    expect(made.types()).toEqual(['book.snapshot A', 'feed.down A']);
  });

  it('are judged by the book alone where REST says nothing', async () => {
    const made = rig();
    made.world.failing = 'book';
    await follow(made, MARKET);
    expect(made.types()).toEqual(['feed.down A', 'feed.up A', 'book.snapshot A']);
    expect(linesOf(made, 'warn')[0]).toContain('could not be compared with REST');
    const crossed = rig();
    crossed.world.failing = 'book';
    crossed.world.books.set(MARKET, { yes: [['0.4100', '1.00']], no: [['0.9900', '1.00']] });
    await follow(crossed, MARKET);
    expect(crossed.types()).toEqual(['feed.down A', 'feed.up A', 'feed.down A']);
  });
});

describe('markets', () => {
  it('that are unknown are refused by name; all others are followed', async () => {
    const made = await liveRig();
    made.types();
    const { streams, heard } = made;
    for (const symbol of ['KXNONE-1', OTHER, 'KXNONE-2'])
      streams.books.book$(symbol).subscribe((event) => heard.push(event));
    await made.pass(100);
    const types = made.types();
    expect(types).toContain('book.snapshot B');
    expect(types).toContain('feed.down 1');
    expect(types).toContain('feed.down 2');
    expect(linesOf(made, 'error')[0]).toContain('Market not found (16)');
    const { length } = made.world.peer.commands;
    await made.live(30_000);
    expect(made.world.peer.commands).toHaveLength(length);
    expect(stateOf(made)).toBe('live');
  });

  it('that nobody follows any more are left', async () => {
    const made = await liveRig();
    const subscription = made.streams.books.book$(OTHER).subscribe(() => undefined);
    await made.pass(10);
    subscription.unsubscribe();
    await made.pass(10);
    expect(actionsOf(made).slice(-2)).toEqual(['delete_markets', 'delete_markets']);
    made.types();
    made.world.peer.snapshot(OTHER);
    expect(made.types()).toEqual([]);
  });

  it('give a late listener a book of its own', async () => {
    const made = await liveRig();
    const late: string[] = [];
    made.streams.books.book$(MARKET).subscribe(({ type }) => late.push(type));
    await made.pass(10);
    expect(late).toEqual(['feed.up', 'book.snapshot']);
    // Whoever only watched trades has had no book yet.
    made.streams.books.trades$(OTHER).subscribe(() => undefined);
    await made.pass(10);
    late.length = 0;
    made.streams.books.book$(OTHER).subscribe(({ type }) => late.push(type));
    await made.pass(10);
    expect(late).toEqual(['feed.up', 'book.snapshot']);
  });
});
