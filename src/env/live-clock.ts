/** The machine's own time. The only file that reads it; everything else is given a `Clock`. */
import { invariant } from '../domain/errors.ts';
import type { Clock } from '../domain/ports.ts';

/** Node fires longer timers at once: they overflow its 32-bit counter. About 24.8 days. */
const DELAY_MS_MAX = 2 ** 31 - 1;

export const liveClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimeout(callback, delayMs) {
    invariant(delayMs <= DELAY_MS_MAX, `a delay is at most ${DELAY_MS_MAX} ms`, delayMs);
    return setTimeout(callback, Math.ceil(delayMs))[Symbol.toPrimitive]();
  },
  clearTimeout: (id) => clearTimeout(id),
};
