/**
 * Counts durations in a fixed number of buckets, so that quantiles cost no memory however many
 * there were. What it gives is at most a hundredth too high, and never more than the longest.
 */

/** 128 buckets for each doubling: one is at most 1/128 of its values wide. */
const FINE_BITS = 7;
const FINE = 2 ** FINE_BITS;
/** 2^31 microseconds are 36 minutes; what took longer counts as that long. */
const MICROS_MAX = 2 ** 31 - 1;
const BUCKETS = (32 - FINE_BITS) * FINE;

export class Histogram {
  readonly #counts = new Uint32Array(BUCKETS);
  #count = 0;
  #maxMicros = 0;

  get count(): number {
    return this.#count;
  }

  get maxMs(): number {
    return this.#maxMicros / 1_000;
  }

  note(ms: number): void {
    const micros = Math.min(MICROS_MAX, Math.max(0, Math.round(ms * 1_000)));
    const bucket = bucketOf(micros);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count += 1;
    if (micros > this.#maxMicros) this.#maxMicros = micros;
  }

  /** The least that `share` of all durations do not exceed; 0 where there are none. */
  quantileMs(share: number): number {
    const wanted = Math.ceil(share * this.#count);
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS && seen < wanted; bucket += 1) {
      seen += this.#counts[bucket] ?? 0;
      if (seen >= wanted) return Math.min(this.#maxMicros, lastOf(bucket)) / 1_000;
    }
    return 0;
  }
}

/** Exact below 256; above it the leading bits tell, eight of them. */
function bucketOf(micros: number): number {
  if (micros < 2 * FINE) return micros;
  const shift = 31 - FINE_BITS - Math.clz32(micros);
  return shift * FINE + (micros >>> shift);
}

/** The highest value of a bucket. */
function lastOf(bucket: number): number {
  if (bucket < 2 * FINE) return bucket;
  const shift = Math.floor(bucket / FINE) - 1;
  return (bucket - shift * FINE + 1) * 2 ** shift - 1;
}
