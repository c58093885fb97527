/** A source played faster or slower: its own clock is bent, that of the venue is not. */
import type { MarketDataEvent, MarketDataSource } from '../venues/paper/source.ts';

/** A time of the source on the bent clock, in whole milliseconds. */
export const bent = (timeMs: number, startMs: number, speed: number): number =>
  startMs + Math.floor((timeMs - startMs) / speed);

export function atSpeed(source: MarketDataSource, speed: number): MarketDataSource {
  if (speed === 1) return source;
  const { startMs } = source;
  const moved = (event: MarketDataEvent): MarketDataEvent =>
    'timeMs' in event && event.timeMs !== null
      ? { ...event, timeMs: bent(event.timeMs, startMs, speed) }
      : event;
  const next = (): ReturnType<MarketDataSource['next']> => {
    const timed = source.next();
    if (timed === null) return null;
    return { ...timed, atMs: bent(timed.atMs, startMs, speed), event: moved(timed.event) };
  };
  return { ...source, next };
}
