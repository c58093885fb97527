import { describe, expect, it } from 'vitest';
import type { ExecutionView } from '../../src/algorithms/algorithm.ts';
import {
  type SimpleLimitParameters,
  type SimpleLimitState,
  simpleLimit,
} from '../../src/algorithms/simple-limit.ts';
import { lots } from '../../src/domain/numbers.ts';
import { cents, contracts, type MarketSketch, order, START_MS, view } from '../support/view.ts';

type View = ExecutionView<SimpleLimitParameters, SimpleLimitState>;

const BOOK = { bids: '50@68', asks: '80@71' } as const;
const given = (
  parameters: Readonly<Record<string, unknown>>,
  sketch: MarketSketch & Partial<View> = BOOK,
): View => view(simpleLimit.parameters(parameters), sketch);
const waits = (sketch: View) => simpleLimit.plan(sketch).directives.at(-1);
const placed = (sketch: View) => simpleLimit.plan(sketch).directives[0];

describe('simple_limit places one order', () => {
  it.each([
    ['limit', 'buy', 75, 75, false],
    ['join', 'buy', 75, 68, true],
    ['mid', 'buy', 75, 69, true],
    ['touch', 'buy', 75, 71, false],
    ['touch', 'buy', 70, 70, false],
    ['join', 'buy', 60, 60, true],
    ['limit', 'sell', 60, 60, false],
    ['join', 'sell', 60, 71, true],
    ['mid', 'sell', 60, 70, true],
    ['touch', 'sell', 60, 68, false],
  ] as const)('at its %s price to %s with cap %i: %i', (price, action, cap, expected, postOnly) => {
    expect(placed(given({ price }, { ...BOOK, action, cap: cents(cap) }))).toEqual({
      kind: 'place',
      price: cents(expected),
      quantity: contracts(100),
      timeInForce: 'gtc',
      postOnly,
      reason: `one order at the ${price} price`,
    });
  });

  it.each([
    ['join', { asks: '80@71' }, 70],
    ['mid', { bids: '50@68' }, 68],
    ['touch', { bids: '50@68' }, 75],
    ['join', {}, 75],
  ] as const)('%s on the one-sided book %j rests at %i (A5)', (price, book, expected) => {
    expect(placed(given({ price }, book))).toMatchObject({ price: cents(expected) });
  });

  it('finishes where no passive price exists', () => {
    const decision = simpleLimit.plan(given({ price: 'join' }, { asks: '10@1' }));
    expect(decision.directives[0]).toMatchObject({ kind: 'finish' });
  });
});

describe('simple_limit in time', () => {
  it('has a time-out of 30 s, bounded by the deadline of the parent (A26)', () => {
    expect(waits(given({}))).toMatchObject({ kind: 'waitUntil', timeMs: START_MS + 30_000 });
    expect(waits(given({ timeoutMs: 60_000 }))).toMatchObject({ timeMs: START_MS + 40_000 });
  });

  it('holds until then and finishes at it', () => {
    const state = { placed: true };
    const orders = [order({ price: cents(70) })];
    const working = { ...BOOK, state, orders, unreleased: lots(0) };
    const later = (ms: number) =>
      simpleLimit.decide(given({}, { ...working, nowMs: START_MS + ms }), 'timer');
    expect(later(29_999)).toEqual({ directives: [], state });
    expect(later(29_999).state).toBe(state);
    expect(later(30_000).directives).toEqual([{ kind: 'finish', reason: 'its time is up' }]);
  });

  it('waits for a fresh book and places when it comes', () => {
    const stale = simpleLimit.plan(given({}, { ...BOOK, fresh: false }));
    expect(stale).toMatchObject({ directives: [{ kind: 'waitUntil' }], state: null });
    const live = simpleLimit.decide(given({}), 'bookLive');
    expect(live).toMatchObject({ directives: [{ kind: 'place' }], state: { placed: true } });
  });

  it('does not place again once its order has ended', () => {
    const ended = given({}, { ...BOOK, state: { placed: true } });
    expect(simpleLimit.decide(ended, 'orderEnded').directives).toEqual([
      { kind: 'finish', reason: 'the one order has ended' },
    ]);
  });

  it('holds where no call is left', () => {
    const poor = simpleLimit.plan(given({}, { ...BOOK, callsLeft: 0 }));
    expect(poor.directives.map(({ kind }) => kind)).toEqual(['waitUntil']);
  });
});
