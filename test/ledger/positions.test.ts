import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, type Money, times } from '../../src/domain/money.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import {
  FLAT,
  filled,
  holding,
  type Position,
  type PositionFill,
  realised,
  settled,
} from '../../src/ledger/positions.ts';

const CENTS = { priceUnit: '0.01', lotSize: '1' };
const PAYOUT = ticks(100);

const fill = (direction: 1 | -1, quantity: number, price: number, fee = '0'): PositionFill => ({
  direction,
  quantity: lots(quantity),
  price: ticks(price),
  fee,
});

const after = (...fills: readonly PositionFill[]): Position =>
  fills.reduce((position, one) => filled(position, one, CENTS), FLAT);

const shown = (position: Position) => {
  const { quantity, cost } = holding(position, PAYOUT, CENTS);
  const side = position.held < 0 ? 'no' : 'yes';
  return `${quantity} ${side} for ${cost.toString()}, won ${realised(position).toString()}`;
};

describe('a position', () => {
  it.each([
    ['10 bought', [fill(1, 10, 40)], '10 yes for 4, won 0'],
    ['more at another price', [fill(1, 10, 40), fill(1, 30, 60)], '40 yes for 22, won 0'],
    [
      'a part sold',
      [fill(1, 10, 40), fill(1, 30, 60), fill(-1, 10, 70)],
      '30 yes for 16.5, won 1.5',
    ],
    ['all sold', [fill(1, 10, 40), fill(-1, 10, 35)], '0 yes for 0, won -0.5'],
    ['NO bought', [fill(-1, 10, 40)], '10 no for 6, won 0'],
    ['a pair', [fill(1, 10, 40), fill(-1, 10, 45)], '0 yes for 0, won 0.5'],
    ['more NO than YES', [fill(1, 10, 40), fill(-1, 15, 45)], '5 no for 2.75, won 0.5'],
    ['NO sold', [fill(-1, 10, 40), fill(1, 4, 30)], '6 no for 3.6, won 0.4'],
  ] as const)('after %s', (_, fills, told) => {
    expect(shown(after(...fills))).toBe(told);
  });

  it('is settled at what a YES turned out to be worth, and so is what fills later', () => {
    const held = after(fill(1, 10, 40, '0.05'));
    expect(shown(settled(held, PAYOUT, CENTS))).toBe('0 yes for 0, won 6');
    expect(shown(settled(held, ticks(0), CENTS))).toBe('0 yes for 0, won -4');
    expect(shown(settled(after(fill(-1, 10, 40)), ticks(0), CENTS))).toBe('0 yes for 0, won 4');
    const late = filled(settled(held, PAYOUT, CENTS), fill(-1, 10, 90, '0.01'), CENTS);
    expect(shown(late)).toBe('0 yes for 0, won 5');
    expect(late.fees.toString()).toBe('0.06');
  });

  it('without a payout may be short', () => {
    expect(holding(after(fill(-1, 10, 40)), null, CENTS)).toEqual({
      quantity: -10,
      cost: decimal('-4', 'cost'),
    });
  });
});

const fillArbitrary: fc.Arbitrary<PositionFill> = fc.record({
  direction: fc.constantFrom(1, -1),
  quantity: fc.integer({ min: 1, max: 50 }).map(lots),
  price: fc.integer({ min: 1, max: 99 }).map(ticks),
  fee: fc.integer({ min: -9, max: 99 }).map((count) => times('0.0001', count).toString()),
});

/** Cash by hand: each contract bought or sold at its own contract's price. */
const cashOf = (fills: readonly PositionFill[]): Money =>
  fills.reduce(
    (sum, { direction, price, quantity }) =>
      sum.minus(times('0.01', price).times(direction * quantity)),
    decimal('0', 'zero'),
  );

describe('conservation', () => {
  it('what was won and what is held are what moved, whatever the price now', () => {
    fc.assert(
      fc.property(fc.array(fillArbitrary, { maxLength: 30 }), fc.nat(100), (fills, mark) => {
        const position = after(...fills);
        const worth = times('0.01', mark).times(position.held);
        const cash = cashOf(fills);
        // Realised and unrealised together are cash and value.
        const unrealised = worth.minus(position.basis);
        const error = realised(position).plus(unrealised).minus(cash.plus(worth)).abs();
        expect(error.toNumber()).toBeLessThan(1e-30);
        expect(position.cash.equals(cash)).toBe(true);
        const { quantity, cost } = holding(position, PAYOUT, CENTS);
        expect(quantity).toBe(Math.abs(position.held));
        // A contract costs something between nothing and its payout.
        expect(cost.greaterThanOrEqualTo(0) && cost.lessThanOrEqualTo(quantity)).toBe(true);
      }),
    );
  });

  it('what is held, the cash and the end do not depend on the order', () => {
    const twice = fc
      .array(fillArbitrary, { maxLength: 20 })
      .chain((fills) =>
        fc.tuple(fc.constant(fills), fc.shuffledSubarray(fills, { minLength: fills.length })),
      );
    fc.assert(
      fc.property(twice, fc.constantFrom(0, 100), ([fills, shuffled], value) => {
        const [one, other] = [after(...fills), after(...shuffled)];
        expect(other.held).toBe(one.held);
        expect(other.cash.equals(one.cash) && other.fees.equals(one.fees)).toBe(true);
        const ends = [one, other].map((each) => realised(settled(each, ticks(value), CENTS)));
        expect(ends[0]?.equals(ends[1] ?? 0)).toBe(true);
        const early = fills.reduce(
          (each, next) => filled(each, next, CENTS),
          settled(FLAT, ticks(value), CENTS),
        );
        expect(realised(early).equals(ends[0] ?? 0)).toBe(true);
      }),
    );
  });
});
