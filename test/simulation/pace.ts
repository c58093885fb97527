/** How much leaves: in a window of calls, of one execution, in a minute. */
import type { Ground } from './ground.ts';
import type { Tell } from './rules.ts';

/** Attempts of one execution: its splits and their walks, with room for every fault. */
const ATTEMPTS_MAX = 120;

/** Placing, moving and withdrawing; and a cancel in a second for each of four orders in doubt. */
const MESSAGES = { least: 60, ofFill: 4, ofMinute: 240 };

export interface CallWindow {
  readonly windowMs: number;
  readonly calls: number;
}

export class Pace {
  readonly #ground: Ground;
  readonly #window: CallWindow;
  readonly #tell: Tell;
  readonly #attempts = new Map<string, number>();
  readonly #messages = new Map<string, { readonly sinceMs: number; count: number }>();
  #calls: number[] = [];

  constructor(ground: Ground, window: CallWindow, tell: Tell) {
    this.#ground = ground;
    this.#window = window;
    this.#tell = tell;
  }

  /** A process starts: its window is its own. */
  booted(): void {
    this.#calls = [];
  }

  /** Every call that left, by the kind of clock that no jump moves. */
  called(): void {
    const { windowMs, calls } = this.#window;
    const nowMs = this.#ground.clock.monotonicMs();
    this.#calls = this.#calls.filter((atMs) => atMs > nowMs - windowMs);
    this.#calls.push(nowMs);
    const count = this.#calls.length;
    if (count > calls) this.#tell('rate', `${count} calls in ${windowMs} ms`);
  }

  /** An order leaves; how many of its execution have by now. */
  ordered(executionId: string): number {
    const attempts = (this.#attempts.get(executionId) ?? 0) + 1;
    this.#attempts.set(executionId, attempts);
    if (attempts > ATTEMPTS_MAX) this.#tell('retries', `${executionId}: ${attempts} orders`);
    return attempts;
  }

  /** A command of an execution leaves that has so many fills. */
  message(executionId: string, fills: number): void {
    const nowMs = this.#ground.clock.monotonicMs();
    const told = this.#messages.get(executionId) ?? { sinceMs: nowMs, count: 0 };
    told.count += 1;
    this.#messages.set(executionId, told);
    const { least, ofFill, ofMinute } = MESSAGES;
    const most = least + ofFill * fills + (ofMinute * (nowMs - told.sinceMs)) / 60_000;
    if (told.count > most) this.#tell('economy', `${executionId}: ${told.count} messages`);
  }
}
