/** Markets that stand still unless a test moves them: what fills is known beforehand. */
import type { Instrument } from '../../src/domain/instrument.ts';
import type { Level, Print } from '../../src/domain/market-data.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import type {
  MarketDataEvent,
  MarketDataSource,
  TimedEvent,
} from '../../src/venues/paper/source.ts';

export const TICKER = 'KXTEST-26NOV21-A';
export const OTHER = 'KXTEST-26NOV21-B';

const instrumentOf = (symbol: string): Instrument => ({
  venue: 'kalshi',
  symbol,
  priceUnit: '0.0001',
  lotSize: '0.01',
  payout: ticks(10_000),
  tickRanges: [{ from: ticks(100), to: ticks(9_900), step: ticks(100) }],
  minQuantity: lots(1),
  quantityStep: lots(1),
  fees: {
    kind: 'quadratic',
    takerRate: '0.07',
    makerRate: '0',
    multiplier: '1',
    tradeFeeStep: '0.0001',
    balanceStep: '0.0001',
  },
});

/** Price in cents, size in contracts. */
const level = ([price, size]: readonly [number, number]): Level => ({
  price: ticks(price * 100),
  size: lots(size * 100),
});

const book = (symbol: string): MarketDataEvent => ({
  type: 'book.snapshot',
  symbol,
  bids: (
    [
      [42, 13],
      [35, 200],
    ] as const
  ).map(level),
  asks: (
    [
      [44, 17],
      [46, 400],
    ] as const
  ).map(level),
  sequence: 1,
  timeMs: null,
});

export type Later = readonly [afterMs: number, event: MarketDataEvent];

/**
 * Both markets bid 13 at 0.42 and 200 at 0.35, and ask 17 at 0.44 and 400 at 0.46. Times of later
 * events count from the start.
 */
export function stillMarkets(later: readonly Later[] = [], startMs = 1_000): MarketDataSource {
  const first = [book(TICKER), book(OTHER)].map((event): TimedEvent => ({ atMs: startMs, event }));
  const rest = later.map(([afterMs, event]): TimedEvent => {
    const atMs = startMs + afterMs;
    return { atMs, event: 'timeMs' in event ? { ...event, timeMs: atMs } : event };
  });
  const events = [...first, ...rest];
  let read = 0;
  return {
    instruments: [TICKER, OTHER].map(instrumentOf),
    startMs,
    next: () => events[read++] ?? null,
  };
}

/** Somebody sells to the bids. */
export const print = (cents: number, contracts: number): Print => ({
  type: 'print',
  symbol: TICKER,
  price: ticks(cents * 100),
  quantity: lots(contracts * 100),
  taker: 'sell',
  timeMs: 0,
  sequence: 1,
});
