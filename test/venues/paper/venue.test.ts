/** The client side: latency, order of messages, the recording's end, and one log from one seed. */
import { describe, expect, it } from 'vitest';
import type { BookEvent } from '../../../src/domain/market-data.ts';
import { seededRandom } from '../../../src/env/seeded-random.ts';
import { VirtualClock } from '../../../src/env/virtual-clock.ts';
import {
  latencyDraws,
  latencyP99Ms,
  type PaperLatency,
} from '../../../src/venues/paper/latency.ts';
import { paper } from '../../../src/venues/paper/venue.ts';
import { CENTS, MARKET, orderOf } from './notation.ts';
import {
  delta,
  LATER,
  MARKET_OPEN,
  print,
  START,
  setUp,
  sourceOf,
  type Timed,
} from './recording.ts';

describe('paper venue', () => {
  it('hears the market after the feed latency; fills are of the exchange time', async () => {
    const { clock, venue, heard, note } = setUp([
      [139, print(10, 48)],
      [140, print(10, 48)],
      [141, print(13, 48)],
      LATER,
    ]);
    venue.book$(MARKET).subscribe(({ type }) => note(type));
    venue.trades$(MARKET).subscribe(({ quantity }) => note(`print ${quantity}`));
    clock.setTimeout(() => {
      void venue.submit(orderOf('A', 'buy', 5, 48)).then(({ kind }) => note(`submit ${kind}`));
    }, 100);
    await clock.run({ untilMs: START + 300 });
    // Sent at 100, there at 140, after the print of that very instant: 10 are ahead.
    expect(heard).toEqual([
      '20 feed.up',
      '20 book.snapshot',
      '159 print 10',
      '160 print 10',
      '161 print 13',
      '170 A accepted',
      '170 submit accepted',
      '171 A 3@48 maker by print 4',
    ]);
    expect(venue.auditViolations()).toEqual([]);
  });

  it('answers questions from the exchange as it is half a round trip later', async () => {
    const { clock, venue } = setUp([[200, print(12, 48)], LATER]);
    const ref = { clientOrderId: 'A', venueOrderId: null, symbol: MARKET };
    const answers: unknown[] = [];
    const ask = (): void => {
      void venue
        .order(ref)
        .then((order) => answers.push([clock.wallMs() - START, order?.cumulative]));
    };
    expect(await venue.instruments()).toEqual([CENTS]);
    void venue.submit(orderOf('A', 'buy', 5, 48));
    clock.setTimeout(ask, 159);
    clock.setTimeout(ask, 161);
    await clock.run({ untilMs: START + 400 });
    expect(answers).toEqual([
      [229, 0],
      [231, 2],
    ]);
    const rest = Promise.all([
      venue.openOrders(),
      venue.fillsSince(null),
      venue.fillsSince('1'),
      venue.positions(),
      venue.balance(),
      venue.asOf(),
    ]);
    await clock.run({ untilMs: START + 500 });
    const [open, all, none, positions, balance, asOf] = await rest;
    expect(open).toMatchObject([{ clientOrderId: 'A', status: 'resting', cumulative: 2 }]);
    expect(all).toMatchObject({
      cursor: '1',
      fills: [{ quantity: 2, fee: '0.0088', printSequence: 2 }],
    });
    expect(none).toEqual({ cursor: '1', fills: [] });
    expect(positions).toEqual([{ symbol: MARKET, quantity: 2 }]);
    expect(balance).toBe('9999.0312');
    expect(asOf).toBe(START + 440);
  });

  it('matches against the book as it is on arrival, not as it was on sending', async () => {
    const { clock, venue, heard } = setUp([[39, delta('ask', 52, -35)], LATER]);
    void venue.submit(orderOf('A', 'buy', 30, 52, { timeInForce: 'ioc' }));
    await clock.run({ untilMs: START + 200 });
    expect(heard).toEqual([
      '70 A accepted',
      '70 A 5@52 taker',
      '70 A cancelled at 5 (immediate or cancel)',
    ]);
  });

  it('a late subscriber gets the book as it is, and then only what follows it', async () => {
    const { clock, venue } = setUp([[90, delta('bid', 48, 5)], [110, delta('bid', 48, 7)], LATER]);
    const heard: BookEvent[] = [];
    clock.setTimeout(() => venue.book$(MARKET).subscribe((event) => heard.push(event)), 100);
    await clock.run({ untilMs: START + 200 });
    expect(heard).toMatchObject([
      { type: 'feed.up' },
      { type: 'book.snapshot', bids: [{ price: 48, size: 15 }], sequence: 2, timeMs: START + 100 },
      { type: 'book.delta', change: { by: 7 }, sequence: 3 },
    ]);
  });

  it('nothing reaches who has unsubscribed, and an unknown market is refused', async () => {
    const { clock, venue, heard, note } = setUp([[90, delta('bid', 48, 5)], LATER]);
    const subscription = venue.book$(MARKET).subscribe(({ type }) => note(type));
    clock.setTimeout(() => subscription.unsubscribe(), 100);
    await clock.run({ untilMs: START + 200 });
    expect(heard).toEqual(['20 feed.up', '20 book.snapshot']);
    expect(() => venue.book$('nowhere')).toThrow('market must be one of this venue, was "nowhere"');
  });

  it('a command sent first can arrive last; each stream stays in order', async () => {
    const latency: PaperLatency = {
      feed: { kind: 'lognormal', medianMs: 20, sigma: 1 },
      entry: { kind: 'lognormal', medianMs: 40, sigma: 1 },
      response: { kind: 'lognormal', medianMs: 30, sigma: 1 },
    };
    const timed = Array.from(
      { length: 500 },
      (_, index): Timed => [index + 1, delta('bid', 40, 1)],
    );
    const { clock, venue } = setUp([...timed, LATER], { latency });
    const sequences: number[] = [];
    venue.book$(MARKET).subscribe((event) => {
      if (event.type === 'book.delta') sequences.push(event.sequence);
    });
    const venueIds: string[] = [];
    const clientIds: string[] = [];
    venue.reports$.subscribe(({ report }) => {
      if (report.type !== 'order.accepted') return;
      venueIds.push(report.venueOrderId);
      clientIds.push(report.clientOrderId);
    });
    for (let index = 10; index < 40; index += 1)
      void venue.submit(orderOf(`A${index}`, 'buy', 1, 48));
    await clock.run({ untilMs: START + 5_000 });
    expect(sequences).toEqual(Array.from({ length: 500 }, (_, index) => index + 2));
    expect(venueIds).toEqual(Array.from({ length: 30 }, (_, index) => `paper-${index + 1}`));
    expect(clientIds).not.toEqual(clientIds.toSorted());
  });

  it('expires what rests past its time, and then reports it', async () => {
    const { clock, venue, heard } = setUp([LATER]);
    const expiresAtMs = START + 250;
    void venue.submit(orderOf('A', 'buy', 5, 48, { expiresAtMs }));
    void venue.submit(orderOf('B', 'buy', 5, 48, { expiresAtMs: START + 39 })).then((outcome) => {
      heard.push(JSON.stringify(outcome));
    });
    await clock.run({ untilMs: START + 400 });
    expect(heard).toEqual([
      '70 A accepted',
      '{"kind":"rejected","reason":"invalid order: expires in the past"}',
      '280 A expired at 0 (expired)',
    ]);
  });

  it('says when the recording ends; then orders are refused and cancels taken', async () => {
    const { clock, venue, heard, note } = setUp([[100, delta('bid', 48, 5)]]);
    venue.book$(MARKET).subscribe((event) => note('reason' in event ? event.reason : event.type));
    void venue.submit(orderOf('A', 'buy', 5, 48));
    await clock.run({ untilMs: START + 200 });
    void venue.submit(orderOf('B', 'buy', 5, 48)).then((outcome) => note(JSON.stringify(outcome)));
    await clock.run({ untilMs: START + 300 });
    void venue.cancelAll();
    venue.book$(MARKET).subscribe((event) => note(`late: ${event.type}`));
    await clock.run();
    expect(heard).toEqual([
      '20 subscribed',
      '20 book.snapshot',
      '70 A accepted',
      '120 book.delta',
      '120 end of recording',
      '270 {"kind":"rejected","reason":"recording ended"}',
      '320 late: feed.down',
      '370 A cancelled at 0 (cancelled on request)',
    ]);
    expect(clock.pending).toBe(0);
  });

  it('maps the time of an old recording to the clock, events and fills alike', async () => {
    const today = START + 500_000;
    const { clock, venue, heard, note } = setUp([[100, print(13, 48)], LATER], { startMs: today });
    venue.trades$(MARKET).subscribe(({ timeMs }) => note(`print of ${timeMs - today}`));
    venue.reports$.subscribe(({ report }) => {
      if (report.type === 'order.filled') note(`fill of ${report.fill.timeMs - today}`);
    });
    void venue.submit(orderOf('A', 'buy', 5, 48));
    await clock.run({ untilMs: today + 200 });
    expect(heard).toEqual([
      '70 A accepted',
      '120 print of 100',
      '130 A 3@48 maker by print 2',
      '130 fill of 100',
    ]);
  });

  it('a late timer changes what is heard when, not what happened at the exchange', async () => {
    const { clock, venue, heard, note } = setUp([[39, print(10, 48)], [45, print(3, 48)], LATER], {
      lateMs: (armedAtMs) => (armedAtMs < 40 ? 9 : 0),
    });
    const ask = (): unknown => venue.asOf().then((atMs) => note(`as of ${atMs - START}`));
    ask();
    clock.setTimeout(ask, 100);
    void venue.submit(orderOf('A', 'buy', 5, 48));
    await clock.run({ untilMs: START + 300 });
    // There at 40: after the first print, before the second, though all are handled at 48 or later.
    expect(venue.audit.orders()).toMatchObject([{ ahead: 7, cumulative: 0 }]);
    expect(heard).toEqual(['70 A accepted', '70 as of 40', '170 as of 140']);
  });

  it('tells a late subscriber that the market is paused', async () => {
    const paused: Timed = [50, (timeMs) => ({ type: 'market.paused', symbol: MARKET, timeMs })];
    const { clock, venue, heard, note } = setUp([paused, LATER]);
    clock.setTimeout(() => venue.book$(MARKET).subscribe(({ type }) => note(type)), 100);
    await clock.run({ untilMs: START + 200 });
    expect(heard).toEqual(['120 feed.up', '120 book.snapshot', '120 market.paused']);
  });

  it('draws latencies as they are given, and refuses impossible ones', () => {
    const draws = latencyDraws({ kind: 'quantiles', ms: [10, 20, 100] }, seededRandom(1));
    const drawn = Array.from({ length: 2_000 }, draws).toSorted((left, right) => left - right);
    expect(drawn[0]).toBeGreaterThanOrEqual(10);
    expect(drawn.at(-1)).toBeLessThanOrEqual(100);
    expect(Math.abs((drawn[1_000] ?? 0) - 20)).toBeLessThan(3);
    expect(latencyP99Ms({ kind: 'lognormal', medianMs: 40, sigma: 0.3 })).toBe(81);
    expect(() => latencyDraws({ kind: 'fixed', ms: -1 }, seededRandom(1))).toThrow(
      'a latency must be at least 0 ms, was -1; give milliseconds',
    );
  });

  it('keeps one timer, and none once it is stopped', async () => {
    const timed = Array.from({ length: 50 }, (_, index): Timed => [index, delta('bid', 40, 1)]);
    const { clock, venue } = setUp([...timed, LATER]);
    venue.book$(MARKET).subscribe(() => {});
    for (let index = 0; index < 20; index += 1) void venue.asOf();
    await clock.run({ untilMs: START + 30 });
    expect(clock.pending).toBe(1);
    venue.stop();
    expect(clock.pending).toBe(0);
  });

  it('is the same log from the same seed, and another from another', async () => {
    const log = async (seed: number): Promise<string> => {
      const clock = new VirtualClock(START);
      const timed = Array.from(
        { length: 300 },
        (_, index): Timed =>
          index % 3 === 0 ? [index * 10, print(2, 48)] : [index * 10, delta('bid', 48, 3)],
      );
      const source = sourceOf([MARKET_OPEN, ...timed]);
      const venue = paper({ clock, random: seededRandom(seed), source });
      const lines: string[] = [];
      const note = (value: unknown): number =>
        lines.push(`${clock.wallMs()} ${JSON.stringify(value)}`);
      venue.book$(MARKET).subscribe(note);
      venue.trades$(MARKET).subscribe(note);
      venue.reports$.subscribe(note);
      for (let index = 0; index < 10; index += 1)
        clock.setTimeout(
          () => void venue.submit(orderOf(`A${index}`, 'buy', 5, 48)).then(note),
          index * 200,
        );
      await clock.run();
      return lines.join('\n');
    };
    const first = await log(1);
    expect(first).toContain('order.filled');
    expect(await log(1)).toBe(first);
    expect(await log(2)).not.toBe(first);
  });
});
