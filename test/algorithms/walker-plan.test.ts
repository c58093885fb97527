import { describe, expect, it } from 'vitest';
import { lots } from '../../src/domain/numbers.ts';
import { cents, contracts, instrument, START_MS, TAPERED_GRID } from '../support/view.ts';
import { decide, given, LIQUID, placesOf, plan, resting, STATE } from '../support/walker.ts';

describe('1 analyse', () => {
  it.each([
    ['60@71 40@73 500@74', 75, 'liquid', 100],
    ['60@71 39@73 500@74', 75, 'moderate', 99],
    ['50@71', 75, 'moderate', 50],
    ['49@71 500@74', 75, 'thin', 49],
    ['60@71 40@72', 71, 'moderate', 60],
    ['600@76', 75, 'thin', 0],
    ['', 75, 'thin', 0],
  ] as const)('asks %j within a cap of %i are %s (A1, A6, A7)', (asks, cap, category, depth) => {
    const { state } = plan({ bids: '5000@68', asks, cap: cents(cap) });
    expect(state).toMatchObject({ category, depth: contracts(depth) });
  });

  it('judges a seller by the bids', () => {
    const { state } = plan({ ...LIQUID, action: 'sell', cap: cents(60) });
    expect(state).toMatchObject({ category: 'moderate', depth: contracts(70) });
  });

  it('keeps the category of the arrival', () => {
    const { state } = decide(resting({ asks: '1@71' }));
    expect(state?.category).toBe('liquid');
  });

  it.each([
    ['no ask: joins the best bid', { bids: '50@68' }, 68],
    ['no bid: short of the ask', { asks: '40@71' }, 70],
    ['no bid and an ask beyond the cap: at the cap', { asks: '50@80' }, 75],
  ] as const)('one-sided book, %s (A5)', (_, book, price) => {
    expect(placesOf(plan(book))).toBe(`100@${price}`);
  });

  it.each([
    ['an empty book', {}],
    ['an ask at the lowest price', { asks: '50@1' }],
  ] as const)('refuses %s with a reason (A5)', (_, book) => {
    expect(plan(book).directives).toEqual([
      { kind: 'finish', reason: 'no price can rest in this book within the cap' },
    ]);
  });

  it('decides nothing on a book that is not fresh, and plans when it is (A4)', () => {
    expect(plan({ ...LIQUID, fresh: false })).toEqual({ directives: [], state: null });
    expect(decide(resting({ fresh: false }))).toEqual({ directives: [], state: STATE });
    expect(placesOf(decide(given(), 'bookLive'))).toBe('60@69 40@68');
  });
});

/** Split as if any book were deep enough. */
const capped = (cap: number) => placesOf(plan({ ...LIQUID, cap: cents(cap) }, { minVolume: 0 }));

describe('2 split', () => {
  it('improves by a tick where the spread has room, and joins the best behind it', () => {
    expect(placesOf(plan(LIQUID))).toBe('60@69 40@68');
  });

  it('joins the two best levels where the spread is one tick', () => {
    const book = {
      bids: '50@70 20@66',
      asks: '800@71',
    } as const;
    expect(placesOf(plan(book))).toBe('60@70 40@66');
  });

  it('never goes beyond the cap (A17)', () => {
    expect(capped(68)).toBe('60@68 40@67');
    expect(capped(40)).toBe('60@40 40@39');
  });

  it('works one order in a thin book instead of giving up (A8)', () => {
    expect(placesOf(plan({ ...LIQUID, asks: '49@71' }))).toBe('100@69');
  });

  it.each([
    [1, '1@69'],
    [2, '1@69 1@68'],
    [3, '2@69 1@68'],
    [101, '61@69 40@68'],
  ] as const)('shares %i by largest remainder (A11)', (quantity, expected) => {
    expect(placesOf(plan({ ...LIQUID, target: contracts(quantity) }))).toBe(expected);
  });

  it('folds a part below the minimum of the venue into the first', () => {
    const traded = instrument({ minQuantity: contracts(5), quantityStep: contracts(1) });
    const sketch = { ...LIQUID, instrument: traded };
    expect(placesOf(plan({ ...sketch, target: contracts(12) }))).toBe('7@69 5@68');
    expect(placesOf(plan({ ...sketch, target: contracts(11) }))).toBe('11@69');
    expect(placesOf(plan(LIQUID, { minSplit: 41 }))).toBe('100@69');
  });

  it('stays in whole contracts where the quantity is whole, and in steps where it is not', () => {
    const traded = instrument({ minQuantity: lots(1), quantityStep: lots(1) });
    const sketch = { ...LIQUID, instrument: traded };
    expect(placesOf(plan({ ...sketch, target: contracts(7) }))).toBe('4@69 3@68');
    expect(placesOf(plan({ ...sketch, target: contracts(7.51) }))).toBe('4.51@69 3@68');
  });

  it('takes two or three ratios, as text too', () => {
    const three = plan(LIQUID, { splitRatios: '0.5/0.3/0.2' });
    expect(placesOf(three)).toBe('50@69 30@68 20@67');
  });

  it('rests post-only, gives each order a reason and sets the first check', () => {
    const { directives } = plan(LIQUID);
    expect(directives[0]).toMatchObject({
      postOnly: true,
      timeInForce: 'gtc',
      reason: 'level 1 of 2',
    });
    expect(directives.at(-1)).toMatchObject({ kind: 'waitUntil', timeMs: START_MS + 4_000 });
  });

  it('uses the steps of the tails on a tapered grid (A18)', () => {
    const traded = instrument({ tickRanges: TAPERED_GRID });
    const book = { bids: '50@9.5', asks: '500@11', instrument: traded } as const;
    expect(placesOf(plan(book))).toBe('60@9.6 40@9.5');
  });
});
