/** The exchange's own order, whatever the order of arrival: prints and deltas of one trade. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Action } from '../../../src/domain/instrument.ts';
import { seededRandom } from '../../../src/env/seeded-random.ts';
import { VirtualClock } from '../../../src/env/virtual-clock.ts';
import { FILL_MODES, fillModel } from '../../../src/venues/paper/fill-model.ts';
import { fixedLatency } from '../../../src/venues/paper/latency.ts';
import { reordered } from '../../../src/venues/paper/reorder.ts';
import type {
  MarketDataEvent,
  MarketDataSource,
  TimedEvent,
} from '../../../src/venues/paper/source.ts';
import { paper } from '../../../src/venues/paper/venue.ts';
import { CENTS, MARKET, modelOf, orderOf, Scene } from './notation.ts';
import { book, delta, LATER, print, START, setUp, type Timed } from './recording.ts';

/** What happened, and how late it was heard of. */
interface Heard {
  readonly atMs: number;
  readonly lateMs: number;
  readonly event: MarketDataEvent;
}

/** In the order of arrival, on the running maximum of the exchange's times, as a tape has it. */
function arriving(heard: readonly Heard[]): MarketDataSource {
  let clock = 0;
  const events: TimedEvent[] = heard
    .toSorted((left, right) => left.atMs + left.lateMs - right.atMs - right.lateMs)
    .map(({ atMs, event }) => {
      clock = Math.max(clock, atMs);
      return { atMs: clock, event };
    });
  let index = 0;
  return { instruments: [CENTS], startMs: START, next: () => events[index++] ?? null };
}

function* all(source: MarketDataSource): Generator<TimedEvent> {
  for (let timed = source.next(); timed !== null; timed = source.next()) yield timed;
}

const told = (source: MarketDataSource): readonly string[] =>
  [...all(source)].map(({ atMs, event, followedBy }) => {
    const what = event.type === 'print' ? `print ${event.sequence}` : event.type;
    return `${atMs - START} ${what}${followedBy === undefined ? '' : ` then ${followedBy}`}`;
  });

const at = (
  afterMs: number,
  make: (timeMs: number, sequence: number) => MarketDataEvent,
  sequence = 0,
  lateMs = 0,
): Heard => ({ atMs: START + afterMs, lateMs, event: make(START + afterMs, sequence) });

describe('reordered', () => {
  it('puts a print before the change of its time, and says what it will take', () => {
    const source = arriving([
      at(0, book([[48, 90]], [[52, 40]])),
      at(10, delta('bid', 48, -5), 1),
      at(10, delta('bid', 47, -9), 2),
      at(10, delta('bid', 48, 7), 3),
      at(10, print(5, 48), 1),
      at(10, print(9, 47), 2),
    ]);
    expect(told(reordered(source, 250))).toEqual([
      '0 book.snapshot',
      '10 print 1 then 5',
      '10 print 2 then 9',
      '10 book.delta',
      '10 book.delta',
      '10 book.delta',
    ]);
  });

  it('keeps what is later than it looks ahead, and each channel, in the order it came', () => {
    const source = arriving([
      at(0, book([[48, 90]], [[52, 40]])),
      at(10, print(1, 48), 1, 240),
      at(20, print(1, 48), 2, 231),
      at(15, print(1, 48), 3, 237),
      at(30, print(1, 48), 4, 580),
      at(100, delta('bid', 48, 1), 1),
      at(90, delta('bid', 48, 1), 2, 11),
      at(260, delta('bid', 48, 1), 3),
      at(600, delta('bid', 48, 1), 4),
    ]);
    expect(told(reordered(source, 250))).toEqual([
      '0 book.snapshot',
      '10 print 1',
      '20 print 2',
      '20 print 3',
      '100 book.delta',
      '100 book.delta',
      '260 book.delta',
      '260 print 4',
      '600 book.delta',
    ]);
    expect(reordered(source, 0)).toBe(source);
  });

  it('never puts a print past the news that a market is closed', () => {
    const closed = (timeMs: number): MarketDataEvent => ({
      type: 'market.closed',
      symbol: MARKET,
      timeMs,
    });
    const source = arriving([at(10, closed), at(10, delta('bid', 48, 1)), at(10, print(1, 48), 1)]);
    expect(told(reordered(source, 250))).toEqual([
      '10 market.closed',
      '10 print 1',
      '10 book.delta',
    ]);
  });
});

