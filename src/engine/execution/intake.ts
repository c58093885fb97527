/**
 * Where signals wait for their start: a bounded queue, higher priority first and then the older
 * one. A few leave it in each turn, so that a flood of them never holds up a fill or a cancel.
 */
import type { Outcome } from '../../../machines/execution/execution.protocol.ts';
import { InputError, invariant } from '../../domain/errors.ts';
import {
  EXECUTIONS_PER_MARKET_MAX,
  STARTS_PER_TURN_MAX,
  TURN_INPUTS_MAX,
} from '../../domain/limits.ts';
import type { Clock } from '../../domain/ports.ts';
import type { MarketHost } from '../market/market-host.ts';
import type { Runtime } from '../runtime.ts';
import { ExecutionRecord, type Wish } from './execution-record.ts';

interface Leaver {
  readonly record: ExecutionRecord;
  readonly outcome: Outcome;
  readonly reason: string;
}

export class Intake {
  readonly #runtime: Runtime;
  /** The next to start comes first. */
  readonly #waiting: ExecutionRecord[] = [];
  /** They will not start, and get their results a few in each turn. */
  readonly #leaving: Leaver[] = [];
  /** Nobody was told yet that they wait. */
  readonly #fresh = new Set<ExecutionRecord>();
  #live = 0;
  #started = 0;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  get waiting(): readonly ExecutionRecord[] {
    return this.#waiting;
  }

  /** All that were taken and are not among the runtime's records yet. */
  get unfinished(): readonly ExecutionRecord[] {
    return [...this.#waiting, ...this.#leaving.map(({ record }) => record)];
  }

  /** Starts it in this turn or a later one; throws an `InputError` where the queue is full. */
  take(wish: Wish): ExecutionRecord {
    const { options, wheel } = this.#runtime;
    this.assertRoom(1);
    // Followed while it waits, so that it finds the market's recent trading.
    this.#runtime.hostOf(wish.instrument.symbol);
    const { ids, clock } = options;
    const [wallMs, monotonicMs] = [clock.wallMs(), clock.monotonicMs()];
    const record = new ExecutionRecord(ids.executionId(), wish, wallMs, monotonicMs);
    this.#waiting.splice(this.#rankOf(record), 0, record);
    this.#fresh.add(record);
    this.#start();
    if (!this.#fresh.has(record)) return record;
    const { expiresAtMs, reason } = lastMoment(record, clock);
    wheel.arm(`${record.id}:queue`, expiresAtMs, () => this.#drop(record, 'refused', reason));
    this.#runtime.wake();
    this.#runtime.moved$.next();
    return record;
  }

  /** Ends one that has not started; false where there is none such. */
  cancel(executionId: string, reason: string): boolean {
    const record = this.#waiting.find(({ id }) => id === executionId);
    if (record !== undefined) this.#drop(record, 'cancelled', reason);
    return record !== undefined;
  }

  cancelAll(reason: string): void {
    for (const record of this.#waiting.toReversed()) this.#drop(record, 'cancelled', reason);
  }

  /** One that an earlier process had started counts among the living. */
  adopt(): void {
    this.#live += 1;
  }

  /** One of those that were started has its result. */
  ended(): void {
    this.#live -= 1;
  }

  /** The end of a turn: there may be room again. */
  endTurn(): void {
    // Not before fills and cancels: they and what starts fit into the next turn.
    const isBusy = this.#runtime.backlog + STARTS_PER_TURN_MAX > TURN_INPUTS_MAX;
    this.#started = isBusy ? STARTS_PER_TURN_MAX : 0;
    this.#start();
    for (const { record, outcome, reason } of this.#leaving.splice(0, TURN_INPUTS_MAX)) {
      this.#handOver(record);
      this.#runtime.abandon(record.id, outcome, reason);
      this.#runtime.wake();
    }
    for (const record of this.#fresh) {
      record.showState('queued', record.startedAtMs);
      record.flushStates();
    }
    this.#fresh.clear();
    // Those that wait for another reason start when an execution ends, and that is a turn.
    if (this.#started >= STARTS_PER_TURN_MAX) this.#runtime.wake();
  }

  /** Throws an `InputError` where the queue does not take so many more. */
  assertRoom(count: number): void {
    const { maxQueuedSignals } = this.#runtime.options;
    const wanted = this.#waiting.length + this.#leaving.length + count;
    if (wanted <= maxQueuedSignals) return;
    const rule = `at most ${maxQueuedSignals} signals wait for their start`;
    throw new InputError(rule, wanted, 'wait for a result, or cancel some');
  }

  /** Behind all that are at least as urgent. */
  #rankOf({ wish }: ExecutionRecord): number {
    const priority = wish.signal.priority ?? 0;
    let [low, high] = [0, this.#waiting.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#waiting[middle]?.wish.signal.priority ?? 0) >= priority) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #start(): void {
    const { maxLiveExecutions, clock, isReady } = this.#runtime.options;
    if (!isReady()) return;
    for (let index = 0; index < this.#waiting.length; ) {
      if (this.#started >= STARTS_PER_TURN_MAX || this.#live >= maxLiveExecutions) return;
      const record = this.#waiting[index];
      if (record === undefined) return;
      const host = this.#runtime.hostOf(record.wish.instrument.symbol);
      const { expiresAtMs, reason } = lastMoment(record, clock);
      if (clock.wallMs() > expiresAtMs) this.#drop(record, 'refused', reason);
      else if (host.alive.size >= EXECUTIONS_PER_MARKET_MAX) index += 1;
      else this.#request(host, record);
    }
  }

  #drop(record: ExecutionRecord, outcome: Outcome, reason: string): void {
    this.#takeOut(record);
    this.#leaving.push({ record, outcome, reason });
    this.#runtime.wake();
  }

  #takeOut(record: ExecutionRecord): void {
    const index = this.#waiting.indexOf(record);
    invariant(index >= 0, 'whoever leaves the queue was in it', record.id);
    this.#waiting.splice(index, 1);
    this.#runtime.wheel.cancel(`${record.id}:queue`);
    this.#fresh.delete(record);
  }

  #request(host: MarketHost, record: ExecutionRecord): void {
    this.#started += 1;
    this.#live += 1;
    this.#takeOut(record);
    this.#handOver(record);
    host.adopt(record);
    const { venue, whenStale } = this.#runtime.options;
    const { id, wish } = record;
    const { signal, instrument, outcome, quantity: target } = wish;
    const terms = { symbol: instrument.symbol, outcome, action: signal.action };
    const amendable = venue.capabilities.amend !== null && venue.amend !== undefined;
    const { expiry: expiring } = venue.capabilities;
    const input = { id, terms, target, amendable, expiring, whenStale };
    this.#runtime.enqueue(host, { type: 'execution.requested', input });
  }

  /** From here on it is one of the runtime's, and its signal is used up. */
  #handOver(record: ExecutionRecord): void {
    const { outbox, records } = this.#runtime;
    const { id: executionId, wish, startedAtMs: receivedAtMs } = record;
    records.set(executionId, record);
    const { signalId } = wish.signal;
    outbox.signals.push({ signalId, executionId, body: JSON.stringify(wish.signal), receivedAtMs });
  }
}

/** When it is too late to start, and why. */
function lastMoment(
  record: ExecutionRecord,
  clock: Clock,
): { readonly expiresAtMs: number; readonly reason: string } {
  const { signal } = record.wish;
  const deadlineMs = record.startedBy(clock) + signal.timeLimitMs;
  const { validUntilMs = deadlineMs } = signal;
  if (validUntilMs < deadlineMs) return { expiresAtMs: validUntilMs, reason: tooOld(validUntilMs) };
  return { expiresAtMs: deadlineMs, reason: 'its time limit passed before it could start' };
}

export const tooOld = (validUntilMs: number): string =>
  `the signal was valid until ${validUntilMs} ms, and had not started`;
