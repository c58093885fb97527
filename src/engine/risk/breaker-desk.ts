/**
 * The circuit breaker of one venue at work: told what went wrong, it lets orders pass or not,
 * suspends what lives, and comes back after a restart as it was. It never sends anything.
 */
import { type ActorRefFrom, createActor } from 'xstate';
import * as chart from '../../../machines/circuit-breaker/circuit-breaker.machine.ts';
import type { BreakerEvent } from '../../../machines/circuit-breaker/circuit-breaker.protocol.ts';
import {
  type BreakerMemory,
  eventsOf,
} from '../../../machines/circuit-breaker/circuit-breaker.rules.ts';
import { formatMoney, type Money } from '../../domain/money.ts';
import type { OrderReport } from '../../domain/order.ts';
import type { OutboundCommand } from '../../gateway/command.ts';
import { FaultTally } from '../../risk/fault-tally.ts';
import { type Refusal, refused } from '../../risk/refusal.ts';
import type { MarketHost } from '../market/market-host.ts';
import type { Runtime } from '../runtime.ts';
import { keepRisk } from './keep-risk.ts';
import { BREAKER, memoryName, recalled } from './risk-memory.ts';

/** A person who answers for it: both are kept. */
export interface Approver {
  readonly actor: string;
  readonly reason: string;
}

export interface BreakerView {
  readonly venue: string;
  readonly circuit: 'closed' | 'open' | 'halfOpen';
  /** Why it is not closed. */
  readonly reason: string | null;
  /** Until when it stays open; null where it is closed. */
  readonly coolUntilMs: number | null;
  /** Why nothing passes until a person resumes. */
  readonly haltReason: string | null;
}

const DEADLINE = 'breaker';
const RULE = 'the circuit breaker of the venue is closed';

