/**
 * Market data without a recording: markets of known liquidity, made event by event as they are
 * asked for. The same random source gives the same market; nobody's orders ever change it.
 */

import type { Instrument } from '../../domain/instrument.ts';
import { lots, ticks } from '../../domain/numbers.ts';
import type { Random } from '../../domain/ports.ts';
import { DueQueue } from '../../env/due-queue.ts';
import { type LiquidityCategory, PROFILES } from './profiles.ts';
import { SimulatedBook } from './simulated-book.ts';
import { SimulatedMarket } from './simulated-market.ts';
import type { MarketDataSource, TimedEvent } from './source.ts';

export interface SimulatedMarketOptions {
  readonly symbol: string;
  readonly category: LiquidityCategory;
  /**
   * Exchange time at which the market closes and its question is answered: YES is as likely as the
   * contract was worth then. Never unless given.
   */
  readonly settlesAtMs?: number;
}

export interface SimulatedExchangeOptions {
  readonly random: Random;
  readonly markets: readonly SimulatedMarketOptions[];
  /** Exchange time of the first snapshots, in whole milliseconds. */
  readonly startMs: number;
  /** Endless unless given. */
  readonly durationMs?: number;
}

/**
 * Within a market times never run backwards, and only the events of one action share a millisecond.
 */
export function simulatedExchange(options: SimulatedExchangeOptions): MarketDataSource {
  const { random, markets, startMs, durationMs = Infinity } = options;
  const instruments = markets.map(instrumentOf);
  const actions = new DueQueue<number>();
  let told: TimedEvent[] = [];
  let read = 0;
  let prints = 0;
  instruments.forEach((instrument, key) => {
    const nextPrint = (): number => (prints += 1);
    const book = new SimulatedBook(instrument, (event) => told.push(event), nextPrint);
    const { symbol } = instrument;
    const { category = 'liquid', settlesAtMs = Infinity } = markets[key] ?? {};
    const market = new SimulatedMarket(book, PROFILES[category], random.fork(symbol), startMs);
    const end = (): number => told.push(...answer(symbol, market.comesTrue(PAYOUT), settlesAtMs));
    const arm = (): void => {
      if (market.dueMs < settlesAtMs) actions.set(key, market.dueMs, act);
      else actions.set(key, settlesAtMs, end);
    };
    const act = (): void => {
      market.step();
      arm();
    };
    arm();
  });
  const next = (): TimedEvent | null => {
    while (read === told.length) {
      if (actions.size === 0) return null;
      told = [];
      read = 0;
      actions.take()?.();
    }
    const event = told[read] ?? null;
    if (event === null || event.atMs > startMs + durationMs) return null;
    read += 1;
    return event;
  };
  return { instruments, startMs, next };
}

/** The last that is heard of a market. */
const answer = (symbol: string, yes: boolean, timeMs: number): readonly TimedEvent[] => [
  { atMs: timeMs, event: { type: 'market.closed', symbol, timeMs } },
  {
    atMs: timeMs,
    event: { type: 'market.settled', symbol, value: yes ? PAYOUT : ticks(0), timeMs },
  },
];

const PAYOUT = ticks(10_000);

const CENTS = [{ from: ticks(100), to: ticks(9_900), step: ticks(100) }];

const TAPERED = [
  { from: ticks(10), to: ticks(1_000), step: ticks(10) },
  { from: ticks(1_000), to: ticks(9_000), step: ticks(100) },
  { from: ticks(9_000), to: ticks(9_990), step: ticks(10) },
];

/** Kalshi's units and taker fee; makers pay none. */
function instrumentOf({ symbol, category }: SimulatedMarketOptions): Instrument {
  return {
    venue: 'paper',
    symbol,
    priceUnit: '0.0001',
    lotSize: '0.01',
    payout: PAYOUT,
    tickRanges: PROFILES[category].grid === 'tapered' ? TAPERED : CENTS,
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
  };
}
