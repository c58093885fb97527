/** What is told to a bot in another process, as a store keeps it until that has heard it. */

export interface UpdateRecord {
  /** JSON text of an object. */
  readonly body: string;
  readonly atMs: number;
}

export interface StoredUpdate extends UpdateRecord {
  /** Counts up by one from 1, over restarts too. */
  readonly sequence: number;
}

export interface UpdateLog {
  /** Of the oldest that is kept, and of the newest; 1 and 0 where there never was one. */
  extent(): { readonly first: number; readonly last: number };
  /** Those that follow a sequence number, the oldest first. */
  after(sequence: number, rowsMax: number): readonly StoredUpdate[];
  /**
   * Forgets up to `rowsMax` of those up to `through`, and of those older than `beforeMs`; never the
   * newest, which the next one counts from. Returns how many.
   */
  forget(old: { readonly through: number; readonly beforeMs: number }, rowsMax: number): number;
}

export interface KeepingUpdates {
  /** What is still to be told; left out of a store that was not asked to keep it. */
  readonly updates?: UpdateLog;
}
