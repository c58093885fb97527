/**
 * Trading sessions: a day that begins at a time of the wall clock in some zone. It begins once, at
 * the first moment at which that clock shows the time: a day of 23 or 25 hours is one session.
 */
import { InputError } from '../domain/errors.ts';

export interface SessionTimes {
  /** "HH:MM" */
  readonly sessionTime: string;
  /** IANA: "UTC", "America/New_York". */
  readonly sessionZone: string;
}

export interface Session {
  /** Milliseconds since the epoch; the end belongs to the next one. */
  readonly startMs: number;
  readonly endMs: number;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const TIME = /^(?<hours>[01]\d|2[0-3]):(?<minutes>[0-5]\d)$/;

/** Throws an `InputError` for a time that no clock shows and a zone that nobody knows. */
export function checkSession({ sessionTime, sessionZone }: SessionTimes): void {
  if (typeof sessionTime !== 'string' || !TIME.test(sessionTime))
    throw new InputError('sessionTime must be "HH:MM"', sessionTime, 'midnight is "00:00"');
  try {
    clockIn(sessionZone);
  } catch {
    throw new InputError('sessionZone must be a time zone', sessionZone, 'try "America/New_York"');
  }
}

/** The session that a moment belongs to. */
export function sessionAt(nowMs: number, { sessionTime, sessionZone }: SessionTimes): Session {
  const offset = offsetIn(sessionZone);
  const sinceMidnightMs = millisecondsOf(sessionTime);
  const localDay = Math.floor((nowMs + offset(nowMs) - sinceMidnightMs) / DAY_MS);
  const start = (day: number): number => instantOf(day * DAY_MS + sinceMidnightMs, offset);
  // Clocks that are set back show a time twice, where the first counts, and forward, not at all.
  const begun = [localDay + 1, localDay].find((each) => start(each) <= nowMs);
  const day = begun ?? localDay - 1;
  return { startMs: start(day), endMs: start(day + 1) };
}

type Offset = (atMs: number) => number;

/** The first moment at which the clock shows `localMs`; where it skips that, just as much later. */
function instantOf(localMs: number, offset: Offset): number {
  const [before, after] = [offset(localMs - DAY_MS), offset(localMs + DAY_MS)];
  if (offset(localMs - before) === before) return localMs - before;
  return offset(localMs - after) === after ? localMs - after : localMs - before;
}

function millisecondsOf(time: string): number {
  const { hours = '0', minutes = '0' } = TIME.exec(time)?.groups ?? {};
  return (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Dear to make: each zone's is made once. */
function clockIn(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  const parts = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
  const time = { hour: 'numeric', minute: 'numeric', hourCycle: 'h23' } as const;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    ...parts,
    ...time,
  });
  clocks.set(zone, clock);
  return clock;
}

/** What its clock shows less what UTC's shows, in whole minutes. */
const offsetIn =
  (zone: string): Offset =>
  (atMs) => {
    const minuteMs = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
    const shown = Object.fromEntries(
      clockIn(zone)
        .formatToParts(minuteMs)
        .map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = shown;
    return Date.UTC(year, month - 1, day, hour, minute) - minuteMs;
  };
