import { describe, expect, it } from 'vitest';
import type { OwnOrder } from '../../src/algorithms/algorithm.ts';
import { ticks } from '../../src/domain/numbers.ts';
import {
  cents,
  contracts,
  instrument,
  order,
  type Prints,
  START_MS,
  TAPERED_GRID,
} from '../support/view.ts';
import {
  BURST,
  CALM,
  decide,
  FIRST,
  type Given,
  LIQUID,
  placesOf,
  plan,
  resting,
  SECOND,
  STATE,
  usual,
  walksOf,
} from '../support/walker.ts';

describe('3 momentum', () => {
  it('checks each interval, and again whenever something happens', () => {
    const calm = decide(resting({ prints: CALM }));
    expect(calm.directives).toEqual([
      { kind: 'waitUntil', timeMs: START_MS + 10_000, reason: 'next check' },
    ]);
    const burst = resting({ state: calm.state, nowMs: START_MS + 6_500 });
    expect(walksOf(decide(burst, 'trade'))).toEqual({ first: 69, second: 68 });
  });

  it('holds, with the very same state, where nothing has changed', () => {
    const state = { ...STATE, nextCheckAtMs: START_MS + 7_000 };
    const calm = decide(resting({ prints: CALM, state }), 'touch');
    expect(calm.directives).toEqual([]);
    expect(calm.state).toBe(state);
  });

  it('walks on takers of our own side, and not on takers of the other (A12, A14, A16)', () => {
    const sold = BURST.map(([timeMs, , size]) => [timeMs, 'sell', size] as const);
    expect(walksOf(decide(resting()))).not.toEqual({});
    expect(walksOf(decide(resting({ prints: sold })))).toEqual({});
    const seller = {
      action: 'sell',
      cap: cents(60),
      orders: [order({ price: cents(72) })],
    } as const;
    expect(walksOf(decide(resting({ ...seller, prints: sold })))).toEqual({ 'dw-1-1': 71 });
    expect(walksOf(decide(resting(seller)))).toEqual({});
  });

  it('does not walk on falling volume, however far it falls (A16)', () => {
    expect(walksOf(decide(resting({ prints: usual(0) })))).toEqual({});
  });

  it('without any print takes shrinking depth of the other side for it (A13)', () => {
    const shrinking = [
      [START_MS - 200_000, 500, 500],
      [START_MS + 5_000, 500, 400],
    ] as const;
    const growing = [
      [START_MS - 200_000, 500, 500],
      [START_MS + 5_000, 100, 600],
    ] as const;
    expect(walksOf(decide(resting({ prints: [], depths: shrinking })))).not.toEqual({});
    expect(walksOf(decide(resting({ prints: [], depths: growing })))).toEqual({});
    expect(walksOf(decide(resting({ prints: [] })))).toEqual({});
  });

  it('takes no quiet that it has not seen for a quiet past', () => {
    const seen = (sinceMs: number) =>
      walksOf(decide(resting({ depths: [[START_MS + sinceMs, 500, 500]] })));
    expect(seen(-1_999)).toEqual({});
    expect(seen(-2_000)).toEqual({ first: 69, second: 68 });
    expect(seen(6_000)).toEqual({});
  });

  it('obeys its thresholds', () => {
    expect(walksOf(decide(resting({}, { momentumThreshold: 0.94, highMomentum: 1 })))).toEqual({});
  });
});

