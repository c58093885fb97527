import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/domain/errors.ts';
import type { CallCosts } from '../../src/domain/ports.ts';
import {
  type Call,
  type CallKind,
  DEFAULT_CALL_LIMITS,
  RateLimiter,
  type RateWindow,
  readLimits,
} from '../../src/risk/rate-limiter.ts';
import { fullest } from '../support/limiter-load.ts';

const PLACE: Call = { kind: 'place' };
const CANCEL: Call = { kind: 'cancel' };
const MINUTE = { windowMs: 60_000, calls: 5, cancelReserve: 2 };
/** As a venue counts that lets an order cost five cancels. */
const COSTS: CallCosts = { place: 10, amend: 10, cancel: 2, read: 2 };
const SECOND = { windowMs: 1_000, tokens: 100, cancelReserve: 20 };

const reserve = (limiter: RateLimiter, nowMs: number, ...calls: readonly Call[]): boolean[] =>
  calls.map((call) => limiter.tryReserve(nowMs, call));

describe('one window', () => {
  it('keeps its last calls for cancels', () => {
    const limiter = new RateLimiter([MINUTE]);
    expect(reserve(limiter, 0, PLACE, PLACE, PLACE, PLACE)).toEqual([true, true, true, false]);
    expect([limiter.left(0, PLACE), limiter.left(0, CANCEL)]).toEqual([0, 2]);
    expect(reserve(limiter, 0, CANCEL, CANCEL, CANCEL)).toEqual([true, true, false]);
  });

  it('never credits waiting twice, unlike a bucket that is emptied before its sleep (A27)', () => {
    const limiter = new RateLimiter([MINUTE]);
    reserve(limiter, 0, CANCEL, CANCEL, CANCEL, CANCEL, CANCEL);
    expect([60_000, 60_001].map((atMs) => limiter.left(atMs, CANCEL))).toEqual([0, 5]);
  });

  it('says when there is room again, and for whom', () => {
    const limiter = new RateLimiter([MINUTE]);
    for (const atMs of [0, 10, 20]) limiter.tryReserve(atMs, PLACE);
    expect(limiter.nextAtMs(40, CANCEL)).toBe(40);
    expect(limiter.nextAtMs(40, PLACE)).toBe(60_001);
    expect(limiter.nextAtMs(40, PLACE, [PLACE, PLACE])).toBe(60_021);
    expect(limiter.nextAtMs(40, PLACE, [PLACE, PLACE, PLACE])).toBe(Infinity);
  });

  it('allows 90 a minute by default, ten to cancels only, and half as many questions', () => {
    const limiter = new RateLimiter([DEFAULT_CALL_LIMITS]);
    expect([limiter.left(0, PLACE), limiter.left(0, CANCEL)]).toEqual([80, 90]);
    expect(limiter.rule).toBe('no more than 90 calls in 60 s');
    const reads = new RateLimiter([readLimits(DEFAULT_CALL_LIMITS)]);
    expect(reads.left(0, { kind: 'read' })).toBe(45);
    expect(new RateLimiter([readLimits({ ...MINUTE, calls: 1 })]).left(0, PLACE)).toBe(1);
  });
});

describe('several windows', () => {
  const limits = [SECOND, { ...MINUTE, calls: 12 }];

  it('must all hold, each in its own coin', () => {
    const limiter = new RateLimiter(limits, COSTS);
    expect(limiter.rule).toBe('no more than 100 tokens in 1 s, 12 calls in 60 s');
    expect([limiter.left(0, PLACE), limiter.left(0, CANCEL)]).toEqual([8, 12]);
    for (let count = 0; count < 8; count += 1) limiter.tryReserve(0, PLACE);
    // The tokens are spent but for the reserve, and of the minute's calls two are left to orders.
    expect([limiter.left(0, PLACE), limiter.left(0, CANCEL)]).toEqual([0, 4]);
    expect([limiter.left(1_001, PLACE), limiter.left(1_001, CANCEL)]).toEqual([2, 4]);
  });

  it('take a batch as a whole or not at all', () => {
    const limiter = new RateLimiter([SECOND, { ...MINUTE, calls: 90 }], COSTS);
    expect(limiter.tryReserve(0, { kind: 'place', count: 9 })).toBe(false);
    expect(limiter.nextAtMs(0, { kind: 'place', count: 9 })).toBe(Infinity);
    expect(limiter.left(0, PLACE)).toBe(8);
    expect(limiter.tryReserve(0, { kind: 'place', count: 8 })).toBe(true);
    expect(limiter.left(0, { kind: 'cancel', count: 10 })).toBe(1);
  });

  it.each<readonly [string, readonly RateWindow[], CallCosts]>([
    ['no calls', [{ ...MINUTE, calls: 0 }], COSTS],
    ['no length', [{ ...MINUTE, windowMs: 0 }], COSTS],
    ['a reserve of all', [{ ...MINUTE, cancelReserve: 5 }], COSTS],
    ['a negative reserve', [{ ...MINUTE, cancelReserve: -1 }], COSTS],
    ['no window of calls', [SECOND], COSTS],
    ['nothing at all', [], COSTS],
    ['an order dearer than all tokens', [MINUTE, { ...SECOND, tokens: 29 }], COSTS],
    ['a call for nothing', [MINUTE, SECOND], { ...COSTS, read: 0 }],
  ])('cannot be made of %s', (_, windows, costs) => {
    expect(() => new RateLimiter(windows, costs)).toThrow(InvariantError);
  });
});