export class BreakerDesk {
  readonly #runtime: Runtime;
  readonly #actor: ActorRefFrom<typeof chart.circuitBreakerMachine>;
  readonly #tally: FaultTally;
  #circuit: BreakerView['circuit'] = 'closed';

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    const { breaker } = runtime.options;
    this.#tally = new FaultTally(breaker);
    const input = { probesWanted: breaker.probes };
    this.#actor = createActor(chart.circuitBreakerMachine, { input }).start();
    for (const event of eventsOf(this.#remembered())) this.#actor.send(event);
    this.#circuit = this.view.circuit;
    if (this.#circuit === 'open') this.#armCooldown();
  }

  get view(): BreakerView {
    const { value, context } = this.#actor.getSnapshot();
    const { reason, coolUntilMs, haltReason } = context;
    const venue = this.#runtime.options.venue.name;
    return { venue, circuit: value.circuit, reason, coolUntilMs, haltReason };
  }

  get isPassing(): boolean {
    return this.#circuit === 'closed';
  }

  get isProbing(): boolean {
    return this.#actor.getSnapshot().hasTag('probing');
  }

  /** Why no order passes; null where it may. */
  objection(): Refusal | null {
    if (!this.#actor.getSnapshot().hasTag('blocking')) return null;
    const { haltReason } = this.view;
    return haltReason === null
      ? this.openObjection()
      : refused(RULE, haltReason, 'a person resumes');
  }

  /** Why no execution begins; a halt is not a reason here, for it cancels what it finds. */
  openObjection(): Refusal | null {
    const { circuit, reason, coolUntilMs } = this.view;
    if (circuit !== 'open') return null;
    const waitMs = Math.max(0, (coolUntilMs ?? 0) - this.#runtime.options.clock.wallMs());
    return refused(RULE, `open: ${reason}`, `it is tried again in ${waitMs} ms`);
  }

  /** While it is tried, a few executions may send small orders; `cost` in dollars. */
  probeObjection(executionId: string, cost: Money): Refusal | null {
    const { context } = this.#actor.getSnapshot();
    const { probes, probeNotional } = this.#runtime.options.breaker;
    const rule = 'the circuit breaker of the venue is half-open';
    if (cost.greaterThan(probeNotional))
      return refused(rule, `${formatMoney(cost)} dollars`, `orders of ${probeNotional}`);
    const hasPlace = context.probes.includes(executionId) || context.probes.length < probes;
    return hasPlace ? null : refused(rule, 'one more execution', `${probes} executions`);
  }

  /** An order leaves. */
  sent({ executionId, kind }: OutboundCommand): void {
    if (kind !== 'cancel' && this.isProbing) this.#send({ type: 'probe.started', executionId });
  }

  /** The venue answered a command, or did not. */
  hear({ executionId, kind }: OutboundCommand, report: OrderReport): void {
    const fault = this.#tally.hear(report, this.#runtime.options.clock.monotonicMs());
    const isBad = report.type === 'order.doubted' || report.type === 'order.rejected';
    const isProbe = this.#actor.getSnapshot().context.probes.includes(executionId);
    if (fault !== null) this.trip(fault);
    else if (isProbe && isBad) this.trip(`a probe failed: ${report.reason}`);
    else if (
      kind !== 'cancel' &&
      (report.type === 'order.accepted' || report.type === 'order.amended')
    )
      this.#send({ type: 'probe.served', executionId });
  }

  ended(executionId: string): void {
    this.#send({ type: 'probe.left', executionId });
  }

  /** Opens it, or keeps it open longer. */
  trip(reason: string): void {
    const { clock, breaker, log, venue } = this.#runtime.options;
    this.#tally.reset();
    log.error({ venue: venue.name, reason }, 'the circuit breaker opens');
    const coolUntilMs = clock.wallMs() + breaker.cooldownMs;
    this.#send({ type: 'breaker.tripped', reason, coolUntilMs });
    this.#armCooldown();
  }

  /** The venue is halted, for this reason; null where it is not, or no more. */
  noteHalt(reason: string | null): void {
    if (reason === null) this.#send({ type: 'breaker.resumed' });
    else this.#send({ type: 'breaker.halted', reason });
  }

  /** A book came alive: whoever waits for it goes on waiting while the circuit is open. */
  bookLive(host: MarketHost): void {
    if (this.#circuit === 'open') this.#tell(host, 'book.stale');
  }

  stop(): void {
    this.#actor.stop();
  }

  #send(event: BreakerEvent): void {
    this.#actor.send(event);
    const { circuit } = this.view;
    const isNews = circuit !== this.#circuit;
    this.#circuit = circuit;
    if (isNews || event.type === 'breaker.tripped') this.#keep();
    if (!isNews) return;
    const { log, venue, breaker, tell } = this.#runtime.options;
    log.warn({ venue: venue.name, circuit }, 'the circuit breaker moved');
    const told = `the circuit breaker is ${circuit}: ${this.view.reason ?? 'orders pass again'}`;
    tell?.({ kind: 'breaker', venue: venue.name, market: null, executionId: null, reason: told });
    if (circuit === 'open' && breaker.whenOpen === 'close')
      return this.#runtime.cancelAll(this.#reason, false);
    for (const host of this.#runtime.hosts)
      this.#tell(host, circuit === 'open' ? 'book.stale' : 'book.live');
  }

  get #reason(): string {
    const { circuit, reason } = this.view;
    return circuit === 'open' ? `the circuit breaker is open: ${reason}` : `it is ${circuit}`;
  }

  /** Executions hear of the breaker as of a book that cannot be traded on, and stay as told. */
  #tell(host: MarketHost, type: 'book.stale' | 'book.live'): void {
    if (type === 'book.live' && !host.actor.getSnapshot().context.bookLive) return;
    for (const { id } of host.alive) this.#runtime.tell(id, { type, reason: this.#reason });
  }

  #armCooldown(): void {
    const atMs = this.view.coolUntilMs ?? 0;
    this.#runtime.wheel.arm(DEADLINE, atMs, () => this.#send({ type: 'cooldown.due', atMs }));
  }

  get #name(): string {
    return memoryName('breaker', this.#runtime.options.venue.name);
  }

  /** Halts are kept by those who lift them. */
  #remembered(): BreakerMemory {
    const { store, clock, breaker } = this.#runtime.options;
    const { reason = null, coolUntilMs = null } = recalled(store, this.#name, BREAKER) ?? {};
    // Further away than a whole cool-down is only what a clock that was ahead wrote down.
    const latestMs = clock.wallMs() + breaker.cooldownMs;
    const untilMs = coolUntilMs === null ? null : Math.min(coolUntilMs, latestMs);
    return { reason, coolUntilMs: untilMs, haltReason: null };
  }

  #keep(): void {
    const { reason, coolUntilMs } = this.view;
    keepRisk(this.#runtime.options, this.#name, JSON.stringify({ reason, coolUntilMs }));
  }
}
