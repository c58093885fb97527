/**
 * When Kalshi trades, by its own schedule: weekly sessions in Eastern Time, less the windows of
 * maintenance. It is pure; that the exchange keeps to it is what its status says.
 */
import { timeIn } from './rest-translate.ts';
import type { WireSchedule } from './rest-wire.ts';

export interface TradingHours {
  isOpenAt(atMs: number): boolean;
  /** When that changes next, to the minute; null where it does not within eight days. */
  nextChangeMs(atMs: number): number | null;
}

const DAYS = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const;
type Day = (typeof DAYS)[number];

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
/** Sessions are looked for in such steps: a shorter one, or a shorter pause, is passed over. */
const STEP_MS = 15 * MINUTE_MS;
/** A week, and a day for the change of the clocks. */
const SEARCH_MS = 8 * DAY_MINUTES * MINUTE_MS;

const EASTERN = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  weekday: 'long',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

function easternOf(atMs: number): { readonly day: Day; readonly minute: number } {
  const parts = new Map(EASTERN.formatToParts(atMs).map(({ type, value }) => [type, value]));
  const name = parts.get('weekday')?.toLowerCase();
  const day = DAYS.find((each) => each === name) ?? 'sunday';
  return { day, minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')) };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

const isIn = ({ from, to }: Span, at: number): boolean => at >= from && at < to;

/** Minutes of the day; "00:00" is its beginning and its end. */
function minuteOf(text: string): number {
  const [hours = '', minutes = ''] = text.split(':');
  return Number(hours) * 60 + Number(minutes);
}

interface Week {
  readonly span: Span;
  readonly sessions: Readonly<Record<Day, readonly Span[]>>;
}

function weekOf(hours: WireSchedule['standard_hours'][number]): Week {
  const sessionsOf = (day: Day): readonly Span[] =>
    (hours[day] ?? []).map(({ open_time, close_time }) => ({
      from: minuteOf(open_time),
      to: minuteOf(close_time) || DAY_MINUTES,
    }));
  return {
    span: { from: timeIn(hours.start_time, 'start_time'), to: timeIn(hours.end_time, 'end_time') },
    sessions: Object.fromEntries(DAYS.map((day) => [day, sessionsOf(day)])) as Week['sessions'],
  };
}

/** Throws an `InputError` for a schedule whose times cannot be read. */
export function tradingHoursOf(schedule: WireSchedule): TradingHours {
  const weeks = schedule.standard_hours.map(weekOf);
  const pauses = (schedule.maintenance_windows ?? []).map(({ start_datetime, end_datetime }) => ({
    from: timeIn(start_datetime, 'start_datetime'),
    to: timeIn(end_datetime, 'end_datetime'),
  }));
  const isOpenAt = (atMs: number): boolean => {
    if (pauses.some((pause) => isIn(pause, atMs))) return false;
    const { day, minute } = easternOf(atMs);
    const week = weeks.find(({ span }) => isIn(span, atMs));
    return week?.sessions[day].some((session) => isIn(session, minute)) ?? false;
  };
  return {
    isOpenAt,
    nextChangeMs(atMs) {
      const isOpen = isOpenAt(atMs);
      const hasChanged = (ms: number): boolean => isOpenAt(ms) !== isOpen;
      for (let fromMs = atMs; fromMs < atMs + SEARCH_MS; fromMs += STEP_MS)
        if (hasChanged(fromMs + STEP_MS)) return firstMinute(fromMs, hasChanged);
      return null;
    },
  };
}

/** The first whole minute after a time at which something holds that holds a step later. */
function firstMinute(fromMs: number, holds: (atMs: number) => boolean): number {
  let atMs = (Math.floor(fromMs / MINUTE_MS) + 1) * MINUTE_MS;
  while (atMs < fromMs + STEP_MS && !holds(atMs)) atMs += MINUTE_MS;
  return atMs;
}