interface Happening {
  readonly kind: 'trade' | 'cancel' | 'order';
  readonly size: number;
  readonly pauseMs: number;
  /** How late each channel tells of it. */
  readonly printLateMs: number;
  readonly deltaLateMs: number;
}

const REORDER_MS = 250;

const happening = fc.record({
  kind: fc.constantFrom('trade', 'cancel', 'order'),
  size: fc.integer({ min: 1, max: 15 }),
  pauseMs: fc.integer({ min: 0, max: 60 }),
  printLateMs: fc.integer({ min: 0, max: REORDER_MS / 2 }),
  deltaLateMs: fc.integer({ min: 0, max: REORDER_MS / 2 }),
});

/** Lateness within a channel only grows as far as it keeps its order. */
function heardOf(happenings: readonly Happening[], isPunctual: boolean): readonly Heard[] {
  const heard = [at(0, book([[48, 60]], [[52, 40]]))];
  let [afterMs, size, sequence, prints] = [1_000, 60, 1, 0];
  const last = { print: 0, delta: 0 };
  const hear = (channel: 'print' | 'delta', lateMs: number, event: MarketDataEvent): void => {
    last[channel] = Math.max(last[channel], afterMs + (isPunctual ? 0 : lateMs));
    heard.push({ atMs: START + afterMs, lateMs: last[channel] - afterMs, event });
  };
  for (const { kind, size: wanted, pauseMs, printLateMs, deltaLateMs } of happenings) {
    afterMs += pauseMs;
    const lots = kind === 'order' ? wanted : Math.min(wanted, size);
    if (lots === 0) continue;
    size += kind === 'order' ? lots : -lots;
    if (kind === 'trade')
      hear('print', printLateMs, print(lots, 48)(START + afterMs, (prints += 1)));
    const by = kind === 'order' ? lots : -lots;
    hear('delta', deltaLateMs, delta('bid', 48, by)(START + afterMs, (sequence += 1)));
  }
  return [...heard, at(afterMs + 5_000, delta('bid', 10, 1), sequence + 1)];
}

async function auditOf(source: MarketDataSource, mode: (typeof FILL_MODES)[number]) {
  const clock = new VirtualClock(START);
  const fill = fillModel(mode);
  const latency = fixedLatency(20, 40, 30);
  const venue = paper({ clock, random: seededRandom(1), source, latency, fill });
  for (const [id, quantity] of [
    ['A', 30],
    ['B', 20],
  ] as const)
    void venue.submit(orderOf(id, 'buy', quantity, 48));
  await clock.run();
  expect(venue.auditViolations()).toEqual([]);
  return venue.audit.log();
}

