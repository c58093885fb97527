import { describe, expect, it } from 'vitest';
import { liveClock } from '../../src/env/live-clock.ts';
import { TimerWheel } from '../../src/env/timer-wheel.ts';

describe('liveClock', () => {
  it('reads the time, forwards', () => {
    const wallMs = liveClock.wallMs();
    const monotonicMs = liveClock.monotonicMs();
    expect(Number.isSafeInteger(wallMs)).toBe(true);
    expect(liveClock.wallMs()).toBeGreaterThanOrEqual(wallMs);
    expect(liveClock.monotonicMs()).toBeGreaterThanOrEqual(monotonicMs);
  });

  it('fires what is armed and not what is cleared', async () => {
    const fired: string[] = [];
    const cleared = liveClock.setTimeout(() => fired.push('cleared'), 1);
    expect(typeof cleared).toBe('number');
    liveClock.clearTimeout(cleared);
    await new Promise<void>((resolve) => void liveClock.setTimeout(resolve, 20));
    expect(fired).toEqual([]);
  });

  it('fires without a delay, in order, and not what is cleared', async () => {
    const fired: string[] = [];
    liveClock.setTimeout(() => fired.push('first'), 0);
    const cleared = liveClock.setTimeout(() => fired.push('cleared'), 0);
    liveClock.setTimeout(() => fired.push('second'), -5);
    liveClock.clearTimeout(cleared);
    liveClock.clearTimeout(cleared);
    expect(fired).toEqual([]);
    await new Promise<void>((resolve) => void liveClock.setTimeout(resolve, 0));
    expect(fired).toEqual(['first', 'second']);
  });

  it('refuses a delay that node would turn into none', () => {
    expect(() => liveClock.setTimeout(() => {}, 2 ** 31)).toThrow(
      'a delay is at most 2147483647 ms',
    );
  });

  it('turns the wheel, never early', async () => {
    const wheel = new TimerWheel(liveClock);
    const dueMs = liveClock.wallMs() + 12;
    const firedMs = await new Promise<number>((resolve) =>
      wheel.arm('deadline', dueMs, () => resolve(liveClock.wallMs())),
    );
    expect(firedMs).toBeGreaterThanOrEqual(dueMs);
  });
});
