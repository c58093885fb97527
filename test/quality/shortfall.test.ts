import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/domain/errors.ts';
import { type Action, mirror } from '../../src/domain/instrument.ts';
import { decimal, formatUnits } from '../../src/domain/money.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import {
  type CostedFill,
  type Shortfall,
  type ShortfallQuestion,
  shortfall,
} from '../../src/quality/shortfall.ts';
import { bookOf, cents, contracts, instrument } from '../support/view.ts';

const BOOK = bookOf({ bids: '50@68 50@66', asks: '30@71 200@73' });
const FREE = instrument({ fees: { kind: 'none' } });

const fill = (count: number, price: number, fee = '0'): CostedFill => ({
  quantity: contracts(count),
  price: cents(price),
  fee,
});

/** 100 wanted at a mid of 69.5. */
const question = (changes: Partial<ShortfallQuestion> = {}): ShortfallQuestion => ({
  instrument: FREE,
  action: 'buy',
  quantity: contracts(100),
  fills: [],
  decisionMidDoubled: null,
  arrivalMidDoubled: 13_900,
  deadlineBook: BOOK,
  ...changes,
});

describe('the shortfall', () => {
  it('charges price, fees and the residual against the arrival mid, per ordered contract', () => {
    const fills = [fill(40, 69, '0.30'), fill(20, 70, '0.40')];
    expect(shortfall(question({ fills }))).toEqual({
      delay: '0',
      execution: '-0.1',
      // 30 at 71 and 10 at 73 against 40 at 69.5.
      opportunity: '0.8',
      fees: '0.7',
      total: '1.4',
      allInCents: '1.4',
      slippage: { cents: '-0.166667', ticks: '-16.666667', percent: '-0.239808' },
      beyondBook: 0,
    });
  });

  it('charges an execution that got nothing, and gives it no slippage (A32, A33)', () => {
    expect(shortfall(question())).toMatchObject({
      execution: '0',
      opportunity: '2.9',
      allInCents: '2.9',
      slippage: null,
    });
  });

  it('is signed by side: what is bad is positive for a seller too (A30)', () => {
    const sold = shortfall(question({ action: 'sell', fills: [fill(50, 69)] }));
    // 50 at 69 and the rest at 68, against 69.5.
    expect(sold).toMatchObject({ execution: '0.25', opportunity: '0.75', allInCents: '1' });
    expect(sold?.slippage?.cents).toBe('0.5');
  });

  it('measures against the mid at arrival, never against the limit (A31)', () => {
    const bought = shortfall(question({ quantity: contracts(10), fills: [fill(10, 70)] }));
    expect(bought?.slippage).toEqual({ cents: '0.5', ticks: '50', percent: '0.719424' });
  });

  it('adds the taker fees of the completion, as one order', () => {
    const charged = shortfall(question({ instrument: instrument(), quantity: contracts(31) }));
    // 22.03 for 31 contracts worth 21.545. Fees of 0.4324 and 0.0138 take whole cents from the
    // balance, 0.44 and 0.02, until more than a cent of that rounding is owed: it comes back, in
    // the same order.
    expect(charged).toMatchObject({ fees: '0', opportunity: '0.935' });
  });

  it('leaves the delay between signal and start out of the all-in cost', () => {
    const late = shortfall(question({ decisionMidDoubled: 13_800, fills: [fill(100, 70)] }));
    expect(late).toMatchObject({ delay: '0.5', execution: '0.5', total: '1', allInCents: '0.5' });
  });

  it('charges what no book can complete at the worst a contract can cost', () => {
    const bought = shortfall(question({ quantity: contracts(300) }));
    expect(bought?.beyondBook).toBe(contracts(70));
    // 30 at 71, 200 at 73 and 70 at a dollar, against 300 at 69.5.
    expect(bought?.opportunity).toBe('28.8');
    const sold = shortfall(question({ action: 'sell', deadlineBook: null }));
    expect(sold).toMatchObject({ opportunity: '69.5', allInCents: '69.5', beyondBook: 10_000 });
  });

  it('is unknown without an arrival mid, or where nothing bounds the price of the rest', () => {
    expect(shortfall(question({ arrivalMidDoubled: null }))).toBeNull();
    const share = instrument({ payout: null, fees: { kind: 'none' } });
    expect(shortfall(question({ instrument: share, quantity: contracts(300) }))).toBeNull();
    expect(shortfall(question({ instrument: share }))).not.toBeNull();
  });

  it('refuses more fills than were ordered', () => {
    expect(() => shortfall(question({ fills: [fill(101, 70)] }))).toThrow(InvariantError);
  });
});

const fills = fc.array(
  fc.record({
    quantity: fc.integer({ min: 1, max: 3_333 }).map(lots),
    price: fc.integer({ min: 1, max: 9_999 }).map(ticks),
    fee: fc.integer({ min: -500, max: 500 }).map((count) => formatUnits(count, '0.001')),
  }),
  { maxLength: 3 },
);
const questions = fc.record({
  action: fc.constantFrom<Action>('buy', 'sell'),
  fills,
  decisionMidDoubled: fc.integer({ min: 1, max: 19_999 }),
  arrivalMidDoubled: fc.integer({ min: 1, max: 19_999 }),
  quantity: fc.integer({ min: 9_999, max: 40_000 }).map(lots),
});

const partsOf = ({ delay, execution, opportunity, fees }: Shortfall) =>
  [delay, execution, opportunity, fees].map((text) => decimal(text, 'part'));

describe('the identity of the shortfall', () => {
  it('holds exactly: delay + execution + opportunity + fees = total', () => {
    fc.assert(
      fc.property(questions, (changes) => {
        const found = shortfall(question({ instrument: instrument(), ...changes }));
        if (found === null) throw new Error('every part is known');
        const sum = partsOf(found).reduce((left, right) => left.plus(right));
        expect(sum.equals(found.total)).toBe(true);
      }),
    );
  });

  it('is the same for a seller in the mirrored market', () => {
    fc.assert(
      fc.property(questions, (changes) => {
        const asked = question(changes);
        const flipped = question({
          ...changes,
          action: asked.action === 'buy' ? 'sell' : 'buy',
          fills: asked.fills.map((one) => ({ ...one, price: mirror(FREE, one.price) })),
          decisionMidDoubled: 20_000 - changes.decisionMidDoubled,
          arrivalMidDoubled: 20_000 - changes.arrivalMidDoubled,
          deadlineBook: bookOf({ bids: '30@29 200@27', asks: '50@32 50@34' }),
        });
        expect(shortfall(flipped)?.total).toBe(shortfall(asked)?.total);
        expect(shortfall(flipped)?.allInCents).toBe(shortfall(asked)?.allInCents);
      }),
    );
  });

  it('prefers a fill at the price of the completion to none at all only by its fee', () => {
    const waited = shortfall(question({ quantity: contracts(30) }));
    const took = shortfall(question({ quantity: contracts(30), fills: [fill(30, 71)] }));
    expect(took?.allInCents).toBe(waited?.allInCents);
  });
});
