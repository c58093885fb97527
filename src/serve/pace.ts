/** Virtual time passes while something is awaited, and stands still otherwise. */
import type { VirtualClock } from '../index.ts';

export class Pace {
  readonly #clock: VirtualClock | null;
  readonly #broke: (thrown: unknown) => void;
  #awaited = 0;
  #isRunning = false;

  /** Null: time passes by itself. `broke` is told what a timer threw. */
  constructor(clock: VirtualClock | null, broke: (thrown: unknown) => void) {
    this.#clock = clock;
    this.#broke = broke;
  }

  during<T>(promise: Promise<T>): Promise<T> {
    if (this.#clock === null) return promise;
    const end = (): void => {
      this.#awaited -= 1;
    };
    this.#awaited += 1;
    promise.then(end, end);
    if (!this.#isRunning) this.#run(this.#clock).catch(this.#broke);
    return promise;
  }

  async #run(clock: VirtualClock): Promise<void> {
    this.#isRunning = true;
    try {
      await clock.run({ while: () => this.#awaited > 0 });
    } finally {
      this.#isRunning = false;
    }
  }
}
