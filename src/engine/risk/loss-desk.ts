/**
 * Watches what the account loses at one venue, and halts the venue where that is too much. Such a
 * halt outlives midnight and the process; a person resumes, and what was lost until then is known.
 */
import type { Instrument } from '../../domain/instrument.ts';
import { formatMoney } from '../../domain/money.ts';
import type { Ticks } from '../../domain/numbers.ts';
import type { StoredFill } from '../../domain/records.ts';
import { type RiskLimits, SESSION_AT_MIDNIGHT } from '../../risk/limits.ts';
import type { Runtime } from '../runtime.ts';
import { keepRisk } from './keep-risk.ts';
import { Marks } from './marks.ts';
import { SessionBook } from './session-book.ts';

const LIMITS = [
  'maxDailyLoss',
  'maxDailyTrades',
  'maxDailyVolume',
  'maxLossesInARow',
  'maxLossScore',
] as const satisfies readonly (keyof RiskLimits)[];

export class LossDesk {
  readonly #runtime: Runtime;
  readonly #halt: (reason: string) => void;
  readonly #marks = new Marks();
  /** Null where nothing limits what a session may bring. */
  readonly session: SessionBook | null;

  constructor(
    runtime: Runtime,
    instruments: ReadonlyMap<string, Instrument>,
    halt: (reason: string) => void,
  ) {
    this.#runtime = runtime;
    this.#halt = halt;
    const { limits, store, clock, venue } = runtime.options;
    const isLimited = LIMITS.some((name) => (limits[name] ?? null) !== null);
    this.session = !isLimited
      ? null
      : new SessionBook({
          ...SESSION_AT_MIDNIGHT,
          ...limits,
          venue: venue.name,
          instruments,
          store,
          keep: (name, body) => keepRisk(runtime.options, name, body),
          nowMs: () => clock.wallMs(),
        });
  }

  booked(fill: StoredFill): void {
    // Nobody may have looked since the last session ended.
    this.session?.roll();
    this.session?.take(fill);
    this.#judge();
  }

  /** Fills were taken back: what was counted of them is counted anew. */
  rebooked(): void {
    this.session?.roll();
    this.session?.rebuild();
    this.#judge();
  }

  settled(market: string, value: Ticks): void {
    this.session?.roll();
    this.session?.settle(market, value, this.#runtime.options.clock.wallMs());
    this.#judge();
  }

  /** What is held at what it would sell for now, in the session of now. */
  look(): void {
    const { session } = this;
    if (session === null) return;
    session.roll();
    const nowMs = this.#runtime.options.clock.monotonicMs();
    for (const market of session.held) {
      const host = this.#runtime.hostOf(market);
      const mark = this.#marks.of(host, session.heldIn(market), nowMs);
      if (mark !== null) session.mark(market, mark);
    }
    this.#judge();
  }

  /**
   * No halt of the venue stands: a person has lifted it, as was seen just now or in the journal, or
   * it never came to be kept.
   */
  unhalted(isLifted: boolean): void {
    const { session } = this;
    const { trippedAtMs = null } = session ?? {};
    if (session === null || trippedAtMs === null) return;
    const { store } = this.#runtime.options;
    if (isLifted || store.operations('resume', trippedAtMs).length > 0) session.forgive();
    else this.#halt(this.#reason(session) ?? 'a loss that was too much');
  }

  #judge(): void {
    const { session } = this;
    if (session === null || session.trippedAtMs !== null) return;
    const reason = this.#reason(session);
    if (reason === null) return;
    session.trip();
    this.#halt(reason);
  }

  #reason({ loss, lossesInARow, score }: SessionBook): string | null {
    const { limits } = this.#runtime.options;
    const { maxDailyLoss = null, maxLossesInARow = null, maxLossScore = null } = limits;
    if (maxDailyLoss !== null && loss.greaterThan(maxDailyLoss))
      return `maxDailyLoss: ${formatMoney(loss.toDecimalPlaces(4))} lost, allowed ${maxDailyLoss}`;
    if (maxLossesInARow !== null && lossesInARow >= maxLossesInARow)
      return `maxLossesInARow: ${lossesInARow}, allowed fewer than ${maxLossesInARow}`;
    if (maxLossScore !== null && score !== null && score < -maxLossScore)
      return `maxLossScore: ${score} deviations from what was paid for, allowed -${maxLossScore}`;
    return null;
  }
}
