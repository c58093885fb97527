/**
 * How far the venue's clock is from ours, from the Date headers of its answers. A header names a
 * second, so each is an interval that the truth lies in, and together they narrow it.
 */

/** Each header counts so long: clocks drift apart, and are set. */
const SAMPLES_MAX = 64;
const DATE_RESOLUTION_MS = 1_000;

interface Sample {
  readonly least: number;
  readonly most: number;
}

export class ClockOffset {
  #samples: Sample[] = [];

  /** Times of our wall clock around the call; a header that is no date changes nothing. */
  note(dateHeader: string | undefined, sentMs: number, receivedMs: number): void {
    const atMs = Date.parse(dateHeader ?? '');
    if (Number.isNaN(atMs) || receivedMs < sentMs) return;
    const sample = { least: atMs - receivedMs, most: atMs + DATE_RESOLUTION_MS - sentMs };
    this.#samples = [...this.#samples, sample].slice(-SAMPLES_MAX);
    // They cannot all be right: a clock was set, and the newest knows.
    if (this.#least > this.#most) this.#samples = [sample];
  }

  /** What to add to our clock, in ms: the smallest that is possible, 0 where nothing is proven. */
  get ms(): number {
    if (this.#samples.length === 0) return 0;
    return Math.round(Math.max(this.#least, Math.min(0, this.#most)));
  }

  get #least(): number {
    return Math.max(...this.#samples.map(({ least }) => least));
  }

  get #most(): number {
    return Math.min(...this.#samples.map(({ most }) => most));
  }
}
