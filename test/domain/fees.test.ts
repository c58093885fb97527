import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chargeFill,
  estimateTakerFee,
  type FillCharge,
  feePerContract,
  NO_ACCUMULATION,
  type QuadraticFees,
  settle,
  tradeFeeOf,
} from '../../src/domain/fees.ts';
import type { Action } from '../../src/domain/instrument.ts';
import { decimal, type Money, ZERO } from '../../src/domain/money.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import { kalshiInstrument } from '../../src/replay/series.ts';
import { isShared, needsShared, sharedPath } from '../support/shared.ts';

const money = (text: string): Money => decimal(text, 'test');
const text = (amount: Money): string => amount.toFixed();

const SCHEDULE: QuadraticFees = {
  kind: 'quadratic',
  takerRate: '0.07',
  makerRate: '0.0175',
  multiplier: '1',
  tradeFeeStep: '0.0001',
  balanceStep: '0.01',
};

interface Row {
  readonly tradeFee: string;
  readonly rounding: string;
  readonly rebate: string;
  readonly netFee: string;
  readonly balanceChange: string;
  /** As the venue shows it: before the rebate is taken from it. */
  readonly accumulator: string;
}

// [trade fee, rounding, owed before the rebate, rebate, net fee, change of the balance] of each
// fill
// of one order, as the venue works them out in its own documentation.
const ORDERS = [
  {
    order: 'one contract at 5.5 cents, three times',
    price: '0.055',
    quantity: '1',
    fills: [
      ['0.0085', '0.0065', '0.0065', '0', '0.015', '-0.07'],
      ['0.0085', '0.0065', '0.013', '0.01', '0.005', '-0.07'],
      ['0.0085', '0.0065', '0.0095', '0', '0.015', '-0.07'],
    ],
  },
  {
    order: 'three tenths of a contract at 50 cents, three times',
    price: '0.50',
    quantity: '0.30',
    fills: [
      ['0.0041', '0.0059', '0.0059', '0', '0.01', '-0.16'],
      ['0.0041', '0.0059', '0.0118', '0.01', '0', '-0.16'],
      ['0.0041', '0.0059', '0.0077', '0', '0.01', '-0.16'],
    ],
  },
  {
    order: 'three hundredths at 33.01 cents, three times',
    price: '0.3301',
    quantity: '0.03',
    fills: [
      ['0.0005', '0.009597', '0.009597', '0', '0.010097', '-0.02'],
      ['0.0005', '0.009597', '0.019194', '0.01', '0.000097', '-0.02'],
      ['0.0005', '0.009597', '0.018791', '0.01', '0.000097', '-0.02'],
    ],
  },
] as const;

const shown = (charge: FillCharge): readonly string[] => [
  text(charge.tradeFee),
  text(charge.rounding),
  text(money(charge.accumulator).plus(charge.rebate)),
  text(charge.rebate),
  text(charge.netFee),
  text(charge.balanceChange),
];

describe('settle', () => {
  it.each(ORDERS)('books an order of $order', ({ price, quantity, fills }) => {
    let accumulator = NO_ACCUMULATION;
    for (const fill of fills) {
      const revenue = money(price).times(quantity).negated();
      const charge = settle(revenue, money(fill[0]), '0.01', accumulator);
      expect(shown(charge)).toEqual(fill);
      accumulator = charge.accumulator;
    }
  });

  it('gives back more than a step only', () => {
    const half = (accumulator: string): FillCharge =>
      settle(money('-0.005'), ZERO, '0.01', accumulator);
    expect(half('0.005').accumulator).toBe('0.01');
    expect(text(half('0.005').rebate)).toBe('0');
    expect(text(half('0.0051').rebate)).toBe('0.01');
  });
});

