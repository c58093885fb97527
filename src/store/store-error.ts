import { messageOf } from '../domain/errors.ts';

/**
 * A write that was not kept: the whole transaction is rolled back, nothing of it is durable, so
 * nothing of it may be sent. `code` is SQLite's own ("SQLITE_FULL", "SQLITE_CONSTRAINT_CHECK") or
 * "DEFECT" where the record was refused before SQLite saw it.
 */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: string;

  constructor(deed: string, thrown: unknown) {
    super(`${deed} failed and nothing of it was kept: ${messageOf(thrown)}`, { cause: thrown });
    this.code = codeOf(thrown) ?? 'DEFECT';
  }
}

/** The `code` of a system, SQLite or Node error; null where there is none. */
export function codeOf(thrown: unknown): string | null {
  if (!(thrown instanceof Error) || !('code' in thrown)) return null;
  return typeof thrown.code === 'string' ? thrown.code : null;
}

/** Runs a write; whatever it throws comes out as a `StoreError`. */
export function written<T>(deed: string, write: () => T): T {
  try {
    return write();
  } catch (thrown) {
    throw new StoreError(deed, thrown);
  }
}
