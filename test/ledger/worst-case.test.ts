/** What a market can cost at worst, by hand and against every way in which its orders may fill. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/domain/money.ts';
import { lots } from '../../src/domain/numbers.ts';
import { type Claim, claimOf } from '../../src/ledger/exposure.ts';
import { openNotional, tiedUp, worstLoss } from '../../src/ledger/worst-case.ts';

const dollars = (text: string) => decimal(text, 'dollars');
/** Contracts of a dollar at whole cents, one lot each. */
const buyYes = (count: number, cents: number): Claim =>
  claimOf('M', 1, dollars('0.01').times(cents * count), lots(count));
const buyNo = (count: number, cents: number): Claim => ({
  ...buyYes(count, cents),
  direction: -1,
});
const held = (count: number, cost: string) => ({
  held: count,
  cost: dollars(cost),
  pairPays: dollars('1'),
});
const FLAT = held(0, '0');

describe('the worst case of a market', () => {
  it.each([
    ['nothing', FLAT, [], '0', '0'],
    ['one order', FLAT, [buyYes(10, 40)], '4', '4'],
    ['orders against each other: the dearer side', FLAT, [buyYes(10, 40), buyNo(10, 50)], '5', '9'],
    ['more of what is held', held(5, '2'), [buyYes(10, 40)], '6', '6'],
    ['closing what is held', held(10, '4'), [buyNo(10, 55)], '4', '4'],
    ['closing a part', held(4, '1'), [buyNo(10, 50)], '2', '2'],
    ['closing at a loss', held(10, '7'), [buyNo(10, 60)], '7', '7'],
    ['closing more than is held', held(1, '0.2'), [buyNo(2, 81)], '0.82', '0.82'],
    ['holding NO', held(-4, '1'), [buyYes(4, 90), buyNo(2, 20)], '1.4', '1.4'],
    ['shares, closed', { ...held(4, '8'), pairPays: null }, [buyNo(4, 210)], '8', '8'],
    ['shares, sold short', { ...held(4, '8'), pairPays: null }, [buyNo(8, 200)], '16', '16'],
  ] as const)('of %s', (_, stake, claims, loss, tied) => {
    expect(worstLoss(stake, claims).toString()).toBe(loss);
    expect(tiedUp(stake, claims).toString()).toBe(tied);
  });

  it('counts what is left open, not what was asked for', () => {
    const half = { ...buyYes(10, 40), openLots: 5 };
    expect(worstLoss(FLAT, [half]).toString()).toBe('2');
    expect(openNotional([half, { ...half, openLots: -1 }]).toString()).toBe('2');
  });

  it('is never less than what is lost, whatever fills and however it is settled', () => {
    const order = fc.record({
      isYes: fc.boolean(),
      count: fc.integer({ min: 1, max: 9 }),
      cents: fc.integer({ min: 1, max: 99 }),
      filled: fc.integer({ min: 0, max: 9 }),
    });
    const start = fc.record({
      held: fc.integer({ min: -9, max: 9 }),
      cents: fc.integer({ min: 1, max: 99 }),
    });
    fc.assert(
      fc.property(start, fc.array(order, { maxLength: 5 }), (from, orders) => {
        const cost = dollars('0.01').times(from.cents * Math.abs(from.held));
        const claims = orders.map(({ isYes, count, cents }) =>
          isYes ? buyYes(count, cents) : buyNo(count, cents),
        );
        const worst = worstLoss({ ...FLAT, held: from.held, cost }, claims);
        for (const yesWins of [true, false]) {
          const isWon = (isYes: boolean): number => (isYes === yesWins ? 100 : 0);
          // A pair pays a dollar whoever wins, so that each contract can be settled by itself.
          const kept = Math.abs(from.held) * (isWon(from.held > 0) - from.cents);
          const traded = orders.reduce((sum, { isYes, count, cents, filled }) => {
            return sum + Math.min(count, filled) * (isWon(isYes) - cents);
          }, 0);
          const lost = -(kept + traded);
          // A division may cost the last of 40 digits.
          expect(worst.times(100).plus(1e-9).greaterThanOrEqualTo(lost)).toBe(true);
        }
      }),
    );
  });
});
