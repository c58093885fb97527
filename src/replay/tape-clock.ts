/**
 * Puts the events of a tape on one clock that never runs backwards: the running maximum of the
 * exchange's times. It never looks at the recorder's own clock, which is another one.
 */
import type { MarketDataEvent, TimedEvent } from '../venues/paper/source.ts';

export interface UnstampedEvent {
  readonly conn: string;
  /** null where the frame carries no time, as Kalshi's snapshots do not. */
  readonly timeMs: number | null;
  /** null for a frame that is only a sign of the time. */
  readonly event: MarketDataEvent | null;
}

/**
 * What carries no time takes that of the next frame of its connection, so that a book is never
 * known before it was sent; at the end of a connection it takes the clock. `closings` come in at
 * their time.
 */
export function stampEvents(
  events: readonly UnstampedEvent[],
  closings: readonly TimedEvent[],
): readonly TimedEvent[] {
  const times = timesWithNext(events);
  let clock = times.find((time) => time !== null) ?? 0;
  const due = closings
    .filter(({ atMs }) => atMs >= clock)
    .toSorted((left, right) => left.atMs - right.atMs);
  const stamped: TimedEvent[] = [];
  let closed = 0;
  for (const [index, { event }] of events.entries()) {
    clock = Math.max(clock, times[index] ?? clock);
    for (let next = due[closed]; next !== undefined && next.atMs <= clock; next = due[closed]) {
      stamped.push(next);
      closed += 1;
    }
    if (event !== null) stamped.push({ atMs: clock, event });
  }
  return stamped;
}

/** Each event's own time, or that of the next timed one on its connection. */
function timesWithNext(events: readonly UnstampedEvent[]): readonly (number | null)[] {
  const next = new Map<string, number>();
  const times = events.map(({ timeMs }) => timeMs);
  for (let index = events.length - 1; index >= 0; index -= 1) {
    const event = events[index];
    if (event === undefined) continue;
    if (event.timeMs !== null) next.set(event.conn, event.timeMs);
    else times[index] = next.get(event.conn) ?? null;
  }
  return times;
}
