/** What may be at stake, and when a venue is left alone: in dollars, contracts and counts. */
import { z } from 'zod';
import { amount, amountOrNull, choice, count, countOrNull, leaf, text } from './leaves.ts';

const HOUR_MS = 3_600_000;
const COUNT = { least: 1, most: 1_000_000 };
const DURATION = { least: 0, most: HOUR_MS };
const STEPS = { least: 0, most: 10_000 };

export const limits = z.strictObject({
  maxOrderQuantity: amount('10000', 'Contracts in one order.'),
  maxOrderNotional: amount('10000', 'Dollars of one order, the worst fee of a buyer included.'),
  maxOpenNotional: amount('100000', 'Dollars of all that is open at once.'),
  maxPosition: amount('20000', 'Contracts held in one market if all that is open filled.'),
  maxOpenOrders: count(100, COUNT, 'Orders that may rest at once.'),
  budget: amountOrNull('Dollars that what is held cost and what is open could cost.'),
  maxEventRisk: amountOrNull('Dollars that the markets of one event could lose.'),
  bankroll: amountOrNull('Dollars that the account has.'),
  maxCategoryShare: amountOrNull('Part of the bankroll that one category could lose, at most 1.'),
  minOrderGapMs: countOrNull(null, DURATION, 'Between two orders placed in one market.'),
  collarSteps: countOrNull(25, STEPS, 'Grid steps that a price may be beyond the mid, at most.'),
  collarPercent: countOrNull(25, STEPS, 'Percent of the mid; the wider of the two counts.'),
  maxSpread: amountOrNull('Dollars a contract; on a wider book nothing is sent.'),
  maxBookMove: amountOrNull('Dollars a contract that the mid may jump before it is believed.'),
  maxRepeats: countOrNull(1_000, COUNT, 'Orders in one market in a minute without a fill.'),
  maxSameRejects: countOrNull(20, COUNT, 'The same rejection in a row disables the market.'),
  markets: leaf(
    z.array(z.string().min(1)).min(1).nullable(),
    null,
    'must be a list of names, or null',
    'The only markets that may be traded.',
  ),
  maxDailyTrades: countOrNull(null, COUNT, 'Executions with a fill in one session.'),
  maxDailyVolume: amountOrNull('Dollars filled in one session.'),
  maxDailyLoss: amountOrNull(
    'Dollars lost in one session; what is held at what it would sell for.',
  ),
  maxLossesInARow: countOrNull(null, COUNT, 'So many positions ended at a loss halt the venue.'),
  maxLossScore: leaf(
    z.number().min(0.1).max(100).nullable(),
    null,
    'must be a number from 0.1 to 100, or null',
    'Standard deviations below what the prices paid promise; beyond them the venue is halted.',
  ),
  sessionTime: leaf(
    z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/),
    '00:00',
    'must be "HH:MM"',
    'When a session begins.',
  ),
  sessionZone: text('UTC', 'The time zone of it, an IANA name.'),
  maxReconcileAgeMs: countOrNull(null, DURATION, 'Since the account was compared with the venue.'),
  maxClockSkewMs: countOrNull(null, DURATION, 'Between the clock of the venue and ours.'),
  maxLagMs: countOrNull(null, DURATION, 'How late a timer of this process may fire.'),
});

export const breaker = z.strictObject({
  errorsInARow: count(10, COUNT, 'Commands in doubt (time-outs, 5xx) that open it.'),
  rejectsInARow: count(20, COUNT, 'Rejected orders, of all executions, that open it.'),
  throttlesPerMinute: count(10, COUNT, 'Answers "too many calls" that open it.'),
  cooldownMs: count(30_000, { least: 1, most: HOUR_MS }, 'How long it stays open.'),
  probes: count(2, { least: 1, most: 100 }, 'Executions to be served before it closes.'),
  probeNotional: amount('25', 'Dollars of one order while it is tried.'),
  whenOpen: choice('suspend', ['suspend', 'close'], 'What becomes of living executions.'),
});
