/** The end of a question: what rests is cancelled, positions are paid, and the cash adds up. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BookEvent } from '../../../src/domain/market-data.ts';
import { times, ZERO } from '../../../src/domain/money.ts';
import { ticks } from '../../../src/domain/numbers.ts';
import { seededRandom } from '../../../src/env/seeded-random.ts';
import { VirtualClock } from '../../../src/env/virtual-clock.ts';
import { Holding } from '../../../src/venues/paper/holding.ts';
import { simulatedExchange } from '../../../src/venues/paper/simulated-exchange.ts';
import type { TimedEvent } from '../../../src/venues/paper/source.ts';
import { paper } from '../../../src/venues/paper/venue.ts';
import { CENTS, MARKET, orderOf, PLAIN, play, Scene } from './notation.ts';
import { LATER, START, setUp, type Timed } from './recording.ts';

const settledAfter = (value: number): Timed => [
  200,
  (timeMs) => ({ type: 'market.settled', symbol: MARKET, value: ticks(value), timeMs }),
];

describe('settlement at the exchange', () => {
  it('cancels what rests and ends all trading, for good', () => {
    const { real, told } = play(`
      book 48x10 | 52x40  =>
      A buy 5@48          => A accepted
      settled 100         => A cancelled at 0 (market closed)
      print sell 50@48    =>
      resumed             =>
      B buy 1@52          => rejected: market is closed
      settled 0           =>`);
    expect(real).toBe(told);
  });

  it.each([
    // 10 YES at 0.52 with a fee of 0.1748; 10 NO at 0.52, which is YES sold at 0.48.
    ['buy 10@52 ioc', 100, '4.6252'],
    ['buy 10@52 ioc', 0, '-5.3748'],
    ['buy 10@52 ioc no', 100, '-5.3748'],
    ['buy 10@52 ioc no', 0, '4.6252'],
    // Half a dollar for a question that was called off.
    ['buy 10@52 ioc', 50, '-0.3748'],
  ])('%s, worth %d in the end: %s', (order, value, profit) => {
    const scene = new Scene();
    for (const line of ['book 48x10 | 52x40', `A ${order}`, `settled ${value}`]) scene.line(line);
    const { account, audit } = scene.exchange;
    const settled = { symbol: MARKET, quantity: 0, realised: profit, open: '0', settledAt: value };
    expect(account.profits()).toEqual([settled]);
    expect(account.realised()).toBe(profit);
    expect(account.positions()).toEqual([]);
    expect(account.balance()).toBe(ZERO.plus('1000').plus(profit).toFixed());
    expect(audit.violations()).toEqual([]);
  });

  it('realises what is sold at its average cost, and turns round', () => {
    const scene = new Scene(PLAIN, { ...CENTS, fees: { kind: 'none' } });
    const profits = (lines: readonly string[]): unknown => {
      for (const line of lines) scene.line(line);
      const [market] = scene.exchange.account.profits();
      return [market?.quantity, market?.realised, market?.open];
    };
    expect(profits(['book 48x50 | 52x10 56x10', 'A buy 20@56 ioc'])).toEqual([20, '0', '10.8']);
    expect(profits(['B sell 5@48 ioc'])).toEqual([15, '-0.3', '8.1']);
    expect(profits(['C sell 25@48 ioc'])).toEqual([-10, '-1.2', '-4.8']);
    expect(profits(['settled 0'])).toEqual([0, '3.6', '0']);
    // The first answer holds.
    expect(profits(['settled 100'])).toEqual([0, '3.6', '0']);
    expect(scene.exchange.account.profits()).toMatchObject([{ settledAt: 0 }]);
    expect(scene.exchange.audit.violations()).toEqual([]);
  });
});

describe('a holding', () => {
  it('splits every cost into what is realised and what is open, and loses nothing', () => {
    const change = fc.tuple(
      fc.integer({ min: -500, max: 500 }).filter((lots) => lots !== 0),
      fc.integer({ min: 1, max: 9_999 }),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const holding = new Holding();
        let paid = ZERO;
        for (const [lots, price] of changes) {
          const cost = times('0.000001', lots * price);
          paid = paid.plus(cost);
          holding.change(lots, cost);
          expect(holding.open.minus(holding.realised).eq(paid)).toBe(true);
          if (holding.quantity === 0) expect(holding.open.isZero()).toBe(true);
        }
      }),
    );
  });
});

describe('settlement at the venue', () => {
  it('is told on the stream of the book, to those who come late as well', async () => {
    const { clock, venue, heard, note } = setUp([settledAfter(100), LATER]);
    const say = (event: BookEvent): number =>
      note('value' in event ? `${event.type} ${event.value}` : event.type);
    venue.book$(MARKET).subscribe(say);
    void venue.submit(orderOf('A', 'buy', 5, 48));
    clock.setTimeout(() => venue.book$(MARKET).subscribe((event) => say(event)), 300);
    await clock.run({ untilMs: START + 400 });
    expect(heard).toEqual([
      '20 feed.up',
      '20 book.snapshot',
      '70 A accepted',
      '220 market.settled 100',
      '230 A cancelled at 0 (market closed)',
      '320 feed.up',
      '320 book.snapshot',
      '320 market.closed',
      '320 market.settled 100',
    ]);
  });

  it('comes when it is asked for, once, and for what has an answer', async () => {
    const { clock, venue, heard } = setUp([LATER]);
    void venue.submit(orderOf('A', 'buy', 50, 52));
    await clock.run({ untilMs: START + 100 });
    venue.settle(MARKET, 'yes');
    await clock.run({ untilMs: START + 200 });
    expect(heard.at(-1)).toBe('130 A cancelled at 40 (market closed)');
    // 40 * 0.48, less a fee of 0.69888, rounded up.
    expect(venue.account.realised()).toBe('18.5011');
    expect(venue.auditViolations()).toEqual([]);
    expect(() => venue.settle(MARKET, 'no')).toThrow('a market is settled once, was "M"');
    expect(() => venue.settle('nowhere', 'no')).toThrow('market must be one of this venue');
  });
});

describe('simulated markets that end', () => {
  const HOUR = 3_600_000;
  const SYMBOLS = Array.from({ length: 60 }, (_, index) => `SIM-${index}`);

  const endOf = (
    seed: number,
  ): { readonly events: readonly TimedEvent[]; readonly yes: number } => {
    const source = simulatedExchange({
      random: seededRandom(seed),
      markets: SYMBOLS.map((symbol) => ({
        symbol,
        category: 'thin' as const,
        settlesAtMs: START + HOUR,
      })),
      startMs: START,
    });
    const events: TimedEvent[] = [];
    for (let timed = source.next(); timed !== null; timed = source.next()) events.push(timed);
    const yes = events.filter(({ event }) => 'value' in event && event.value > 0).length;
    return { events, yes };
  };

  it('close, are answered either way, and the source ends with the last', () => {
    const { events, yes } = endOf(1);
    for (const symbol of SYMBOLS)
      expect(events.filter(({ event }) => event.symbol === symbol).slice(-2)).toMatchObject([
        { atMs: START + HOUR, event: { type: 'market.closed' } },
        { atMs: START + HOUR, event: { type: 'market.settled', timeMs: START + HOUR } },
      ]);
    // They are worth 0.35 to 0.65 or so.
    expect(yes).toBeGreaterThan(15);
    expect(yes).toBeLessThan(45);
    expect(endOf(1).events).toEqual(events);
  });

  it('pay what was bought, and the audit agrees', async () => {
    const settlesAtMs = START + 60_000;
    const markets = [{ symbol: 'SIM', category: 'liquid' as const, settlesAtMs }];
    const source = simulatedExchange({ random: seededRandom(2), markets, startMs: START });
    const clock = new VirtualClock(START);
    const venue = paper({ clock, random: seededRandom(3), source });
    clock.setTimeout(() => {
      void venue.submit(orderOf('A', 'buy', 5_000, 9_900, { symbol: 'SIM', timeInForce: 'ioc' }));
    }, 5_000);
    await clock.run();
    const [profit] = venue.account.profits();
    expect(profit).toMatchObject({ symbol: 'SIM', quantity: 0, open: '0' });
    expect([0, 10_000]).toContain(profit?.settledAt);
    expect(profit?.realised).toBe(venue.account.realised());
    expect(profit?.realised).not.toBe('0');
    expect(venue.auditViolations()).toEqual([]);
    // 50 contracts paid a dollar each, or nothing.
    expect(Number(profit?.realised) > 0).toBe(profit?.settledAt === 10_000);
  });
});
