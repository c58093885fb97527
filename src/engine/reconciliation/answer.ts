/** Answers in time: a call that never settles must not hold up whoever asked. */
import type { Clock, TimerId } from '../../domain/ports.ts';

export class Answers {
  readonly #clock: Pick<Clock, 'setTimeout' | 'clearTimeout'>;
  readonly #open = new Set<TimerId>();

  constructor(clock: Pick<Clock, 'setTimeout' | 'clearTimeout'>) {
    this.#clock = clock;
  }

  /** Rejects after `timeoutMs`; what comes later is dropped. */
  within<T>(timeoutMs: number, call: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = this.#clock.setTimeout(() => {
        this.#open.delete(timer);
        reject(new Error(`no answer within ${timeoutMs} ms`));
      }, timeoutMs);
      this.#open.add(timer);
      const settled = (): void => {
        this.#clock.clearTimeout(timer);
        this.#open.delete(timer);
      };
      call.finally(settled).then(resolve, reject);
    });
  }

  /** Waits for none any more: those that are open stay unanswered. */
  stop(): void {
    for (const timer of this.#open) this.#clock.clearTimeout(timer);
    this.#open.clear();
  }
}
