/** Sessions across days of 23, 24 and 25 hours; times are written as UTC. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/domain/errors.ts';
import { checkSession, sessionAt } from '../../src/risk/session.ts';

const at = (text: string): number => Date.parse(`${text}Z`);
const session = (now: string, sessionTime: string, sessionZone: string) => {
  const { startMs, endMs } = sessionAt(at(now), { sessionTime, sessionZone });
  const text = (ms: number) => new Date(ms).toISOString().slice(0, 16);
  return `${text(startMs)} to ${text(endMs)}`;
};

describe('a session', () => {
  it.each([
    ['2026-11-21T16:00', '00:00', 'UTC', '2026-11-21T00:00 to 2026-11-22T00:00'],
    ['2026-11-21T00:00', '00:00', 'UTC', '2026-11-21T00:00 to 2026-11-22T00:00'],
    ['2026-11-20T23:59', '00:00', 'UTC', '2026-11-20T00:00 to 2026-11-21T00:00'],
    // Summer in New York is UTC-4, winter UTC-5.
    ['2026-07-01T20:59', '17:00', 'America/New_York', '2026-06-30T21:00 to 2026-07-01T21:00'],
    ['2026-07-01T21:00', '17:00', 'America/New_York', '2026-07-01T21:00 to 2026-07-02T21:00'],
    ['2026-12-01T21:59', '17:00', 'America/New_York', '2026-11-30T22:00 to 2026-12-01T22:00'],
    // Clocks go back on 1 November: 25 hours, and the first 01:30 of two begins it.
    ['2026-11-01T12:00', '00:00', 'America/New_York', '2026-11-01T04:00 to 2026-11-02T05:00'],
    ['2026-11-01T05:29', '01:30', 'America/New_York', '2026-10-31T05:30 to 2026-11-01T05:30'],
    ['2026-11-01T05:30', '01:30', 'America/New_York', '2026-11-01T05:30 to 2026-11-02T06:30'],
    ['2026-11-01T06:10', '01:30', 'America/New_York', '2026-11-01T05:30 to 2026-11-02T06:30'],
    // Clocks go forward on 8 March: 23 hours, and no 02:30, which is 03:30 then.
    ['2026-03-08T12:00', '00:00', 'America/New_York', '2026-03-08T05:00 to 2026-03-09T04:00'],
    ['2026-03-08T07:29', '02:30', 'America/New_York', '2026-03-07T07:30 to 2026-03-08T07:30'],
    ['2026-03-08T07:30', '02:30', 'America/New_York', '2026-03-08T07:30 to 2026-03-09T06:30'],
    ['2026-03-08T07:30', '03:00', 'America/New_York', '2026-03-08T07:00 to 2026-03-09T07:00'],
    ['2026-05-05T18:20', '00:00', 'Asia/Kathmandu', '2026-05-05T18:15 to 2026-05-06T18:15'],
  ])('at %s that begins at %s in %s is %s', (now, time, zone, expected) => {
    expect(session(now, time, zone)).toBe(expected);
  });

  it('holds every moment once, in any zone', () => {
    const zones = ['UTC', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Tokyo'];
    const moments = fc.integer({ min: at('2025-01-01T00:00'), max: at('2027-12-31T00:00') });
    const minutes = fc.integer({ min: 0, max: 1_439 });
    fc.assert(
      fc.property(moments, minutes, fc.constantFrom(...zones), (nowMs, minute, sessionZone) => {
        const two = (count: number): string => String(count).padStart(2, '0');
        const sessionTime = `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
        const times = { sessionTime, sessionZone };
        const { startMs, endMs } = sessionAt(nowMs, times);
        expect(startMs).toBeLessThanOrEqual(nowMs);
        expect(endMs).toBeGreaterThan(nowMs);
        expect(sessionAt(startMs, times)).toEqual({ startMs, endMs });
        expect(sessionAt(endMs - 1, times)).toEqual({ startMs, endMs });
        expect(sessionAt(endMs, times).startMs).toBe(endMs);
      }),
    );
  });

  it.each([
    ['24:00', 'UTC'],
    ['8:00', 'UTC'],
    ['08:00', 'Mars/Olympus'],
  ])('cannot begin at %s in %s', (sessionTime, sessionZone) => {
    expect(() => checkSession({ sessionTime, sessionZone })).toThrow(InputError);
  });
});
