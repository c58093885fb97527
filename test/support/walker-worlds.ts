/** Arbitrary markets, parameters and happenings for the depth walker, and their mirror images. */
import fc from 'fast-check';
import type { MarketView } from '../../src/algorithms/algorithm.ts';
import { Flow } from '../../src/book/flow.ts';
import { HalfBook } from '../../src/book/half-book.ts';
import { OwnView } from '../../src/book/own-view.ts';
import { ownRanges, type TickRange } from '../../src/domain/instrument.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import { CENT_GRID, instrument, START_MS, TAPERED_GRID } from './view.ts';

const PAYOUT = 10_000;

/** Half cents above 50 only: its mirror image is another grid. */
const LOPSIDED_GRID: readonly TickRange[] = [
  { from: ticks(100), to: ticks(5_000), step: ticks(100) },
  { from: ticks(5_000), to: ticks(9_900), step: ticks(50) },
];
const GRIDS = [CENT_GRID, TAPERED_GRID, LOPSIDED_GRID];

const pricesOf = (ranges: readonly TickRange[]): readonly number[] => [
  ...new Set(
    ranges.flatMap(({ from, to, step }) =>
      Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step),
    ),
  ),
];

type Level = readonly [price: number, size: number];
type Print = readonly [timeMs: number, bought: boolean, size: number];

/** A market in ticks and lots, of the own contract. */
export interface World {
  readonly ranges: readonly TickRange[];
  /** Prices around the touch. */
  readonly near: readonly number[];
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
  readonly prints: readonly Print[];
  readonly depths: readonly (readonly [timeMs: number, bid: number, ask: number])[];
}

const size = fc.integer({ min: 1, max: 20_000 });

/**
 * Levels in whole ranks of the grid away from the touch, so that any spread from one tick on comes
 * up.
 */
const sidesOn = (
  prices: readonly number[],
): fc.Arbitrary<Pick<World, 'bids' | 'asks' | 'near'>> => {
  const side = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), size), { maxLength: 4 });
  const middle = fc.integer({ min: 1, max: prices.length - 2 });
  const at = (ranks: readonly (readonly [number, number])[], place: (rank: number) => number) =>
    ranks.flatMap(([rank, lotsThere]): readonly Level[] => {
      const price = prices[place(rank)];
      return price === undefined ? [] : [[price, lotsThere]];
    });
  return fc.tuple(middle, side, side).map(([touch, bids, asks]) => ({
    near: prices.slice(Math.max(0, touch - 6), touch + 6),
    bids: at(bids, (rank) => touch - rank),
    asks: at(asks, (rank) => touch + 1 + rank),
  }));
};

const timeMs = fc.oneof(
  fc.integer({ min: START_MS - 130_000, max: START_MS + 40_000 }),
  fc.integer({ min: START_MS, max: START_MS + 40_000 }),
);
const byTime = <Row extends readonly [number, ...unknown[]]>(
  rows: readonly Row[],
): readonly Row[] => rows.toSorted((left, right) => left[0] - right[0]);

export const grids = fc.constantFrom(...GRIDS);
export const priceOn = (ranges: readonly TickRange[]): fc.Arbitrary<number> =>
  fc.constantFrom(...pricesOf(ranges));

export const worldOn = (ranges: readonly TickRange[]): fc.Arbitrary<World> =>
  fc
    .record({
      ranges: fc.constant(ranges),
      sides: sidesOn(pricesOf(ranges)),
      prints: fc.array(fc.tuple(timeMs, fc.boolean(), size), { maxLength: 40 }).map(byTime),
      depths: fc
        .array(fc.tuple(timeMs, size, size), { maxLength: 4 })
        .map((rows) => byTime([[START_MS - 130_000, 1, 1], ...rows])),
    })
    .map(({ sides, ...rest }) => ({ ...rest, ...sides }));

export const parameters = fc.record({
  walkIntervalMs: fc.constantFrom(1_000, 4_000),
  maxWalks: fc.integer({ min: 0, max: 5 }),
  splitRatios: fc.constantFrom('1', '0.6/0.4', '0.5/0.3/0.2', '0.1/0.9'),
  momentumThreshold: fc.constantFrom(0, 0.1),
  baseIncrement: fc.constantFrom('0.00001', '0.005', '0.013'),
  aggressiveIncrement: fc.constantFrom('0.010', '0.10'),
  minVolume: fc.constantFrom(0, 50),
  residual: fc.constantFrom('leave', 'cross'),
  residualLeadMs: fc.constantFrom(2_000, 20_000),
});

const flip = (price: number): number => PAYOUT - price;

/** The same market as the holder of the other contract sees it. */
export const mirrored = (world: World): World => ({
  ranges: ownRanges(instrument({ tickRanges: world.ranges }), 'no'),
  near: world.near.map(flip),
  bids: world.asks.map(([price, count]) => [flip(price), count]),
  asks: world.bids.map(([price, count]) => [flip(price), count]),
  prints: world.prints.map(([atMs, bought, count]) => [atMs, !bought, count]),
  depths: world.depths.map(([atMs, bid, ask]) => [atMs, ask, bid]),
});

function half(direction: 1 | -1, levels: readonly Level[]): HalfBook {
  const side = new HalfBook(direction);
  for (const [price, count] of levels) side.set(price, count);
  return side;
}

const halvesOf = ({ bids, asks }: World) => ({
  version: 1,
  bids: half(1, bids),
  asks: half(-1, asks),
});

function flowIn({ prints, depths }: World): Flow {
  const book = { version: 0, timeMs: 0, bids: half(1, []), asks: half(-1, []) };
  const flow = new Flow(book);
  for (const [atMs, bought, count] of prints)
    flow.record({
      type: 'print',
      symbol: 'DW-TEST',
      price: ticks(5_000),
      quantity: lots(count),
      taker: bought ? 'buy' : 'sell',
      timeMs: atMs,
      sequence: atMs,
    });
  for (const [atMs, bid, ask] of depths) {
    flow.keepDepth();
    const sides = { bids: half(1, [[100, bid]]), asks: half(-1, [[9_900, ask]]) };
    Object.assign(book, { version: 1, timeMs: Math.max(book.timeMs, atMs), ...sides });
  }
  return flow;
}

const traded = (world: World) =>
  instrument({ tickRanges: world.ranges, minQuantity: lots(1), quantityStep: lots(1) });

/** The world as a market of its own. */
export const marketOf = (world: World, fresh = true): MarketView => ({
  instrument: traded(world),
  outcome: 'yes',
  ranges: world.ranges,
  book: new OwnView(halvesOf(world), world.ranges, null, () => lots(0)),
  flow: flowIn(world).view('yes'),
  fresh,
});

/** The same world as the NO side of a market whose YES side is its mirror image. */
export function asNoSide(world: World): MarketView {
  const yes = mirrored(world);
  return {
    instrument: traded(yes),
    outcome: 'no',
    ranges: ownRanges(traded(yes), 'no'),
    book: new OwnView(halvesOf(yes), world.ranges, PAYOUT, () => lots(0)),
    flow: flowIn(yes).view('no'),
    fresh: true,
  };
}
