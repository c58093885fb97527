/** What is kept outside of turns: payouts, the state of risk, operations. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { OperationRecord, Store } from '../../src/domain/records.ts';
import { openStore } from '../../src/store/open-store.ts';
import { StoreError } from '../../src/store/store-error.ts';
import { storeFile } from './store-file.ts';

const operation = (special: Partial<OperationRecord> = {}): OperationRecord => ({
  kind: 'halt',
  scope: 'global',
  actor: 'ann',
  reason: 'too hot',
  epoch: 1,
  atMs: 1_000,
  ...special,
});

let file = '';
let store: Store;

beforeEach(() => {
  file = storeFile();
  store = openStore({ file });
});

afterEach(() => store.close());

const reopened = (): Store => {
  store.close();
  store = openStore({ file });
  return store;
};

it('keeps the first settlement of a market, by venue', () => {
  const rain = { venue: 'paper', market: 'RAIN', value: '1.0000', atMs: 5 };
  const snow = { ...rain, market: 'SNOW', value: '0.0000' };
  store.keep({ settlements: [snow, rain, { ...rain, venue: 'kalshi' }] });
  store.keep({ settlements: [{ ...rain, value: '0.0000', atMs: 6 }] });
  expect(reopened().settlements('paper')).toEqual([rain, snow]);
});

it('keeps the newest state of risk under each name', () => {
  expect(store.riskState('breaker')).toBeNull();
  store.keep({ risk: [{ name: 'breaker', body: '{"state":"open"}', atMs: 1 }] });
  store.keep({ risk: [{ name: 'breaker', body: '{"state":"closed"}', atMs: 2 }] });
  expect(reopened().riskState('breaker')).toBe('{"state":"closed"}');
});

it('lists operations of one kind since a time, oldest first, for good', () => {
  const boots = [30, 10, 20].map((atMs) => operation({ kind: 'boot', atMs }));
  store.keep({ operations: [operation(), ...boots] });
  expect(reopened().operations('boot', 20)).toEqual([boots[0], boots[2]]);
});

it('keeps all of a note or nothing', () => {
  const unknown = { ...operation(), kind: 'whim' } as never;
  const risk = [{ name: 'breaker', body: '{}', atMs: 1 }];
  expect(() => store.keep({ risk, operations: [unknown] })).toThrow(StoreError);
  expect(store.riskState('breaker')).toBeNull();
});
