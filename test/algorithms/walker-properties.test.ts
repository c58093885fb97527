import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Directive, ExecutionView, OwnOrder } from '../../src/algorithms/algorithm.ts';
import { dynamicDepthWalker } from '../../src/algorithms/dynamic-depth-walker.ts';
import type { WalkerParameters, WalkerState } from '../../src/algorithms/walker-state.ts';
import { isOnGrid } from '../../src/domain/grid.ts';
import { type Action } from '../../src/domain/instrument.ts';
import { lots, type Ticks, ticks } from '../../src/domain/numbers.ts';
import { order, START_MS, view } from '../support/view.ts';
import {
  asNoSide,
  grids,
  marketOf,
  mirrored,
  parameters,
  priceOn,
  type World,
  worldOn,
} from '../support/walker-worlds.ts';

type View = ExecutionView<WalkerParameters, WalkerState>;

const mostly = (usual: boolean) => fc.constantFrom(usual, usual, usual, !usual);
const actions = fc.constantFrom<Action>('buy', 'sell');
const flip = (price: Ticks): Ticks => ticks(10_000 - price);

/** Stands for a cap that binds nothing. */
const BOLDEST = 0;

/** Any view at all, consistent or not, at any moment after the first decision. */
const sceneOn = (ranges: World['ranges']) =>
  fc.record({
    world: worldOn(ranges),
    action: actions,
    cap: fc.oneof(priceOn(ranges), fc.constant(BOLDEST)),
    target: fc.integer({ min: 1, max: 60_000 }).map(lots),
    nowMs: fc.integer({ min: 0, max: 40 }).map((seconds) => START_MS + 1_000 * seconds),
    callsLeft: fc.constantFrom(0, 3, 6, 9, 50),
    given: parameters,
    isFirst: mostly(false),
    /** A print of the last moment, by takers of our own side or of the other. */
    burst: fc.constantFrom('none', 'ours', 'theirs'),
    orders: fc.array(
      fc.record({
        rank: fc.nat({ max: 11 }),
        filled: fc.constantFrom(lots(0), lots(0), lots(0), lots(500)),
        working: mostly(true),
        busy: mostly(false),
        walks: fc.nat({ max: 2 }),
        placedAtMs: fc.constantFrom(START_MS, START_MS + 20_000),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  });
const scenes = grids.chain(sceneOn);
type Scene = typeof scenes extends fc.Arbitrary<infer T> ? T : never;

const STATE: WalkerState = {
  category: 'liquid',
  depth: 12_000,
  placedAtMs: START_MS,
  nextCheckAtMs: 0,
  residual: 'resting',
  holds: {},
};

const worldOf = ({ world, burst, action, nowMs }: Scene): World => {
  if (burst === 'none') return world;
  const print = [nowMs - 100, (burst === 'ours') === (action === 'buy'), 20_000] as const;
  return { ...world, prints: [...world.prints.filter(([atMs]) => atMs < nowMs - 100), print] };
};

const viewOf = (scene: Scene, market = marketOf(worldOf(scene))): View =>
  view(dynamicDepthWalker.parameters(scene.given), {
    action: scene.action,
    cap: capOf(scene),
    target: scene.target,
    nowMs: scene.nowMs,
    callsLeft: scene.callsLeft,
    orders: scene.isFirst ? [] : ordersOf(scene),
    state: scene.isFirst ? null : STATE,
    market,
  });

const capOf = ({ cap, action }: Scene): Ticks => {
  if (cap !== BOLDEST) return ticks(cap);
  return ticks(action === 'buy' ? 9_900 : 100);
};

const ordersOf = ({ orders, world: { near } }: Scene): readonly OwnOrder[] =>
  orders.map(({ rank, ...own }, index) =>
    order({ ...own, splitOrderId: `o${index}`, price: ticks(near[rank % near.length] ?? 100) }),
  );

/** The same wish from the other side of the table. */
const mirroredScene = (scene: Scene): Scene => ({
  ...scene,
  world: mirrored(scene.world),
  action: scene.action === 'buy' ? 'sell' : 'buy',
  cap: scene.cap === BOLDEST ? BOLDEST : flip(ticks(scene.cap)),
});

const mirroredDirective = (directive: Directive): Directive =>
  'price' in directive ? { ...directive, price: flip(directive.price) } : directive;

const decided = (sketch: View) => dynamicDepthWalker.decide(sketch, 'timer');

function checkPrice(price: Ticks, { action, cap, market }: View): void {
  expect(isOnGrid(market.ranges, price)).toBe(true);
  expect(action === 'buy' ? price <= cap : price >= cap).toBe(true);
}

function checkRests(price: Ticks, { action, market: { book } }: View): void {
  const touch = action === 'buy' ? book.ask : book.bid;
  if (touch !== null)
    expect(action === 'buy' ? price < touch.price : price > touch.price).toBe(true);
}

const bolder = (action: Action, left: number, right: number): boolean =>
  action === 'buy' ? left > right : left < right;

function checkWalk(directive: Extract<Directive, { kind: 'reprice' }>, sketch: View): void {
  const { action, orders, parameters: chosen, nowMs } = sketch;
  const own = orders.find(({ splitOrderId }) => splitOrderId === directive.splitOrderId);
  if (own === undefined) throw new Error('only own orders walk');
  checkRests(directive.price, sketch);
  expect(own.working && !own.busy).toBe(true);
  expect(own.walks).toBeLessThan(chosen.maxWalks);
  expect(nowMs - own.placedAtMs).toBeGreaterThanOrEqual(chosen.walkIntervalMs);
  expect(bolder(action, directive.price, own.price)).toBe(true);
  for (const sibling of orders)
    if (bolder(action, sibling.price, own.price))
      expect(bolder(action, directive.price, sibling.price)).toBe(false);
}

function checkDecision(sketch: View): readonly Directive[] {
  const { directives, state } = decided(sketch);
  let requested = 0;
  for (const directive of directives) {
    if ('price' in directive) checkPrice(directive.price, sketch);
    if (directive.kind === 'place') requested += directive.quantity;
    if (directive.kind === 'place' && directive.postOnly) checkRests(directive.price, sketch);
    if (directive.kind === 'reprice') checkWalk(directive, sketch);
  }
  const wakesAtMs = directives.map((directive) =>
    directive.kind === 'waitUntil' ? directive.timeMs : Number.POSITIVE_INFINITY,
  );
  expect(Math.min(...wakesAtMs)).toBeGreaterThan(sketch.nowMs);
  expect(requested).toBeLessThanOrEqual(sketch.unreleased);
  const calls = directives.filter(({ kind }) => kind !== 'waitUntil' && kind !== 'finish');
  expect(calls.length).toBeLessThanOrEqual(sketch.callsLeft);
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  return directives;
}

describe('the depth walker, whatever it sees', () => {
  it('stays on the grid, within the cap and passive, and asks for no more than it has', () => {
    const seen = { place: 0, reprice: 0, cancel: 0, finish: 0, waitUntil: 0 };
    fc.assert(
      fc.property(scenes, (scene) => {
        for (const { kind } of checkDecision(viewOf(scene))) seen[kind] += 1;
      }),
      { numRuns: 2_000, seed: 7 },
    );

    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20);
  });

  it('is pure: the same view, the same decision, and nothing changed in it', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const sketch = viewOf(scene);
        const { market, ...plain } = sketch;
        const before = structuredClone(plain);
        const ladders = () => [market.book.ladder('bid', 99), market.book.ladder('ask', 99)];
        const laddersBefore = ladders();
        const first = decided(sketch);
        expect(decided(sketch)).toEqual(first);
        expect(decided(viewOf(scene))).toEqual(first);
        expect(plain).toEqual(before);
        expect(ladders()).toEqual(laddersBefore);
      }),
    );
  });

  it('decides for a seller what it decides for a buyer in the mirrored market (A2, A15)', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const decision = decided(viewOf(scene));
        const opposite = decided(viewOf(mirroredScene(scene)));
        expect(opposite.directives.map(mirroredDirective)).toEqual(decision.directives);
        expect(opposite.state).toEqual(decision.state);
      }),
      { numRuns: 500 },
    );
  });

  it('works NO in the mirrored book of YES, through one code path (A2)', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        expect(decided(viewOf(scene, asNoSide(worldOf(scene))))).toEqual(decided(viewOf(scene)));
      }),
      { numRuns: 500 },
    );
  });
});

