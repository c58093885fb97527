/**
 * What one market can cost at worst: a pure reckoning over what is held there and what is open.
 * Which of the orders fill nobody knows; what closes a holding is paid by it.
 */
import { decimal, type Money, times, ZERO } from '../domain/money.ts';
import type { Claim } from './exposure.ts';

export interface Stake {
  /** Lots: positive holds YES (or shares), negative NO. */
  readonly held: number;
  /** Dollars paid for them. */
  readonly cost: Money;
  /** Dollars that a pair of YES and NO lots pays; null for what knows no pairs. */
  readonly pairPays: Money | null;
}

const larger = (one: Money, other: Money): Money => (one.greaterThan(other) ? one : other);

/** Dollars that all that is open in a direction could lose, less what the holding pays for it. */
function openRisk(direction: 1 | -1, { held, pairPays }: Stake, claims: readonly Claim[]): Money {
  const own = claims.filter((claim) => claim.direction === direction && claim.openLots > 0);
  const openLots = own.reduce((sum, claim) => sum + claim.openLots, 0);
  if (openLots === 0) return ZERO;
  const risk = own.reduce(
    (sum, claim) => sum.plus(decimal(claim.risk, 'risk').times(claim.openLots).div(claim.lots)),
    ZERO,
  );
  const closes = Math.max(0, -direction * held);
  if (closes === 0) return risk;
  if (pairPays !== null) return larger(ZERO, risk.minus(pairPays.times(closes)));
  return risk.times(Math.max(0, openLots - closes)).div(openLots);
}

/** Dollars lost if the worse half of what is open filled and failed, with what is held. */
export const worstLoss = (stake: Stake, claims: readonly Claim[]): Money =>
  stake.cost.abs().plus(larger(openRisk(1, stake, claims), openRisk(-1, stake, claims)));

/** Dollars that what is held has bound, and all that is open could bind on top. */
export const tiedUp = (stake: Stake, claims: readonly Claim[]): Money =>
  stake.cost
    .abs()
    .plus(openRisk(1, stake, claims))
    .plus(openRisk(-1, stake, claims));

/** Dollars of all that is open, at the price it may cost at worst. */
export const openNotional = (claims: readonly Claim[]): Money =>
  claims.reduce(
    (sum, { notional, openLots, lots }) =>
      sum.plus(decimal(notional, 'notional').times(Math.max(0, openLots)).div(times('1', lots))),
    ZERO,
  );
