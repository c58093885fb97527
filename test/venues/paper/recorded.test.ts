/** What a recording says beside books and trades, on its way to the exchange and its account. */
import { describe, expect, it } from 'vitest';
import type { OrderRequest } from '../../../src/domain/order.ts';
import { seededRandom } from '../../../src/env/seeded-random.ts';
import { VirtualClock } from '../../../src/env/virtual-clock.ts';
import { openTape } from '../../../src/replay/tape-reader.ts';
import { tapeSource } from '../../../src/replay/tape-source.ts';
import { fixedLatency } from '../../../src/venues/paper/latency.ts';
import { type PaperVenue, paper } from '../../../src/venues/paper/venue.ts';
import {
  deltaFrame,
  linesOf,
  MARKET,
  START_MS,
  snapshotFrame,
  tapeFile,
  tickerFrame,
} from '../../replay/tape-file.ts';
import { modelOf, orderOf } from './notation.ts';

const changed = (seq: number, afterMs: number, msg: object): object => {
  const frame = deltaFrame(seq, afterMs);
  return { ...frame, msg: { ...frame.msg, ...msg } };
};

const trade = (afterMs: number, lots: string, more: object = {}): object => ({
  type: 'trade',
  sid: 3,
  conn: 'a',
  msg: {
    trade_id: `t-${afterMs}-${lots}`,
    market_ticker: MARKET,
    yes_price_dollars: '0.4000',
    count_fp: lots,
    taker_side: 'no',
    ts_ms: START_MS + afterMs,
    ...more,
  },
});

const lifecycle = (event_type: string, more: object = {}): object => ({
  type: 'market_lifecycle_v2',
  sid: 4,
  conn: 'a',
  msg: { market_ticker: MARKET, event_type, ...more },
});

/** A paper venue on these frames, with one order resting at the bid of 0.40 before all of them. */
async function replayed(
  frames: readonly object[],
  more: Partial<OrderRequest> = {},
): Promise<PaperVenue> {
  const path = tapeFile(linesOf(snapshotFrame(1), deltaFrame(2, 0), ...frames, tickerFrame(9_000)));
  const source = tapeSource([openTape(path)]);
  const clock = new VirtualClock(source.startMs);
  const latency = fixedLatency(0, 10, 0);
  const fill = modelOf('conservative');
  const venue = paper({ clock, random: seededRandom(1), source, latency, fill });
  void venue.submit(orderOf('A', 'buy', 1_000, 4_000, { symbol: MARKET, ...more }));
  await clock.run();
  expect(venue.auditViolations()).toEqual([]);
  return venue;
}

const statusOf = (venue: PaperVenue): unknown => venue.audit.order('A');

describe('a recording', () => {
  it('of a trade whose change came first, at the same time, counts it once', async () => {
    // Eleven contracts stand ahead: a trade of ten, and two of the next two are ours.
    const frames = [
      changed(3, 100, { delta_fp: '-10.00' }),
      trade(100, '10.00'),
      changed(4, 200, { delta_fp: '-1.00' }),
      trade(200, '1.00'),
      trade(200, '2.00'),
    ];
    expect(statusOf(await replayed(frames))).toMatchObject({ cumulative: 200 });
  });

  it('tells block trades apart: they pass nobody in the queue', async () => {
    const frames = [
      trade(100, '50.00', { is_block_trade: true }),
      trade(200, '12.00', { is_block_trade: false }),
      deltaFrame(3, 300),
    ];
    expect(statusOf(await replayed(frames))).toMatchObject({ cumulative: 100 });
  });

  it('made while we traded leaves out what we did: the replay has no such order', async () => {
    const own = { client_order_id: 'live-1', delta_fp: '70.00' };
    const frames = [
      changed(3, 5, own),
      trade(100, '12.00'),
      changed(4, 200, { ...own, delta_fp: '-70.00' }),
      deltaFrame(5, 300),
    ];
    expect(statusOf(await replayed(frames))).toMatchObject({ cumulative: 100 });
  });

  it('that says how the question was answered settles the market', async () => {
    const frames = [
      trade(100, '14.00'),
      deltaFrame(3, 300),
      lifecycle('determined', { result: 'yes', settlement_value: '1.0000' }),
      lifecycle('settled'),
      deltaFrame(4, 400),
    ];
    const venue = await replayed(frames);
    expect(statusOf(venue)).toMatchObject({ cumulative: 300, status: 'cancelled' });
    // Three contracts at 0.40, and this series has no maker fee.
    expect(venue.account.profits()).toEqual([
      { symbol: MARKET, quantity: 0, realised: '1.8', open: '0', settledAt: 10_000 },
    ]);
  });

  it('that says nothing of it closes the market and leaves the position', async () => {
    const frames = [trade(100, '14.00'), lifecycle('determined'), deltaFrame(3, 400)];
    const venue = await replayed(frames);
    expect(statusOf(venue)).toMatchObject({ status: 'cancelled' });
    expect(venue.account.profits()).toMatchObject([{ quantity: 300, open: '1.2', realised: '0' }]);
  });
});
