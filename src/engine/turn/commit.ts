/**
 * The end of a turn: one transaction for all of it, then what it says goes out, in order, in the
 * same synchronous step. Where the transaction fails nothing but cancels is sent, the engine halts,
 * and the rows are tried again. The store refuses it, too, once its epoch is another engine's.
 */
import { messageOf } from '../../domain/errors.ts';
import { JOURNAL_GRACE_MS, RETRY_MS } from '../../domain/limits.ts';
import type { OrderRef } from '../../domain/order.ts';
import type { BookSnapshotRecord } from '../../domain/records.ts';
import { splitOrdersOf } from '../execution/advise.ts';
import type { ExecutionRecord } from '../execution/execution-record.ts';
import type { Runtime } from '../runtime.ts';
import { latencyRows, noteCommitted } from '../views/latency.ts';
import { bookRow, executionRow, metricsRow, splitOrderRows, tradeRow } from './rows.ts';
import { updateRows } from './update-rows.ts';

export class Committer {
  readonly #runtime: Runtime;
  readonly #resolve: (ref: OrderRef) => void;
  /** When the journal began to fail; null while it works. By the clock that never jumps. */
  #failingSinceMs: number | null = null;
  #leavingSinceMs: number | null = null;

  constructor(runtime: Runtime, resolve: (ref: OrderRef) => void) {
    this.#runtime = runtime;
    this.#resolve = resolve;
  }

  commitTurn(): void {
    const { outbox, gateway, records, options } = this.#runtime;
    if (outbox.isEmpty) return;
    const touched = [...outbox.touched].flatMap((id) => records.get(id) ?? []);
    const failure = write(this.#runtime, touched);
    const { commands, resolutions } = outbox.takeCommands();
    for (const command of commands)
      if (failure === null || command.kind === 'cancel') gateway.dispatch(command);
      else gateway.refuse(command, `it could not be made durable: ${failure}`);
    for (const ref of resolutions) this.#resolve(ref);
    if (failure !== null && !this.#givesUp(failure)) return;
    if (failure === null) this.#failingSinceMs = null;
    else for (const record of touched) record.finished ??= record.conclusion?.result ?? null;
    options.keepBooks(booksOf(this.#runtime));
    const { updates, fills, journal } = outbox;
    outbox.clear();
    this.#runtime.portfolio.take({ fills, journal }, records);
    this.#runtime.moved$.next();
    for (const update of updates) records.get(update.executionId)?.updates.next(update);
    for (const record of touched) record.flushStates();
    for (const record of touched) record.publish();
  }

  /** Somebody waits for the results, to stop: from now on a journal that fails has little time. */
  leave(): void {
    this.#leavingSinceMs ??= this.#runtime.options.clock.monotonicMs();
  }

  /**
   * Rows are kept and tried again for as long as the process lives; halted as it is, few come. Only
   * a stop cannot wait: what is lost then is our account of it, which the next start gets anew from
   * the venue.
   */
  #givesUp(failure: string): boolean {
    const { options, wheel, outbox } = this.#runtime;
    const { clock, log, halt } = options;
    const nowMs = clock.monotonicMs();
    if (this.#failingSinceMs === null) {
      this.#failingSinceMs = nowMs;
      halt(`the journal could not be written: ${failure}`);
    }
    const sinceMs = Math.max(this.#leavingSinceMs ?? Infinity, this.#failingSinceMs);
    if (nowMs - sinceMs < JOURNAL_GRACE_MS) {
      wheel.armIn('journal', RETRY_MS, () => this.#runtime.wake());
      return false;
    }
    const rows = outbox.journal.length;
    const fills = outbox.fills.map(({ fillId }) => fillId);
    log.error({ failure, rows, fills }, 'rows are lost and results are given that are not durable');
    return true;
  }
}

/** What kept it from being durable; null when it is. */
function write(runtime: Runtime, touched: readonly ExecutionRecord[]): string | null {
  const { outbox, options } = runtime;
  const actorOf = (record: ExecutionRecord) =>
    record.abandoned === null
      ? runtime.hostOf(record.wish.instrument.symbol).execution(record.id)
      : null;
  const ended = touched.flatMap((record) =>
    record.conclusion === null || record.finished !== null
      ? []
      : [{ record, conclusion: record.conclusion }],
  );
  for (const { record, conclusion } of ended) record.finished = conclusion.result;
  try {
    options.store.commit({
      journal: outbox.journal,
      signals: outbox.signals,
      executions: touched.map((record) => executionRow(record, actorOf(record))),
      splitOrders: touched.flatMap((record) => splitOrderRows(record, actorOf(record))),
      fills: outbox.fills,
      trades: ended.flatMap(({ record, conclusion }) => tradeRow(record, conclusion.result) ?? []),
      metrics: ended.map(({ record, conclusion }) => {
        const { fillRate, makerShare, result } = conclusion;
        return metricsRow(record, result, { fillRate, makerShare });
      }),
      risk: latencyRows(runtime),
      nextSequence: options.ids.nextSequence,
      ...updateRows(runtime, touched),
    });
    noteCommitted(touched, options.clock);
    for (const record of touched) {
      const actor = actorOf(record);
      if (actor !== null) record.durableOrders = new Set(splitOrdersOf(actor));
    }
    return null;
  } catch (thrown) {
    options.log.error({ thrown }, 'a turn could not be made durable');
    for (const { record } of ended) record.finished = null;
    return messageOf(thrown);
  }
}

/** The book that each decision of this turn was made on. Market data: its loss stops nothing. */
function booksOf(runtime: Runtime): readonly BookSnapshotRecord[] {
  const { outbox, records, options } = runtime;
  const symbols = new Set(
    outbox.journal
      .filter(({ type }) => type === 'execution.decided')
      .flatMap(({ executionId }) => records.get(executionId)?.wish.instrument.symbol ?? []),
  );
  return [...symbols].flatMap((symbol) => {
    try {
      return bookRow(runtime.hostOf(symbol), options.clock.wallMs());
    } catch (thrown) {
      options.log.warn({ symbol, thrown }, 'a book snapshot could not be taken');
      return [];
    }
  });
}
