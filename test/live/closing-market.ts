/** Simulated markets of an emulator of which one can be closed, and its question answered. */
import { ticks } from '../../src/domain/numbers.ts';
import {
  type MarketDataSource,
  seededRandom,
  simulatedExchange,
  type TimedEvent,
} from '../../src/testing.ts';

export const CLOSING = 'KXSIM-26-MODERATE';
export const OPEN = 'KXSIM-26-LIQUID';

export interface ClosingMarket {
  readonly source: MarketDataSource;
  /** From the next event on. */
  readonly close: () => void;
}

export function closingMarket(): ClosingMarket {
  const inner = simulatedExchange({
    random: seededRandom('closing'),
    startMs: 0,
    markets: [
      { symbol: OPEN, category: 'liquid' },
      { symbol: CLOSING, category: 'moderate' },
    ],
  });
  let [isWanted, isDone] = [false, false];
  const waiting: TimedEvent[] = [];
  const next = (): TimedEvent | null => {
    const event = waiting.shift() ?? inner.next();
    if (event === null || !isWanted || isDone) return event;
    isDone = true;
    const { atMs } = event;
    const of = { symbol: CLOSING, timeMs: atMs };
    waiting.push({ atMs, event: { type: 'market.settled', value: ticks(0), ...of } }, event);
    return { atMs, event: { type: 'market.closed', ...of } };
  };
  return {
    source: { ...inner, next },
    close() {
      isWanted = true;
    },
  };
}
