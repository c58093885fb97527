import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClockOffset } from '../../../src/venues/kalshi/clock-offset.ts';

const dateOf = (ms: number): string => new Date(ms).toUTCString();

describe('the offset of the venue clock', () => {
  it('is none while none is proven', () => {
    const offset = new ClockOffset();
    expect(offset.ms).toBe(0);
    offset.note('yesterday', 0, 0);
    offset.note(undefined, 0, 0);
    offset.note(dateOf(1_000), 1_900, 1_950);
    expect(offset.ms).toBe(0);
  });

  it('is narrowed by every header, and never leaves what they say', () => {
    const offsetMs = fc.integer({ min: -100_000, max: 100_000 });
    const calls = fc.array(
      fc.record({
        pauseMs: fc.integer({ min: 0, max: 5_000 }),
        rttMs: fc.integer({ min: 0, max: 400 }),
      }),
      { minLength: 1, maxLength: 80 },
    );
    fc.assert(
      fc.property(offsetMs, calls, (trueMs, sequence) => {
        const offset = new ClockOffset();
        let nowMs = 1_800_000_000_000;
        for (const { pauseMs, rttMs } of sequence) {
          nowMs += pauseMs;
          offset.note(dateOf(nowMs + rttMs / 2 + trueMs), nowMs, nowMs + rttMs);
          nowMs += rttMs;
          // A second of the header, the way there and back, and the rounding.
          expect(Math.abs(offset.ms - trueMs)).toBeLessThanOrEqual(1_401);
        }
      }),
    );
  });

  it('comes close after some calls that are spread over the second', () => {
    const offset = new ClockOffset();
    for (let call = 0; call < 60; call += 1) {
      const atMs = 1_800_000_000_000 + call * 1_017;
      offset.note(dateOf(atMs + 42_000), atMs, atMs + 4);
    }
    expect(Math.abs(offset.ms - 42_000)).toBeLessThan(25);
  });

  it('begins anew when a clock was set', () => {
    const offset = new ClockOffset();
    offset.note(dateOf(100_000), 90_000, 90_010);
    expect(offset.ms).toBeGreaterThan(8_900);
    offset.note(dateOf(101_000), 101_000, 101_010);
    expect(offset.ms).toBe(0);
  });
});
