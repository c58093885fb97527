/**
 * What was spent in the last stretch of time, exactly: no stretch of `windowMs`, wherever it
 * begins, is counted short. It never reads a clock and refuses nothing.
 */

export class SlidingWindow {
  readonly #windowMs: number;
  /** When each amount was spent, ascending; those before `#first` have left the window. */
  readonly #spentAtMs: number[] = [];
  /** All that was spent up to and with each of them. */
  readonly #sums: number[] = [];
  #first = 0;
  #total = 0;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** What counts at this moment. */
  used(nowMs: number): number {
    return this.#total - this.#before(this.#firstCounting(nowMs));
  }

  spend(nowMs: number, amount: number): void {
    this.#first = this.#firstCounting(nowMs);
    if (this.#first > this.#spentAtMs.length / 2) this.#forgetOld();
    // A clock that stepped back must not make this look older than what came before it.
    this.#spentAtMs.push(Math.max(nowMs, this.#spentAtMs.at(-1) ?? nowMs));
    this.#total += amount;
    this.#sums.push(this.#total);
  }

  /** When at most `most` will count, if nothing more is spent; `nowMs` where that is so already. */
  atMostAtMs(nowMs: number, most: number): number {
    if (this.used(nowMs) <= most) return nowMs;
    if (most < 0) return Infinity;
    const last = firstWhere(this.#sums, this.#first, (sum) => this.#total - sum <= most);
    return (this.#spentAtMs[last] ?? nowMs) + this.#windowMs + 1;
  }

  /**
   * Times may be whole milliseconds: two that differ by exactly the window may lie a little closer
   * than it, so that an amount counts until the window is past it.
   */
  #firstCounting(nowMs: number): number {
    const latestMs = Math.max(nowMs, this.#spentAtMs.at(-1) ?? nowMs);
    return firstWhere(this.#spentAtMs, this.#first, (atMs) => latestMs - atMs <= this.#windowMs);
  }

  #before(index: number): number {
    return index === 0 ? 0 : (this.#sums[index - 1] ?? 0);
  }

  #forgetOld(): void {
    const gone = this.#before(this.#first);
    this.#spentAtMs.splice(0, this.#first);
    this.#sums.splice(0, this.#first);
    for (const [index, sum] of this.#sums.entries()) this.#sums[index] = sum - gone;
    this.#total -= gone;
    this.#first = 0;
  }
}

/** The first index from `from` on for which it holds, and holds from there on. */
function firstWhere(
  values: readonly number[],
  from: number,
  holds: (value: number) => boolean,
): number {
  let [low, high] = [from, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(values[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}
