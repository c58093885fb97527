import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/domain/errors.ts';
import {
  type CallBudget,
  callBudget,
  callsLeft,
  nextCallAtMs,
  spendCall,
} from '../../src/risk/call-budget.ts';

const LIMITS = { windowMs: 60_000, calls: 5, cancelReserve: 2 };

function spent(times: readonly number[], from = callBudget(LIMITS)): CallBudget {
  return times.reduce((budget, atMs) => {
    const next = spendCall(budget, atMs, 'cancel');
    if (next === null) throw new Error(`no room at ${atMs}`);
    return next;
  }, from);
}

describe('the call budget', () => {
  it('keeps its last calls for cancels', () => {
    const used = spent([0, 1, 2]);
    expect(callsLeft(used, 3, 'order')).toBe(0);
    expect(callsLeft(used, 3, 'cancel')).toBe(2);
    expect(spendCall(used, 3, 'order')).toBeNull();
    expect(spendCall(used, 3, 'cancel')?.madeAtMs).toEqual([0, 1, 2, 3]);
    expect(used.madeAtMs).toEqual([0, 1, 2]);
  });

  it('never credits waiting twice, unlike a bucket that is emptied before its sleep (A27)', () => {
    const used = spent([0, 0, 0, 0, 0]);
    expect(callsLeft(used, 60_000, 'cancel')).toBe(0);
    expect(callsLeft(used, 60_001, 'cancel')).toBe(5);
  });

  it('says when there is room again', () => {
    const used = spent([0, 10, 20, 30]);
    expect(nextCallAtMs(used, 40, 'cancel')).toBe(40);
    expect(nextCallAtMs(used, 40, 'order')).toBe(60_011);
    expect(callsLeft(used, 60_010, 'order')).toBe(0);
    expect(callsLeft(used, 60_011, 'order')).toBe(1);
  });

  it('does not take a call for older because the clock stepped back', () => {
    expect(spent([100, 50]).madeAtMs).toEqual([100, 100]);
  });

  it('allows 90 a minute by default, ten of them to cancels only', () => {
    expect(callsLeft(callBudget(), 0, 'order')).toBe(80);
    expect(callsLeft(callBudget(), 0, 'cancel')).toBe(90);
  });

  it.each([{ calls: 0 }, { windowMs: 0 }, { cancelReserve: 5 }, { cancelReserve: -1 }])(
    'cannot be made of %j',
    (changes) => {
      expect(() => callBudget({ ...LIMITS, ...changes })).toThrow(InvariantError);
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
        let budget = callBudget({ windowMs: 60_000, calls, cancelReserve });
        let nowMs = 0;
        const made: { readonly atMs: number; readonly kind: string }[] = [];
        for (const { afterMs, kind } of tries) {
          nowMs += afterMs;
          const recent = budget.madeAtMs.filter((atMs) => nowMs - atMs <= 60_000).length;
          const next = spendCall(budget, nowMs, kind);
          const room = kind === 'cancel' ? calls : calls - cancelReserve;
          expect(next !== null).toBe(recent < room);
          expect(nextCallAtMs(budget, nowMs, kind) === nowMs).toBe(next !== null);
          if (next === null) continue;
          budget = next;
          made.push({ atMs: budget.madeAtMs.at(-1) ?? nowMs, kind });
        }
        for (const { atMs: start } of made) {
          const inWindow = made.filter(({ atMs }) => atMs >= start && atMs - start <= 60_000);
          expect(inWindow.length).toBeLessThanOrEqual(calls);
        }
      }),
    );
  });
});