describe('chargeFill', () => {
  // Fills of a real account whose balance is kept to a hundredth of a cent.
  it.each([
    ['5.52', '0.17', '0.0546'],
    ['1.16', '0.16', '0.011'],
    ['1', '0.52', '0.0175'],
  ])('charges a take of %s at %s with %s', (quantity, price, fee) => {
    const charge = chargeFill(
      { ...SCHEDULE, balanceStep: '0.0001' },
      { action: 'buy', price: money(price), quantity: money(quantity), liquidity: 'taker' },
      NO_ACCUMULATION,
    );
    expect(text(charge.netFee)).toBe(fee);
  });

  it('pays a sale out and charges makers their own rate', () => {
    const fill = { action: 'sell', price: money('0.40'), quantity: money('100') } as const;
    const charge = chargeFill(SCHEDULE, { ...fill, liquidity: 'maker' }, NO_ACCUMULATION);
    expect(shown(charge)).toEqual(['0.42', '0', '0', '0', '0.42', '39.58']);
  });

  it('charges nothing where there are no fees, and hands the accumulator on', () => {
    const fill = { action: 'buy', price: money('0.333'), quantity: money('0.01') } as const;
    const charge = chargeFill({ kind: 'none' }, { ...fill, liquidity: 'taker' }, '0.004');
    expect(shown(charge)).toEqual(['0', '0', '0.004', '0', '0', '-0.00333']);
  });

  const fill = fc.record({
    action: fc.constantFrom<Action>('buy', 'sell'),
    cents: fc.integer({ min: 10, max: 9_990 }),
    hundredths: fc.integer({ min: 1, max: 100_000 }),
    liquidity: fc.constantFrom('maker' as const, 'taker' as const),
  });

  it('keeps the balance in steps, owes at most a step, and loses no cent over an order', () => {
    fc.assert(
      fc.property(fc.array(fill, { minLength: 1, maxLength: 30 }), (fills) => {
        let accumulator = NO_ACCUMULATION;
        let cash = ZERO;
        let exact = ZERO;
        for (const { action, cents, hundredths, liquidity } of fills) {
          const price = money('0.0001').times(cents);
          const quantity = money('0.01').times(hundredths);
          const charge = chargeFill(SCHEDULE, { action, price, quantity, liquidity }, accumulator);
          expect(charge.balanceChange.mod('0.01').isZero()).toBe(true);
          expect(money(charge.accumulator).lessThanOrEqualTo('0.01')).toBe(true);
          expect(charge.rounding.lessThan('0.01')).toBe(true);
          const value = price.times(quantity).times(action === 'buy' ? -1 : 1);
          expect(value.minus(charge.netFee).eq(charge.balanceChange.plus(charge.rebate))).toBe(
            true,
          );
          cash = cash.plus(charge.balanceChange).plus(charge.rebate);
          exact = exact.plus(value).minus(charge.tradeFee);
          accumulator = charge.accumulator;
        }
        // What rounding took in all and did not give back is exactly what the order is still owed.
        expect(text(exact.minus(cash))).toBe(text(money(accumulator)));
      }),
    );
  });
});

describe('before a trade', () => {
  const instrument = kalshiInstrument('KXBTC15M-27JAN010001-01');

  it('estimates a take with its rounding', () => {
    // 100 at 0.50: 1.75, which is whole cents; 1 at 0.30: 0.0147 is booked as two cents.
    expect(text(estimateTakerFee(instrument, ticks(5_000), lots(10_000)))).toBe('1.75');
    expect(text(estimateTakerFee(instrument, ticks(3_000), lots(100)))).toBe('0.02');
  });

  it('costs YES and NO the same, and nothing to make on this series', () => {
    expect(text(feePerContract(instrument, ticks(2_900), 'taker'))).toBe('0.014413');
    expect(text(feePerContract(instrument, ticks(7_100), 'taker'))).toBe('0.014413');
    expect(text(feePerContract(instrument, ticks(7_100), 'maker'))).toBe('0');
  });

  it('multiplies', () => {
    const fill = { price: money('0.5'), quantity: money('1'), liquidity: 'taker' } as const;
    expect(text(tradeFeeOf({ ...SCHEDULE, multiplier: '2' }, fill))).toBe('0.035');
  });
});

const SHARED = 'samples/kalshi/fee-rounding-examples.json';

describe.skipIf(!isShared(SHARED))(needsShared('the examples of the venue', SHARED), () => {
  interface Examples {
    readonly examples: readonly {
      readonly fills: readonly (Row & { readonly price: string; readonly quantity: string })[];
    }[];
  }

  it('come out to the digit', () => {
    const file = JSON.parse(readFileSync(sharedPath(SHARED), 'utf8')) as Examples;
    let seen = 0;
    for (const { fills } of file.examples) {
      let accumulator = NO_ACCUMULATION;
      for (const { price, quantity, ...row } of fills) {
        const revenue = money(price).times(quantity).negated();
        const charge = settle(revenue, money(row.tradeFee), '0.01', accumulator);
        const { tradeFee, rounding, accumulator: owed, rebate, netFee, balanceChange } = row;
        expect(shown(charge)).toEqual(
          [tradeFee, rounding, owed, rebate, netFee, balanceChange].map((amount) =>
            text(money(amount)),
          ),
        );
        accumulator = charge.accumulator;
        seen += 1;
      }
    }
    expect(seen).toBe(9);
  });
});