describe('print before change and change before print', () => {
  const happenings = fc.array(happening, { minLength: 10, maxLength: 40 });

  it.each(FILL_MODES)('give the same fills, however late within the buffer: %s', async (mode) => {
    let filled = 0;
    await fc.assert(
      fc.asyncProperty(happenings, async (given) => {
        const punctual = await auditOf(arriving(heardOf(given, true)), mode);
        expect(await auditOf(arriving(heardOf(given, false)), mode)).toBe(punctual);
        filled += punctual.split('\n').length - 1;
      }),
      { numRuns: 60, seed: 3 },
    );
    expect(filled).toBeGreaterThan(60);
  });

  // Beyond the buffer: the change is heard first, other changes follow, and then comes the print.
  const group = fc.record({
    traded: fc.integer({ min: 1, max: 40 }),
    changes: fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 4 }),
  });

  it.each(['conservative', 'probabilistic', 'optimistic'] as const)(
    'leave the same queue where the print comes after other changes: %s',
    (mode) => {
      let filled = 0;
      fc.assert(
        fc.property(fc.array(group, { minLength: 1, maxLength: 8 }), (groups) => {
          const scenes = [new Scene(modelOf(mode)), new Scene(modelOf(mode))] as const;
          const [first, late] = scenes;
          let size = 60;
          for (const line of ['book 48x60 | 52x40', 'A buy 30@48', 'B buy 20@48'])
            for (const scene of scenes) scene.line(line);
          for (const { traded, changes } of groups) {
            const lots = Math.min(traded, size);
            size -= lots;
            const others = changes.map((by) => {
              const change = Math.max(by, -size);
              size += change;
              return `bid 48 ${change < 0 ? '' : '+'}${change}`;
            });
            const trade = `print sell ${lots}@48`;
            const changed = [`bid 48 -${lots}`, ...others];
            // Nothing of an earlier group is left to be explained.
            for (const line of ['wait 2001', trade, ...changed]) first.line(line);
            for (const line of ['wait 2001', ...changed, trade]) late.line(line);
          }
          const ends = scenes.map(({ exchange }) =>
            exchange.audit.orders().map(({ cumulative, ahead }) => [cumulative, ahead]),
          );
          expect(ends[1]).toEqual(ends[0]);
          for (const { exchange } of scenes) expect(exchange.audit.violations()).toEqual([]);
          filled += Number(ends[0]?.[0]?.[0] ?? 0);
        }),
        { numRuns: 300, seed: 4 },
      );
      expect(filled).toBeGreaterThan(100);
    },
  );

  it('leave earlier cancels alone where the change comes at the time of its print', async () => {
    const timed: readonly Timed[] = [
      [100, delta('bid', 48, 90)],
      [200, delta('bid', 48, 100)],
      [300, delta('bid', 48, -50)],
      [400, delta('bid', 48, -80)],
      [400, print(80, 48)],
      LATER,
    ];
    const { clock, venue } = setUp(timed, { fill: modelOf('probabilistic') });
    clock.setTimeout(() => void venue.submit(orderOf('A', 'buy', 20, 48)), 110);
    await clock.run();
    // 100 stand before, 100 come behind; of the 50 that leave, half: 75, and 80 are traded.
    expect(venue.audit.order('A')).toMatchObject({ cumulative: 5 });
    expect(venue.auditViolations()).toEqual([]);
  });

  it('use no lot of a print again where an older change is explained late', async () => {
    const timed: readonly Timed[] = [
      [100, delta('bid', 48, 90)],
      [160, delta('bid', 48, 200)],
      [200, delta('bid', 48, -30)],
      [300, delta('bid', 48, -15)],
      [300, print(15, 48)],
      [400, print(30, 48)],
      LATER,
    ];
    const { clock, venue } = setUp(timed);
    void venue.submit(orderOf('A', 'buy', 20, 48));
    clock.setTimeout(() => void venue.submit(orderOf('B', 'buy', 20, 48)), 110);
    await clock.run();
    // 10 stood before A, 100 before B; of 45 that traded A has 20, and 25 were of the 100.
    expect(venue.audit.order('A')).toMatchObject({ cumulative: 20 });
    expect(venue.audit.order('B')).toMatchObject({ cumulative: 0, ahead: 75 });
  });

  it('maps both sides: a seller of YES meets bids, a buyer of YES those who buy NO', () => {
    const cases: readonly (readonly [Action, number, string])[] = [
      ['sell', 48, 'A'],
      ['buy', 52, 'N'],
    ];
    for (const [taker, price, id] of cases) {
      const scene = new Scene(modelOf('optimistic'));
      for (const line of ['book 48x5 | 52x5', 'A buy 5@48', 'N buy 5@48 no']) scene.line(line);
      expect(scene.line(`print ${taker} 5@${price}`)).toBe(`${id} 5@48 maker by print 1`);
    }
  });
});
