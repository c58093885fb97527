/** Limits as people give them: missing, endless, negative, and in cents. */
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/domain/errors.ts';
import { assertDollars } from '../../src/risk/doubts.ts';
import {
  checkLimits,
  describeLimits,
  PAPER_LIMITS,
  type RiskLimits,
  requireLiveLimits,
} from '../../src/risk/limits.ts';
import { centsInstrument } from '../support/cents.ts';

const LIVE = {
  ...PAPER_LIMITS,
  maxOrderQuantity: '100',
  maxOrderNotional: '80',
  budget: '500',
  maxEventRisk: '100',
  bankroll: '1000',
  maxCategoryShare: '0.25',
  minOrderGapMs: 0,
  maxSpread: '0.10',
  maxBookMove: '0.05',
  markets: ['M'],
  maxDailyTrades: 50,
  maxDailyVolume: '2000',
  maxDailyLoss: '50',
  maxLossesInARow: 8,
  maxLossScore: 3,
  sessionTime: '00:00',
  sessionZone: 'UTC',
  maxReconcileAgeMs: 60_000,
  maxClockSkewMs: 1_000,
  maxLagMs: 250,
} satisfies RiskLimits;

describe('limits', () => {
  it('of the paper account and of a live one are good', () => {
    expect(checkLimits(PAPER_LIMITS)).toBe(PAPER_LIMITS);
    expect(requireLiveLimits(LIVE)).toBe(LIVE);
  });

  it.each<readonly [keyof RiskLimits, unknown]>([
    ['maxOrderNotional', undefined],
    ['maxOrderNotional', '-5'],
    ['maxOrderNotional', 'Infinity'],
    ['maxOrderNotional', 'NaN'],
    ['maxOrderNotional', 100],
    ['maxOrderNotional', Number.NaN],
    ['maxOpenOrders', Infinity],
    ['maxDailyLoss', '0'],
    ['maxDailyLoss', '-1'],
    ['maxDailyLoss', Infinity],
    ['maxDailyLoss', Number.NaN],
    ['maxDailyTrades', -1],
    ['maxDailyTrades', 2.5],
    ['minOrderGapMs', -1],
    ['maxLossScore', Number.NaN],
    ['maxLossScore', -3],
    ['maxCategoryShare', '1.5'],
    ['bankroll', null],
    ['markets', 'M'],
    ['sessionTime', '25:00'],
    ['sessionZone', 'Atlantis'],
  ])('refuse %s of %s, by name', (name, value) => {
    const wrong = { ...LIVE, [name]: value } as unknown as RiskLimits;
    expect(() => checkLimits(wrong)).toThrow(InputError);
    expect(() => checkLimits(wrong)).toThrow(name === 'bankroll' ? 'maxCategoryShare' : name);
  });

  it('of a live session are all demanded, and named together', () => {
    const { maxDailyLoss: _, ...rest } = LIVE;
    expect(() => requireLiveLimits(rest)).toThrow(
      'was "without maxDailyLoss"; every limit is a decision',
    );
    expect(() => requireLiveLimits({ ...LIVE, maxSpread: null, budget: null })).toThrow(
      'without budget, maxSpread',
    );
    expect(() => requireLiveLimits({ ...LIVE, markets: [] })).toThrow('names its markets');
    expect(() => requireLiveLimits({ ...LIVE, maxLagMs: Number.NaN })).toThrow('maxLagMs');
  });

  it('say themselves, with their dollars', () => {
    const said = describeLimits({ ...PAPER_LIMITS, maxDailyLoss: '50' });
    expect(said).toContain('maxDailyLoss $50');
    expect(said).toContain('maxOpenOrders 100');
    expect(said.join()).not.toContain('bankroll');
  });
});

describe('cents for dollars', () => {
  const dollar = centsInstrument('script', 'M');
  const doubted = (limits: Partial<RiskLimits>, instruments = [dollar]) =>
    assertDollars({ ...PAPER_LIMITS, ...limits }, instruments);

  it.each<readonly [string, Partial<RiskLimits>, string]>([
    [
      'an order that costs more than its contracts can',
      { maxOrderQuantity: '100', maxOrderNotional: '5000' },
      'maxOrderNotional is in dollars and looks like cents: 100 contracts cost 100 at ' +
        'most, was "5000"; write "50" if cents were meant, else bring the two together',
    ],
    ['a spread of more than a contract', { maxSpread: '5' }, 'no contract pays more than 1'],
    ['a move of more than a contract', { maxBookMove: '10' }, 'write "0.1" if cents were meant'],
    ['a loss far beyond the bankroll', { bankroll: '100', maxDailyLoss: '5000' }, 'write "50"'],
    ['a budget far beyond the bankroll', { bankroll: '100', budget: '10000' }, 'write "100"'],
  ])('are doubted: %s', (_, limits, message) => {
    expect(() => doubted(limits)).toThrow(InputError);
    expect(() => doubted(limits)).toThrow(message);
  });

  it.each<readonly [string, Partial<RiskLimits>]>([
    ['the paper account', {}],
    ['a live account', LIVE],
    ['one limit of it made small', { maxOrderQuantity: '5' }],
    ['a generous order', { maxOrderQuantity: '100', maxOrderNotional: '1000' }],
    ['an amount with cents in it', { maxOrderQuantity: '1', maxOrderNotional: '99.50' }],
    ['a spread that limits nothing', { maxSpread: '1' }],
    ['a generous loss', { bankroll: '1000', maxDailyLoss: '1000' }],
  ])('are not seen in %s', (_, limits) => {
    expect(() => doubted(limits)).not.toThrow();
  });

  it('are not looked for where a price has no bound', () => {
    const share = { ...dollar, payout: null };
    const limits = { maxOrderQuantity: '1', maxOrderNotional: '60000' };
    expect(() => doubted(limits, [share])).not.toThrow();
    expect(() => doubted(limits, [])).not.toThrow();
  });
});
