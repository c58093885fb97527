/**
 * What the simulated markets are made to look like. The figures are facts measured from recordings
 * of Kalshi: 10th, 50th and 90th percentile, c is cents, sizes in contracts.
 *
 * liquid: KXBTC15M, eight production sessions of May 2026, while the price was in 0.15 to 0.85.
 *   Spread 1 / 1 / 2 c and touch 40 / 700 / 2,250 by time; 25 / 93 / 153 deltas and 1.2 / 5.5 /
 *   6.6 prints a second by market; prints of 1 / 15 / 108 and orders of 2 / 50 / 1,000; 24 % of
 *   deltas at the touch; mid unchanged in 57 % of seconds, deviation 1.3 c in 1 s, 4.9 c in
 *   10 s. The touch is the mean of bid and ask.
 * moderate: 3,695 full books of all kinds of markets, July 2026, price in 0.10 to 0.90, spread up
 *   to 8 c: spread 1 / 2 / 6 c, touch 49 / 1,000 / 7,420. The most traded sixth of KXHIGH
 *   (weather) in January 2025, busiest hour: 0.017 / 0.030 / 0.043 prints a second, of 1 / 20 /
 *   132. Its quotes of March 2026: 0.10 touch changes a second (90th percentile of active hours),
 *   mid 2.6 c in 60 s.
 * thin: KXHIGH quotes of March 2026, price in 0.10 to 0.90, by time: spread 1 / 4 / 12 c, touch 1
 *   / 12 / 150; 0.04 touch changes a second, mid 1.7 c in 60 s (median of markets). The less
 *   traded half in January 2025, busiest hour: 0.003 / 0.006 / 0.012 prints a second, of 2 / 21 /
 *   144.
 *
 * Assumed, for want of recordings: orders of moderate markets are as in liquid ones, of thin ones
 * as their touch; deltas are four times the touch changes, as in liquid ones; shares of bursts and
 * of informed trading; how often and how long thin makers withdraw. Known to differ: thin prints
 * come out at a third of the recorded size, since takers come without regard to what is shown.
 */
export type LiquidityCategory = 'liquid' | 'moderate' | 'thin';

export interface Quantiles {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

export interface LiquidityProfile {
  /** In grid steps. */
  readonly spread: Quantiles;
  /** Contracts at the best price of one side. */
  readonly touch: Quantiles;
  /** Contracts of one print, and of one maker's order. */
  readonly print: Quantiles;
  readonly order: Quantiles;
  readonly printsPerSecond: number;
  readonly deltasPerSecond: number;
  /** How many grid steps behind the touch makers act, on average. */
  readonly meanDepth: number;
  /** The value moves at random times, by a normal number of grid steps. */
  readonly movesPerSecond: number;
  readonly moveDeviation: number;
  /** Share of the moves that begin a run of moves in one direction. */
  readonly burstShare: number;
  /** Share of the moves that somebody knows of beforehand and trades on. */
  readonly informedShare: number;
  /** How often the makers of a side withdraw, and for how long on average. */
  readonly withdrawalsPerHour: number;
  readonly withdrawalSeconds: number;
  /** Tapered: tenths of a cent below 0.10 and above 0.90. */
  readonly grid: 'tapered' | 'cents';
}

export const PROFILES: Readonly<Record<LiquidityCategory, LiquidityProfile>> = {
  liquid: {
    spread: { p10: 1, p50: 1, p90: 2 },
    touch: { p10: 40, p50: 700, p90: 2_250 },
    print: { p10: 1, p50: 15, p90: 108 },
    order: { p10: 2, p50: 50, p90: 1_000 },
    printsPerSecond: 5.5,
    deltasPerSecond: 93,
    meanDepth: 4,
    movesPerSecond: 0.6,
    moveDeviation: 1.5,
    burstShare: 0.05,
    informedShare: 0.5,
    withdrawalsPerHour: 0,
    withdrawalSeconds: 0,
    grid: 'tapered',
  },
  moderate: {
    spread: { p10: 1, p50: 2, p90: 6 },
    touch: { p10: 49, p50: 1_000, p90: 7_420 },
    print: { p10: 1, p50: 20, p90: 132 },
    order: { p10: 2, p50: 50, p90: 1_000 },
    printsPerSecond: 0.03,
    deltasPerSecond: 0.4,
    meanDepth: 4,
    movesPerSecond: 0.015,
    moveDeviation: 2.3,
    burstShare: 0.05,
    informedShare: 0.5,
    withdrawalsPerHour: 0,
    withdrawalSeconds: 0,
    grid: 'cents',
  },
  thin: {
    spread: { p10: 1, p50: 4, p90: 12 },
    touch: { p10: 1, p50: 12, p90: 150 },
    print: { p10: 2, p50: 21, p90: 144 },
    order: { p10: 1, p50: 12, p90: 150 },
    printsPerSecond: 0.006,
    deltasPerSecond: 0.16,
    meanDepth: 3,
    movesPerSecond: 0.005,
    moveDeviation: 2.5,
    burstShare: 0.05,
    informedShare: 0.3,
    withdrawalsPerHour: 0.5,
    withdrawalSeconds: 120,
    grid: 'cents',
  },
};
