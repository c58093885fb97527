import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feePerContract } from '../../src/domain/fees.ts';
import { isOnGrid } from '../../src/domain/grid.ts';
import { type Action, ownRanges } from '../../src/domain/instrument.ts';
import { decimal, times } from '../../src/domain/money.ts';
import { ticks } from '../../src/domain/numbers.ts';
import { arrivalCap, type CapQuestion } from '../../src/risk/cap.ts';
import { CENT_GRID, cents, instrument, TAPERED_GRID } from '../support/view.ts';

const question = (changes: Partial<CapQuestion> = {}): CapQuestion => ({
  action: 'buy',
  instrument: instrument(),
  ranges: CENT_GRID,
  limit: cents(71),
  fairValue: null,
  minimumEdge: decimal('0', 'edge'),
  arrivalPrice: null,
  maxSlippageTicks: null,
  ...changes,
});

describe('the cap at arrival', () => {
  it('is the limit where nothing else is said', () => {
    expect(arrivalCap(question())).toEqual({
      kind: 'cap',
      price: cents(71),
      boundBy: 'limit price',
    });
    expect(arrivalCap(question({ limit: cents(71.5) }))).toMatchObject({ price: cents(71) });
    expect(arrivalCap(question({ limit: cents(71.5), action: 'sell' }))).toMatchObject({
      price: cents(72),
    });
  });

  // 7 % of p(1-p): 1.47 cents at 70, 1.44 at 71.
  it.each([
    ['buy', '0.7200', '0', 70],
    ['buy', '0.7147', '0', 70],
    ['buy', '0.7146', '0', 69],
    ['buy', '0.7247', '0.01', 70],
    ['sell', '0.2853', '0', 30],
    ['sell', '0.2854', '0', 31],
  ] as const)(
    'to %s at a value of %s less %s edge is %i: the fee is the one at the cap (A17)',
    (action, value, edge, cap) => {
      const limit = action === 'buy' ? cents(99) : cents(1);
      const given = question({
        action,
        limit,
        fairValue: decimal(value, 'v'),
        minimumEdge: decimal(edge, 'e'),
      });
      expect(arrivalCap(given)).toEqual({ kind: 'cap', price: cents(cap), boundBy: 'fair value' });
    },
  );

  it.each([
    ['buy', 68, 2, 70],
    ['buy', 68, 9, 71],
    ['sell', 75, 2, 73],
    ['sell', 75, 0, 75],
    ['buy', 68.5, 0, 68],
    ['sell', 74.5, 0, 75],
  ] as const)('to %s from %f with %i ticks of slippage is %i', (action, arrival, steps, cap) => {
    const given = question({ action, arrivalPrice: cents(arrival), maxSlippageTicks: steps });
    expect(arrivalCap(given)).toMatchObject({ price: cents(cap) });
  });

  it('counts slippage in steps of the grid at that price', () => {
    const traded = instrument({ tickRanges: TAPERED_GRID });
    const given = question({
      instrument: traded,
      ranges: TAPERED_GRID,
      arrivalPrice: cents(9.9),
      maxSlippageTicks: 3,
    });
    expect(arrivalCap(given)).toMatchObject({ price: cents(12), boundBy: 'arrival slippage' });
  });

  it('is refused where no price leaves the edge, or none is tradable', () => {
    const poor = question({ fairValue: decimal('0.01', 'v'), minimumEdge: decimal('0.02', 'e') });
    expect(arrivalCap(poor)).toEqual({
      kind: 'refused',
      rule: 'a tradable price leaves an edge of 0.02 after the taker fee',
      value: 'fair value 0.01',
      limit: 'no such price',
    });
    expect(arrivalCap(question({ limit: cents(0.5) }))).toMatchObject({ kind: 'refused' });
    const dear = question({ action: 'sell', limit: cents(1), fairValue: decimal('1', 'v') });
    expect(arrivalCap(dear)).toMatchObject({ kind: 'refused' });
  });

  it('is the boldest price of the grid that satisfies every rule', () => {
    const anyPrice = fc.integer({ min: 100, max: 9_900 }).map(ticks);
    const given = fc.record({
      action: fc.constantFrom<Action>('buy', 'sell'),
      limit: anyPrice,
      fairValue: fc.integer({ min: 0, max: 100_000 }).map((value) => times('0.00001', value)),
      minimumEdge: fc.integer({ min: 0, max: 300 }).map((edge) => times('0.0001', edge)),
      arrivalPrice: fc.constantFrom(...Array.from({ length: 99 }, (_, index) => cents(index + 1))),
      maxSlippageTicks: fc.nat({ max: 20 }),
    });
    fc.assert(
      fc.property(given, (changes) => {
        const asked = question(changes);
        const sign = asked.action === 'buy' ? 1 : -1;
        const satisfies = (price: number): boolean =>
          (asked.limit - price) * sign >= 0 &&
          (price - changes.arrivalPrice) * sign <= 100 * changes.maxSlippageTicks &&
          changes.fairValue
            .minus(times('0.0001', price))
            .times(sign)
            .minus(feePerContract(asked.instrument, ticks(price), 'taker'))
            .greaterThanOrEqualTo(changes.minimumEdge);
        const allowed = Array.from({ length: 99 }, (_, index) => (index + 1) * 100).filter(
          satisfies,
        );
        const answer = arrivalCap(asked);
        const boldest = asked.action === 'buy' ? Math.max(...allowed) : Math.min(...allowed);
        expect(answer.kind === 'cap' ? answer.price : null).toBe(
          allowed.length === 0 ? null : boldest,
        );
      }),
      { numRuns: 300 },
    );
  });

  it('for NO mirrors that for YES', () => {
    const traded = instrument({ tickRanges: TAPERED_GRID });
    const no = question({
      instrument: traded,
      ranges: ownRanges(traded, 'no'),
      fairValue: decimal('0.0950', 'v'),
    });
    const answer = arrivalCap(no);
    expect(answer).toMatchObject({ kind: 'cap', price: cents(8.9) });
    expect(answer.kind === 'cap' && isOnGrid(no.ranges, answer.price)).toBe(true);
  });
});
