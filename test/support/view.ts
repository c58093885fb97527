/**
 * Views for algorithms, drawn from literal ladders through the real book and flow. Prices are
 * written in cents of the own contract, sizes in contracts.
 */
import type { ExecutionView, MarketView, OwnOrder } from '../../src/algorithms/algorithm.ts';
import type { FlowView } from '../../src/book/book-view.ts';
import { Flow } from '../../src/book/flow.ts';
import { HalfBook } from '../../src/book/half-book.ts';
import { OwnView } from '../../src/book/own-view.ts';
import type { FeeSchedule } from '../../src/domain/fees.ts';
import type { Action, Instrument, OutcomeSide, TickRange } from '../../src/domain/instrument.ts';
import type { Json } from '../../src/domain/json.ts';
import { type Lots, lots, type Ticks, ticks } from '../../src/domain/numbers.ts';

export const cents = (price: number): Ticks => ticks(Math.round(price * 100));
export const contracts = (count: number): Lots => lots(Math.round(count * 100));

const range = (from: number, to: number, step: number): TickRange => ({
  from: cents(from),
  to: cents(to),
  step: cents(step),
});

/** Whole cents from 1 to 99. */
export const CENT_GRID: readonly TickRange[] = [range(1, 99, 1)];
/** Tenths of a cent in the tails. */
export const TAPERED_GRID: readonly TickRange[] = [
  range(0.1, 10, 0.1),
  range(10, 90, 1),
  range(90, 99.9, 0.1),
];

/** 7 % p(1-p) for takers, a quarter of it for makers: the shape of Kalshi's general schedule. */
export const QUADRATIC: FeeSchedule = {
  kind: 'quadratic',
  takerRate: '0.07',
  makerRate: '0.0175',
  multiplier: '1',
  tradeFeeStep: '0.0001',
  balanceStep: '0.01',
};

export const instrument = (changes: Partial<Instrument> = {}): Instrument => ({
  venue: 'paper',
  symbol: 'DW-TEST',
  priceUnit: '0.0001',
  lotSize: '0.01',
  payout: ticks(10_000),
  tickRanges: CENT_GRID,
  minQuantity: contracts(1),
  quantityStep: contracts(1),
  fees: QUADRATIC,
  ...changes,
});

/** Levels as size@price, in any order: '50@68 20@67'. */
export type Ladder = string;

export function bookOf(
  { bids = '', asks = '' }: { readonly bids?: Ladder; readonly asks?: Ladder },
  ranges: readonly TickRange[] = CENT_GRID,
): OwnView {
  return new OwnView({ version: 1, ...halves(bids, asks) }, ranges, null, () => lots(0));
}

export function halves(
  bids: Ladder,
  asks: Ladder,
): { readonly bids: HalfBook; readonly asks: HalfBook } {
  return { bids: half(1, bids), asks: half(-1, asks) };
}

function half(direction: 1 | -1, ladder: Ladder): HalfBook {
  const side = new HalfBook(direction);
  for (const level of ladder.split(' ').filter((text) => text !== '')) {
    const [size, price] = level.split('@').map(Number);
    if (size === undefined || price === undefined) throw new Error(`not size@price: ${level}`);
    side.set(cents(price), contracts(size));
  }
  return side;
}

/** [time, taker, contracts] */
export type Prints = readonly (readonly [number, Action, number])[];
/** [time, contracts on the bid side, contracts on the ask side] */
export type Depths = readonly (readonly [number, number, number])[];

export interface MarketSketch {
  readonly bids?: Ladder;
  readonly asks?: Ladder;
  readonly prints?: Prints;
  /** Without them the market counts as observed since time 0. */
  readonly depths?: Depths;
  readonly fresh?: boolean;
  readonly instrument?: Instrument;
}

export function flowOf(
  { prints = [], depths = [[0, 1, 1]] }: MarketSketch,
  outcome: OutcomeSide,
): FlowView {
  const book = { version: 0, timeMs: 0, ...halves('', '') };
  const flow = new Flow(book);
  for (const [timeMs, taker, size] of prints)
    flow.record({
      type: 'print',
      symbol: 'DW-TEST',
      price: cents(50),
      quantity: contracts(size),
      taker,
      timeMs,
      sequence: timeMs,
    });
  for (const [timeMs, bid, ask] of depths) {
    flow.keepDepth();
    Object.assign(book, { version: 1, timeMs, ...halves(`${bid}@1`, `${ask}@99`) });
  }
  return flow.view(outcome);
}

export function market(sketch: MarketSketch): MarketView {
  const traded = sketch.instrument ?? instrument();
  return {
    instrument: traded,
    outcome: 'yes',
    ranges: traded.tickRanges,
    book: bookOf(sketch, traded.tickRanges),
    flow: flowOf(sketch, 'yes'),
    fresh: sketch.fresh ?? true,
  };
}

export const order = (changes: Partial<OwnOrder> & { readonly price: Ticks }): OwnOrder => ({
  splitOrderId: 'dw-1-1',
  quantity: contracts(60),
  filled: lots(0),
  timeInForce: 'gtc',
  working: true,
  busy: false,
  walks: 0,
  placedAtMs: START_MS,
  ...changes,
});

/** Late enough that a full lookback lies before it. */
export const START_MS = 1_000_000;

/** A buyer of 100 with a cap of 75 cents, 40 s of time and the whole quantity unreleased. */
export function view<Parameters, State extends Json>(
  parameters: Parameters,
  sketch: MarketSketch & Partial<ExecutionView<Parameters, State>>,
): ExecutionView<Parameters, State> {
  const target = sketch.target ?? contracts(100);
  return {
    action: 'buy',
    target,
    filled: lots(0),
    unreleased: target,
    cap: cents(75),
    nowMs: START_MS,
    startedAtMs: START_MS,
    closeAtMs: START_MS + 40_000,
    orders: [],
    callsLeft: 50,
    parameters,
    state: null,
    ...sketch,
    market: sketch.market ?? market(sketch),
  };
}
