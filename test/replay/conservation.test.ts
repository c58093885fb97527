import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../src/domain/numbers.ts';
import {
  ConservationCheck,
  type ToldFill,
  type ToldQuantity,
} from '../../src/replay/conservation.ts';
import type { OrderAudit } from '../../src/venues/paper/audit.ts';
import type { MarketDataSource } from '../../src/venues/paper/source.ts';
import { TAPERED } from '../support/tapered.ts';

const instrument = { ...TAPERED, symbol: 'M' };

type AtVenue = Pick<OrderAudit, 'cumulative' | 'leaves'>;

/** A check of one execution, "x", of 100 contracts with a limit of 0.70; its venue is a table. */
function checking(action: 'buy' | 'sell' = 'buy') {
  const orders = new Map<string, AtVenue>();
  const faults: string[] = [];
  const check = new ConservationCheck();
  check.compareWith({
    audit: { order: (id: string) => orders.get(id) ?? null } as never,
    auditViolations: () => faults,
  });
  check.begin({ executionId: 'x', instrument, action, limitPrice: '0.70' });
  const turn = (change: Partial<ToldQuantity['quantity']> = {}): void =>
    check.afterTurn([
      { executionId: 'x', quantity: { ...QUANTITY, ...change }, clientOrderIds: ['a', 'b'] },
    ]);
  return { check, orders, faults, turn };
}

const QUANTITY = {
  target: 10_000,
  filled: 0,
  working: 6_000,
  inDoubt: 0,
  unreleased: 4_000,
  overfilled: 0,
};

const FILL: ToldFill = {
  id: 'f1',
  price: '0.70',
  quantity: '20.00',
  liquidity: 'taker',
  printSeq: null,
};

const resting = (cumulative: number, leaves: number): AtVenue => ({
  cumulative: lots(cumulative),
  leaves,
});

describe('what is conserved', () => {
  it('is left alone, and counted', () => {
    const { check, orders, turn } = checking();
    turn();
    orders.set('a', resting(2_000, 4_000));
    check.filled('x', FILL);
    turn({ filled: 2_000, working: 4_000 });
    orders.set('a', resting(2_000, 0));
    check.ended('x');
    turn({ filled: 2_000, working: 0, unreleased: 8_000 });
    expect(check.shown).toEqual([]);
    expect(check.violations).toBe(0);
    expect(check.checked).toBeGreaterThan(20);
  });

  it('is not counted again once it has ended, until it changes', () => {
    const { check, turn } = checking();
    const ended = { executionId: 'x', quantity: QUANTITY, clientOrderIds: [] };
    check.ended('x');
    check.afterTurn([ended]);
    const { checked } = check;
    check.afterTurn([ended]);
    expect(check.checked).toBe(checked);
    turn({ filled: 1 });
    expect(check.checked).toBeGreaterThan(checked);
  });
});

