/**
 * A store that keeps what is to be told. The engine believes to close it: what it says last is told
 * after that, and only then the store is closed.
 */
import { invariant } from '../domain/errors.ts';
import type { Store, StoredExecution } from '../domain/records.ts';
import type { UpdateLog } from '../domain/updates.ts';
import { openStore, type StoreOptions } from '../store/open-store.ts';

export class KeptStore {
  #store: Store | null = null;
  /** Told that there may be updates. */
  onUpdates: () => void = () => undefined;

  readonly open = (options: StoreOptions): Store => {
    const store = openStore({ ...options, onUpdates: () => this.onUpdates() });
    this.#store = store;
    const close = (): void => undefined;
    return new Proxy(store, {
      get: (target, name) => (name === 'close' ? close : (Reflect.get(target, name) as unknown)),
    });
  };

  /** Throws before an engine has opened it. */
  get updates(): UpdateLog {
    const updates = this.#store?.updates;
    invariant(updates !== undefined, 'an engine opens its store before it runs');
    return updates;
  }

  execution(executionId: string): StoredExecution | null {
    return this.#store?.execution(executionId) ?? null;
  }

  close(): void {
    this.#store?.close();
  }
}
