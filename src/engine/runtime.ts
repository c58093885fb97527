/**
 * The host of all markets: takes inputs in turns, answers what the charts ask (admission,
 * decisions), makes each turn durable, and only then lets it out. It holds the parts together and
 * decides nothing.
 */
import { Subject } from 'rxjs';
import type { ExecutionMessage, Outcome } from '../../machines/execution/execution.protocol.ts';
import type { MarketEvent } from '../../machines/market/market.protocol.ts';
import { messageOf } from '../domain/errors.ts';
import type { Instrument } from '../domain/instrument.ts';
import { DECISIONS_PER_TURN_MAX } from '../domain/limits.ts';
import { lots } from '../domain/numbers.ts';
import type { OrderReport } from '../domain/order.ts';
import type { Subscription } from '../domain/ports.ts';
import { TimerWheel } from '../env/timer-wheel.ts';
import { Gateway } from '../gateway/gateway.ts';
import { ExposureLedger } from '../ledger/exposure.ts';
import { LatencyMeter } from '../observe/latency.ts';
import { Advisor } from './execution/advisor.ts';
import type { ExecutionRecord } from './execution/execution-record.ts';
import { Intake } from './execution/intake.ts';
import type { MarketHost } from './market/market-host.ts';
import { Markets } from './market/markets.ts';
import { Reconciliation } from './reconciliation/reconcile.ts';
import { callsBefore } from './recovery/calls-before.ts';
import { gateState, isWanted } from './risk/gate-state.ts';
import { RiskDesk } from './risk/risk-desk.ts';
import type { RuntimeOptions } from './runtime-options.ts';
import { Committer } from './turn/commit.ts';
import { contain } from './turn/contain.ts';
import { endExecution, noteStates } from './turn/ending.ts';
import { Outbox, type Question } from './turn/outbox.ts';
import { Turns } from './turn/turn.ts';
import { Portfolio } from './views/portfolio.ts';

interface Input {
  readonly host: MarketHost;
  readonly event: MarketEvent;
}

