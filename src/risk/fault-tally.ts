/**
 * Counts what a venue answers to our commands, and says when that is more than chance. An answer of
 * any kind but "too many calls" ends a row of doubts; only an accepted order one of rejections.
 */
import type { OrderReport } from '../domain/order.ts';
import type { BreakerSettings } from './breaker-settings.ts';

const MINUTE_MS = 60_000;

export class FaultTally {
  readonly #settings: BreakerSettings;
  #errors = 0;
  #rejects = 0;
  #throttledAtMs: number[] = [];

  constructor(settings: BreakerSettings) {
    this.#settings = settings;
  }

  /**
   * Takes the outcome of a command, by a clock that never runs back; says why the breaker must
   * open, null where it need not.
   */
  hear(report: OrderReport, nowMs: number): string | null {
    if ('throttled' in report && report.throttled) return this.#throttled(nowMs);
    switch (report.type) {
      case 'order.doubted':
        return this.#doubted(report.reason);
      case 'order.rejected':
        this.#errors = 0;
        return this.#rejected(report.reason);
      case 'order.notSent':
        return null;
      case 'order.accepted':
        this.#rejects = 0;
        this.#errors = 0;
        return null;
      default:
        this.#errors = 0;
        return null;
    }
  }

  /** Once it has opened, only what comes after that counts. */
  reset(): void {
    this.#errors = 0;
    this.#rejects = 0;
    this.#throttledAtMs = [];
  }

  #doubted(reason: string): string | null {
    this.#errors += 1;
    if (this.#errors < this.#settings.errorsInARow) return null;
    return `${this.#errors} commands in a row are in doubt, the last: ${reason}`;
  }

  #rejected(reason: string): string | null {
    this.#rejects += 1;
    if (this.#rejects < this.#settings.rejectsInARow) return null;
    return `${this.#rejects} orders in a row were rejected, the last: ${reason}`;
  }

  #throttled(nowMs: number): string | null {
    this.#throttledAtMs = this.#throttledAtMs.filter((atMs) => atMs > nowMs - MINUTE_MS);
    this.#throttledAtMs.push(nowMs);
    const count = this.#throttledAtMs.length;
    if (count < this.#settings.throttlesPerMinute) return null;
    return `the venue said ${count} times in a minute that there are too many calls`;
  }
}
