/** How far the venue's clock is from ours, asked now and then. Null until it has answered once. */
import type { Runtime } from '../runtime.ts';

const PERIOD_MS = 30_000;

export class SkewMeter {
  readonly #runtime: Runtime;
  #askedAtMs = Number.NEGATIVE_INFINITY;
  #skewMs: number | null = null;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** What lies between the venue's time and the span in which it was asked; 0 within it. */
  get skewMs(): number | null {
    return this.#skewMs;
  }

  /** Asks where that was long ago; a venue that fails is asked again in its time. */
  measure(): void {
    const { clock, venue, log } = this.#runtime.options;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#askedAtMs < PERIOD_MS || !this.#runtime.gateway.spendRead()) return;
    this.#askedAtMs = nowMs;
    const sentMs = clock.wallMs();
    venue.asOf().then(
      (asOfMs) => {
        this.#skewMs = Math.max(0, asOfMs - clock.wallMs(), sentMs - asOfMs);
      },
      (thrown: unknown) => log.warn({ venue: venue.name, thrown }, 'the venue tells no time'),
    );
  }
}
