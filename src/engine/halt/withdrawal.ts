/**
 * One halt, carried out: cancel, ask, and ask again until every end is proven. After half a minute
 * it says what is left, and goes on.
 */
import type { Subscription } from 'rxjs';
import { type Halt, type HaltReport, type HaltScope, scopeName } from '../../domain/halts.ts';
import { ANSWER_TIMEOUT_MS, RETRY_MS } from '../../domain/limits.ts';
import type { Clock, Log, TimerId } from '../../domain/ports.ts';
import type { Runtime } from '../runtime.ts';
import { VenueWithdrawal } from './venue-withdrawal.ts';

/** By then there is a proof or an alarm: nobody may wait longer to hear of what is left. */
export const HALT_REPORT_MS = 30_000;

/** After the alarm a person looks at it, too. */
const SLOW_RETRY_MS = 10_000;

/** An alarm may be missed: as long as it is true it is told again. */
export const ALARM_AGAIN_MS = 600_000;

export interface WithdrawalOptions {
  readonly halt: Halt;
  /** Those in its scope. */
  readonly runtimes: readonly Runtime[];
  readonly clock: Clock;
  readonly log: Log;
  /** Told of what is left, again and again, and once more when that is proven gone. */
  readonly told: (report: HaltReport) => void;
}

interface Part {
  readonly runtime: Runtime;
  readonly withdrawal: VenueWithdrawal;
  readonly moved: Subscription;
  /** When the question was asked that is not answered yet. */
  askedAtMs: number | null;
}

export class Withdrawal {
  /** What was learnt within half a minute; never rejects. */
  readonly report: Promise<HaltReport>;
  readonly #options: WithdrawalOptions;
  readonly #startedAtMs: number;
  readonly #parts: readonly Part[];
  #settle: (report: HaltReport) => void = () => undefined;
  #timer: TimerId | null = null;
  #alarm: TimerId | null = null;
  #isLate = false;
  #isOver = false;

  constructor(options: WithdrawalOptions) {
    const { runtimes, halt, clock } = options;
    this.#options = options;
    this.#startedAtMs = clock.monotonicMs();
    this.report = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#parts = runtimes.map((runtime): Part => {
      const withdrawal = new VenueWithdrawal(runtime, halt);
      const moved = runtime.moved$.subscribe(() => this.#moved(part));
      const part: Part = { runtime, withdrawal, moved, askedAtMs: null };
      return part;
    });
    this.#alarm = clock.setTimeout(() => this.#raiseAlarm(), HALT_REPORT_MS);
    this.#step();
  }

  get scope(): HaltScope {
    return this.#options.halt.scope;
  }

  /** Says what is known so far, and asks no more. */
  stop(): void {
    if (this.#isOver) return;
    this.#end();
    this.#settle(this.#reportNow());
  }

  /** Each second, and after the alarm more slowly. */
  #step(): void {
    this.#timer = null;
    for (const part of this.#parts) this.#withdraw(part);
    if (this.#judge()) return;
    const delayMs = this.#isLate ? SLOW_RETRY_MS : RETRY_MS;
    this.#timer = this.#options.clock.setTimeout(() => this.#step(), delayMs);
  }

  /** What breaks at one venue keeps nothing from being withdrawn elsewhere, nor from a next try. */
  #withdraw(part: Part): void {
    try {
      void part.withdrawal.cancelAll();
      part.withdrawal.tell();
      this.#look(part);
    } catch (thrown) {
      const { name: venue } = part.runtime.options.venue;
      this.#options.log.error({ venue, thrown }, 'a halt broke here, and is tried again');
    }
  }

  /** The last order has just ended: the venue is asked at once. */
  #moved(part: Part): void {
    if (!this.#isOver && part.askedAtMs === null && !part.withdrawal.hasLiving) this.#look(part);
  }

  #look(part: Part): void {
    const { clock, log } = this.#options;
    const nowMs = clock.monotonicMs();
    if (part.askedAtMs !== null && nowMs - part.askedAtMs < ANSWER_TIMEOUT_MS) return;
    if (part.withdrawal.isProven || !part.runtime.gateway.spendRead()) return;
    part.askedAtMs = nowMs;
    const answered = (): void => {
      // An answer that was not waited for any more is as good as any.
      if (part.askedAtMs === nowMs) part.askedAtMs = null;
      this.#judge();
    };
    part.withdrawal.look().then(answered, (thrown: unknown) => {
      log.warn({ venue: part.runtime.options.venue.name, thrown }, 'no listing of open orders');
      answered();
    });
  }

  /** True where there is nothing left to do. */
  #judge(): boolean {
    if (this.#isOver) return true;
    if (!this.#parts.every(({ withdrawal }) => withdrawal.isProven)) return false;
    this.#end();
    const report = this.#reportNow();
    this.#options.log.warn(report, 'halted: no order of ours is open any more');
    this.#options.told(report);
    this.#settle(report);
    return true;
  }

  #raiseAlarm(): void {
    this.#isLate = true;
    this.#alarm = this.#options.clock.setTimeout(() => this.#raiseAlarm(), ALARM_AGAIN_MS);
    const report = this.#reportNow();
    this.#options.log.error(report, 'halted, but orders may still rest: look at the venue');
    this.#options.told(report);
    this.#settle(report);
  }

  #end(): void {
    this.#isOver = true;
    for (const { moved, withdrawal } of this.#parts) {
      moved.unsubscribe();
      withdrawal.stop();
    }
    for (const timer of [this.#timer, this.#alarm])
      if (timer !== null) this.#options.clock.clearTimeout(timer);
  }

  #reportNow(): HaltReport {
    const { halt, clock } = this.#options;
    const withdrawals = this.#parts.map(({ withdrawal }) => withdrawal);
    return {
      id: halt.id,
      scope: scopeName(halt.scope),
      reason: halt.reason,
      seconds: Math.round(clock.monotonicMs() - this.#startedAtMs) / 1_000,
      cancelled: withdrawals.reduce((sum, each) => sum + each.cancelled(), 0),
      residual: withdrawals.flatMap((each) => each.residual()),
      proven: withdrawals.every(({ isProven }) => isProven),
      known: true,
    };
  }
}
