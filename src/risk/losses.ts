/**
 * Whether losses are more than bad luck. A row of losses measures the prices that were bought more
 * than anything else: five in a row come in a third of all fives at 20 cents, and in 0.03 % at 80.
 * The score asks instead whether outcomes were worse than the prices paid for them.
 */
import { type Money, ZERO } from '../domain/money.ts';

/** A holding whose market was settled. */
export interface Bet {
  readonly contracts: Money;
  /** Paid for each, as a part of the payout: the probability that was bought, 0 to 1. */
  readonly paid: Money;
  /** What each paid out, as a part of the payout: 0, 1, or between them where it was called off. */
  readonly won: Money;
}

/** Fewer are too few for a sum of chances to look normal. */
export const BETS_MIN = 10;

/**
 * Standard deviations of what came out against what the prices paid promise:
 *
 *   z = sum n (x - p) / sqrt(sum n^2 p (1 - p))
 *
 * with n contracts bought at the probability p and paid out x. If prices are fair, whatever they
 * are, each term of the sum has the mean 0 and the variance n^2 p (1 - p), so that z is about
 * standard normal; below -3 it is by chance in one of 740 looks. Fees are left out: they are no
 * luck. Bets of one event are not independent, and count as if they were. Null for fewer than
 * `BETS_MIN` bets, and where none had a risk. Source: the score of a sum of Bernoulli trials with
 * known probabilities (Wald; Spiegelhalter's calibration test, weighted by the stakes).
 */
export function lossScore(bets: readonly Bet[]): number | null {
  if (bets.length < BETS_MIN) return null;
  let surplus = ZERO;
  let variance = ZERO;
  for (const { contracts, paid, won } of bets) {
    surplus = surplus.plus(contracts.times(won.minus(paid)));
    const spread = paid.minus(paid.times(paid));
    variance = variance.plus(contracts.times(contracts).times(spread));
  }
  if (!variance.greaterThan(ZERO)) return null;
  return surplus.div(variance.sqrt()).toDecimalPlaces(2).toNumber();
}
