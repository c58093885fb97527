/**
 * How long executions take from stage to stage: each one's own times, and the quantiles of all that
 * ended in this process. Times are those of the clock that never jumps; nothing is decided on them.
 */
import {
  LATENCY_ROW,
  type LatencyView,
  STAGES,
  type Stage,
  type StageLatencies,
} from '../domain/latency.ts';
import type { RiskStateRecord } from '../domain/records.ts';
import { Histogram } from './histogram.ts';

/** One execution's. */
export class StageTimes {
  readonly #signalMs: number | null;
  readonly #atMs: Partial<Record<Stage, number>> = {};

  /** `signalMs` null: it began in an earlier process, whose clock was another one. */
  constructor(signalMs: number | null) {
    this.#signalMs = signalMs;
  }

  /** It has not come so far yet; asked before a clock is. */
  lacks(stage: Stage): boolean {
    return this.#signalMs !== null && this.#atMs[stage] === undefined;
  }

  reach(stage: Stage, nowMs: number): void {
    if (this.lacks(stage)) this.#atMs[stage] = nowMs;
  }

  /** Milliseconds from one stage to another; null where one of them was not reached. */
  between(from: Stage | 'signal', to: Stage): number | null {
    const fromMs = from === 'signal' ? this.#signalMs : this.#atMs[from];
    const toMs = this.#atMs[to];
    if (fromMs === undefined || fromMs === null || toMs === undefined) return null;
    // Whole microseconds: the rest is noise in a printed figure.
    return Math.round((toMs - fromMs) * 1_000) / 1_000;
  }

  get latencies(): StageLatencies {
    return {
      startedMs: this.between('signal', 'started'),
      admittedMs: this.between('signal', 'admitted'),
      decidedMs: this.between('signal', 'decided'),
      committedMs: this.between('signal', 'committed'),
      sentMs: this.between('signal', 'sent'),
      ackedMs: this.between('signal', 'acked'),
      filledMs: this.between('signal', 'filled'),
    };
  }
}

/** What came before, for each stage: a fill may be there before the venue's answer. */
const SINCE: Readonly<Record<Stage, Stage | 'signal'>> = {
  started: 'signal',
  admitted: 'started',
  decided: 'admitted',
  committed: 'decided',
  sent: 'committed',
  acked: 'sent',
  filled: 'sent',
};

const KEEP_MS = 1_000;

/** All executions of one venue. */
export class LatencyMeter {
  readonly #venue: string;
  readonly #histograms = STAGES.map((stage) => ({ stage, histogram: new Histogram() }));
  #executions = 0;
  #kept = 0;
  #keptAtMs = Number.NEGATIVE_INFINITY;

  constructor(venue: string) {
    this.#venue = venue;
  }

  /** An execution has ended. */
  note(times: StageTimes): void {
    this.#executions += 1;
    for (const { stage, histogram } of this.#histograms) {
      const ms = times.between(SINCE[stage], stage);
      if (ms !== null) histogram.note(ms);
    }
  }

  get view(): LatencyView {
    return {
      venue: this.#venue,
      executions: this.#executions,
      stages: this.#histograms.map(({ stage, histogram }) => ({
        stage,
        since: SINCE[stage],
        count: histogram.count,
        p50Ms: histogram.quantileMs(0.5),
        p90Ms: histogram.quantileMs(0.9),
        p99Ms: histogram.quantileMs(0.99),
        maxMs: histogram.maxMs,
      })),
    };
  }

  /** Executions have ended since the store was told. */
  get hasNews(): boolean {
    return this.#executions !== this.#kept;
  }

  /** What the store shall be told: at most one row in a second. */
  rows(now: { readonly monotonicMs: number; readonly wallMs: number }): readonly RiskStateRecord[] {
    if (!this.hasNews || now.monotonicMs < this.#keptAtMs + KEEP_MS) return [];
    this.#kept = this.#executions;
    this.#keptAtMs = now.monotonicMs;
    const name = `${LATENCY_ROW}${this.#venue}`;
    return [{ name, body: JSON.stringify(this.view), atMs: now.wallMs }];
  }
}
