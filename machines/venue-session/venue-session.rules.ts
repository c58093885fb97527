/** The arithmetic of a connection: its rounds, its losses, and how long it waits after one. */
import type { SessionContext, SessionEvent } from './venue-session.protocol.ts';

type Context = SessionContext;
type Change = Partial<Context>;

interface Told {
  readonly context: Context;
  readonly event: SessionEvent;
}

export const openingContext = (): Context => ({
  failures: 0,
  reason: null,
  retryAtMs: null,
  round: 0,
});

export const guards = {
  /** A timer of an earlier pause does not end a later one. */
  isDue: ({ context, event }: Told) =>
    event.type === 'retry.due' && event.atMs >= (context.retryAtMs ?? 0),
  /**
   * An answer to an earlier question is of an earlier connection, or older than what was missed.
   */
  isLatestRound: ({ context, event }: Told) =>
    event.type === 'session.reconciled' && event.round === context.round,
};

export const countRound = ({ context }: Told): Change => ({ round: context.round + 1 });

export function noteLoss({ context, event }: Told): Change {
  if (!('retryAtMs' in event)) return {};
  const { reason, retryAtMs } = event;
  return { failures: context.failures + 1, reason, retryAtMs };
}

export const noteRetry = (): Change => ({ retryAtMs: null });

export const noteLive = (): Change => ({ reason: null });

/** One that is lost as soon as it is live must not be made anew without end. */
export const noteSteady = (): Change => ({ failures: 0 });

export interface Pauses {
  readonly firstMs: number;
  readonly longestMs: number;
}

/**
 * Full jitter: anything up to a bound that doubles with each failure, so that a thousand clients
 * of a venue that comes back do not come back at once. `draw` is in [0, 1).
 */
export const pauseMs = (failures: number, draw: number, { firstMs, longestMs }: Pauses): number =>
  Math.ceil(draw * Math.min(longestMs, firstMs * 2 ** Math.min(failures, 32)));
