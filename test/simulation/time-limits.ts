/** Time limits by the world's own clock, of executions that one process has taken and worked. */
import type { Ground } from './ground.ts';
import type { Tell } from './rules.ts';
import { WORDS } from './words.ts';

/** Kept for closing: twice the slowest answer. */
const CLOSING_MS = 600;

interface Started {
  readonly wantedAtMs: number;
  readonly timeLimitMs: number;
  /** When its first row was written; null before. */
  readonly startedAtMs: number | null;
}

export class TimeLimits {
  readonly #ground: Ground;
  readonly #tell: Tell;
  readonly #started = new Map<string, Started>();

  constructor(ground: Ground, tell: Tell) {
    this.#ground = ground;
    this.#tell = tell;
  }

  /** A process starts: how long the last one had worked it knows by the wall clock alone. */
  booted(): void {
    this.#started.clear();
  }

  wanted(executionId: string, timeLimitMs: number): void {
    const wantedAtMs = this.#ground.clock.monotonicMs();
    if (!this.#started.has(executionId))
      this.#started.set(executionId, { wantedAtMs, timeLimitMs, startedAtMs: null });
  }

  /** Something of it is durable; `closes`: because its time is up. */
  wrote(executionId: string, closes: boolean): void {
    const started = this.#started.get(executionId);
    if (started === undefined) return;
    const startedAtMs = started.startedAtMs ?? this.#ground.clock.monotonicMs();
    this.#started.set(executionId, { ...started, startedAtMs });
    if (closes) this.#over(executionId, started);
  }

  /** It has a result, and this is why. */
  ended(executionId: string, reason: string): void {
    const started = this.#started.get(executionId);
    if (started !== undefined && reason.includes(WORDS.timeLimit)) this.#over(executionId, started);
  }

  #over(executionId: string, { wantedAtMs, timeLimitMs }: Started): void {
    const nowMs = this.#ground.clock.monotonicMs();
    const earlyMs = wantedAtMs + timeLimitMs - Math.min(CLOSING_MS, timeLimitMs / 2) - nowMs;
    // Half of a time limit is not always whole.
    if (earlyMs > 1) this.#tell('time', `${executionId} is over ${earlyMs} ms too early`);
  }

  /** An order of it leaves. */
  ordered(executionId: string): void {
    const { startedAtMs = null, timeLimitMs = 0 } = this.#started.get(executionId) ?? {};
    if (startedAtMs === null) return;
    const lateMs = this.#ground.clock.monotonicMs() - startedAtMs - timeLimitMs;
    if (lateMs > 0) this.#tell('time', `${executionId} orders ${lateMs} ms after its time limit`);
  }
}
