/** Whole lives of `market` in arbitrary markets, against an exchange of a few lines. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Directive, ExecutionView, OwnOrder } from '../../src/algorithms/algorithm.ts';
import {
  type MarketParameters,
  type MarketState,
  market,
  PAUSE_MS,
} from '../../src/algorithms/market.ts';
import { isOnGrid, tickAbove } from '../../src/domain/grid.ts';
import { lots, type Ticks, ticks } from '../../src/domain/numbers.ts';
import { order, view } from '../support/view.ts';
import {
  asNoSide,
  grids,
  marketOf,
  mirrored,
  priceOn,
  type World,
  worldOn,
} from '../support/walker-worlds.ts';

type View = ExecutionView<MarketParameters, MarketState>;

const parameters = fc.record({
  maxSlippageTicks: fc.constantFrom(null, 0, 1, 3),
  fallback: fc.constantFrom('limit', 'limit', 'finish'),
  maxSweeps: fc.integer({ min: 1, max: 4 }),
});

const lifeOn = (ranges: World['ranges']) =>
  fc.record({
    world: worldOn(ranges),
    cap: priceOn(ranges).map(ticks),
    target: fc.integer({ min: 1, max: 60_000 }).map(lots),
    given: parameters,
    steps: fc.array(
      fc.record({
        /** Null: the market stays as it is. */
        world: fc.option(worldOn(ranges), { freq: 2 }),
        elapsedMs: fc.constantFrom<number>(0, 20, 700, 1_500),
        fresh: fc.constantFrom(true, true, true, false),
        callsLeft: fc.constantFrom(50, 50, 50, 2, 1, 0),
        /** How the exchange treats what it is sent. */
        fate: fc.constantFrom('honest', 'honest', 'honest', 'reject', 'deaf'),
        /** A taker meets half of what rests. */
        isMet: fc.boolean(),
      }),
      { minLength: 3, maxLength: 20 },
    ),
  });
const lives = grids.chain(lifeOn);
type Life = typeof lives extends fc.Arbitrary<infer T> ? T : never;
type Step = Life['steps'][number];

interface Tally {
  sweeps: number;
  rests: number;
  cancels: number;
  finishes: number;
}

const noTally = (): Tally => ({ sweeps: 0, rests: 0, cancels: 0, finishes: 0 });

const HONEST: Step = {
  world: null,
  elapsedMs: 0,
  fresh: true,
  callsLeft: 50,
  fate: 'honest',
  isMet: false,
};

const opening = ({ world, given, ...life }: Life, sees = marketOf(world)): View => {
  const { cap, target } = life;
  return view(market.parameters(given), { cap, target, market: sees, orders: [] });
};

const decided = (sketch: View) => market.decide(sketch, 'timer');

/** The bound as it is defined, found another way than by the algorithm. */
function boundIn({ market: { book, ranges }, cap, parameters: { maxSlippageTicks } }: View) {
  if (maxSlippageTicks === null) return cap;
  let price = book.ask?.price ?? null;
  if (price === null) return null;
  for (let step = 0; step < maxSlippageTicks; step += 1) price = tickAbove(ranges, price) ?? price;
  return ticks(Math.min(price, cap));
}

function checkDirectives(directives: readonly Directive[], sketch: View, bound: Ticks | null) {
  const { market: sees, unreleased, nowMs, closeAtMs, callsLeft } = sketch;
  const calls = directives.filter(({ kind }) => kind === 'place' || kind === 'cancel').length;
  expect(calls).toBeLessThanOrEqual(callsLeft);
  expect(directives.length).toBeLessThanOrEqual(1);
  for (const directive of directives) {
    if (directive.kind === 'waitUntil') expect(directive.timeMs).toBeGreaterThan(nowMs);
    if (directive.kind !== 'place') continue;
    const { price, quantity, postOnly } = directive;
    expect(sketch.orders).toEqual([]);
    expect(sees.fresh && nowMs < closeAtMs).toBe(true);
    expect(isOnGrid(sees.ranges, price)).toBe(true);
    expect(price).toBeLessThanOrEqual(sketch.cap);
    expect(price).toBe(bound);
    expect(quantity).toBeLessThanOrEqual(unreleased);
    if (postOnly) expect(sees.book.ask === null || sees.book.ask.price > price).toBe(true);
  }
}

/**
 * The exchange: takes what is shown, rests the rest of what is no IOC, and ends what it is told.
 */
function applied(sketch: View, directive: Directive | undefined, fate: Step['fate']): View {
  const { orders, unreleased, filled, market: sees, action, nowMs } = sketch;
  if (fate === 'reject' || directive === undefined) return sketch;
  if (directive.kind === 'cancel') {
    if (fate === 'deaf') return sketch;
    const left = orders.reduce((sum, own) => sum + own.quantity - own.filled, 0);
    return { ...sketch, orders: [], unreleased: lots(unreleased + left) };
  }
  if (directive.kind !== 'place') return sketch;
  const { price, quantity, timeInForce } = directive;
  const got = fate === 'deaf' ? lots(0) : sees.book.sweep(action, quantity, price).quantity;
  const rest = lots(quantity - got);
  const after = { ...sketch, filled: lots(filled + got), unreleased: lots(unreleased - got) };
  if (rest === 0 || timeInForce === 'ioc') return after;
  const own = order({ price, quantity, filled: got, placedAtMs: nowMs });
  return { ...after, orders: [own], unreleased: lots(after.unreleased - rest) };
}

