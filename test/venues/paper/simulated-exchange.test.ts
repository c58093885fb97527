/** Simulated markets: sound as market data, and like the recordings they were measured from. */
import { describe, expect, it } from 'vitest';
import { OrderBook } from '../../../src/book/order-book.ts';
import { isOnGrid } from '../../../src/domain/grid.ts';
import type { BookDelta, Print } from '../../../src/domain/market-data.ts';
import { seededRandom } from '../../../src/env/seeded-random.ts';
import { VirtualClock } from '../../../src/env/virtual-clock.ts';
import { type LiquidityCategory, PROFILES } from '../../../src/venues/paper/profiles.ts';
import { simulatedExchange } from '../../../src/venues/paper/simulated-exchange.ts';
import type { MarketDataSource, TimedEvent } from '../../../src/venues/paper/source.ts';
import { paper } from '../../../src/venues/paper/venue.ts';
import { orderOf } from './notation.ts';

const START = 1_700_000_000_000;
const HOUR = 3_600_000;
const CATEGORIES = ['liquid', 'moderate', 'thin'] as const;

const marketOf = (category: LiquidityCategory, durationMs: number, seed = 1): MarketDataSource =>
  simulatedExchange({
    random: seededRandom(seed),
    markets: [{ symbol: 'SIM', category }],
    startMs: START,
    durationMs,
  });

function* eventsOf(source: MarketDataSource): Generator<TimedEvent> {
  for (let event = source.next(); event !== null; event = source.next()) yield event;
}

/** Events of one millisecond, which are those of one action. */
function* actionsOf(source: MarketDataSource): Generator<readonly TimedEvent[]> {
  let action: TimedEvent[] = [];
  for (const event of eventsOf(source)) {
    if (action[0] !== undefined && action[0].atMs !== event.atMs) {
      yield action;
      action = [];
    }
    action.push(event);
  }
}

const LASTS: Record<LiquidityCategory, number> = {
  liquid: HOUR / 4,
  moderate: 24 * HOUR,
  thin: 72 * HOUR,
};

describe.each(CATEGORIES)('a simulated %s market', (category) => {
  it('is sound: in sequence, on the grid, never crossed, and each print is in the book', () => {
    const source = marketOf(category, LASTS[category] / 3);
    const [instrument] = source.instruments;
    const book = new OrderBook('SIM');
    const faults: string[] = [];
    const check = (holds: boolean, rule: string): void => {
      if (!holds) faults.push(rule);
    };
    let sequence = 0;
    let prints = 0;
    let lastMs = START - 1;
    for (const action of actionsOf(source)) {
      const atMs = action[0]?.atMs ?? 0;
      check(Number.isSafeInteger(atMs) && atMs > lastMs, 'time moves on in whole milliseconds');
      lastMs = atMs;
      const events = action.map(({ event }) => event);
      const printed = events.filter((event) => event.type === 'print');
      const deltas = events.filter((event) => event.type === 'book.delta');
      if (printed.length > 0) {
        const first = events.findIndex((event) => event.type === 'book.delta');
        check(first === printed.length, 'prints come first');
        check(same(deltas.map(asPrint), printed.map(essence)), 'each print is in the book');
        const touch = printed[0]?.taker === 'buy' ? book.asks.priceAt(0) : book.bids.priceAt(0);
        check(printed[0]?.price === touch, 'the first print is at the touch');
      }
      for (const event of events) {
        check(event.type === 'print' || event.type.startsWith('book.'), event.type);
        if (event.type === 'print') check(event.sequence === (prints += 1), 'prints are counted');
        if (event.type !== 'book.snapshot' && event.type !== 'book.delta') continue;
        check(event.sequence === (sequence += 1), 'events are in sequence');
        check(book.apply(event) === null, 'the book is never crossed or negative');
        if (event.type === 'book.delta')
          check(isOnGrid(instrument?.tickRanges ?? [], event.price), 'prices are on the grid');
      }
    }
    expect(faults).toEqual([]);
    expect(prints).toBeGreaterThan(20);
    expect(sequence).toBeGreaterThan(1_000);
  });

  it('has the spread, touch, prints and deltas of the recordings, by their medians', () => {
    const profile = PROFILES[category];
    const runs = [1, 2, 3, 4].map((seed) => measure(marketOf(category, LASTS[category], seed)));
    const spread = medianOf(runs.map((run) => run.spreads));
    const touch = medianOf(runs.map((run) => run.touches));
    const seconds = (runs.length * LASTS[category]) / 1_000;
    const rate = (count: 'prints' | 'deltas'): number =>
      runs.reduce((sum, run) => sum + run[count], 0) / seconds;
    // Stated bands: the spread within a step, the touch within a factor of 1.5, rates within 1.4.
    expect(Math.abs(spread - profile.spread.p50)).toBeLessThanOrEqual(category === 'thin' ? 1 : 0);
    expect(ratio(touch, profile.touch.p50)).toBeLessThan(1.5);
    expect(ratio(rate('prints'), profile.printsPerSecond)).toBeLessThan(1.4);
    expect(ratio(rate('deltas'), profile.deltasPerSecond)).toBeLessThan(1.4);
  });
});

