/** The audit can fail: each rule is shown one planted breach. */
import { describe, expect, it } from 'vitest';
import type { Print } from '../../../src/domain/market-data.ts';
import { lots, ticks } from '../../../src/domain/numbers.ts';
import { Account } from '../../../src/venues/paper/account.ts';
import { Audit } from '../../../src/venues/paper/audit.ts';
import { type Match, PaperMarket } from '../../../src/venues/paper/market.ts';
import type { PaperOrder } from '../../../src/venues/paper/paper-order.ts';
import { CENTS, MARKET, orderOf } from './notation.ts';

const PRINT: Print = {
  type: 'print',
  symbol: MARKET,
  price: ticks(48),
  quantity: lots(5),
  taker: 'sell',
  timeMs: 10,
  sequence: 1,
};

function audited(breach: Partial<Match>, told: Partial<PaperOrder> = {}): readonly string[] {
  const order: PaperOrder = {
    venueOrderId: 'V',
    side: 'bid',
    acceptedAtMs: 5,
    request: orderOf('A', 'buy', 20, 50),
    price: ticks(50),
    filled: lots(4),
    ahead: lots(0),
    status: 'resting',
    ...told,
  };
  const base = { order, price: ticks(50), quantity: lots(4), print: PRINT } as const;
  const match: Match = { ...base, liquidity: 'maker', ...breach };
  const market = new PaperMarket(CENTS);
  const account = new Account('paper', '0');
  const audit = new Audit(new Map([['A', order]]), new Map([[MARKET, market]]), account);
  account.book(match, CENTS, 10);
  audit.record(match, MARKET, 10);
  return audit.violations();
}

describe('the audit', () => {
  it('finds nothing where nothing is wrong', () => {
    expect(audited({})).toEqual([]);
  });

  it.each<[string, Partial<Match>, Partial<PaperOrder>]>([
    ['past its limit', { price: ticks(51) }, {}],
    ['accepted at 11', {}, { acceptedAtMs: 11 }],
    ['a taker of its own side', { print: { ...PRINT, taker: 'buy' } }, {}],
    ['short of 50', { print: { ...PRINT, price: ticks(51) } }, {}],
    ['filled 6 of own orders with 5', { quantity: lots(6) }, { filled: lots(6) }],
    ['fills add up to 4, not to 3', {}, { filled: lots(3) }],
    ['filled 21 of 20', {}, { filled: lots(21) }],
    ['is filled with 4 of 20', {}, { status: 'filled' }],
  ])('says "%s"', (text, breach, told) => {
    expect(audited(breach, told).join('\n')).toContain(text);
  });

  it('says what a level owes and never showed', () => {
    const market = new PaperMarket(CENTS);
    const level = market.displayed('ask');
    level.change(ticks(52), { to: lots(3) });
    level.take(ticks(52), lots(4));
    const audit = new Audit(new Map(), new Map([[MARKET, market]]), new Account('paper', '0'));
    expect(audit.violations()).toEqual([
      'M ask 52: owes 4 of 3',
      'M ask 52: took 4 of 3 ever displayed',
    ]);
  });
});
