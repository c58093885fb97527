import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/domain/money.ts';
import { lots } from '../../src/domain/numbers.ts';
import type { RiskLimits } from '../../src/risk/limits.ts';
import {
  evaluate,
  NO_EXPOSURE,
  type OpenExposure,
  type Priced,
  type RiskApproved,
  type RiskContext,
} from '../../src/risk/pre-trade.ts';
import { refused } from '../../src/risk/refusal.ts';
import { CENT_GRID, cents, contracts, instrument } from '../support/view.ts';

const LIMITS: RiskLimits = {
  maxOrderQuantity: '100',
  maxOrderNotional: '71',
  maxOpenNotional: '100',
  maxPosition: '150',
  maxOpenOrders: 3,
};
const ORDER: Priced = { action: 'buy', price: cents(50), quantity: contracts(100) };

const context = (
  exposure: Partial<OpenExposure> = {},
  limits: Partial<RiskLimits> = {},
): RiskContext => ({
  instrument: instrument(),
  limits: { ...LIMITS, ...limits },
  exposure: { ...NO_EXPOSURE, ...exposure },
  bounds: { action: 'buy', ranges: CENT_GRID, cap: cents(70), collar: cents(65) },
  objection: null,
  measured: {},
});
const amount = (text: string) => decimal(text, 'amount');

describe('the pre-trade check', () => {
  it('approves an order within every limit, frozen and with its cost', () => {
    const answer = evaluate(ORDER, context());
    if (answer.kind === 'refused') throw new Error(answer.rule);
    const proof: RiskApproved<Priced> = answer.item;
    expect(proof).toEqual(ORDER);
    expect(Object.isFrozen(proof)).toBe(true);
    // 100 at 50 cents, and a taker fee of 1.75 cents each.
    expect(answer.notional.toString()).toBe('51.75');
  });

  it.each([
    ['maxOrderQuantity', { quantity: contracts(100.01) }, {}, '100.01', '100'],
    ['maxOrderNotional', { price: cents(65) }, { maxOrderNotional: '66.5' }, '66.6', '66.5'],
    ['maxOpenNotional', {}, { maxOpenNotional: '51.74' }, '51.75', '51.74'],
    ['maxPosition', {}, { maxPosition: '99' }, '100', '99'],
    ['maxOpenOrders', {}, { maxOpenOrders: 0 }, '1', '0'],
    ['a quantity is positive', { quantity: lots(0) }, {}, '0.00', 'above 0'],
    ['maxOrderNotional', {}, { maxOrderNotional: 'NaN' }, '51.75', 'NaN'],
  ] as const)('refuses by %s', (rule, changes, limits, value, limit) => {
    const answer = evaluate({ ...ORDER, ...changes }, context({}, limits));
    expect(answer).toEqual({ kind: 'refused', rule, value, limit });
  });

  it.each([
    ['maxOpenNotional', { notional: amount('48.26') }, '100.01'],
    ['maxPosition', { position: amount('50.5') }, '150.5'],
    ['maxOpenOrders', { orders: 3 }, '4'],
  ] as const)('counts what is open already: %s', (rule, exposure, value) => {
    expect(evaluate(ORDER, context(exposure))).toMatchObject({ kind: 'refused', rule, value });
  });

  it.each([
    ['maxSpread', { maxSpread: '0.10' }, amount('0.11'), '0.11', '0.10'],
    ['budget', { budget: '500' }, amount('500.01'), '500.01', '500'],
    ['maxDailyTrades', { maxDailyTrades: 3 }, 4, '4', '3'],
    ['minOrderGapMs', { minOrderGapMs: 500 }, 499, '499', '500'],
    ['maxLagMs', { maxLagMs: 250 }, 251, '251', '250'],
  ] as const)('holds what was measured against %s', (rule, limits, value, text, limit) => {
    const measured = { [rule]: value };
    const answer = evaluate(ORDER, { ...context({}, limits), measured });
    expect(answer).toEqual({ kind: 'refused', rule, value: text, limit });
    expect(evaluate(ORDER, { ...context(), measured }).kind).toBe('approved');
    expect(evaluate(ORDER, context({}, limits)).kind).toBe('approved');
  });

  it('passes what is measured at its limit', () => {
    const limits = { maxSpread: '0.10', minOrderGapMs: 500 };
    const measured = { maxSpread: amount('0.1'), minOrderGapMs: 500 };
    expect(evaluate(ORDER, { ...context({}, limits), measured }).kind).toBe('approved');
  });

  it('refuses whatever an objection is raised against, before all else', () => {
    const objection = refused('the breaker is closed', 'open', '30 s');
    expect(evaluate({ ...ORDER, quantity: lots(0) }, { ...context(), objection })).toBe(objection);
  });

  it('lets an order through that takes an opposite position back', () => {
    const held = context({ position: amount('-400') }, { maxPosition: '1' });
    expect(evaluate(ORDER, held).kind).toBe('approved');
  });

  it.each([
    [{ price: cents(66) }],
    [{ price: cents(71) }],
    [{ price: cents(49.5) }],
    [{ action: 'sell' }],
  ] as const)('refuses a price that did not pass the gate: %j', (changes) => {
    const answer = evaluate({ ...ORDER, ...changes }, context());
    expect(answer).toMatchObject({
      kind: 'refused',
      rule: 'a price lies on the grid, within cap and collar',
      limit: 'cap 0.7000, collar 0.6500 to buy',
    });
  });

  it('charges a seller no fee on top of what is given', () => {
    const bounds = { action: 'sell', ranges: CENT_GRID, cap: cents(40), collar: null } as const;
    const answer = evaluate({ ...ORDER, action: 'sell' }, { ...context(), bounds });
    expect(answer.kind === 'approved' && answer.notional.toString()).toBe('50');
  });
});
