import { describe, expect, it } from 'vitest';
import type { Decision, ExecutionView } from '../../src/algorithms/algorithm.ts';
import {
  type MarketParameters,
  type MarketState,
  market,
  PAUSE_MS,
} from '../../src/algorithms/market.ts';
import { InputError } from '../../src/domain/errors.ts';
import { lots } from '../../src/domain/numbers.ts';
import { cents, contracts, type MarketSketch, order, START_MS, view } from '../support/view.ts';

type View = ExecutionView<MarketParameters, MarketState>;
type Sketch = MarketSketch & Partial<View>;

const BOOK = { bids: '50@68', asks: '30@71 20@72 40@74 500@80' } as const;

const given = (sketch: Sketch = BOOK, parameters = {}): View =>
  view(market.parameters(parameters), { ...BOOK, ...sketch });

/** What is wanted in words: "ioc 100@75", "post-only 70@73", "cancel dw-1-1", "wait 1000". */
const wordsOf = ({ directives }: Decision<MarketState>): readonly string[] =>
  directives.map((directive) => {
    switch (directive.kind) {
      case 'place': {
        const kind = directive.postOnly ? 'post-only' : directive.timeInForce;
        return `${kind} ${directive.quantity / 100}@${directive.price / 100}`;
      }
      case 'waitUntil':
        return `wait ${directive.timeMs - START_MS}`;
      case 'finish':
        return `finish: ${directive.reason}`;
      default:
        return `${directive.kind} ${directive.splitOrderId}`;
    }
  });
const plan = (sketch?: Sketch, parameters = {}) => wordsOf(market.plan(given(sketch, parameters)));
const decide = (sketch?: Sketch, parameters = {}) =>
  wordsOf(market.decide(given(sketch, parameters), 'touch'));

const swept: MarketState = { bound: 7_300, sweeps: 1, last: 'sweep', atMs: START_MS, shown: 0 };
const rested: MarketState = { ...swept, last: 'rest' };
/** 70 of 100 rest at the bound of 73 cents. */
const RESTING = {
  asks: '40@74',
  state: rested,
  nowMs: START_MS + 5_000,
  filled: contracts(30),
  unreleased: lots(0),
  orders: [order({ price: cents(73), quantity: contracts(70) })],
} as const;

describe('parameters of market', () => {
  it('have defaults, and read text as numbers', () => {
    const defaults = { maxSlippageTicks: null, fallback: 'limit', maxSweeps: 5 };
    expect(market.parameters({ name: 'market' })).toEqual(defaults);
    expect(market.parameters({ maxSlippageTicks: 'none' })).toEqual(defaults);
    expect(market.parameters({ maxSlippageTicks: '2', maxSweeps: 3 })).toMatchObject({
      maxSlippageTicks: 2,
      maxSweeps: 3,
    });
  });

  it.each([
    [{ slippage: 2 }, 'market has no such parameter, was "slippage"; it knows maxSlippageTicks'],
    [{ maxSlippageTicks: -1 }, 'maxSlippageTicks must lie between 0 and 1000, was -1'],
    [{ maxSlippageTicks: '1.5' }, 'maxSlippageTicks must be a whole number'],
    [{ fallback: 'market' }, 'fallback must be one of limit, finish, was "market"'],
    [{ maxSweeps: 0 }, 'maxSweeps must lie between 1 and 20'],
  ])('are refused: %j', (parameters, message) => {
    expect(() => market.parameters(parameters)).toThrow(InputError);
    expect(() => market.parameters(parameters)).toThrow(message);
  });
});

