/**
 * The clock of one boot: its wall may be wrong, it may stand still while the world goes on, and
 * after the process has died nothing of it ever fires. It moves no time itself.
 */
import type { Clock, TimerId } from '../../src/domain/ports.ts';
import type { VirtualClock } from '../../src/env/virtual-clock.ts';

export class ClockDoor implements Clock {
  /** By how much our machine's idea of the time is wrong. */
  wallOffsetMs = 0;
  pauses = 0;
  readonly #clock: VirtualClock;
  readonly #armed = new Set<TimerId>();
  #held: { readonly id: TimerId | null; readonly run: () => void }[] = [];
  #isPaused = false;
  #isDead = false;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  get pending(): number {
    return this.#armed.size;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  wallMs(): number {
    return this.#clock.wallMs() + this.wallOffsetMs;
  }

  monotonicMs(): number {
    return this.#clock.monotonicMs();
  }

  setTimeout(callback: () => void, delayMs: number): TimerId {
    if (this.#isDead) return 0;
    const id = this.#clock.setTimeout(() => this.#fire(id, callback), delayMs);
    this.#armed.add(id);
    return id;
  }

  clearTimeout(id: TimerId): void {
    this.#armed.delete(id);
    this.#clock.clearTimeout(id);
    this.#held = this.#held.filter((each) => each.id !== id);
  }

  /** Something arrives at the process: now, when it runs again, or never. */
  arrive(run: () => void): void {
    if (this.#isDead) return;
    if (this.#isPaused) this.#held.push({ id: null, run });
    else run();
  }

  pause(): void {
    this.#isPaused = true;
    this.pauses += 1;
  }

  /** What was missed comes at once, each in a macrotask of its own. */
  resume(): void {
    this.#isPaused = false;
    for (const { id, run } of this.#held.splice(0))
      this.#clock.setTimeout(() => {
        // Cleared meanwhile, it is armed no more.
        if (id === null || this.#armed.delete(id)) this.arrive(run);
      }, 0);
  }

  kill(): void {
    this.#isDead = true;
    this.#held = [];
    for (const id of this.#armed) this.#clock.clearTimeout(id);
    this.#armed.clear();
  }

  #fire(id: TimerId, callback: () => void): void {
    if (this.#isDead) return;
    if (this.#isPaused) {
      this.#held.push({ id, run: callback });
      return;
    }
    this.#armed.delete(id);
    callback();
  }
}
