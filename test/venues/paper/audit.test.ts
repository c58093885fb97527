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
    pennied: lots(0),
    status: 'resting',
    ...told,
  };
  const base = { order, price: ticks(50), quantity: lots(4), print: PRINT, level: null } as const;
  const match: Match = { ...base, liquidity: 'maker', ...breach };
  const account = new Account('paper', '0');
  const audit = auditOf(account, order);
  audit.record(match, account.book(match, CENTS, 10));
  return audit.violations();
}

const auditOf = (account: Account, order: PaperOrder | null, market = openMarket()): Audit =>
  new Audit({
    orders: new Map(order === null ? [] : [['A', order]]),
    markets: new Map([[MARKET, market]]),
    account,
    balance: '0',
    takeHaircut: { share: 0.8, youngerThanMs: 500 },
  });

const openMarket = (): PaperMarket => new PaperMarket({ instrument: CENTS });

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
    ['took 4 of a young level of 4', { level: { size: lots(4), isYoung: true } }, {}],
  ])('says "%s"', (text, breach, told) => {
    expect(audited(breach, told).join('\n')).toContain(text);
  });

  it('says what a level owes and never showed', () => {
    const market = openMarket();
    const level = market.displayed('ask');
    level.change(ticks(52), { to: lots(3) }, 0);
    level.take(ticks(52), lots(4), 0);
    expect(auditOf(new Account('paper', '0'), null, market).violations()).toEqual([
      'M ask 52: owes 4 of 3',
      'M ask 52: took 4 of 3 ever displayed',
    ]);
  });

  it('says what a print cannot explain', () => {
    const audit = auditOf(new Account('paper', '0'), null);
    audit.attributed(PRINT, lots(3));
    audit.attributed(PRINT, lots(3));
    expect(audit.violations()).toEqual(['print 1: explains 6 lots with 5']);
  });

  it('counts the cash of every trade and every payout a second time', () => {
    const account = new Account('paper', '10');
    expect(auditOf(account, null).violations()).toEqual(['cash is 10, not 0']);
  });
});
