/** Notices, a log that is kept, and a way out that does what a test says. */
import type { Notice } from '../../src/domain/notice.ts';
import type { VirtualClock } from '../../src/env/virtual-clock.ts';
import type { Alert, Delivery } from '../../src/observe/alerts.ts';

export const notice = (changes: Partial<Notice> = {}): Notice => ({
  kind: 'alarm',
  timeMs: 1_800_000_000_000,
  venue: 'script',
  market: 'M',
  executionId: 'dw-1',
  reason: 'it went wrong',
  ...changes,
});

export const alertOf = (changes: Partial<Alert> = {}): Alert => ({
  kind: 'alarm',
  count: 1,
  firstMs: 1_800_000_000_000,
  lastMs: 1_800_000_000_000,
  notice: notice(),
  text: 'depthwalker alarm: script M dw-1: it went wrong',
  ...changes,
});

/** Fails as long as `faults` holds something to throw; null is a success. */
export class ScriptedDelivery implements Delivery {
  readonly name = 'test';
  readonly sent: Alert[] = [];
  readonly triedAtMs: number[] = [];
  readonly #clock: VirtualClock;
  faults: (Error | null)[] = [];
  hangs = false;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  async send(alert: Alert): Promise<void> {
    this.triedAtMs.push(this.#clock.monotonicMs());
    if (this.hangs) await new Promise(() => undefined);
    const fault = this.faults.shift() ?? null;
    if (fault !== null) throw fault;
    this.sent.push(alert);
  }
}
