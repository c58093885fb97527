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
import { DECISIONS_PER_TURN_MAX, LATE_FILL_WINDOW_MS } from '../domain/limits.ts';
import { lots } from '../domain/numbers.ts';
import type { OrderReport } from '../domain/order.ts';
import type { Subscription } from '../domain/ports.ts';
import { TimerWheel } from '../env/timer-wheel.ts';
import { Gateway } from '../gateway/gateway.ts';
import type { Resolver } from '../gateway/resolver.ts';
import { ExposureLedger } from '../ledger/exposure.ts';
import { Advisor } from './advisor.ts';
import { Committer } from './commit.ts';
import { concludeRecord } from './conclude.ts';
import { Confirmation } from './confirmation.ts';
import { contain } from './contain.ts';
import { provideMarket } from './effects.ts';
import type { ExecutionRecord } from './execution-record.ts';
import { gateState } from './gate-state.ts';
import { Intake } from './intake.ts';
import { type MarketHost, MarketPorts } from './market-host.ts';
import { resolverFor } from './missed-fills.ts';
import { follow, openMarket } from './open-market.ts';
import { type JournalRow, Outbox, type Question } from './outbox.ts';
import { Portfolio } from './portfolio.ts';
import { stateOf } from './rows.ts';
import type { RuntimeOptions } from './runtime-options.ts';
import { Turns } from './turn.ts';

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
  readonly gateway: Gateway;
  readonly intake = new Intake(this);
  readonly portfolio: Portfolio;
  /** Positions or orders may have changed; the end is the end of the engine. */
  readonly moved$ = new Subject<void>();
  readonly #resolver: Resolver;
  readonly #confirmation: Confirmation;
  readonly #turns: Turns<Input>;
  readonly #hosts = new Map<string, MarketHost>();
  readonly #ports = new MarketPorts();
  readonly #machine = provideMarket((system) => this.#ports.of(system).sink, this.#ports.feeds());
  readonly #advisor = new Advisor(this);
  readonly #committer: Committer;
  readonly #reports: Subscription;
  #decisionsLeft = DECISIONS_PER_TURN_MAX;

  constructor(options: RuntimeOptions) {
    this.options = options;
    const { venue, clock, callLimits } = options;
    this.portfolio = new Portfolio(options);
    for (const [market, { held }] of this.portfolio.positions)
      this.ledger.fill('', market, 1, lots(held));
    this.wheel = new TimerWheel(clock);
    this.#turns = new Turns<Input>(clock, {
      apply: ({ host, event }) => {
        this.apply(host, event);
        this.#answer();
      },
      finish: () => this.#finishTurn(),
      broke: (thrown) => this.#broke(thrown),
    });
    this.gateway = new Gateway({
      venue,
      clock,
      callLimits,
      stateFor: (command) => gateState(this, command),
      report: ({ symbol }, report) =>
        this.#turns.enqueue({ host: this.hostOf(symbol), event: report }),
      onCall: (command) => {
        this.#confirmation.sent(command);
        const record = this.records.get(command.executionId);
        if (record !== undefined) record.calls += 1;
      },
    });
    this.#resolver = resolverFor(this, (symbol, report) => this.#receive(symbol, report));
    this.#committer = new Committer(this, (ref) => this.#resolver.resolve(ref));
    this.#confirmation = new Confirmation(this, this.#resolver);
    this.#reports = venue.reports$.subscribe(({ symbol, report }) => {
      this.#confirmation.heard(report.clientOrderId);
      this.#receive(symbol, report);
    });
  }

  get hosts(): readonly MarketHost[] {
    return [...this.#hosts.values()];
  }

  /** Starts what is needed to work this market; a market is only followed once it is wanted. */
  hostOf(symbol: string): MarketHost {
    const known = this.#hosts.get(symbol);
    if (known !== undefined) return known;
    const instrument = this.options.instruments.find((each) => each.symbol === symbol);
    if (instrument === undefined)
      throw new Error(`an order report names an unknown market: ${symbol}`);
    return this.#open(instrument);
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

  /** For a turn without an input of its own. */
  wake(): void {
    this.#turns.wake();
  }

  ask(question: Question): void {
    this.outbox.ask(question);
    this.wake();
  }

  alarm(executionId: string, reason: string): void {
    const { log, clock } = this.options;
    log.error({ executionId, reason }, 'alarm');
    this.outbox.updates.push({ type: 'alarm', executionId, timeMs: clock.wallMs(), reason });
  }

  /** Moves the actors by one input, and contains what breaks; what they ask is answered later. */
  apply(host: MarketHost, event: MarketEvent): void {
    const { outbox, records } = this;
    const mark = outbox.journal.length;
    host.deliver(event);
    const rows = outbox.journal.slice(mark);
    const broken = new Map(outbox.faults.splice(0).map((fault) => [fault.executionId, fault]));
    for (const fault of broken.values()) contain(this, host, fault, rows);
    this.#noteStates(host, rows);
    if (event.type === 'book.live') this.#advisor.unpark(host);
    if (event.type !== 'execution.dismissed') return;
    const retired = records.get(event.executionId);
    records.delete(event.executionId);
    if (retired !== undefined) this.options.onRetired?.(retired.wish.signal.signalId);
  }

  cancelAll(reason: string, urgent: boolean): void {
    this.intake.cancelAll(reason);
    for (const id of this.records.keys())
      this.tell(id, { type: 'execution.cancel', reason, urgent });
  }

  /** When every execution has given its result. */
  async settled(): Promise<void> {
    const all = [...this.intake.unfinished, ...this.records.values()];
    await Promise.all(all.map(({ result }) => result));
  }

  stop(): void {
    this.#turns.stop();
    this.#reports.unsubscribe();
    this.#resolver.stop();
    this.#confirmation.stop();
    this.gateway.stop();
    this.wheel.cancelAll();
    for (const host of this.#hosts.values()) host.stop();
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

  #open(instrument: Instrument): MarketHost {
    const host = openMarket(this, instrument, { machine: this.#machine, ports: this.#ports });
    const { actor, feed } = host;
    this.#hosts.set(instrument.symbol, host);
    actor.subscribe({ error: (thrown) => this.#lose(host, thrown) });
    feed.news$.subscribe((event) => this.#turns.enqueue({ host, event }));
    feed.onChange = (change) => {
      if (this.#advisor.noteChange(host, change)) this.#turns.wake();
    };
    follow(host, () => this.#hosts.delete(instrument.symbol));
    return host;
  }

  /** The private stream names markets that nobody works here, too: those are somebody else's. */
  #receive(symbol: string, report: OrderReport): void {
    const host = this.#hosts.get(symbol);
    if (host !== undefined) this.#turns.enqueue({ host, event: report });
    else this.options.log.warn({ symbol, report }, 'a report of a market that is not worked');
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

  #noteStates(host: MarketHost, rows: readonly JournalRow[]): void {
    for (const row of rows) {
      const actor = host.execution(row.executionId);
      const record = this.records.get(row.executionId);
      if (actor === null || record === undefined) continue;
      row.stateAfter = stateOf(actor);
      record.showState(row.stateAfter, row.atMs);
      const { overfilled } = actor.getSnapshot().context.quantity;
      if (overfilled > record.overfilled)
        this.alarm(record.id, `the venue filled ${overfilled} lots more than was wanted`);
      record.overfilled = overfilled;
    }
  }

  #end(executionId: string): void {
    const record = this.records.get(executionId);
    if (record === undefined || record.finished !== null) return;
    const host = this.hostOf(record.wish.instrument.symbol);
    const atMs = this.options.clock.wallMs();
    concludeRecord(record, host, atMs);
    if (host.alive.delete(record)) this.intake.ended();
    this.ledger.release(executionId);
    this.#advisor.forget(host, executionId);
    this.#confirmation.forget(record);
    for (const deadline of ['close', 'wake', 'retry', 'pause'])
      this.wheel.cancel(`${executionId}:${deadline}`);
    this.wheel.arm(`${executionId}:retire`, atMs + LATE_FILL_WINDOW_MS, () =>
      this.#turns.enqueue({ host, event: { type: 'execution.dismissed', executionId } }),
    );
  }
}
