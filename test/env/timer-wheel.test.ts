import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimerWheel } from '../../src/env/timer-wheel.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';

const START_MS = 1_700_000_000_000;

const setUp = () => {
  const clock = new VirtualClock(START_MS);
  const wheel = new TimerWheel(clock);
  const fired: string[] = [];
  const arm = (key: string, afterMs: number): void =>
    wheel.arm(key, START_MS + afterMs, () => fired.push(`${key}@${clock.wallMs() - START_MS}`));
  return { clock, wheel, fired, arm };
};

describe('TimerWheel', () => {
  it('fires each deadline once, to the millisecond, in (due, armed) order', () => {
    const deadlines = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.nat({ max: 99 })));
    fc.assert(
      fc.property(deadlines, (all) => {
        const { clock, wheel, fired, arm } = setUp();
        const latest = new Map<string, number>();
        for (const [name, dueMs] of all) {
          arm(`k${name}`, dueMs);
          latest.delete(`k${name}`);
          latest.set(`k${name}`, dueMs);
          expect(clock.pending).toBe(1);
        }
        clock.runUntil(START_MS + 100);
        const order = [...latest].toSorted(([, left], [, right]) => left - right);
        expect(fired).toEqual(order.map(([key, dueMs]) => `${key}@${dueMs}`));
        expect([wheel.size, clock.pending]).toEqual([0, 0]);
      }),
    );
  });

  it('holds no timer of the clock for what was cancelled', () => {
    const { clock, wheel, fired, arm } = setUp();
    arm('early', 10);
    arm('late', 20);
    expect(wheel.cancel('early')).toBe(true);
    expect(wheel.cancel('early')).toBe(false);
    expect(clock.step()).toBe(true);
    expect(fired).toEqual(['late@20']);
    arm('never', 30);
    wheel.cancelAll();
    expect(clock.step()).toBe(false);
  });

  it('fires an overdue deadline as soon as it can, but never within arm', () => {
    const { clock, fired, arm } = setUp();
    arm('overdue', -5_000);
    expect(fired).toEqual([]);
    clock.step();
    expect(fired).toEqual(['overdue@0']);
  });

  it('gives what a callback arms a turn of its own', () => {
    const { clock, wheel, fired, arm } = setUp();
    wheel.arm('first', START_MS + 5, () => arm('armed within', 5));
    arm('second', 5);
    clock.step();
    expect(fired).toEqual(['second@5']);
    clock.step();
    expect(fired).toEqual(['second@5', 'armed within@5']);
  });

  it('keeps the rest when a callback throws', () => {
    const { clock, wheel, fired, arm } = setUp();
    wheel.arm('broken', START_MS + 5, () => {
      throw new Error('broken');
    });
    arm('rest', 5);
    expect(() => clock.step()).toThrow('broken');
    clock.step();
    expect(fired).toEqual(['rest@5']);
  });

  it('is not moved by a step of the wall clock', () => {
    const { clock, wheel } = setUp();
    let firedAtMs = -1;
    wheel.arm('deadline', START_MS + 1_000, () => (firedAtMs = clock.monotonicMs()));
    clock.shiftWall(3_600_000);
    clock.step();
    expect(firedAtMs).toBe(1_000);
  });

  it('sleeps through a month in days', () => {
    const { clock, fired, arm } = setUp();
    const month = 30 * 86_400_000;
    arm('month', month + 1);
    clock.runUntil(START_MS + month);
    expect(fired).toEqual([]);
    clock.runUntil(START_MS + month + 1);
    expect(fired).toEqual([`month@${month + 1}`]);
  });

  it('refuses a deadline that is no time', () => {
    expect(() => setUp().arm('never', Number.NaN)).toThrow('a deadline is a time, was NaN');
  });
});
