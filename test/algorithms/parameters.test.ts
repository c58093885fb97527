import { describe, expect, it } from 'vitest';
import {
  oneOf,
  positive,
  readParameters,
  shares,
  statistic,
  whole,
} from '../../src/algorithms/parameters.ts';
import { InputError } from '../../src/domain/errors.ts';

const readers = {
  waitMs: whole(4_000, 100, 60_000),
  threshold: statistic(0.1, 0, 10),
  step: positive('0.005'),
  price: oneOf('limit', ['limit', 'join']),
  split: shares([6_000, 4_000], 1, 3),
};
const read = (given: Readonly<Record<string, unknown>>) => readParameters('sample', readers, given);

describe('parameters of an algorithm', () => {
  it('takes the defaults where nothing is given', () => {
    expect(read({})).toEqual({
      waitMs: 4_000,
      threshold: 0.1,
      step: '0.005',
      price: 'limit',
      split: [6_000, 4_000],
    });
  });

  it('reads text from the command line and numbers from code alike', () => {
    const fromText = read({ waitMs: '5000', threshold: '0.2', step: '0.010', split: '0.6/0.4' });
    expect(fromText).toEqual(
      read({ waitMs: 5_000, threshold: 0.2, step: 0.01, split: [0.6, 0.4] }),
    );
    expect(fromText.step).toBe('0.01');
  });

  it('passes over the name of the algorithm itself', () => {
    expect(read({ name: 'sample', waitMs: 100 }).waitMs).toBe(100);
  });

  it.each([
    [{ waitSeconds: 4 }, 'sample has no such parameter, was "waitSeconds"; it knows waitMs'],
    [{ ['__proto__x']: 1 }, 'no such parameter'],
    [{ waitMs: 'soon' }, 'waitMs must be a plain decimal'],
    [{ waitMs: 1.5 }, 'waitMs must be a whole number, was 1.5'],
    [{ waitMs: '99' }, 'waitMs must lie between 100 and 60000, was "99"'],
    [{ waitMs: null }, 'waitMs must be a number, was null'],
    [{ threshold: Number.NaN }, 'threshold must be a plain decimal'],
    [{ threshold: -1 }, 'threshold must lie between 0 and 10'],
    [{ step: 0 }, 'step must be positive, was 0'],
    [{ step: '1e-3' }, 'step must be a plain decimal'],
    [{ price: 'best' }, 'price must be one of limit, join, was "best"'],
    [{ split: '0.6/0.3' }, 'split must be positive steps of 0.0001 that add up to 1'],
    [{ split: [1, 0] }, 'split must be positive steps'],
    [{ split: [0.5, 0.50001] }, 'split must be positive steps'],
    [{ split: '0.25/0.25/0.25/0.25' }, 'split must have 1 to 3 shares'],
    [{ split: 0.6 }, 'split must have 1 to 3 shares'],
  ])('refuses %j and says why', (given, message) => {
    expect(() => read(given)).toThrow(InputError);
    expect(() => read(given)).toThrow(message);
  });
});