describe('a lease', () => {
  const limits = [{ windowMs: 60_000, calls: 20, cancelReserve: 4 }];
  const of = (holder: string): Call => ({ kind: 'place', holder });

  it('keeps its calls from everybody else, and gives back what it did not use', () => {
    const limiter = new RateLimiter(limits);
    expect(limiter.lease(0, 'a', 13)).toBe(true);
    expect([limiter.left(0, of('a')), limiter.left(0, of('b')), limiter.unpromised(0)]).toEqual([
      16, 3, 3,
    ]);
    expect(limiter.lease(0, 'b', 4)).toBe(false);
    expect(reserve(limiter, 0, of('a'), PLACE, PLACE, PLACE, PLACE)).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
    expect([limiter.leaseOf('a'), limiter.leaseOf('b')]).toEqual([12, null]);
    limiter.release('a');
    limiter.release('a');
    expect([limiter.left(0, PLACE), limiter.unpromised(0)]).toEqual([12, 12]);
  });

  it('is paid for by every call of its holder, and is no debt once it is used up', () => {
    const limiter = new RateLimiter(limits);
    limiter.lease(0, 'a', 2);
    reserve(limiter, 0, of('a'), { kind: 'cancel', holder: 'a' }, of('a'));
    expect([limiter.leaseOf('a'), limiter.unpromised(0)]).toEqual([0, 13]);
  });

  it('never keeps a cancel from anybody', () => {
    const limiter = new RateLimiter(limits);
    limiter.lease(0, 'a', 16);
    expect([limiter.left(0, PLACE), limiter.left(0, CANCEL)]).toEqual([0, 20]);
  });
});

const step = fc.record({
  afterMs: fc.oneof(fc.nat({ max: 400 }), fc.integer({ min: -5_000, max: 40_000 })),
  kind: fc.constantFrom<CallKind>('place', 'amend', 'cancel'),
  count: fc.integer({ min: 1, max: 3 }),
  holder: fc.constantFrom('a', 'b', null),
  lease: fc.option(fc.integer({ min: 1, max: 9 }), { freq: 8 }),
});

describe('any pattern of calls, at any steps of the clock', () => {
  const windows = [
    SECOND,
    { windowMs: 10_000, calls: 15, cancelReserve: 3 },
    { ...MINUTE, calls: 30 },
  ];

  it('exceeds no window wherever it begins, and cancels keep their reserve', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        const limiter = new RateLimiter(windows, COSTS);
        const made: { atMs: number; calls: number; tokens: number; isCancel: boolean }[] = [];
        let nowMs = 0;
        for (const { afterMs, kind, count, holder, lease } of steps) {
          nowMs += afterMs;
          if (holder !== null && lease !== null) limiter.lease(nowMs, holder, lease);
          const call = { kind, count, ...(holder === null ? {} : { holder }) };
          const isRoom = limiter.nextAtMs(nowMs, call) === nowMs;
          expect(limiter.tryReserve(nowMs, call)).toBe(isRoom);
          if (!isRoom) continue;
          const atMs = Math.max(nowMs, made.at(-1)?.atMs ?? nowMs);
          const isCancel = kind === 'cancel';
          made.push({ atMs, calls: count, tokens: COSTS[kind] * count, isCancel });
        }
        for (const { windowMs, cancelReserve, ...size } of windows) {
          const amount = 'calls' in size ? 'calls' : 'tokens';
          const capacity = 'calls' in size ? size.calls : size.tokens;
          const weighed = made.map((one) => ({ ...one, weight: one[amount] }));
          expect(fullest(weighed, windowMs)).toBeLessThanOrEqual(capacity);
          const orders = weighed.filter(({ isCancel }) => !isCancel);
          expect(fullest(orders, windowMs)).toBeLessThanOrEqual(capacity - cancelReserve);
        }
      }),
    );
  });

  it('never overdraws a bucket that refills all the while, as the venue keeps it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        const limiter = new RateLimiter([SECOND, { ...MINUTE, calls: 1_000 }], COSTS);
        let [nowMs, level] = [0, SECOND.tokens];
        for (const { afterMs, kind, count } of steps) {
          const passedMs = Math.min(Math.abs(afterMs), 300);
          nowMs += passedMs;
          level = Math.min(SECOND.tokens, level + (passedMs * SECOND.tokens) / SECOND.windowMs);
          if (limiter.tryReserve(nowMs, { kind, count })) level -= COSTS[kind] * count;
          expect(level).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('lets the holder of a lease make all of its calls, unless cancels took them', () => {
    const others = fc.array(fc.record({ afterMs: fc.nat({ max: 3_000 }), isOwn: fc.boolean() }), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(others, (steps) => {
        const limiter = new RateLimiter([{ windowMs: 60_000, calls: 40, cancelReserve: 10 }]);
        let nowMs = 0;
        let left = 12;
        for (let count = 0; count < 15; count += 1) limiter.tryReserve(nowMs, PLACE);
        expect(limiter.lease(nowMs, 'a', left)).toBe(true);
        for (const { afterMs, isOwn } of steps) {
          nowMs += afterMs;
          const isMade = limiter.tryReserve(nowMs, isOwn ? { ...PLACE, holder: 'a' } : PLACE);
          if (isOwn && left > 0) expect(isMade).toBe(true);
          if (isOwn) left = Math.max(0, left - 1);
        }
      }),
    );
  });
});