describe('simulated flow', () => {
  it("is informed: after a trade the price goes the taker's way", () => {
    const moves: number[] = [];
    const book = new OrderBook('SIM');
    let open: { readonly sign: number; readonly mid: number; readonly atMs: number }[] = [];
    for (const { atMs, event } of eventsOf(marketOf('liquid', HOUR))) {
      const mid = (book.bids.priceAt(0) + book.asks.priceAt(0)) / 200;
      const due = open.filter((each) => atMs - each.atMs >= 5_000);
      moves.push(...due.map(({ sign, mid: before }) => sign * (mid - before)));
      if (due.length > 0) open = open.filter((each) => atMs - each.atMs < 5_000);
      if (event.type === 'print') open.push({ sign: event.taker === 'buy' ? 1 : -1, mid, atMs });
      else if (event.type === 'book.delta' || event.type === 'book.snapshot') book.apply(event);
    }
    const mean = moves.reduce((sum, move) => sum + move, 0) / moves.length;
    expect(moves.length).toBeGreaterThan(10_000);
    expect(mean).toBeGreaterThan(0.15);
  });

  it('leaves thin markets one-sided for moments, and comes back', () => {
    const { oneSidedMs, twoSidedMs } = measure(marketOf('thin', 72 * HOUR));
    const share = oneSidedMs / (oneSidedMs + twoSidedMs);
    expect(share).toBeGreaterThan(0.009);
    expect(share).toBeLessThan(0.1);
  });

  it('is the same from the same seed, and a market does not depend on its neighbours', () => {
    const read = (markets: readonly string[], seed: number): readonly string[] => {
      const source = simulatedExchange({
        random: seededRandom(seed),
        markets: markets.map((symbol) => ({ symbol, category: 'liquid' })),
        startMs: START,
        durationMs: 20_000,
      });
      return [...eventsOf(source)]
        .filter(({ event }) => event.symbol === 'A')
        .map(({ event }) =>
          JSON.stringify(event.type === 'print' ? { ...event, sequence: 0 } : event),
        );
    };
    const alone = read(['A'], 1);
    expect(alone.length).toBeGreaterThan(500);
    expect(read(['A'], 1)).toEqual(alone);
    expect(read(['A', 'B', 'C'], 1)).toEqual(alone);
    expect(read(['A'], 2)).not.toEqual(alone);
  });

  it('keeps several markets in the order of time', () => {
    const source = simulatedExchange({
      random: seededRandom(3),
      markets: CATEGORIES.map((category) => ({ symbol: category, category })),
      startMs: START,
    });
    let lastMs = START;
    const seen = new Set<string>();
    let inOrder = true;
    for (let count = 0; count < 50_000; count += 1) {
      const next = source.next();
      inOrder &&= next !== null && next.atMs >= lastMs;
      lastMs = next?.atMs ?? 0;
      if (next !== null) seen.add(next.event.symbol);
    }
    expect(inOrder).toBe(true);
    expect([...seen].toSorted()).toEqual([...CATEGORIES].toSorted());
  });
});

