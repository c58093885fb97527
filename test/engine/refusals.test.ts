/** What is refused at the door: one error that names rule and value, and nothing has moved. */
import { describe, expect, it } from 'vitest';
import { InputError, type Signal } from '../../src/index.ts';
import { signal, world } from '../support/embedded.ts';

describe('a signal', () => {
  it.each([
    ['signalId', ''],
    ['signalId', 7],
    ['signalId', 'x'.repeat(201)],
    ['venue', 'nowhere'],
    ['market', 'NONE'],
    ['outcome', 'maybe'],
    ['action', 'hold'],
    ['quantity', '0'],
    ['quantity', '-1'],
    ['quantity', '1.5'],
    ['quantity', '1e3'],
    ['quantity', 10],
    ['limitPrice', '0.505'],
    ['limitPrice', '1.00'],
    ['limitPrice', '0'],
    ['limitPrice', 'NaN'],
    ['fairValue', '1.2'],
    ['fairValue', 'much'],
    ['timeLimitMs', 0],
    ['timeLimitMs', 1.5],
    ['timeLimitMs', Number.NaN],
    ['timeLimitMs', Infinity],
    ['timeLimitMs', 90_000_000],
    ['algorithm', { name: 'nobody' }],
    ['algorithm', { name: 'simple_limit', price: 'best' }],
    ['algorithm', { name: 'simple_limit', secret: 1 }],
    ['algorithm', { name: 'resting', big: 1n }],
    ['algorithm', 'resting'],
    ['edge', 'wide'],
    ['confidence', '1.1'],
    ['confidence', 'high'],
    ['priority', 'first'],
    ['modelId', 5],
    ['surprise', true],
  ])('with a bad %s (%s) is refused, and nothing moves', async (field, value) => {
    const { engine, venue, clock } = await world();
    const pending = clock.pending;
    expect(() => engine.execute(signal({ [field]: value }))).toThrow(InputError);
    expect(venue.calls).toEqual([]);
    expect(clock.pending).toBe(pending);
    expect(engine.executionOf('edge-1')).toBeNull();
  });

  it.each([undefined, null, 'buy', 5, []])('that is %s is refused', async (given) => {
    const { engine } = await world();
    expect(() => engine.execute(given as unknown as Signal)).toThrow(InputError);
  });
});

describe('options', () => {
  it.each([
    ['venues', []],
    ['tag', 'not a tag'],
    ['minimumEdge', 'some'],
    ['limits', { maxOpenOrders: 0 }],
    ['limits', { maxPosition: '-1' }],
    ['callLimits', { windowMs: 0, calls: 9, cancelReserve: 1 }],
    ['callLimits', { windowMs: 1_000, calls: 9, cancelReserve: 9 }],
    ['whenStale', 'panic'],
    ['maxSlippageTicks', -1],
  ])('with a bad %s are refused before a store is opened', async (name, value) => {
    await expect(world({ [name]: value })).rejects.toThrow(InputError);
  });
});