describe('4 walk', () => {
  it('steps by at least a tick, and by more above high momentum (A18)', () => {
    const traded = instrument({ tickRanges: TAPERED_GRID });
    const book = {
      bids: '50@5 5@4',
      asks: '800@9',
      instrument: traded,
    } as const;
    const orders = [order({ price: cents(5) })];
    const step = (prints: Prints, parameters: Given = {}) =>
      walksOf(decide(resting({ ...book, orders, prints }, parameters)))['dw-1-1'];
    expect(step(usual(4.6))).toBe(5.5);
    expect(step(BURST)).toBe(6);
    expect(step(BURST, { aggressiveIncrement: '0.00001' })).toBe(5.1);
    expect(step(BURST, { aggressiveIncrement: '0.0159' })).toBe(6.5);
  });

  it('never passes the cap or the other side, and never becomes shyer (A17, A19)', () => {
    const wide = { aggressiveIncrement: '0.10' };
    expect(walksOf(decide(resting({}, wide)))).toEqual({ first: 70, second: 68 });
    expect(walksOf(decide(resting({ cap: cents(69) }, wide)))).toEqual({ first: 69, second: 68 });
    expect(walksOf(decide(resting({ cap: cents(60) }, wide)))).toEqual({});
    expect(walksOf(decide(resting({ bids: '5@70' }, wide)))).toEqual({ first: 70, second: 68 });
  });

  it('never leapfrogs a sibling, and joins it where that one stays (A45)', () => {
    const stuck: OwnOrder = { ...FIRST, walks: 10 };
    const { directives } = decide(resting({ orders: [stuck, SECOND] }));
    expect(directives[0]).toEqual({
      kind: 'reprice',
      splitOrderId: 'second',
      price: cents(68),
      reason: 'momentum 94 % against us, joins its sibling',
    });
    const joined = { ...SECOND, price: cents(68) };
    expect(walksOf(decide(resting({ orders: [stuck, joined] })))).toEqual({});
    expect(walksOf(decide(resting({ orders: [FIRST, joined] })))).toEqual({ first: 69 });
  });

  it('stays where it leads its side alone (A19)', () => {
    const leading = { ...FIRST, price: cents(69) };
    expect(walksOf(decide(resting({ orders: [leading] })))).toEqual({});
    const beside = { ...LIQUID, bids: '1@69', orders: [leading] } as const;
    expect(walksOf(decide(resting(beside)))).toEqual({ first: 70 });
    expect(walksOf(decide(resting({ ...beside, bids: '' })))).toEqual({});
  });

  it('walks once per interval at most', () => {
    const walked = decide(resting());
    expect(walked.state?.holds).toEqual({
      first: { sinceMs: START_MS + 6_000, filled: 0 },
      second: { sinceMs: START_MS + 6_000, filled: 0 },
    });
    const prints = [...BURST, [START_MS + 9_000, 'buy', 8] as const];
    const soon = (nowMs: number) =>
      walksOf(decide(resting({ state: walked.state, nowMs, prints }), 'trade'));
    expect(soon(START_MS + 9_999)).toEqual({});
    expect(soon(START_MS + 10_000)).toEqual({ first: 69, second: 68 });
    expect(walksOf(decide(resting({ nowMs: START_MS + 3_999 })))).toEqual({});
  });

  it('spares an order that filled since its last check', () => {
    const filled = { ...FIRST, filled: contracts(10) };
    const decision = decide(resting({ orders: [filled, SECOND] }), 'fill');
    expect(walksOf(decision)).toEqual({ second: 68 });
    expect(decision.state?.holds['first']).toEqual({ sinceMs: START_MS + 6_000, filled: 1_000 });
  });

  it('rests after its last walk until the deadline (A26)', () => {
    const spent = { ...FIRST, walks: 10 };
    const decision = decide(resting({ orders: [spent] }));
    expect(decision.directives).toEqual([
      { kind: 'waitUntil', timeMs: START_MS + 40_000, reason: 'next check' },
    ]);
    expect(walksOf(decide(resting({ orders: [spent] }, { maxWalks: 11 })))).toEqual({ first: 69 });
  });

  it.each([
    ['busy', { busy: true }],
    ['not yet acknowledged', { working: false }],
    ['an IOC', { timeInForce: 'ioc' }],
  ] as const)('leaves an order alone that is %s', (_, changes) => {
    expect(walksOf(decide(resting({ orders: [{ ...FIRST, ...changes }] })))).toEqual({});
  });

  it('keeps the cancel of each order paid for (A29)', () => {
    expect(walksOf(decide(resting({ callsLeft: 4 })))).toEqual({ first: 69, second: 68 });
    expect(walksOf(decide(resting({ callsLeft: 3 })))).toEqual({ first: 69 });
    expect(walksOf(decide(resting({ callsLeft: 2 })))).toEqual({});
    expect(placesOf(plan({ ...LIQUID, callsLeft: 3 }))).toBe('100@69');
    expect(placesOf(plan({ ...LIQUID, callsLeft: 1 }))).toBe('');
  });
});

