/** Real time that runs faster: a minute of the engine's patience passes in a few seconds. */
import type { Clock } from '../../src/domain/ports.ts';
import { liveClock } from '../../src/env/live-clock.ts';

export interface Pace {
  /** When both times were the same: shared by all processes of one run. */
  readonly originMs: number;
  readonly speed: number;
}

export function fastClock({ originMs, speed }: Pace): Clock {
  const nowMs = (): number => originMs + (liveClock.wallMs() - originMs) * speed;
  return {
    wallMs: () => Math.floor(nowMs()),
    monotonicMs: nowMs,
    setTimeout: (callback, delayMs) => liveClock.setTimeout(callback, delayMs / speed),
    clearTimeout: (id) => liveClock.clearTimeout(id),
  };
}
