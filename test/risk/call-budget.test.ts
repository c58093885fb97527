import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/domain/errors.ts';
import { CallBudget, DEFAULT_CALL_LIMITS, readLimits } from '../../src/risk/call-budget.ts';

const LIMITS = { windowMs: 60_000, calls: 5, cancelReserve: 2 };

function spent(times: readonly number[]): CallBudget {
  const budget = new CallBudget(LIMITS);
  for (const atMs of times)
    if (!budget.spend(atMs, 'cancel')) throw new Error(`no room at ${atMs}`);
  return budget;
}

describe('the call budget', () => {
  it('keeps its last calls for cancels', () => {
    const used = spent([0, 1, 2]);
    expect(used.left(3, 'order')).toBe(0);
    expect(used.left(3, 'cancel')).toBe(2);
    expect(used.spend(3, 'order')).toBe(false);
    expect(used.left(3, 'cancel')).toBe(2);
    expect(used.spend(3, 'cancel')).toBe(true);
    expect(used.left(3, 'cancel')).toBe(1);
  });

  it('gives questions a window of their own, half as wide', () => {
    expect(readLimits(DEFAULT_CALL_LIMITS)).toEqual({
      windowMs: 60_000,
      calls: 45,
      cancelReserve: 0,
    });
    expect(new CallBudget(readLimits({ ...LIMITS, calls: 1 })).left(0, 'order')).toBe(1);
  });

  it('never credits waiting twice, unlike a bucket that is emptied before its sleep (A27)', () => {
    const used = spent([0, 0, 0, 0, 0]);
    expect(used.left(60_000, 'cancel')).toBe(0);
    expect(used.left(60_001, 'cancel')).toBe(5);
  });

  it('says when there is room again', () => {
    const used = spent([0, 10, 20, 30]);
    expect(used.nextAtMs(40, 'cancel')).toBe(40);
    expect(used.nextAtMs(40, 'order')).toBe(60_011);
    expect(used.left(60_010, 'order')).toBe(0);
    expect(used.left(60_011, 'order')).toBe(1);
  });

  it('does not take a call for older because the clock stepped back', () => {
    expect(spent([100, 50]).left(60_060, 'cancel')).toBe(3);
  });

  it('allows 90 a minute by default, ten of them to cancels only', () => {
    expect(new CallBudget().left(0, 'order')).toBe(80);
    expect(new CallBudget().left(0, 'cancel')).toBe(90);
  });

  it.each([{ calls: 0 }, { windowMs: 0 }, { cancelReserve: 5 }, { cancelReserve: -1 }])(
    'cannot be made of %j',
    (changes) => {
      expect(() => new CallBudget({ ...LIMITS, ...changes })).toThrow(InvariantError);
    },
  );

  it('holds in every sliding window, and never refuses where there is room', () => {
    const attempts = fc.array(
      fc.record({
        afterMs: fc.oneof(fc.nat({ max: 50 }), fc.integer({ min: -5_000, max: 40_000 })),
        kind: fc.constantFrom('order', 'cancel'),
      }),
      { maxLength: 120 },
    );
    fc.assert(
      fc.property(attempts, fc.integer({ min: 1, max: 12 }), (tries, calls) => {
        const cancelReserve = Math.floor(calls / 4);
        const budget = new CallBudget({ windowMs: 60_000, calls, cancelReserve });
        let nowMs = 0;
        // As the budget remembers it, and as the venue saw it.
        let made: readonly number[] = [];
        const all: number[] = [];
        for (const { afterMs, kind } of tries) {
          nowMs += afterMs;
          const recent = made.filter((atMs) => nowMs - atMs <= 60_000);
          const room = kind === 'cancel' ? calls : calls - cancelReserve;
          const fits = recent.length < room;
          expect(budget.left(nowMs, kind)).toBe(Math.max(0, room - recent.length));
          expect(budget.nextAtMs(nowMs, kind) === nowMs).toBe(fits);
          expect(budget.spend(nowMs, kind)).toBe(fits);
          if (!fits) continue;
          const atMs = Math.max(nowMs, made.at(-1) ?? nowMs);
          made = [...recent, atMs];
          all.push(atMs);
        }
        for (const start of all) {
          const inWindow = all.filter((atMs) => atMs >= start && atMs - start <= 60_000);
          expect(inWindow.length).toBeLessThanOrEqual(calls);
        }
      }),
    );
  });
});