describe('a sweep', () => {
  it.each([
    [{}, 75, 'ioc 100@75'],
    [{}, 71, 'ioc 100@71'],
    [{ maxSlippageTicks: 0 }, 75, 'ioc 100@71'],
    [{ maxSlippageTicks: 2 }, 75, 'ioc 100@73'],
    [{ maxSlippageTicks: 2 }, 72, 'ioc 100@72'],
    [{ maxSlippageTicks: 1_000 }, 99, 'ioc 100@99'],
  ])('with %j and a cap of %i is %s', (parameters, cap, expected) => {
    expect(plan({ cap: cents(cap) }, parameters)).toEqual([expected]);
  });

  it('of a seller goes down', () => {
    const seller = { action: 'sell', bids: '50@68 20@60', cap: cents(50) } as const;
    expect(plan(seller)).toEqual(['ioc 100@50']);
    expect(plan(seller, { maxSlippageTicks: 3 })).toEqual(['ioc 100@65']);
  });

  it('is of what is not released yet, in whole orders', () => {
    expect(plan({ unreleased: lots(4_050) })).toEqual(['ioc 40@75']);
    expect(plan({ unreleased: lots(50) })).toEqual(['finish: what is left is less than an order']);
    expect(plan({ unreleased: lots(0) })).toEqual([]);
  });

  it('waits for a fresh book, a call, and never follows the time of closing', () => {
    expect(plan({ fresh: false })).toEqual([]);
    expect(plan({ nowMs: START_MS + 40_000 })).toEqual([]);
    expect(plan({ callsLeft: 0 })).toEqual(['wait 1000']);
  });

  it('that nothing stands against does not happen', () => {
    expect(plan({ cap: cents(70) })).toEqual(['post-only 100@70']);
    expect(plan({ asks: '' })).toEqual(['post-only 100@75']);
    expect(plan({ cap: cents(70) }, { fallback: 'finish' })).toEqual([
      'finish: nothing is offered',
    ]);
  });

  it('bounded by slippage waits for a touch to measure it from', () => {
    const bounded = { maxSlippageTicks: 2 };
    expect(market.plan(given({ asks: '' }, bounded))).toEqual({ directives: [], state: null });
    expect(decide({ asks: '10@60' }, bounded)).toEqual(['ioc 100@62']);
    expect(plan({ asks: '' }, { ...bounded, fallback: 'finish' })).toEqual([
      'finish: nothing is offered',
    ]);
  });
});

describe('what a sweep has left', () => {
  const left = { state: swept, unreleased: contracts(70), filled: contracts(30) };

  it('rests at the bound of the first sweep, wherever the touch has gone', () => {
    expect(decide({ ...left, asks: '40@74' })).toEqual(['post-only 70@73']);
    expect(decide({ ...left, asks: '40@90' })).toEqual(['post-only 70@73']);
  });

  it('may cross where the book still shows what the sweep has taken', () => {
    expect(decide(left)).toEqual(['gtc 70@73']);
  });

  it('ends the execution where that is asked for', () => {
    const reason = 'finish: the sweep took what it could';
    expect(decide(left, { fallback: 'finish' })).toEqual([reason]);
  });

  it('needs a call to rest and one to cancel', () => {
    expect(decide({ ...left, callsLeft: 1 })).toEqual(['wait 1000']);
    expect(decide({ ...left, callsLeft: 1, nowMs: START_MS + 1_000 })).toEqual(['wait 2000']);
  });
});

describe('a resting order', () => {
  it('is left alone while nothing is offered within the bound', () => {
    const sketch = given(RESTING);
    const decision = market.decide(sketch, 'touch');
    expect(decision.directives).toEqual([]);
    expect(decision.state).toBe(sketch.state);
  });

  it('makes room for a sweep of what is offered anew', () => {
    expect(decide({ ...RESTING, asks: '10@73' })).toEqual(['cancel dw-1-1']);
    const cleared: MarketState = { ...rested, last: 'clear', atMs: RESTING.nowMs };
    const free = { ...RESTING, state: cleared, orders: [], unreleased: contracts(70) };
    expect(decide({ ...free, asks: '10@73' })).toEqual(['ioc 70@73']);
    expect(decide(free)).toEqual(['post-only 70@73']);
  });

  it.each([
    ['was shown when it was placed', { state: { ...rested, shown: 1_000 } }, []],
    ['came after the last sweep', { state: { ...rested, sweeps: 5 } }, []],
    ['came a moment after it', { nowMs: START_MS + PAUSE_MS - 1 }, ['wait 1000']],
    ['comes while a sweep has not ended', { state: swept }, []],
    ['comes where no call is left', { callsLeft: 1 }, ['wait 6000']],
    ['comes while it is busy', { orders: [{ ...RESTING.orders[0], busy: true }] }, ['wait 6000']],
  ])('stays where what is offered %s', (_, changes, expected) => {
    expect(decide({ ...RESTING, asks: '10@73', ...changes })).toEqual(expected);
  });

  it('that was refused is placed again a moment later', () => {
    const refused = { asks: '40@74', state: rested, orders: [], unreleased: contracts(70) };
    expect(decide({ ...refused, nowMs: START_MS + 10 })).toEqual(['wait 1000']);
    expect(decide({ ...refused, nowMs: START_MS + PAUSE_MS })).toEqual(['post-only 70@73']);
  });
});
