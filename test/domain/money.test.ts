import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/domain/errors.ts';
import {
  decimal,
  formatMoney,
  formatUnits,
  lotsOf,
  notional,
  roundDown,
  roundUp,
  ticksOf,
  times,
  ZERO,
} from '../../src/domain/money.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';

/** Cents of cents, as text with four places. */
const amount = fc.integer({ min: -1e9, max: 1e9 }).map((count) => formatUnits(count, '0.0001'));
const step = fc.constantFrom('1', '0.01', '0.005', '0.0001');

describe('decimal', () => {
  it.each(['1e3', '0x10', ' 1', '1 ', '', '.5', '5.', '+1', 'NaN', 'Infinity', '1,000', '--1'])(
    'refuses "%s"',
    (text) => {
      expect(() => decimal(text, 'limitPrice')).toThrow(
        `limitPrice must be a plain decimal, was "${text}"; write it like "0.7100"`,
      );
    },
  );

  it('keeps every digit that its grammar lets in', () => {
    const text = `-${'9'.repeat(18)}.${'1'.repeat(18)}`;
    expect(formatMoney(decimal(text, 'amount'))).toBe(text);
    expect(formatMoney(decimal('0.000000000000000001', 'amount'))).toBe('0.000000000000000001');
  });
});

describe('units', () => {
  it('go to text and back', () => {
    const unit = fc.constantFrom('1', '0.1', '0.01', '0.001', '0.0001', '0.00000001');
    fc.assert(
      fc.property(fc.integer({ min: -1e15, max: 1e15 }), unit, (count, size) => {
        expect(ticksOf(formatUnits(count, size), size)).toBe(count);
        expect(lotsOf(formatUnits(count, size), size)).toBe(count);
      }),
    );
  });

  it('are written as a decimal writes them, however large', () => {
    const unit = fc.constantFrom('1', '5', '0.5', '0.0025', '0.0001', '0.000000000000000001');
    const count = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -20_000, max: 20_000 }));
    fc.assert(
      fc.property(count, unit, (of, size) => {
        const places = size.split('.')[1]?.length ?? 0;
        expect(formatUnits(of, size)).toBe(times(size, of).toFixed(places));
      }),
    );
    expect(formatUnits(-0, '0.01')).toBe('0.00');
  });

  it('count what a float miscounts', () => {
    // In floats 0.57 * 100 is 56.99999999999999 and 0.29 * 100 is 28.999999999999996.
    expect(ticksOf('0.57', '0.01')).toBe(57);
    expect(ticksOf('0.29', '0.01')).toBe(29);
    expect(formatUnits(7_100, '0.0001')).toBe('0.7100');
    expect(formatMoney(notional(ticks(57), '0.01', lots(300), '0.01'))).toBe('1.71');
  });

  it('give null between two units', () => {
    expect(ticksOf('0.715', '0.01')).toBeNull();
    expect(lotsOf('0.001', '0.01')).toBeNull();
  });

  it('know one zero', () => {
    expect(Object.is(ticksOf('-0.00', '0.01'), 0)).toBe(true);
    expect(formatUnits(-0, '0.01')).toBe('0.00');
  });

  it('refuse as input, not as a defect, a count that no double holds', () => {
    expect(() => ticksOf('900719925474.0992', '0.0001', 'limitPrice')).toThrow(InputError);
    expect(() => ticksOf('900719925474.0992', '0.0001', 'limitPrice')).toThrow(
      'limitPrice must be at most 900719925474.0991, was "900719925474.0992"; write a smaller one',
    );
    expect(() => lotsOf('-999999999999999999', '0.01')).toThrow(InputError);
  });
});

describe('rounding', () => {
  it('goes to the nearest multiple in its direction', () => {
    fc.assert(
      fc.property(amount, step, (text, size) => {
        const exact = decimal(text, 'amount');
        const up = roundUp(exact, size);
        const down = roundDown(exact, size);
        expect(up.div(size).isInteger() && down.div(size).isInteger()).toBe(true);
        expect(down.lte(exact) && up.gte(exact)).toBe(true);
        expect(up.minus(down).eq(exact.eq(down) ? ZERO : decimal(size, 'step'))).toBe(true);
      }),
    );
  });

  it('refuses a step that is not positive', () => {
    expect(() => roundUp(times('0.01', 5), '0')).toThrow('a rounding step is positive, was 0');
    expect(() => roundDown(times('0.01', 5), '-1')).toThrow('a rounding step is positive, was -1');
  });
});
