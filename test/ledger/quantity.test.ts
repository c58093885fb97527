/** One execution's quantity: lots move, and are neither made nor lost. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/domain/errors.ts';
import { lots } from '../../src/domain/numbers.ts';
import {
  conservationFault,
  EMPTY_LINE,
  exposed,
  type Line,
  moveLine,
  openQuantity,
  type Quantity,
  reserve,
} from '../../src/ledger/quantity.ts';

const line = (filled: number, working: number, inDoubt = 0): Line => ({
  filled: lots(filled),
  working: lots(working),
  inDoubt: lots(inDoubt),
});

const parts = ({ filled, working, inDoubt, unreleased, overfilled }: Quantity): string =>
  `${filled} filled, ${working} working, ${inDoubt} in doubt, ` +
  `${unreleased} free, ${overfilled} over`;

describe('a quantity', () => {
  it('begins with everything free', () => {
    expect(parts(openQuantity(lots(10)))).toBe('0 filled, 0 working, 0 in doubt, 10 free, 0 over');
  });

  it('follows an order from its reservation to its end', () => {
    let quantity = reserve(openQuantity(lots(10)), lots(6));
    expect(parts(quantity)).toBe('0 filled, 6 working, 0 in doubt, 4 free, 0 over');
    quantity = moveLine(quantity, line(0, 6), line(2, 4));
    expect(parts(quantity)).toBe('2 filled, 4 working, 0 in doubt, 4 free, 0 over');
    quantity = moveLine(quantity, line(2, 4), line(2, 0, 4));
    expect(parts(quantity)).toBe('2 filled, 0 working, 4 in doubt, 4 free, 0 over');
    quantity = moveLine(quantity, line(2, 0, 4), line(2, 0));
    expect(parts(quantity)).toBe('2 filled, 0 working, 0 in doubt, 8 free, 0 over');
  });

  it('never denies a fill: what a venue fills beyond the target is told as overfilled', () => {
    const quantity = moveLine(reserve(openQuantity(lots(5)), lots(5)), line(0, 5), line(7, 0));
    expect(parts(quantity)).toBe('7 filled, 0 working, 0 in doubt, 0 free, 2 over');
    expect(exposed(quantity)).toBe(7);
    expect(parts(moveLine(quantity, line(7, 0), line(4, 0)))).toBe(
      '4 filled, 0 working, 0 in doubt, 1 free, 0 over',
    );
  });

  it.each([0, -1])('has no target of %s', (target) => {
    expect(() => openQuantity(lots(target))).toThrow(InvariantError);
  });

  it.each([0, -1, 11])('reserves no %s of 10', (wanted) => {
    expect(() => reserve(openQuantity(lots(10)), lots(wanted))).toThrow(InvariantError);
  });

  it('names the rule that a broken one breaks', () => {
    const whole = openQuantity(lots(10));
    expect(conservationFault(whole)).toBeNull();
    expect(conservationFault({ ...whole, filled: lots(1) })).toContain('was 11 against 10');
    expect(conservationFault({ ...whole, working: lots(-1) })).toContain('working was -1');
  });
});

describe('moves, whatever they are', () => {
  const anyLine = fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9)).map(([a, b, c]) => line(a, b, c));
  const lives = fc.array(fc.array(anyLine, { minLength: 1, maxLength: 6 }), { maxLength: 5 });

  it('conserve: every part is the sum over the orders, and the rest is free or over', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), lives, (target, orders) => {
        let quantity = openQuantity(lots(target));
        for (const life of orders) {
          let before = EMPTY_LINE;
          for (const after of life) {
            quantity = moveLine(quantity, before, after);
            before = after;
          }
        }
        const last = orders.map((life) => life.at(-1) ?? EMPTY_LINE);
        const sum = (part: keyof Line) => last.reduce((all, order) => all + order[part], 0);
        const held = sum('filled') + sum('working') + sum('inDoubt');
        expect(quantity).toEqual({
          target,
          filled: sum('filled'),
          working: sum('working'),
          inDoubt: sum('inDoubt'),
          unreleased: Math.max(0, target - held),
          overfilled: Math.max(0, held - target),
        });
      }),
    );
  });

  it('go back to where they came from', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), anyLine, (target, after) => {
        const whole = openQuantity(lots(target));
        const there = moveLine(whole, EMPTY_LINE, after);
        expect(moveLine(there, after, EMPTY_LINE)).toEqual(whole);
      }),
    );
  });

  it('never reserve more than is free', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.integer({ min: 1, max: 15 })),
        (target, wishes) => {
          let quantity = openQuantity(lots(target));
          for (const wish of wishes) {
            const { unreleased } = quantity;
            if (wish > unreleased) {
              expect(() => reserve(quantity, lots(wish))).toThrow('no more is reserved');
              continue;
            }
            quantity = reserve(quantity, lots(wish));
            expect(quantity.unreleased).toBe(unreleased - wish);
            expect(exposed(quantity)).toBeLessThanOrEqual(target);
          }
        },
      ),
    );
  });
});
