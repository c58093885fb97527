import { describe, expect, it } from 'vitest';
import { paperOptions } from '../../src/cli/parts.ts';
import { engineOptions } from '../../src/engine/config-options.ts';
import { completeOptions } from '../../src/engine/options.ts';
import { SESSION_AT_MIDNIGHT } from '../../src/risk/limits.ts';
import { DEFAULT_FILL_MODEL, KALSHI_LATENCY } from '../../src/venues/paper/venue.ts';
import { load } from '../config/given.ts';

type Setting = readonly [path: string, value: unknown];

const configWith = (...given: readonly Setting[]) =>
  load({ overrides: given.map(([path, value]) => ({ path, value, source: 'test' })) }).config;

describe('the paper venue', () => {
  it('is the usual one without a configuration', () => {
    expect(paperOptions(configWith())).toEqual({
      balance: '10000',
      latency: KALSHI_LATENCY,
      fill: DEFAULT_FILL_MODEL,
    });
  });

  it('is what the configuration says', () => {
    const rateLimit = { callsPerSecond: 2, burst: 1 };
    const options = paperOptions(
      configWith(
        ['venues.paper.rateLimit', rateLimit],
        ['venues.paper.fillModel.mode', 'optimistic'],
        ['venues.paper.fillModel.takeHaircut', null],
        ['venues.paper.fillModel.exponent', 7],
      ),
    );
    expect(options.rateLimit).toEqual(rateLimit);
    expect(options.fill).toMatchObject({
      takeHaircut: null,
      cancelsAhead: { mode: 'optimistic' },
    });
  });
});

describe('the engine', () => {
  const venue = { name: 'paper', capabilities: {} } as Parameters<
    typeof completeOptions
  >[0]['venues'][number];
  const completeWith = (...given: readonly Setting[]) =>
    completeOptions({ ...engineOptions(configWith(...given)), venues: [venue] });

  it('is the usual one without a configuration', () => {
    const usual = completeOptions({ venues: [venue] });
    const { limits, ...rest } = completeWith();
    expect(rest).toEqual({ ...usual, limits: undefined });
    // A setting has a value, and that of a limit which is none is null.
    const given = Object.entries(limits).filter(([, value]) => value !== null);
    expect(Object.fromEntries(given)).toEqual({ ...SESSION_AT_MIDNIGHT, ...usual.limits });
  });

  it('is what the configuration says', () => {
    const confirmation = { restingMs: 9_000, endingMs: 1_000 };
    const options = completeWith(
      ['engine.storeFile', 'bot.db'],
      ['engine.maxLiveExecutions', 3],
      ['engine.confirmation', confirmation],
      ['retention.snapshotDays', null],
      ['limits.maxPosition', '5'],
    );
    expect(options).toMatchObject({
      store: { file: 'bot.db' },
      maxLiveExecutions: 3,
      confirmation,
      retention: null,
    });
    expect(options.limits.maxPosition).toBe('5');
  });
});