function met(sketch: View): View {
  const [own] = sketch.orders;
  if (own === undefined) return sketch;
  const half = lots(Math.ceil((own.quantity - own.filled) / 2));
  const rest: OwnOrder = { ...own, filled: lots(own.filled + half) };
  const orders = rest.filled === rest.quantity ? [] : [rest];
  return { ...sketch, orders, filled: lots(sketch.filled + half) };
}

const heldIn = ({ orders }: View): number =>
  orders.reduce((sum, own) => sum + own.quantity - own.filled, 0);

/** One step of a life; null once it is over. */
function stepped(sketch: View, step: Step, bound: Ticks | null, tally: Tally): View | null {
  const { directives, state } = decided(sketch);
  checkDirectives(directives, sketch, bound);
  const [directive] = directives;
  if (directive?.kind === 'finish') {
    tally.finishes += 1;
    expect(sketch.orders).toEqual([]);
    return null;
  }
  if (directive?.kind === 'cancel') tally.cancels += 1;
  if (directive?.kind === 'place') tally[directive.timeInForce === 'ioc' ? 'sweeps' : 'rests'] += 1;
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  const next = { ...applied(sketch, directive, step.fate), state };
  const after = step.isMet ? met(next) : next;
  expect(after.filled + heldIn(after) + after.unreleased).toBe(after.target);
  return after;
}

function live(life: Life, tally: Tally): View | null {
  let sketch: View | null = opening(life);
  let bound: Ticks | null = null;
  for (const step of life.steps) {
    if (sketch === null || sketch.filled === sketch.target) return sketch;
    const sees = marketOf(step.world ?? life.world, step.fresh);
    const nowMs: number = sketch.nowMs + step.elapsedMs;
    sketch = { ...sketch, nowMs, market: sees, callsLeft: step.callsLeft };
    if (step.fresh && nowMs < sketch.closeAtMs) bound ??= boundIn(sketch);
    sketch = stepped(sketch, step, bound, tally);
  }
  return sketch;
}

describe('market, whatever it sees', () => {
  it('never pays beyond the cap or the first bound, and conserves quantity', () => {
    const tally = noTally();
    fc.assert(
      fc.property(lives, (life) => {
        const own = noTally();
        live(life, own);
        expect(own.sweeps).toBeLessThanOrEqual(life.given.maxSweeps);
        if (life.given.fallback === 'finish') expect(own.rests + own.cancels).toBe(0);
        for (const kind of ['sweeps', 'rests', 'cancels', 'finishes'] as const)
          tally[kind] += own[kind];
      }),
      { numRuns: 600, seed: 7 },
    );
    for (const count of Object.values(tally)) expect(count).toBeGreaterThan(30);
  });

  it('comes to rest: in a market that stands still it soon asks for nothing', () => {
    let atRest = 0;
    fc.assert(
      fc.property(lives, (life) => {
        let sketch = live(life, noTally());
        // A cancel, a sweep and a rest for each sweep that may be left, and one step to see it.
        for (let round = 0; round <= 3 * life.given.maxSweeps + 1; round += 1) {
          if (sketch === null || sketch.filled === sketch.target) return;
          const nowMs: number = sketch.nowMs + PAUSE_MS;
          const sees = marketOf(life.world);
          sketch = { ...sketch, nowMs, market: sees, closeAtMs: nowMs + 60_000, callsLeft: 50 };
          const bound = sketch.state === null ? boundIn(sketch) : ticks(sketch.state.bound);
          sketch = stepped(sketch, HONEST, bound, noTally());
        }
        if (sketch === null || sketch.filled === sketch.target) return;
        expect(decided(sketch).directives).toEqual([]);
        atRest += 1;
      }),
      { numRuns: 300, seed: 7 },
    );
    expect(atRest).toBeGreaterThan(50);
  });

  it('ends with its parent: at the time of closing it asks for nothing', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const sketch = opening(life);
        expect(decided({ ...sketch, nowMs: sketch.closeAtMs }).directives).toEqual([]);
      }),
    );
  });
});

describe('market in mirrored markets', () => {
  const flip = (price: Ticks): Ticks => ticks(10_000 - price);

  it('decides for a seller what it decides for a buyer', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const buys = decided(opening(life));
        const cap = flip(life.cap);
        const sells = decided({
          ...opening({ ...life, cap }, marketOf(mirrored(life.world))),
          action: 'sell',
        });
        const seen = sells.directives.map((each) =>
          each.kind === 'place' ? { ...each, price: flip(each.price) } : each,
        );
        expect(seen).toEqual(buys.directives);
      }),
    );
  });

  it('works NO in the mirrored book of YES', () => {
    fc.assert(
      fc.property(lives, (life) => {
        expect(decided(opening(life, asNoSide(life.world)))).toEqual(decided(opening(life)));
      }),
    );
  });
});
