import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wholeUnits } from '../../src/domain/fixed-point.ts';
import { ticksOf } from '../../src/domain/money.ts';

const UNITS = ['1', '0.1', '0.01', '0.001', '0.0001'];

it.each([
  ['0.7100', 4, 7_100],
  ['0.75', 4, 7_500],
  ['-3', 2, -300],
  ['-54.00', 2, -5_400],
  ['1406474.86', 2, 140_647_486],
  ['0.500000', 4, 5_000],
  ['-0.00', 2, 0],
  ['007', 0, 7],
] as const)('reads %s in units of 10^-%i', (text, places, units) => {
  expect(wholeUnits(text, places)).toBe(units);
});

it.each([
  '',
  '-',
  '.',
  '.5',
  '5.',
  '-.5',
  '1e3',
  '0x10',
  ' 1',
  '1 ',
  '1,000',
  '+1',
  '--1',
  '1.2.3',
])('refuses %j', (text) => {
  expect(wholeUnits(text, 4)).toBeNull();
});

it('refuses what lies between two units and what is not safe', () => {
  expect(wholeUnits('0.00001', 4)).toBeNull();
  expect(wholeUnits('9007199254740993', 0)).toBeNull();
  expect(wholeUnits('9007199254740991', 0)).toBe(Number.MAX_SAFE_INTEGER);
});

it('agrees with the decimal library on every plain decimal', () => {
  const plain = fc
    .tuple(
      fc.boolean(),
      fc.integer({ min: 0, max: 99_999_999 }),
      fc.string({ unit: digit(), maxLength: 6 }),
    )
    .map(
      ([negative, whole, part]) => `${negative ? '-' : ''}${whole}${part === '' ? '' : `.${part}`}`,
    );
  fc.assert(
    fc.property(plain, fc.integer({ min: 0, max: 4 }), (text, places) => {
      const count = ticksOf(text, UNITS[places] ?? '1');
      // The library knows a negative zero; a count does not.
      expect(wholeUnits(text, places)).toBe(count === 0 ? 0 : count);
    }),
  );
});

it('answers any text', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 0, max: 8 }), (text, places) => {
      const units = wholeUnits(text, places);
      expect(units === null || Number.isSafeInteger(units)).toBe(true);
    }),
  );
});

function digit(): fc.Arbitrary<string> {
  return fc.integer({ min: 0, max: 9 }).map(String);
}