/** What happens between two decisions, to the order of that rank where there is one. */
const happeningsOn = (ranges: World['ranges']) =>
  fc.array(
    fc.record({
      /** Null: the market stays as it is. */
      world: fc.option(worldOn(ranges), { freq: 4 }),
      elapsedMs: fc.integer({ min: 0, max: 3_000 }),
      happens: fc.constantFrom('fill', 'fill', 'cancelled', 'nothing', 'nothing', 'stale'),
      rank: fc.integer({ min: 0, max: 3 }),
    }),
    { minLength: 5, maxLength: 25 },
  );

const lives = grids.chain((ranges) =>
  fc.record({ scene: sceneOn(ranges), happenings: happeningsOn(ranges) }),
);

describe('a whole life of the depth walker', () => {
  it('conserves quantity, walks at most maxWalks times and once an interval', () => {
    let walksSeen = 0;
    fc.assert(
      fc.property(lives, ({ scene, happenings }) => {
        let sketch: View = {
          ...viewOf({ ...scene, isFirst: true, callsLeft: 50 }),
          nowMs: START_MS,
        };
        const walkedAtMs = new Map<string, number>();
        for (const [index, { world, elapsedMs, happens, rank }] of happenings.entries()) {
          sketch = {
            ...happened(sketch, happens, rank),
            nowMs: sketch.nowMs + elapsedMs,
            market: marketOf(world ?? scene.world, happens !== 'stale'),
          };
          const directives = checkDecision(sketch);
          const steps = directives.filter((directive) => directive.kind === 'reprice');
          for (const { splitOrderId } of steps) {
            const last = walkedAtMs.get(splitOrderId) ?? Number.NEGATIVE_INFINITY;
            expect(sketch.nowMs - last).toBeGreaterThanOrEqual(sketch.parameters.walkIntervalMs);
            walkedAtMs.set(splitOrderId, sketch.nowMs);
          }
          walksSeen += steps.length;
          sketch = { ...applied(sketch, directives, index), state: decided(sketch).state };
          const resting = sketch.orders.reduce((sum, own) => sum + own.quantity - own.filled, 0);
          expect(sketch.filled + resting + sketch.unreleased).toBe(sketch.target);
          for (const { walks } of sketch.orders)
            expect(walks).toBeLessThanOrEqual(sketch.parameters.maxWalks);
        }
      }),
      { numRuns: 200, seed: 7 },
    );

    expect(walksSeen).toBeGreaterThan(50);
  });
});

