/** The machine's own time. The only file that reads it; everything else is given a `Clock`. */
import { invariant } from '../domain/errors.ts';
import type { Clock, TimerId } from '../domain/ports.ts';

/** Node fires longer timers at once: they overflow its 32-bit counter. About 24.8 days. */
const DELAY_MS_MAX = 2 ** 31 - 1;

/** What fires as soon as the event loop comes round, by ids that no timer of Node's has. */
const immediates = new Map<TimerId, NodeJS.Immediate>();
let lastImmediate: TimerId = 0;

/** Node makes a timer of 0 ms one of 1 ms or more; each turn of the engine would wait for it. */
function soon(callback: () => void): TimerId {
  lastImmediate -= 1;
  const id = lastImmediate;
  const fire = (): void => {
    immediates.delete(id);
    callback();
  };
  immediates.set(id, setImmediate(fire));
  return id;
}

export const liveClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimeout(callback, delayMs) {
    invariant(delayMs <= DELAY_MS_MAX, `a delay is at most ${DELAY_MS_MAX} ms`, delayMs);
    if (delayMs <= 0) return soon(callback);
    return setTimeout(callback, Math.ceil(delayMs))[Symbol.toPrimitive]();
  },
  clearTimeout(id) {
    clearImmediate(immediates.get(id));
    if (!immediates.delete(id)) clearTimeout(id);
  },
};
