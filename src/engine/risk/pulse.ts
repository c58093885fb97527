/**
 * A beat while something lives: for what must be looked at although nothing happens. It measures
 * how late this process is, and does nothing else by itself.
 */
import type { Clock, TimerId } from '../../domain/ports.ts';

export const PULSE_MS = 1_000;

export interface PulseOptions {
  readonly clock: Clock;
  /** Asked at each beat: without anybody to beat for it rests until it is started again. */
  readonly isWanted: () => boolean;
  readonly beat: () => void;
}

export class Pulse {
  readonly #options: PulseOptions;
  #timer: TimerId | null = null;
  #dueMs = 0;
  /** How late the last beat was; 0 at rest. */
  lagMs = 0;

  constructor(options: PulseOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#timer === null) this.#arm();
  }

  stop(): void {
    if (this.#timer !== null) this.#options.clock.clearTimeout(this.#timer);
    this.#timer = null;
  }

  #arm(): void {
    const { clock } = this.#options;
    this.#dueMs = clock.monotonicMs() + PULSE_MS;
    this.#timer = clock.setTimeout(() => this.#fire(), PULSE_MS);
  }

  #fire(): void {
    const { clock, isWanted, beat } = this.#options;
    this.#timer = null;
    this.lagMs = Math.max(0, Math.floor(clock.monotonicMs() - this.#dueMs));
    if (!isWanted()) {
      this.lagMs = 0;
      return;
    }
    this.#arm();
    beat();
  }
}
