/**
 * Answers what executions ask: may I (admission), and what now (decision). It also wakes deciders
 * when their market moved. An algorithm that throws is left for `simple_limit`, with the reason.
 */
import type { ExecutionMessage } from '../../../machines/execution/execution.protocol.ts';
import type { Trigger } from '../../algorithms/algorithm.ts';
import { messageOf } from '../../domain/errors.ts';
import { RETRY_MS } from '../../domain/limits.ts';
import type { Claim } from '../../ledger/exposure.ts';
import type { FeedChange } from '../../streams/market-feed.ts';
import type { MarketHost } from '../market/market-host.ts';
import type { Runtime } from '../runtime.ts';
import type { Question } from '../turn/outbox.ts';
import { admit } from './admission.ts';
import { notesOf } from './admission-notes.ts';
import { type Advice, advise } from './advise.ts';
import { leaseRefusal } from './call-lease.ts';
import type { ExecutionRecord } from './execution-record.ts';

export const FALLBACK = 'simple_limit';

export class Advisor {
  readonly #runtime: Runtime;
  readonly #moved = new Map<MarketHost, Set<FeedChange>>();
  /** Asked while the book could not be decided on: they are asked again as soon as it can. */
  readonly #parked = new Map<MarketHost, Map<string, Question>>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** Whatever an answer throws is the fault of one execution, and ends no other. */
  answer(question: Question): void {
    const record = this.#runtime.records.get(question.executionId);
    if (record === undefined || record.finished !== null) return;
    const host = this.#runtime.hostOf(record.wish.instrument.symbol);
    const isReady = host.feed.fresh && this.#runtime.options.isReady();
    if (!isReady) return this.#park(host, record, question);
    try {
      if (question.kind === 'admission') this.#admit(host, record);
      else this.#decide(host, record, question.trigger);
    } catch (thrown) {
      const { id: executionId } = record;
      this.#runtime.options.log.error({ executionId, thrown }, 'an answer could not be given');
      const reason = `a fault of our own: ${messageOf(thrown)}`;
      this.#tell(host, record, { type: 'execution.faulted', reason });
    }
  }

  /** The book can be decided on now: what waited for that is asked again. */
  unpark(host: MarketHost): void {
    if (!host.feed.fresh || !this.#runtime.options.isReady()) return;
    for (const question of this.#parked.get(host)?.values() ?? []) this.#runtime.ask(question);
    this.#parked.delete(host);
  }

  forget(host: MarketHost, executionId: string): void {
    this.#parked.get(host)?.delete(executionId);
  }

  /** A moved touch costs a set entry, and a turn only where somebody decides on it. */
  noteChange(host: MarketHost, change: FeedChange): boolean {
    if (this.#parked.size > 0 && this.#parked.has(host)) this.unpark(host);
    if (change === 'touch' && !host.touchMoved) return false;
    const known = this.#moved.get(host);
    if (known !== undefined) known.add(change);
    else if (isHeard(host, change)) this.#moved.set(host, new Set([change]));
    else {
      // Whoever begins later plans on this touch: the way back from it is news.
      if (change === 'touch') host.noteTouch();
      return false;
    }
    return true;
  }

  wakeDeciders(): void {
    const moved = [...this.#moved];
    this.#moved.clear();
    for (const [host, changes] of moved)
      for (const change of changes) {
        // It went and came back within the turn: nobody decides on what is no more.
        if (change === 'touch' && !host.touchMoved) continue;
        if (change === 'touch') host.noteTouch();
        for (const record of host.alive)
          if (record.definition.wakesOn[change]) this.#wake(host, record, change);
      }
  }

  #wake(host: MarketHost, record: ExecutionRecord, change: FeedChange): void {
    const snapshot = host.execution(record.id)?.getSnapshot();
    if (snapshot?.hasTag('deciding') && snapshot.context.decisions > 0)
      this.answer({ kind: 'decision', executionId: record.id, trigger: change });
  }

  #park(host: MarketHost, record: ExecutionRecord, question: Question): void {
    const { id, wish } = record;
    const parked = this.#parked.get(host) ?? new Map<string, Question>();
    this.#parked.set(host, parked.set(id, question));
    if (question.kind !== 'admission') return;
    // Without a book there is no arrival price, and without one no cap.
    const startedAtMs = record.startedBy(this.#runtime.options.clock);
    this.#runtime.wheel.arm(`${id}:close`, startedAtMs + wish.signal.timeLimitMs, () => {
      const reason = 'the market had no live book within the time limit';
      this.#runtime.tell(id, { type: 'execution.refused', reason });
    });
  }

  #admit(host: MarketHost, record: ExecutionRecord): void {
    if (!host.execution(record.id)?.getSnapshot().matches('admitting')) return;
    const { ledger, options } = this.#runtime;
    const { limits, minimumEdge, maxSlippageTicks, venue, clock } = options;
    const closingReserveMs = 2 * venue.capabilities.latencyP99Ms;
    const { feed } = host;
    const context = {
      record,
      feed,
      ledger,
      limits,
      riskOf: (claim: Claim) => this.#runtime.risk.atAdmission(host, claim),
      minimumEdge,
      maxSlippageTicks,
      closingReserveMs,
      startedAtMs: record.startedBy(clock),
      nowMs: clock.wallMs(),
    };
    const answer = admit(context);
    if (answer.type !== 'execution.admitted') return this.#tell(host, record, answer);
    this.#lease(record);
    this.#tell(host, record, { ...answer, notes: notesOf(record, ledger) });
    record.stages.reach('admitted', clock.monotonicMs());
  }

