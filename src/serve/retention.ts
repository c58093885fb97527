/**
 * Forgets updates that were acknowledged, or are too old for anybody to ask for; a few at a time.
 */
import { messageOf } from '../domain/errors.ts';
import type { Clock, Log, TimerId } from '../domain/ports.ts';
import type { UpdateLog } from '../domain/updates.ts';

export interface RetentionOptions {
  readonly updates: UpdateLog;
  /** That which updates are stamped by; null for virtual time, in which nothing grows old. */
  readonly stamps: Pick<Clock, 'wallMs'> | null;
  readonly clock: Pick<Clock, 'setTimeout' | 'clearTimeout'>;
  /** Old ones are being told: one that was forgotten meanwhile would be a hole in them. */
  readonly isTelling: () => boolean;
  readonly log: Log;
}

const HOUR_MS = 3_600_000;
/** A bot that was away for longer looks at its positions, not at what happened. */
export const KEPT_MS = 7 * 24 * HOUR_MS;

/** Each step holds up the event loop for some milliseconds. */
const ROWS_PER_STEP = 1_000;
const PAUSE_MS = 20;

export class Retention {
  readonly #options: RetentionOptions;
  #through = 0;
  #swept = 0;
  #timer: TimerId;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#timer = this.#sweepIn(PAUSE_MS);
  }

  /** Nobody will ask for these again. */
  acknowledge(through: number): void {
    this.#through = Math.max(this.#through, through);
    if (this.#through - this.#swept < ROWS_PER_STEP) return;
    this.#swept = this.#through;
    this.#options.clock.clearTimeout(this.#timer);
    this.#timer = this.#sweepIn(PAUSE_MS);
  }

  stop(): void {
    this.#options.clock.clearTimeout(this.#timer);
  }

  #sweepIn(delayMs: number): TimerId {
    return this.#options.clock.setTimeout(() => {
      this.#timer = this.#sweepIn(this.#step() < ROWS_PER_STEP ? HOUR_MS : PAUSE_MS);
    }, delayMs);
  }

  /** Whatever keeps it from its work only delays it. */
  #step(): number {
    const { updates, stamps, log, isTelling } = this.#options;
    try {
      const beforeMs = stamps === null || isTelling() ? 0 : stamps.wallMs() - KEPT_MS;
      return updates.forget({ through: this.#through, beforeMs }, ROWS_PER_STEP);
    } catch (thrown) {
      log.warn({ thrown: messageOf(thrown) }, 'old updates could not be forgotten yet');
      return 0;
    }
  }
}
