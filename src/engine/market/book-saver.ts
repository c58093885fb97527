/**
 * Books on their way to the market file: those of one turn in one transaction, in a macrotask of
 * its own, so that nothing that trades waits for them. Market data: their loss stops nothing.
 */
import type { Clock, Log, TimerId } from '../../domain/ports.ts';
import type { BookSnapshotRecord, Store } from '../../domain/records.ts';

/** Some minutes of decisions: a file that another program holds is free again by then. */
const WAITING_MAX = 1_000;

export interface BookSaverOptions {
  readonly store: Pick<Store, 'saveBooks'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly onSaved: () => void;
}

export class BookSaver {
  readonly #options: BookSaverOptions;
  #waiting: BookSnapshotRecord[] = [];
  #timer: TimerId | null = null;
  #failing = false;

  constructor(options: BookSaverOptions) {
    this.#options = options;
  }

  keep(books: readonly BookSnapshotRecord[]): void {
    if (books.length === 0) return;
    this.#waiting.push(...books);
    this.#timer ??= this.#options.clock.setTimeout(() => this.#save(), 0);
  }

  /** Saves what is left, at once. */
  stop(): void {
    if (this.#timer !== null) this.#options.clock.clearTimeout(this.#timer);
    if (this.#waiting.length > 0) this.#save();
  }

  /** What fails is tried again with the next turn's books, up to a bound: one may be the fault. */
  #save(): void {
    const { store, log, onSaved } = this.#options;
    this.#timer = null;
    try {
      store.saveBooks(this.#waiting);
      this.#waiting = [];
      this.#failing = false;
      onSaved();
    } catch (thrown) {
      const { length: snapshots } = this.#waiting;
      if (!this.#failing) log.warn({ snapshots, thrown }, 'book snapshots could not be kept yet');
      this.#failing = true;
      if (snapshots < WAITING_MAX) return;
      log.warn({ snapshots, thrown }, 'book snapshots are lost');
      this.#waiting = [];
    }
  }
}