describe('4 quantity that comes back', () => {
  const ended = { orders: [FIRST], unreleased: contracts(40), prints: CALM } as const;

  it('goes out again as one order beside the others (A20, A25)', () => {
    expect(placesOf(decide(resting(ended), 'orderEnded'))).toBe('40@69');
    const occupied = { ...ended, orders: [{ ...FIRST, price: cents(69) }] };
    expect(placesOf(decide(resting(occupied), 'orderEnded'))).toBe('40@68');
  });

  it('is split anew where no order is left', () => {
    const all = { ...ended, orders: [], unreleased: contracts(70) };
    expect(placesOf(decide(resting(all), 'orderEnded'))).toBe('42@69 28@68');
  });

  it('waits a moment after the last placing, and is tried then', () => {
    const nowMs = START_MS + 6_000;
    const state = { ...STATE, placedAtMs: nowMs - 999, nextCheckAtMs: nowMs + 3_000 };
    const early = decide(resting({ ...ended, state }), 'orderEnded');
    expect(early.directives).toEqual([
      { kind: 'waitUntil', timeMs: nowMs + 1, reason: 'next check' },
    ]);
    const later = resting({ ...ended, state: early.state, nowMs: nowMs + 1 });
    expect(placesOf(decide(later))).toBe('40@69');
  });

  it('is left where it is less than the venue takes', () => {
    const traded = instrument({ minQuantity: contracts(41) });
    expect(placesOf(decide(resting({ ...ended, instrument: traded })))).toBe('');
    const odd = { ...ended, unreleased: ticks(1_234) as never };
    expect(placesOf(decide(resting(odd)))).toBe('12@69');
  });
});

describe('5 the end', () => {
  const late = { nowMs: START_MS + 38_000, prints: CALM } as const;
  const CROSS = { residual: 'cross' };

  it('is left to the host by default (A23)', () => {
    expect(decide(resting(late)).directives.map(({ kind }) => kind)).toEqual(['waitUntil']);
    expect(decide(resting({ nowMs: START_MS + 40_000 })).directives).toEqual([]);
  });

  it('may cross: cancels first, one IOC of what came back, then finishes', () => {
    const clearing = decide(resting(late, CROSS));
    expect(clearing.directives.map(({ kind }) => kind)).toEqual(['cancel', 'cancel']);
    const state = clearing.state;
    expect(state?.residual).toBe('clearing');
    const waiting = { ...late, state, orders: [{ ...FIRST, busy: true }] };
    expect(decide(resting(waiting, CROSS)).directives).toEqual([]);

    const free = { ...late, state, orders: [], unreleased: contracts(90) };
    const sent = decide(resting(free, CROSS), 'orderEnded');
    expect(sent.directives).toEqual([
      {
        kind: 'place',
        price: cents(75),
        quantity: contracts(90),
        timeInForce: 'ioc',
        postOnly: false,
        reason: 'the rest at the end, within the cap',
      },
    ]);
    const last = { ...free, state: sent.state };
    const flying = { ...last, orders: [order({ price: cents(75), timeInForce: 'ioc' })] };
    expect(decide(resting(flying, CROSS)).directives).toEqual([]);
    expect(decide(resting(last, CROSS)).directives).toMatchObject([{ kind: 'finish' }]);
  });

  it('does not give up its place where nothing can be taken within the cap', () => {
    const beyond = { ...late, asks: '500@76' } as const;
    expect(decide(resting(beyond, CROSS)).directives.map(({ kind }) => kind)).not.toContain(
      'cancel',
    );
  });

  it('is woken in time for it', () => {
    const decision = decide(resting({ nowMs: START_MS + 37_000, prints: CALM }, CROSS));
    expect(decision.directives).toMatchObject([{ kind: 'waitUntil', timeMs: START_MS + 38_000 }]);
  });

  it('crosses at once where the whole time is shorter than the lead', () => {
    const brief = plan({ ...LIQUID, closeAtMs: START_MS + 1_000 }, CROSS);
    expect(brief.directives).toMatchObject([{ kind: 'place', timeInForce: 'ioc' }]);
  });
});
