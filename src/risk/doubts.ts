/**
 * Cents given for dollars. An amount a hundred times too large limits nothing and looks like any
 * other; beside its siblings, or beside what a contract can cost at all, it does not.
 */
import { InputError } from '../domain/errors.ts';
import type { Instrument } from '../domain/instrument.ts';
import { decimal, formatMoney, type Money, times, ZERO } from '../domain/money.ts';
import { PAPER_LIMITS, type RiskLimits } from './limits.ts';

/** A limit so far beyond what it could ever bind is a slip; cents are a hundred. */
const TIMES_TOO_MUCH = 25;

const A_CONTRACT = ['maxSpread', 'maxBookMove'] as const;
const OF_THE_BANKROLL = [
  'maxOrderNotional',
  'maxOpenNotional',
  'budget',
  'maxEventRisk',
  'maxDailyLoss',
] as const;

type AmountName = (typeof A_CONTRACT | typeof OF_THE_BANKROLL)[number] | 'bankroll';

/**
 * Throws an `InputError` that spells the doubt out. Only whole amounts that differ from those of
 * the paper account are doubted, and only where every contract pays a fixed sum.
 */
export function assertDollars(limits: RiskLimits, instruments: readonly Instrument[]): void {
  const paid = instruments.map(({ payout, priceUnit }) =>
    payout === null ? null : times(priceUnit, payout),
  );
  const dearest = paid.reduce<Money | null>(
    (most, one) => (most === null || one === null ? null : one.greaterThan(most) ? one : most),
    ZERO,
  );
  if (dearest === null || dearest.isZero()) return;
  const given = (name: AmountName | 'maxOrderQuantity'): Money | null => {
    const text = limits[name] ?? null;
    return text === null || text === PAPER_LIMITS[name] ? null : decimal(text, name);
  };
  const doubt = (name: AmountName, most: Money, because: string): void => {
    const amount = given(name);
    if (amount === null || !amount.isInteger() || !amount.greaterThan(most)) return;
    throw new InputError(
      `${name} is in dollars and looks like cents: ${because}`,
      formatMoney(amount),
      `write "${formatMoney(amount.div(100))}" if cents were meant, else bring the two together`,
    );
  };
  const price = formatMoney(dearest);
  for (const name of A_CONTRACT) doubt(name, dearest, `no contract pays more than ${price}`);
  const quantity = given('maxOrderQuantity');
  if (quantity !== null) {
    const cost = quantity.times(dearest);
    const most = cost.times(TIMES_TOO_MUCH);
    const because = `${formatMoney(quantity)} contracts cost ${formatMoney(cost)} at most`;
    doubt('maxOrderNotional', most, because);
  }
  const bankroll = given('bankroll');
  if (bankroll === null) return;
  const most = bankroll.times(TIMES_TOO_MUCH);
  for (const name of OF_THE_BANKROLL) doubt(name, most, `bankroll is ${formatMoney(bankroll)}`);
}
