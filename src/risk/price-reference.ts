/**
 * What a market's prices are measured against: its mid a minute ago, and the last one that was
 * believed. Mids are of the YES contract, doubled, so that none is lost to a half tick.
 */

const MINUTE_MS = 60_000;
const SAMPLE_MS = 1_000;

/** A book that jumped and stayed there so long is the market's own doing. */
const SETTLING_MS = 5_000;

interface Sample {
  readonly atMs: number;
  readonly midDoubled: number;
}

export class PriceReference {
  /** Oldest first, of the last minute: what was seen before, when nobody looked since, is old. */
  readonly #samples: Sample[] = [];
  #believed: Sample | null = null;
  #suspected: Sample | null = null;

  /** Takes the mid of a book that can be trusted; `maxJump` in the same doubled ticks. */
  note(nowMs: number, midDoubled: number, maxJump: number): void {
    this.#believe({ atMs: nowMs, midDoubled }, maxJump);
    const last = this.#samples.at(-1);
    if (last !== undefined && nowMs - last.atMs < SAMPLE_MS) return;
    this.#samples.push({ atMs: nowMs, midDoubled });
    while ((this.#samples[0]?.atMs ?? Infinity) <= nowMs - MINUTE_MS - SAMPLE_MS)
      this.#samples.shift();
  }

  /** As far back as a minute, where somebody has looked so long; null before the first. */
  get minuteAgo(): number | null {
    return this.#samples[0]?.midDoubled ?? null;
  }

  /** How far this mid is from the last believed one. */
  jump(midDoubled: number): number {
    return this.#believed === null ? 0 : Math.abs(midDoubled - this.#believed.midDoubled);
  }

  #believe(sample: Sample, maxJump: number): void {
    const isNear = (other: Sample | null): other is Sample =>
      other !== null && Math.abs(sample.midDoubled - other.midDoubled) <= maxJump;
    if (this.#believed === null || isNear(this.#believed)) {
      this.#believed = sample;
      this.#suspected = null;
    } else if (!isNear(this.#suspected)) this.#suspected = sample;
    else if (sample.atMs - this.#suspected.atMs >= SETTLING_MS) {
      this.#believed = sample;
      this.#suspected = null;
    }
  }
}
