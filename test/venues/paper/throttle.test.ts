/** A limit of calls is latency: commands wait for their turn, questions do not. */
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/env/seeded-random.ts';
import { VirtualClock } from '../../../src/env/virtual-clock.ts';
import {
  fixedLatency,
  KALSHI_LATENCY,
  latencyDraws,
  worstCase,
} from '../../../src/venues/paper/latency.ts';
import { type RateLimit, Throttle } from '../../../src/venues/paper/throttle.ts';
import { paper } from '../../../src/venues/paper/venue.ts';
import { orderOf } from './notation.ts';
import { LATER, MARKET_OPEN, START, sourceOf } from './recording.ts';

const waits = (limit: RateLimit, atMs: readonly number[]): readonly (number | undefined)[] => {
  const throttle = Throttle.of(limit);
  return atMs.map((each) => throttle?.waitMs(each));
};

describe('a throttle', () => {
  it('lets one go each interval, and a burst after a pause', () => {
    expect(waits({ callsPerSecond: 10 }, [0, 0, 0, 250, 1_000])).toEqual([0, 100, 200, 50, 0]);
    expect(waits({ callsPerSecond: 10, burst: 3 }, [0, 0, 0, 0, 0, 5_000, 5_000])).toEqual([
      0, 0, 0, 100, 200, 0, 0,
    ]);
  });

  it('is none where there is no limit, and refuses impossible ones', () => {
    expect(Throttle.of(undefined)).toBeNull();
    expect(() => Throttle.of({ callsPerSecond: 0 })).toThrow('must be positive, was 0');
    expect(() => Throttle.of({ callsPerSecond: 1, burst: 0.5 })).toThrow('at least 1, was 0.5');
  });

  it('delays commands at the venue', async () => {
    const clock = new VirtualClock(START);
    const source = sourceOf([MARKET_OPEN, LATER]);
    const venue = paper({
      clock,
      random: seededRandom(1),
      source,
      latency: fixedLatency(0, 40, 30),
      rateLimit: { callsPerSecond: 10, burst: 2 },
    });
    const answered: number[] = [];
    const note = (): unknown => answered.push(clock.wallMs() - START);
    for (const id of ['A', 'B', 'C', 'D']) void venue.submit(orderOf(id, 'buy', 1, 48)).then(note);
    void venue.cancelAll().then(note);
    void venue.openOrders().then(note);
    await clock.run({ untilMs: START + 1_000 });
    expect(answered).toEqual([70, 70, 70, 170, 270, 370]);
    expect(venue.audit.orders().map(({ status }) => status)).toEqual(Array(4).fill('cancelled'));
  });
});

describe('the worst case', () => {
  it('is the slowest of a hundred, every time', () => {
    const { feed, entry, response } = worstCase(KALSHI_LATENCY);
    expect([feed, entry, response]).toEqual([
      { kind: 'fixed', ms: 41 },
      { kind: 'fixed', ms: 81 },
      { kind: 'fixed', ms: 61 },
    ]);
    const draw = latencyDraws(KALSHI_LATENCY.entry, seededRandom(4));
    const drawn = Array.from({ length: 10_000 }, draw);
    const slower = drawn.filter((ms) => ms > 81).length;
    expect(slower).toBeGreaterThan(50);
    expect(slower).toBeLessThan(150);
    const quantiles = { kind: 'quantiles', ms: [10, 20, 120] } as const;
    expect(worstCase({ feed: quantiles, entry, response }).feed).toEqual({
      kind: 'fixed',
      ms: 118,
    });
  });
});
