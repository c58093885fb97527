/** The loss score: it measures outcomes against the prices paid, whatever those were. */
import { describe, expect, it } from 'vitest';
import { times } from '../../src/domain/money.ts';
import { seededRandom } from '../../src/env/seeded-random.ts';
import { BETS_MIN, type Bet, lossScore } from '../../src/risk/losses.ts';

const bet = (cents: number, won: boolean, contracts = 10): Bet => ({
  contracts: times('1', contracts),
  paid: times('0.01', cents),
  won: times('1', won ? 1 : 0),
});
const several = (count: number, one: Bet): readonly Bet[] =>
  Array.from({ length: count }, () => one);

describe('the loss score', () => {
  it('says nothing of a few bets, and nothing where nothing was at risk', () => {
    expect(lossScore(several(BETS_MIN - 1, bet(50, false)))).toBeNull();
    expect(lossScore(several(20, bet(100, true)))).toBeNull();
  });

  it('is by hand: (won - paid) over the root of n^2 p (1 - p)', () => {
    // 10 lost bets of 10 contracts at 20 cents: -20 / sqrt(10 * 100 * 0.16) = -1.58.
    expect(lossScore(several(10, bet(20, false)))).toBe(-1.58);
    // The same at 80 cents: -80 / sqrt(160) = -6.32.
    expect(lossScore(several(10, bet(80, false)))).toBe(-6.32);
    expect(lossScore([...several(5, bet(50, true)), ...several(5, bet(50, false))])).toBe(0);
  });

  it('weighs a bet by its size', () => {
    const small = [...several(9, bet(50, true, 1)), bet(50, false, 100)];
    expect(lossScore(small)).toBeLessThan(-0.8);
  });

  it.each([20, 50, 80])('trips on no honest run of prices of %i cents', (cents) => {
    const random = seededRandom(`losses ${cents}`);
    const scores = Array.from({ length: 300 }, () =>
      lossScore(Array.from({ length: 60 }, () => bet(cents, random.next() * 100 < cents))),
    ).flatMap((score) => score ?? []);
    // Below -3 by chance: one in 740, somewhat more where the distribution leans.
    expect(scores.filter((score) => score < -3).length).toBeLessThanOrEqual(3);
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    expect(Math.abs(mean)).toBeLessThan(0.2);
  });

  it('finds who pays 60 cents for what is worth 45', () => {
    const random = seededRandom('overpaid');
    const bets = Array.from({ length: 150 }, () => bet(60, random.next() < 0.45));
    expect(lossScore(bets)).toBeLessThan(-3);
  });
});
