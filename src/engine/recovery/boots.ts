/**
 * Notes each start and each clean stop of an engine on one store. Where starts follow each other
 * without a clean stop something kills the process, and it may be our own orders: a person looks.
 */
import { BOOT_WINDOW_MS, BOOTS_MAX } from '../../domain/limits.ts';
import type { Clock, Log } from '../../domain/ports.ts';
import type { OperationRecord, Store } from '../../domain/records.ts';

export interface BootsOptions {
  readonly store: Pick<Store, 'epoch' | 'keep' | 'operations'>;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly log: Log;
}

export class Boots {
  readonly #options: BootsOptions;

  constructor(options: BootsOptions) {
    this.#options = options;
  }

  /** Why this start is one too many; null where it is not. Throws what the store does. */
  begin(): string | null {
    const { store, clock } = this.#options;
    const sinceMs = clock.wallMs() - BOOT_WINDOW_MS;
    this.#note('boot', 'the engine starts');
    const stopped = new Set(store.operations('stop', sinceMs).map(({ epoch }) => epoch));
    const broken = store.operations('boot', sinceMs).filter(({ epoch }) => !stopped.has(epoch));
    if (broken.length <= BOOTS_MAX) return null;
    const minutes = BOOT_WINDOW_MS / 60_000;
    return `${broken.length} starts without a clean stop in ${minutes} minutes: find what ends it`;
  }

  /** After a stop that left nothing open. */
  end(): void {
    try {
      this.#note('stop', 'a clean stop');
    } catch (thrown) {
      this.#options.log.warn({ thrown }, 'a clean stop could not be noted');
    }
  }

  #note(kind: OperationRecord['kind'], reason: string): void {
    const { store, clock } = this.#options;
    const deed = { kind, scope: 'global', actor: 'engine', reason, epoch: store.epoch };
    store.keep({ operations: [{ ...deed, atMs: clock.wallMs() }] });
  }
}
