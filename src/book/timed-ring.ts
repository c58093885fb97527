/**
 * Pairs of numbers with their times, the latest N of them, in flat arrays. Times never run
 * backwards: an earlier one is taken as the time of the entry before it.
 */
const INITIAL_ENTRIES = 64;

export class TimedRing {
  readonly #capacity: number;
  readonly #lookbackMs: number;
  #times = new Float64Array(INITIAL_ENTRIES);
  #first = new Float64Array(INITIAL_ENTRIES);
  #second = new Float64Array(INITIAL_ENTRIES);
  #oldest = 0;
  #count = 0;

  /**
   * Keeps at most `capacity` entries: those of the last `lookbackMs`, and the one before them,
   * which says how things stood when that window began.
   */
  constructor(capacity: number, lookbackMs: number) {
    this.#capacity = Math.max(capacity, INITIAL_ENTRIES);
    this.#lookbackMs = lookbackMs;
  }

  push(timeMs: number, first: number, second: number): void {
    const time = Math.max(timeMs, this.#timeAt(this.#count - 1));
    while (this.#count > 1 && this.#timeAt(1) <= time - this.#lookbackMs) this.#dropOldest();
    if (this.#count === this.#times.length) this.#makeRoom();
    this.#count += 1;
    this.#write(this.#count - 1, time, first, second);
  }

  /** Entries in (sinceMs, untilMs]. */
  count(sinceMs: number, untilMs: number): number {
    return this.#upTo(untilMs) - this.#upTo(sinceMs);
  }

  sumFirst(sinceMs: number, untilMs: number): number {
    return this.#sum(this.#first, sinceMs, untilMs);
  }

  sumSecond(sinceMs: number, untilMs: number): number {
    return this.#sum(this.#second, sinceMs, untilMs);
  }

  /** The first value of the last entry at or before a time; null where there is none. */
  firstAt(timeMs: number): number | null {
    const index = this.#upTo(timeMs) - 1;
    return index < 0 ? null : (this.#first[this.#slot(index)] ?? null);
  }

  secondAt(timeMs: number): number | null {
    const index = this.#upTo(timeMs) - 1;
    return index < 0 ? null : (this.#second[this.#slot(index)] ?? null);
  }

  #sum(column: Float64Array, sinceMs: number, untilMs: number): number {
    const end = this.#upTo(untilMs);
    let total = 0;
    for (let index = this.#upTo(sinceMs); index < end; index += 1)
      total += column[this.#slot(index)] ?? 0;
    return total;
  }

  /** How many entries lie at or before a time. */
  #upTo(timeMs: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#timeAt(middle) <= timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #slot(index: number): number {
    const slot = this.#oldest + index;
    return slot < this.#times.length ? slot : slot - this.#times.length;
  }

  #timeAt(index: number): number {
    if (index < 0) return Number.NEGATIVE_INFINITY;
    return this.#times[this.#slot(index)] ?? Number.NEGATIVE_INFINITY;
  }

  #write(index: number, timeMs: number, first: number, second: number): void {
    const slot = this.#slot(index);
    this.#times[slot] = timeMs;
    this.#first[slot] = first;
    this.#second[slot] = second;
  }

  #dropOldest(): void {
    this.#oldest = this.#slot(1);
    this.#count -= 1;
  }

  #makeRoom(): void {
    if (this.#times.length >= this.#capacity) return this.#dropOldest();
    const length = Math.min(this.#capacity, this.#times.length * 2);
    this.#times = this.#unrolled(this.#times, length);
    this.#first = this.#unrolled(this.#first, length);
    this.#second = this.#unrolled(this.#second, length);
    this.#oldest = 0;
  }

  /** A longer copy with the oldest entry first. */
  #unrolled(column: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
    const longer = new Float64Array(length);
    longer.set(column.subarray(this.#oldest));
    longer.set(column.subarray(0, this.#oldest), column.length - this.#oldest);
    return longer;
  }
}