export class Runtime {
  readonly options: RuntimeOptions;
  readonly outbox = new Outbox();
  readonly records = new Map<string, ExecutionRecord>();
  readonly wheel: TimerWheel;
  readonly ledger = new ExposureLedger();
  readonly latency: LatencyMeter;
  readonly gateway: Gateway;
  readonly intake = new Intake(this);
  readonly portfolio: Portfolio;
  readonly risk: RiskDesk;
  /** Positions or orders may have changed; the end is the end of the engine. */
  readonly moved$ = new Subject<void>();
  readonly reconciliation: Reconciliation;
  readonly #turns: Turns<Input>;
  readonly #markets = new Markets(this, {
    enqueue: (host, event) => this.enqueue(host, event),
    changed: (host, change) => {
      if (this.#advisor.noteChange(host, change)) this.#turns.wake();
    },
    lost: (host, thrown) => this.#lose(host, thrown),
  });
  readonly #advisor = new Advisor(this);
  readonly #committer: Committer;
  readonly #reports: Subscription;
  #decisionsLeft = DECISIONS_PER_TURN_MAX;

  constructor(options: RuntimeOptions) {
    this.options = options;
    const { venue, clock } = options;
    this.portfolio = new Portfolio({ ...options, listener: () => this.risk });
    for (const [market, { held }] of this.portfolio.positions)
      this.ledger.fill('', market, 1, lots(held));
    this.wheel = new TimerWheel(clock);
    this.latency = new LatencyMeter(venue.name);
    this.risk = new RiskDesk(this);
    this.#turns = new Turns<Input>(clock, {
      apply: ({ host, event }) => {
        this.apply(host, event);
        this.#answer();
      },
      finish: () => this.#finishTurn(),
      broke: (thrown) => this.#broke(thrown),
    });
    this.gateway = this.#openGateway();
    const receive = (symbol: string, report: OrderReport): void =>
      this.#markets.receive(symbol, report);
    this.reconciliation = new Reconciliation(this, receive);
    this.#committer = new Committer(this, (ref) => this.reconciliation.resolver.resolve(ref));
    this.#reports = venue.reports$.subscribe(({ symbol, report }) => {
      this.reconciliation.heard(report.clientOrderId);
      receive(symbol, report);
    });
  }

  #openGateway(): Gateway {
    const { venue, clock, callLimits } = this.options;
    return new Gateway({
      venue,
      clock,
      callLimits,
      madeBefore: (windowMs) => callsBefore(this.options, windowMs),
      stateFor: (command) => gateState(this, command),
      isWanted: (command) => isWanted(this, command),
      report: (command, report) => {
        this.risk.answered(command, report);
        this.enqueue(this.hostOf(command.symbol), this.reconciliation.answered(report));
      },
      onCall: (command) => {
        this.reconciliation.sent(command);
        this.risk.sent(command);
        const record = this.records.get(command.executionId);
        if (record === undefined) return;
        record.calls += 1;
        if (command.kind === 'submit') record.stages.reach('sent', clock.monotonicMs());
      },
    });
  }

  get hosts(): readonly MarketHost[] {
    return this.#markets.all;
  }

  /** Starts what is needed to work this market; a market is only followed once it is wanted. */
  hostOf(symbol: string): MarketHost {
    return this.#markets.of(symbol);
  }

  /** With the price ranges that hold now, where the market is followed. */
  current(instrument: Instrument): Instrument {
    return this.#markets.current(instrument);
  }

  /** Inputs that wait for their turn. */
  get backlog(): number {
    return this.#turns.waiting;
  }

  enqueue(host: MarketHost, event: MarketEvent): void {
    this.#turns.enqueue({ host, event });
  }

  /** Withdraws what rests, or what waits for its start; harmless where it has ended. */
  cancel(executionId: string, reason: string): void {
    if (this.intake.cancel(executionId, reason)) return;
    const record = this.records.get(executionId);
    if (record !== undefined) record.isLeaving = true;
    this.tell(executionId, { type: 'execution.cancel', reason, urgent: false });
  }

  tell(executionId: string, message: ExecutionMessage): void {
    const record = this.records.get(executionId);
    if (record === undefined || record.finished !== null) return;
    const host = this.hostOf(record.wish.instrument.symbol);
    this.#turns.enqueue({ host, event: { type: 'execution.told', executionId, message } });
  }

  /** The venues were asked what they know of us: what waited for that goes on. */
  begin(): void {
    for (const host of this.hosts) this.#advisor.unpark(host);
    this.wake();
  }

  /** For a turn without an input of its own. */
  wake(): void {
    this.#turns.wake();
  }

  ask(question: Question): void {
    this.outbox.ask(question);
    this.wake();
  }

  alarm(executionId: string, reason: string, kind: 'alarm' | 'doubt' = 'alarm'): void {
    const { log, clock, venue, tell } = this.options;
    log.error({ executionId, reason }, 'alarm');
    this.outbox.updates.push({ type: 'alarm', executionId, timeMs: clock.wallMs(), reason });
    const market = this.records.get(executionId)?.wish.instrument.symbol ?? null;
    tell?.({ kind, venue: venue.name, market, executionId, reason });
  }

  /** Moves the actors by one input, and contains what breaks; what they ask is answered later. */
  apply(host: MarketHost, event: MarketEvent): void {
    const { outbox, records } = this;
    const mark = outbox.journal.length;
    host.deliver(event);
    const rows = outbox.journal.slice(mark);
    const broken = new Map(outbox.faults.splice(0).map((fault) => [fault.executionId, fault]));
    for (const fault of broken.values()) contain(this, host, fault, rows);
    noteStates(this, host, rows);
    if (event.type === 'book.live') {
      this.#advisor.unpark(host);
      this.risk.breaker.bookLive(host);
    }
    // Nothing of it can be filled any more: its time limit would only be waited for.
    if (event.type === 'market.closed') this.#withdraw(host, 'the venue has closed the market');
    if (event.type !== 'execution.dismissed') return;
    const retired = records.get(event.executionId);
    records.delete(event.executionId);
    if (retired === undefined) return;
    this.reconciliation.words.forget(retired);
    this.options.onRetired?.(retired.wish.signal.signalId);
  }

  cancelAll(reason: string, urgent: boolean): void {
    this.intake.cancelAll(reason);
    for (const id of this.records.keys())
      this.tell(id, { type: 'execution.cancel', reason, urgent });
  }

  #withdraw({ alive }: MarketHost, reason: string): void {
    for (const { id } of alive) this.cancel(id, reason);
  }

  /** When every execution has given its result. */
  async settled(): Promise<void> {
    this.#committer.leave();
    const all = [...this.intake.unfinished, ...this.records.values()];
    await Promise.all(all.map(({ result }) => result));
  }

  stop(): void {
    this.#turns.stop();
    this.#reports.unsubscribe();
    this.reconciliation.stop();
    this.risk.stop();
    this.gateway.stop();
    this.wheel.cancelAll();
    this.#markets.stop();
    this.moved$.complete();
  }

  /**
   * Ends a wish that never got an actor of its own, or lost it: what may rest is withdrawn blindly.
   */
  abandon(executionId: string, outcome: Outcome, reason: string): void {
    const record = this.records.get(executionId);
    if (record === undefined || record.finished !== null) return;
    const { symbol } = record.wish.instrument;
    for (const { splitOrderId, clientOrderIds } of record.orders.values())
      for (const clientOrderId of clientOrderIds.slice(-1)) {
        const ref = { clientOrderId, venueOrderId: null, symbol };
        this.hostOf(symbol).sink.cancel({ executionId, splitOrderId, ref, reason });
      }
    record.abandoned = { outcome, reason };
    this.outbox.touched.add(executionId);
    this.outbox.ended.add(executionId);
  }

  /** What is left over when a turn has decided enough is asked again in the next one. */
  #answer(): void {
    while (this.#decisionsLeft > 0) {
      const question = this.outbox.nextQuestion();
      if (question === null) return;
      this.#decisionsLeft -= 1;
      this.#advisor.answer(question);
    }
  }

  #finishTurn(): void {
    this.#advisor.wakeDeciders();
    this.#answer();
    this.#decisionsLeft = DECISIONS_PER_TURN_MAX;
    for (const executionId of this.outbox.ended) {
      // Taken out first: what cannot be added up must not keep the others from their results.
      this.outbox.ended.delete(executionId);
      this.#end(executionId);
    }
    this.#committer.commitTurn();
    this.intake.endTurn();
    if (this.outbox.hasQuestions) this.wake();
    this.options.onTurn?.();
  }

  /** A defect outside of any actor: nobody knows what it left undone, so nothing goes on. */
  #broke(thrown: unknown): void {
    this.options.log.error({ thrown }, 'a turn broke');
    if (this.options.haltReason() === null)
      this.options.halt(`a fault of our own: ${messageOf(thrown)}`);
  }

  /** The market's own actor broke, and all of its executions with it. */
  #lose(host: MarketHost, thrown: unknown): void {
    this.#broke(thrown);
    for (const { id } of host.alive) this.abandon(id, 'failed', messageOf(thrown));
    this.wake();
  }

  #end(executionId: string): void {
    const record = this.records.get(executionId);
    if (record === undefined || record.finished !== null) return;
    endExecution(this, record);
    this.#advisor.forget(this.hostOf(record.wish.instrument.symbol), executionId);
    this.reconciliation.confirmation.forget(record);
    this.gateway.release(executionId);
    this.risk.breaker.ended(executionId);
  }
}