function happened(sketch: View, happens: string, rank: number): View {
  const own = sketch.orders[rank];
  if (own === undefined) return sketch;
  const others = sketch.orders.filter((sibling) => sibling !== own);
  const left = lots(own.quantity - own.filled);
  if (happens === 'cancelled')
    return { ...sketch, orders: others, unreleased: lots(sketch.unreleased + left) };
  if (happens !== 'fill') return sketch;
  const filled = lots(Math.ceil(left / 2));
  const rest = { ...own, filled: lots(own.filled + filled) };
  const orders = rest.filled === rest.quantity ? others : [...others, rest];
  return { ...sketch, orders, filled: lots(sketch.filled + filled) };
}

/** Carries the directives out at once: every order is accepted, every walk and cancel succeeds. */
function applied(sketch: View, directives: readonly Directive[], index: number): View {
  let { orders, unreleased } = sketch;
  for (const [place, directive] of directives.entries()) {
    if (directive.kind === 'place') {
      const { price, quantity, timeInForce } = directive;
      if (timeInForce === 'ioc') continue;
      const splitOrderId = `${index}-${place}`;
      orders = [...orders, order({ splitOrderId, price, quantity, placedAtMs: sketch.nowMs })];
      unreleased = lots(unreleased - quantity);
    } else if (directive.kind === 'reprice')
      orders = orders.map((own) =>
        own.splitOrderId === directive.splitOrderId ? walked(own, directive.price) : own,
      );
    else if (directive.kind === 'cancel') {
      const gone = orders.find(({ splitOrderId }) => splitOrderId === directive.splitOrderId);
      orders = orders.filter((own) => own !== gone);
      if (gone !== undefined) unreleased = lots(unreleased + gone.quantity - gone.filled);
    }
  }
  return { ...sketch, orders, unreleased };
}

const walked = (own: OwnOrder, price: Ticks): OwnOrder => ({ ...own, price, walks: own.walks + 1 });
