/**
 * Frames of a feed that never was, in Kalshi's wire format: the same bytes on every run. They come
 * back to the book they began with, so that they can be told again and again.
 */
import { formatUnits } from '../../src/domain/money.ts';
import { chance, exponential, integer, pick } from '../../src/env/draws.ts';
import { seededRandom } from '../../src/env/seeded-random.ts';

type Leg = 'yes' | 'no';

const LEGS = ['yes', 'no'] as const;
const CENT = 100;
/**
 * The book that `BenchVenue.open` tells: the best bid of each leg, ten levels of 1,000 contracts.
 */
const BEST_AT_OPEN = { yes: 4_400, no: 5_400 } as const;
const LEVELS = 10;
const SIZE_AT_OPEN = 100_000;
/** A bid and an offer never meet: YES and NO bids together stay below a dollar by this much. */
const SUM_MAX = 10_000 - CENT;

interface Change {
  readonly symbol: string;
  readonly leg: Leg;
  readonly price: number;
  readonly by: number;
}

/** One market's bids on both legs, so that no frame takes more than there is. */
class Shelves {
  readonly #legs: Record<Leg, Map<number, number>>;

  constructor() {
    const opened = (leg: Leg) =>
      new Map(
        Array.from({ length: LEVELS }, (_, rank) => [
          BEST_AT_OPEN[leg] - rank * CENT,
          SIZE_AT_OPEN,
        ]),
      );
    this.#legs = { yes: opened('yes'), no: opened('no') };
  }

  best(leg: Leg): number {
    return Math.max(...this.#legs[leg].keys());
  }

  sizeAt(leg: Leg, price: number): number {
    return this.#legs[leg].get(price) ?? 0;
  }

  add({ leg, price, by }: Change): void {
    const size = this.sizeAt(leg, price) + by;
    if (size > 0) this.#legs[leg].set(price, size);
    else this.#legs[leg].delete(price);
  }
}

export interface FrameOptions {
  readonly symbols: readonly string[];
  /** Half of them undo the other half, latest first. */
  readonly frames: number;
  readonly seed: string;
  /**
   * As markets are: half of the frames are of the busiest fifth. Else each is as busy as another.
   */
  readonly uneven?: boolean;
}

/** Deltas mostly near the touch; about one in thirty moves it. */
export function cycleOf({
  symbols,
  frames,
  seed,
  uneven = false,
}: FrameOptions): readonly string[] {
  const random = seededRandom(seed);
  const markets = new Map(symbols.map((symbol) => [symbol, new Shelves()]));
  const there = Array.from({ length: frames / 2 }, (): Change => {
    const place = random.next() * (uneven ? random.next() : 1);
    const symbol = symbols[Math.floor(place * symbols.length)] ?? '';
    const shelves = markets.get(symbol) ?? new Shelves();
    const leg = pick(random, LEGS);
    const room = SUM_MAX - shelves.best('yes') - shelves.best('no');
    const improves = room >= CENT && chance(random, 0.02);
    const behind = improves ? -1 : Math.min(LEVELS - 1, Math.floor(exponential(random, 2.5)));
    const price = shelves.best(leg) - behind * CENT;
    const size = shelves.sizeAt(leg, price);
    const empties = size > 0 && chance(random, behind === 0 ? 0.05 : 0.3);
    const change = { symbol, leg, price, by: empties ? -size : integer(random, 1, 300) * 100 };
    shelves.add(change);
    return change;
  });
  const back = there.toReversed().map((change) => ({ ...change, by: -change.by }));
  return [...there, ...back].map(frameOf);
}

function frameOf({ symbol, leg, price, by }: Change, index: number): string {
  return JSON.stringify({
    type: 'orderbook_delta',
    sid: 2,
    seq: index + 2,
    msg: {
      market_ticker: symbol,
      market_id: '9b0f6b43-5b68-4f9f-9f02-9a2d1b8ac1a1',
      price_dollars: formatUnits(price, '0.0001'),
      delta_fp: formatUnits(by, '0.01'),
      side: leg,
      ts: '2027-01-15T08:00:00.123456Z',
      ts_ms: 1_800_000_000_123,
    },
  });
}

/** The snapshot that a cycle begins and ends with. */
export function openingFrame(symbol: string): string {
  const rows = (leg: Leg): readonly (readonly [string, string])[] =>
    Array.from({ length: LEVELS }, (_, rank) => [
      formatUnits(BEST_AT_OPEN[leg] - rank * CENT, '0.0001'),
      formatUnits(SIZE_AT_OPEN, '0.01'),
    ]);
  const msg = { market_ticker: symbol, yes_dollars_fp: rows('yes'), no_dollars_fp: rows('no') };
  return JSON.stringify({ type: 'orderbook_snapshot', sid: 2, seq: 1, msg });
}