describe('the paper venue on a simulated exchange', () => {
  it('conserves everything through five minutes of careless trading', async () => {
    const clock = new VirtualClock(START);
    const random = seededRandom(4);
    const venue = paper({ clock, random: random.fork('paper'), source: marketOf('liquid', HOUR) });
    const book = new OrderBook('SIM');
    venue.book$('SIM').subscribe((event) => {
      if (event.type === 'book.snapshot' || event.type === 'book.delta') book.apply(event);
    });
    const fills: string[] = [];
    venue.reports$.subscribe(({ report }) => {
      if (report.type === 'order.filled') fills.push(report.fill.liquidity);
    });
    let count = 0;
    const trade = (): void => {
      clock.setTimeout(trade, 200);
      const bid = book.bids.priceAt(0);
      if (Number.isNaN(bid) || Number.isNaN(book.asks.priceAt(0))) return;
      count += 1;
      const ref = { clientOrderId: `order ${count - 5}`, venueOrderId: null, symbol: 'SIM' };
      if (random.next() < 0.3) void venue.cancel(ref);
      const action = random.next() < 0.5 ? 'buy' : 'sell';
      const price = random.next() < 0.5 ? bid : book.asks.priceAt(0);
      const quantity = 100 * Math.ceil(random.next() * 300);
      const more = { symbol: 'SIM', timeInForce: random.next() < 0.2 ? 'ioc' : 'gtc' } as const;
      void venue.submit(orderOf(`order ${count}`, action, quantity, price, more));
    };
    trade();
    await clock.run({ untilMs: START + 300_000 });
    expect(fills.filter((liquidity) => liquidity === 'maker').length).toBeGreaterThan(100);
    expect(fills.filter((liquidity) => liquidity === 'taker').length).toBeGreaterThan(100);
    expect(venue.auditViolations()).toEqual([]);
  });
});

const same = (left: unknown, right: unknown): boolean =>
  JSON.stringify(left) === JSON.stringify(right);

const essence = ({ taker, price, quantity }: Print) => ({ taker, price, quantity });

const asPrint = ({ side, price, change }: BookDelta) => ({
  taker: side === 'ask' ? 'buy' : 'sell',
  price,
  quantity: 'by' in change ? -change.by : Number.NaN,
});

/** How many milliseconds each value lasted. */
type Durations = Map<number, number>;

interface Measured {
  readonly spreads: Durations;
  readonly touches: Durations;
  readonly prints: number;
  readonly deltas: number;
  readonly oneSidedMs: number;
  readonly twoSidedMs: number;
}

function measure(source: MarketDataSource): Measured {
  const spreads: Durations = new Map();
  const touches: Durations = new Map();
  const book = new OrderBook('SIM');
  const counts = { prints: 0, deltas: 0, oneSidedMs: 0, twoSidedMs: 0 };
  let lastMs = START;
  for (const { atMs, event } of eventsOf(source)) {
    const ms = atMs - lastMs;
    lastMs = atMs;
    if (book.bids.count > 0 && book.asks.count > 0) {
      counts.twoSidedMs += ms;
      add(spreads, (book.asks.priceAt(0) - book.bids.priceAt(0)) / 100, ms);
      add(touches, book.bids.sizeAtRank(0) / 100, ms);
      add(touches, book.asks.sizeAtRank(0) / 100, ms);
    } else counts.oneSidedMs += ms;
    if (event.type === 'print') counts.prints += 1;
    if (event.type === 'book.delta') counts.deltas += 1;
    if (event.type === 'book.delta' || event.type === 'book.snapshot') book.apply(event);
  }
  return { ...counts, spreads, touches };
}

const add = (durations: Durations, value: number, ms: number): unknown =>
  durations.set(value, (durations.get(value) ?? 0) + ms);

/** The median by time, over several runs. */
function medianOf(runs: readonly Durations[]): number {
  const sorted = runs.flatMap((run) => [...run]).toSorted(([left], [right]) => left - right);
  let left = sorted.reduce((sum, [, ms]) => sum + ms, 0) / 2;
  for (const [value, ms] of sorted) {
    left -= ms;
    if (left <= 0) return value;
  }
  return Number.NaN;
}

const ratio = (left: number, right: number): number => Math.max(left / right, right / left);
