/**
 * Token buckets and what each call costs. They are refilled all the time, never above their rim.
 */

export interface BucketSize {
  readonly refillPerSecond: number;
  readonly capacity: number;
}

export interface Tier {
  readonly name: string;
  readonly read: BucketSize;
  readonly write: BucketSize;
}

/** What a new account has. */
export const BASIC: Tier = {
  name: 'basic',
  read: { refillPerSecond: 200, capacity: 400 },
  write: { refillPerSecond: 100, capacity: 100 },
};

export class Bucket {
  readonly size: BucketSize;
  #tokens: number;
  #atMs = Number.NEGATIVE_INFINITY;

  constructor(size: BucketSize) {
    this.size = size;
    this.#tokens = size.capacity;
  }

  /** False where it does not hold as much; then nothing is taken. */
  take(tokens: number, nowMs: number): boolean {
    const { refillPerSecond, capacity } = this.size;
    const sinceMs = Math.max(0, nowMs - this.#atMs);
    this.#tokens = Math.min(capacity, this.#tokens + (sinceMs * refillPerSecond) / 1_000);
    this.#atMs = nowMs;
    if (this.#tokens < tokens) return false;
    this.#tokens -= tokens;
    return true;
  }
}

export const DEFAULT_COST = 10;
export const CANCEL_COST = 2;

export interface EndpointCost {
  readonly method: string;
  readonly path: string;
  readonly cost: number;
}

/** Whatever costs something else; of a batch, each order in it. */
export const ENDPOINT_COSTS: readonly EndpointCost[] = [
  { method: 'DELETE', path: '/portfolio/events/orders/:order_id', cost: CANCEL_COST },
  { method: 'DELETE', path: '/portfolio/events/orders/batched', cost: CANCEL_COST },
  { method: 'GET', path: '/portfolio/orders/:order_id', cost: 2 },
];

export const costOf = (method: string, path: string): number =>
  ENDPOINT_COSTS.find((entry) => entry.method === method && entry.path === path)?.cost ??
  DEFAULT_COST;
