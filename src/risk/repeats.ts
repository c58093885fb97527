/**
 * What a strategy gone wrong does in one market: it places again and again without a fill, or sends
 * what was rejected before. Counted only; whoever asks decides.
 */

const MINUTE_MS = 60_000;

export class RepeatCount {
  #placedAtMs: number[] = [];
  #lastPlacedAtMs: number | null = null;
  #rejection = '';
  #rejections = 0;

  placed(nowMs: number): void {
    this.#placedAtMs.push(nowMs);
    this.#lastPlacedAtMs = nowMs;
  }

  /** Something came of it. */
  filled(): void {
    this.#placedAtMs = [];
  }

  accepted(): void {
    this.#rejections = 0;
  }

  /** `terms` are the order and the reason; gives how often they came in a row. */
  rejected(terms: string): number {
    this.#rejections = terms === this.#rejection ? this.#rejections + 1 : 1;
    this.#rejection = terms;
    return this.#rejections;
  }

  /** Orders placed in the last minute, since the last fill. */
  placements(nowMs: number): number {
    this.#placedAtMs = this.#placedAtMs.filter((atMs) => atMs > nowMs - MINUTE_MS);
    return this.#placedAtMs.length;
  }

  get lastPlacedAtMs(): number | null {
    return this.#lastPlacedAtMs;
  }
}
