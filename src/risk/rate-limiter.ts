/**
 * How much may still be sent to a venue: several sliding windows that must all hold, each over
 * calls or over the venue's own tokens. Orders leave a reserve to cancels, and to others what was
 * leased to them. It never reads a clock and never waits.
 */
import { invariant } from '../domain/errors.ts';
import { CALLS_PER_MINUTE } from '../domain/limits.ts';
import type { CallCosts, TokenWindow } from '../domain/ports.ts';
import { SlidingWindow } from './sliding-window.ts';

/** Calls in any stretch of `windowMs`, whatever they cost at the venue. */
export interface CallLimits {
  readonly windowMs: number;
  readonly calls: number;
  /** The last calls of a window, kept for cancels: an order that rests can always be taken back. */
  readonly cancelReserve: number;
}

/** The reserve is what reference figures give a cancel lane: a tenth of the minute's calls. */
export const DEFAULT_CALL_LIMITS: CallLimits = {
  windowMs: 60_000,
  calls: CALLS_PER_MINUTE,
  cancelReserve: 10,
};

export type RateWindow = CallLimits | TokenWindow;

export type CallKind = keyof CallCosts;

export interface Call {
  readonly kind: CallKind;
  /** Orders of a batch, which goes as a whole or not at all; 1 unless given. */
  readonly count?: number;
  /** Whose lease pays for it. */
  readonly holder?: string;
}

export const ONE_EACH: CallCosts = { place: 1, amend: 1, cancel: 1, read: 1 };

/**
 * Questions have windows of their own, half as wide, as venues count them: they keep nothing from
 * being sent, and a busy engine still asks.
 */
export const readLimits = ({ windowMs, calls }: CallLimits): CallLimits => ({
  windowMs,
  calls: Math.ceil(calls / 2),
  cancelReserve: 0,
});

interface Bucket {
  readonly window: SlidingWindow;
  readonly capacity: number;
  readonly cancelReserve: number;
  readonly costs: CallCosts;
}

const weigh = ({ costs }: Bucket, { kind, count = 1 }: Call): number => costs[kind] * count;

export class RateLimiter {
  /** All windows in words: "no more than 10 calls in 1 s, 90 calls in 60 s". */
  readonly rule: string;
  /** The longest of them: what was called before it counts no more. */
  readonly windowMs: number;
  readonly #buckets: readonly Bucket[];
  /** The longest window of calls: a lease lasts too long for the others to matter. */
  readonly #leased: Bucket;
  readonly #leases = new Map<string, number>();
  #promised = 0;

  constructor(windows: readonly RateWindow[], costs: CallCosts = ONE_EACH) {
    this.rule = `no more than ${windows.map(textOf).join(', ')}`;
    this.windowMs = Math.max(...windows.map(({ windowMs }) => windowMs));
    this.#buckets = windows.map((window) => bucketOf(window, costs));
    const ofCalls = windows.filter((window) => 'calls' in window);
    const longest = windows.indexOf(
      ofCalls.toSorted((left, right) => right.windowMs - left.windowMs)[0] ?? DEFAULT_CALL_LIMITS,
    );
    const leased = this.#buckets[longest];
    invariant(leased !== undefined, 'one window at least counts calls', this.rule);
    this.#leased = leased;
  }

  /** Calls like this one that may be made at this moment. */
  left(nowMs: number, call: Call): number {
    const fitting = this.#buckets.map((bucket) =>
      Math.floor((this.#allowance(bucket, call) - bucket.window.used(nowMs)) / weigh(bucket, call)),
    );
    return Math.max(0, Math.min(...fitting));
  }

  /** Counts the call; false where there is no room: then nothing may be sent. */
  tryReserve(nowMs: number, call: Call): boolean {
    if (this.left(nowMs, call) === 0) return false;
    this.recall(nowMs, call);
    if (call.holder !== undefined) this.#pay(call.holder, call.count ?? 1);
    return true;
  }

  /** Counts a call that was made, by an earlier process too: oldest first, and as it was. */
  recall(atMs: number, call: Call): void {
    for (const bucket of this.#buckets) bucket.window.spend(atMs, weigh(bucket, call));
  }

  /**
   * When there is room for the call once those `ahead` of it have gone; `nowMs` where there is room
   * already, Infinity where nobody can say.
   */
  nextAtMs(nowMs: number, call: Call, ahead: readonly Call[] = []): number {
    const times = this.#buckets.map((bucket) => {
      const wanted = [...ahead, call].reduce((sum, each) => sum + weigh(bucket, each), 0);
      return bucket.window.atMostAtMs(nowMs, this.#allowance(bucket, call) - wanted);
    });
    return Math.max(...times);
  }

  /** Calls that are neither made nor promised, in the window that leases are taken from. */
  unpromised(nowMs: number): number {
    const room = this.#allowance(this.#leased, { kind: 'place' });
    return Math.max(0, room - this.#leased.window.used(nowMs));
  }

  /** Promises calls to one holder until `release`; false where fewer are free. */
  lease(nowMs: number, holder: string, calls: number): boolean {
    this.release(holder);
    if (this.unpromised(nowMs) < calls) return false;
    this.#leases.set(holder, calls);
    this.#promised += calls;
    return true;
  }

  /** What is left of a lease; null where there is none. */
  leaseOf(holder: string): number | null {
    return this.#leases.get(holder) ?? null;
  }

  /** Gives back what the holder did not use. */
  release(holder: string): void {
    this.#promised -= this.#leases.get(holder) ?? 0;
    this.#leases.delete(holder);
  }

  #pay(holder: string, calls: number): void {
    const left = this.#leases.get(holder);
    if (left === undefined) return;
    const paid = Math.min(left, calls);
    this.#leases.set(holder, left - paid);
    this.#promised -= paid;
  }

  /** Cancels have all of a window, others what is neither reserved nor promised to someone else. */
  #allowance(bucket: Bucket, { kind, holder }: Call): number {
    if (kind === 'cancel') return bucket.capacity;
    const own = holder === undefined ? 0 : (this.#leases.get(holder) ?? 0);
    const promised = bucket === this.#leased ? this.#promised - own : 0;
    return bucket.capacity - bucket.cancelReserve - promised;
  }
}

function bucketOf(limits: RateWindow, tokenCosts: CallCosts): Bucket {
  const { windowMs, cancelReserve } = limits;
  const [capacity, costs] =
    'calls' in limits ? [limits.calls, ONE_EACH] : [limits.tokens, tokenCosts];
  invariant(windowMs > 0 && capacity > 0, 'a window has a length and room', textOf(limits));
  const { place, amend, cancel, read } = costs;
  invariant(Math.min(place, amend, cancel, read) > 0, 'a call costs something');
  const room = capacity - cancelReserve;
  const fits = Math.max(place, amend, read) <= room && cancel <= capacity;
  invariant(cancelReserve >= 0 && fits, 'the reserve leaves room for a call', cancelReserve);
  return { window: new SlidingWindow(windowMs), capacity, cancelReserve, costs };
}

const textOf = (limits: RateWindow): string =>
  `${'calls' in limits ? `${limits.calls} calls` : `${limits.tokens} tokens`} in ${
    limits.windowMs / 1_000
  } s`;