describe('a violation', () => {
  it.each<readonly [string, Partial<typeof QUANTITY>, RegExp]>([
    ['a lot is lost', { working: 5_999 }, /x: parts add up to 9999 less 0, target 10000/],
    ['a part is negative', { working: 10_001, unreleased: -1 }, /x: a part is -1/],
    [
      'more is at work than was wanted',
      { working: 10_001, unreleased: 0, overfilled: 1 },
      /x: filled 0, reserved 10001/,
    ],
    [
      'the ledger has a fill that nobody was told of',
      { filled: 1, working: 5_999 },
      /ledger 1, fills 0/,
    ],
  ])('%s', (_, change, violation) => {
    const { check, turn } = checking();
    turn(change);
    expect(check.shown).toEqual(expect.arrayContaining([expect.stringMatching(violation)]));
  });

  it('the venue may fill more than was wanted', () => {
    const { check, orders, turn } = checking();
    orders.set('a', resting(0, 6_000)).set('b', resting(1, 4_000));
    turn();
    expect(check.shown).toEqual(['x: venue 1, may fill 10000, target 10000']);
  });

  it('the ledger is ahead of the venue', () => {
    const { check, orders, turn } = checking();
    check.filled('x', FILL);
    orders.set('a', resting(1_999, 0));
    turn({ filled: 2_000, working: 4_000 });
    expect(check.shown).toEqual(['x: ledger 2000, venue 1999, target 10000']);
  });

  it('an execution ended with an order at the venue, or before it heard of a fill', () => {
    const { check, orders, turn } = checking();
    orders.set('a', resting(5, 7));
    check.ended('x');
    turn({ working: 0, unreleased: 10_000 });
    expect(check.shown).toEqual([
      'x: ended with 7 still at the venue, target 10000',
      'x: ended at 0, venue 5, target 10000',
    ]);
  });

  it.each<readonly [string, 'buy' | 'sell', Partial<ToldFill>, RegExp]>([
    ['a buyer paid more than its limit', 'buy', { price: '0.71' }, /x f1: at 0.71, past the limit/],
    [
      'a seller got less than its limit',
      'sell',
      { price: '0.69' },
      /x f1: at 0.69, past the limit/,
    ],
    ['a fill of nothing', 'buy', { quantity: '0' }, /x f1: of 0/],
    ['a fill between two ticks', 'buy', { price: '0.60005' }, /between two ticks/],
    [
      'a fill of a print that was never seen',
      'buy',
      { printSeq: 7 },
      /print M 7: filled 2000 .*with 0/,
    ],
  ])('%s', (_, action, change, violation) => {
    const { check } = checking(action);
    check.filled('x', { ...FILL, ...change });
    expect(check.shown).toEqual([expect.stringMatching(violation)]);
  });

  it('a fill is told twice; it still counts once', () => {
    const { check, orders, turn } = checking();
    orders.set('a', resting(2_000, 0));
    check.filled('x', FILL);
    check.filled('x', FILL);
    turn({ filled: 2_000, working: 4_000 });
    expect(check.shown).toEqual(['x f1: told twice']);
  });

  it('two fills take more of a print than there was', () => {
    const { check } = checking();
    const print = {
      type: 'print',
      symbol: 'M',
      price: ticks(7_000),
      quantity: lots(3_000),
      taker: 'sell',
      timeMs: 1,
      sequence: 7,
    } as const;
    const source: MarketDataSource = {
      instruments: [instrument],
      startMs: 1,
      next: () => ({ atMs: 1, event: print }),
    };
    expect(check.noting(source).next()).toEqual({ atMs: 1, event: print });
    check.filled('x', { ...FILL, liquidity: 'maker', printSeq: 7 });
    expect(check.violations).toBe(0);
    check.filled('x', { ...FILL, id: 'f2', liquidity: 'maker', printSeq: 7 });
    expect(check.shown).toEqual(['print M 7: filled 4000 of our lots with 3000']);
  });

  it('an execution that nobody announced', () => {
    const { check } = checking();
    check.filled('y', FILL);
    check.afterTurn([{ executionId: 'z', quantity: QUANTITY, clientOrderIds: [] }]);
    expect(check.shown).toEqual(['y: filled and not known', 'z: alive and not known']);
  });

  it('the exchange finds a fault of its own', () => {
    const { check, faults } = checking();
    faults.push('owes 2 of 1');
    check.auditVenue();
    expect(check.shown).toEqual(['the exchange: owes 2 of 1']);
  });
});

it('asks the exchange for its audit less and less often as fills grow', () => {
  let audits = 0;
  const check = new ConservationCheck();
  check.compareWith({
    audit: { order: () => null } as never,
    auditViolations: () => {
      audits += 1;
      return [];
    },
  });
  check.begin({ executionId: 'x', instrument, action: 'buy', limitPrice: '0.70' });
  for (let fill = 1; fill <= 1_000; fill += 1) {
    check.filled('x', { ...FILL, id: `f${fill}`, quantity: '0.01' });
    check.afterTurn([]);
  }
  expect(audits).toBeGreaterThan(20);
  expect(audits).toBeLessThan(80);
});
