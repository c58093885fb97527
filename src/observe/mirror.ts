/**
 * A second copy of fills, metrics and books, for whoever analyses them elsewhere. It is told after
 * they are durable; what it throws is logged, and changes nothing.
 */
import type { Log } from '../domain/ports.ts';
import type { BookSnapshotRecord, FillRecord, MetricsRecord, Store } from '../domain/records.ts';

/** Returns at once: the engine waits for nobody. */
export interface Mirror {
  fills(records: readonly FillRecord[]): void;
  metrics(records: readonly MetricsRecord[]): void;
  books(records: readonly BookSnapshotRecord[]): void;
}

export function mirrored(store: Store, mirror: Mirror, log: Pick<Log, 'warn'> | null): Store {
  let told = false;
  const safely = (run: () => void): void => {
    try {
      run();
    } catch (thrown) {
      if (!told) log?.warn({ thrown }, 'the mirror threw: it is behind');
      told = true;
    }
  };
  const replaced: Partial<Store> = {
    commit: (turn) => {
      store.commit(turn);
      if (turn.fills.length > 0) safely(() => mirror.fills(turn.fills));
      if (turn.metrics.length > 0) safely(() => mirror.metrics(turn.metrics));
    },
    saveBooks: (books) => {
      store.saveBooks(books);
      safely(() => mirror.books(books));
    },
  };
  return new Proxy(store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(name in replaced ? replaced : target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
