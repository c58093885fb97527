/** How far the venue's clock is from ours, asked now and then. Null until it has answered once. */
import type { Runtime } from '../runtime.ts';

const PERIOD_MS = 30_000;

export class SkewMeter {
  readonly #runtime: Runtime;
  #askedAtMs = Number.NEGATIVE_INFINITY;
  #skewMs: number | null = null;
  /** Of our wall clock over the one that never jumps, when that was measured. */
  #leadMs = 0;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /**
   * What lies between the venue's time and the span in which it was asked, 0 within it; and by how
   * much our own clock was set since then.
   */
  get skewMs(): number | null {
    const { venue } = this.#runtime.options;
    if (venue.clockOffsetMs !== undefined) return Math.abs(venue.clockOffsetMs());
    if (this.#skewMs === null) return null;
    return this.#skewMs + Math.abs(this.#wallLeadMs() - this.#leadMs);
  }

  /** Asks where that was long ago; a venue that fails is asked again in its time. */
  measure(): void {
    const { clock, venue, log } = this.#runtime.options;
    if (venue.clockOffsetMs !== undefined) return;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#askedAtMs < PERIOD_MS || !this.#runtime.gateway.spendRead()) return;
    this.#askedAtMs = nowMs;
    const sentMs = clock.wallMs();
    const leadMs = this.#wallLeadMs();
    venue.asOf().then(
      (asOfMs) => {
        this.#skewMs = Math.max(0, asOfMs - clock.wallMs(), sentMs - asOfMs);
        this.#leadMs = leadMs;
      },
      (thrown: unknown) => log.warn({ venue: venue.name, thrown }, 'the venue tells no time'),
    );
  }

  #wallLeadMs(): number {
    const { clock } = this.#runtime.options;
    return Math.round(clock.wallMs() - clock.monotonicMs());
  }
}
