/** A limit of calls as latency: what goes beyond it waits for its turn, and nothing is refused. */
import { InputError } from '../../domain/errors.ts';

export interface RateLimit {
  readonly callsPerSecond: number;
  /** So many may leave at once after a pause; 1 unless given. */
  readonly burst?: number;
}

export class Throttle {
  readonly #intervalMs: number;
  readonly #slackMs: number;
  #freeMs = Number.NEGATIVE_INFINITY;

  private constructor({ callsPerSecond, burst = 1 }: RateLimit) {
    if (!(callsPerSecond > 0))
      throw new InputError('calls per second must be positive', callsPerSecond, 'ask for more');
    if (!(burst >= 1)) throw new InputError('a burst is at least 1', burst, 'ask for more');
    this.#intervalMs = 1_000 / callsPerSecond;
    this.#slackMs = (burst - 1) * this.#intervalMs;
  }

  static of(limit: RateLimit | undefined): Throttle | null {
    return limit === undefined ? null : new Throttle(limit);
  }

  /** How long the next call waits, in whole milliseconds; it is counted. */
  waitMs(nowMs: number): number {
    this.#freeMs = Math.max(this.#freeMs, nowMs - this.#slackMs);
    const waitMs = Math.max(0, Math.ceil(this.#freeMs - nowMs));
    this.#freeMs += this.#intervalMs;
    return waitMs;
  }
}