  #lease(record: ExecutionRecord): void {
    const { records, gateway, options } = this.#runtime;
    const { definition } = record;
    if (definition.needs === undefined) return;
    const others = [...records.values()].filter((one) => one !== record && one.finished === null);
    const reason = leaseRefusal({ definition, others, unpromised: gateway.unpromised() });
    if (reason === null) {
      gateway.lease(record.id, definition.needs.calls);
      return;
    }
    options.log.warn({ executionId: record.id, reason }, 'worked by simple_limit instead');
    this.#fallBack(record, reason);
  }

  #fallBack(record: ExecutionRecord, reason: string): void {
    const left = record.definition.name;
    this.#runtime.gateway.release(record.id);
    record.fallBack(this.#runtime.options.algorithms.algorithmNamed(FALLBACK), reason);
    this.#runtime.alarm(record.id, `${FALLBACK} works it, ${left} was left: ${reason}`);
  }

  #decide(host: MarketHost, record: ExecutionRecord, trigger: Trigger): void {
    const { clock } = this.#runtime.options;
    const { id, pausedUntilMs } = record;
    const nowMs = clock.monotonicMs();
    // Of an order that no question clears nobody knows how much is left to decide about.
    const untilMs = this.#hasStuckDoubt(record) ? nowMs + RETRY_MS : pausedUntilMs;
    if (nowMs < untilMs) {
      const question: Question = { kind: 'decision', executionId: id, trigger };
      this.#runtime.wheel.armIn(`${id}:pause`, untilMs - nowMs, () => this.#runtime.ask(question));
      return;
    }
    const advice = this.#advice(host, record, trigger);
    if (advice === null) return;
    const actor = host.execution(record.id);
    if (actor !== null) record.note(advice.directives, actor, clock.wallMs());
    const { directives, algorithmState, wakeAtMs } = advice;
    const touch = host.touch(record.wish.outcome);
    const viewVersion = host.feed.book.version;
    const terms = { trigger, directives, algorithmState, wakeAtMs, viewVersion, touch };
    const { fallbackReason } = record;
    const fallback = fallbackReason === null ? {} : { fallbackReason };
    this.#tell(host, record, { type: 'execution.decided', ...terms, ...fallback });
    if (wakeAtMs === null) return;
    this.#runtime.wheel.arm(`${id}:wake`, wakeAtMs, () =>
      this.#runtime.tell(id, { type: 'deadline.due', deadline: 'wake', atMs: wakeAtMs }),
    );
  }

  #hasStuckDoubt({ orders }: ExecutionRecord): boolean {
    const { resolver } = this.#runtime.reconciliation;
    if (!resolver.hasStuck) return false;
    return [...orders.values()].some(({ clientOrderIds }) =>
      clientOrderIds.some((id) => resolver.isStuck(id)),
    );
  }

  #advice(host: MarketHost, record: ExecutionRecord, trigger: Trigger): Advice | null {
    const actor = host.execution(record.id);
    if (actor === null || !actor.getSnapshot().hasTag('deciding')) return null;
    const { options, gateway } = this.#runtime;
    const { clock, ids, log } = options;
    const callsLeft = gateway.callsLeft(record.id);
    const nowMs = clock.wallMs();
    const collar = this.#runtime.risk.collarOf(host, record.id);
    const { feed } = host;
    const context = { record, actor, feed, nowMs, callsLeft, collar, ids, log };
    try {
      return advise(context, trigger);
    } catch (thrown) {
      const { name } = record.definition;
      log.error({ executionId: record.id, algorithm: name, thrown }, 'an algorithm threw');
      if (name === FALLBACK) throw thrown;
      this.#fallBack(record, messageOf(thrown));
      return advise(context, trigger);
    }
  }

  #tell(host: MarketHost, { id: executionId }: ExecutionRecord, message: ExecutionMessage): void {
    this.#runtime.apply(host, { type: 'execution.told', executionId, message });
  }
}

function isHeard({ alive }: MarketHost, change: FeedChange): boolean {
  for (const { definition } of alive) if (definition.wakesOn[change]) return true;
  return false;
}
