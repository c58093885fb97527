/**
 * Turns old book snapshots into hourly averages, a few rows at a time, each in a macrotask of its
 * own. It never runs within a turn, and whatever keeps it from its work only delays it.
 */
import { InputError } from '../../domain/errors.ts';
import type { Clock, Log, TimerId } from '../../domain/ports.ts';
import type { BookKey, Store } from '../../domain/records.ts';
import { StoreError } from '../../store/store-error.ts';

export interface Retention {
  /** Whole days for which each book that was decided on is kept as it was. */
  readonly snapshotDays: number;
  /** Snapshots averaged in one step: each holds up the event loop for 0.05 ms. */
  readonly batchRows: number;
}

export const DEFAULT_RETENTION: Retention = { snapshotDays: 7, batchRows: 25 };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A start has better things to do. */
const FIRST_SWEEP_AFTER_MS = 60_000;

/** Between two steps: far more room for trading than for averaging. */
const PAUSE_MS = 10;

/** A century, and more rows than any hour of a market has. */
const SNAPSHOT_DAYS_MAX = 36_500;
const BATCH_ROWS_MAX = 100_000;

/** Throws an `InputError` for a number that is not whole, or out of reason. */
export function checkRetention(retention: Retention): Retention {
  const { snapshotDays, batchRows } = retention;
  checkWhole('snapshotDays', snapshotDays, SNAPSHOT_DAYS_MAX);
  checkWhole('batchRows', batchRows, BATCH_ROWS_MAX);
  return retention;
}

function checkWhole(name: string, value: number, max: number): void {
  if (Number.isSafeInteger(value) && value >= 1 && value <= max) return;
  const rule = `retention.${name} is a whole number from 1 to ${max}`;
  throw new InputError(rule, value, 'give such a number, or "retention: null" to keep all');
}

export interface HousekeepingOptions {
  readonly store: Pick<Store, 'oldestBook' | 'foldBooks'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly retention: Retention;
}

/** One walk over the markets, by name. */
interface Sweep {
  /** The end of the last hour to fold. */
  readonly beforeMs: number;
  /** The market that is done. */
  after: BookKey | null;
  folded: number;
}

export class Housekeeping {
  readonly #options: HousekeepingOptions;
  #timer: TimerId | null = null;
  /** There may be snapshots; without any it sleeps, so that a clock can come to rest. */
  #needed = false;

  constructor(options: HousekeepingOptions) {
    this.#options = options;
    if (this.#finds()) this.#sweepIn(FIRST_SWEEP_AFTER_MS);
  }

  /** There is a snapshot, which one day will be old. */
  wake(): void {
    this.#needed = true;
    if (this.#timer === null) this.#sweepIn(HOUR_MS);
  }

  /** Nothing is under way between two steps: a step is one transaction. */
  stop(): void {
    if (this.#timer !== null) this.#options.clock.clearTimeout(this.#timer);
  }

  /** A file that cannot be read is left to the sweep, which says what is wrong. */
  #finds(): boolean {
    try {
      return this.#options.store.oldestBook(null) !== null;
    } catch {
      return true;
    }
  }

  #sweepIn(delayMs: number): void {
    const { clock, retention } = this.#options;
    this.#timer = clock.setTimeout(() => {
      this.#needed = false;
      const keptSinceMs = clock.wallMs() - retention.snapshotDays * DAY_MS;
      const beforeMs = Math.floor(keptSinceMs / HOUR_MS) * HOUR_MS;
      this.#step({ beforeMs, after: null, folded: 0 });
    }, delayMs);
  }

  #step(sweep: Sweep): void {
    const { clock, log } = this.#options;
    if (this.#advance(sweep)) {
      this.#timer = clock.setTimeout(() => this.#step(sweep), PAUSE_MS);
      return;
    }
    if (sweep.folded > 0) log.info({ snapshots: sweep.folded }, 'old book snapshots were averaged');
    this.#timer = null;
    if (this.#needed) this.#sweepIn(HOUR_MS);
  }

  /** False where the sweep is over: nothing is left, or nothing can be written now. */
  #advance(sweep: Sweep): boolean {
    const { store, log, retention } = this.#options;
    let oldest: ReturnType<Store['oldestBook']> = null;
    try {
      oldest = store.oldestBook(sweep.after);
      if (oldest === null) return false;
      this.#needed = true;
      if (oldest.atMs >= sweep.beforeMs) sweep.after = oldest;
      else sweep.folded += store.foldBooks(oldest, retention.batchRows);
      return true;
    } catch (thrown) {
      this.#needed = true;
      log.warn({ ...oldest, thrown }, 'old book snapshots could not be averaged yet');
      // A row that cannot be averaged keeps its own market waiting, and no other.
      sweep.after = oldest;
      return oldest !== null && thrown instanceof StoreError && thrown.code === 'DEFECT';
    }
  }
}
