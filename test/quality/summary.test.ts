import { describe, expect, it } from 'vitest';
import { type ExecutionQuality, summarize } from '../../src/quality/summary.ts';

const execution = (changes: Partial<ExecutionQuality> = {}): ExecutionQuality => ({
  algorithm: 'simple_limit',
  liquidityCategory: 'thin',
  ordered: '100',
  filled: '100',
  filledAsMaker: '100',
  allInCents: '1.2',
  fees: '0.40',
  walks: 0,
  calls: 2,
  ...changes,
});

describe('the summary', () => {
  it('has a row for each algorithm and category, in order of appearance', () => {
    const rows = summarize([
      execution(),
      execution({ algorithm: 'dynamic_depth_walker' }),
      execution({ liquidityCategory: 'liquid' }),
      execution(),
    ]);
    expect(rows.map((row) => [row.algorithm, row.liquidityCategory, row.executions])).toEqual([
      ['simple_limit', 'thin', 2],
      ['dynamic_depth_walker', 'thin', 1],
      ['simple_limit', 'liquid', 1],
    ]);
    expect(summarize([])).toEqual([]);
  });

  it('counts quantity, not executions, and charges those that got nothing (A32, A33)', () => {
    const rows = summarize([
      execution({ ordered: '300', filled: '250.50', filledAsMaker: '100', walks: 3, calls: 9 }),
      execution({ filled: '0', filledAsMaker: '0', allInCents: '4.5', fees: '0' }),
    ]);
    expect(rows).toEqual([
      {
        algorithm: 'simple_limit',
        liquidityCategory: 'thin',
        executions: 2,
        measured: 2,
        unfilled: 1,
        fillRate: '0.62625',
        averageAllInCents: '2.85',
        weightedAllInCents: '2.025',
        makerShare: '0.399202',
        fees: '0.4',
        walks: 3,
        calls: 11,
      },
    ]);
  });

  it('says unknown where nothing was measured or nothing filled', () => {
    const [row] = summarize([execution({ filled: '0', filledAsMaker: '0', allInCents: null })]);
    expect(row).toMatchObject({
      measured: 0,
      fillRate: '0',
      averageAllInCents: null,
      weightedAllInCents: null,
      makerShare: null,
    });
  });
});
