/**
 * Risk at one venue: what the gate and admission are told of this moment, and what becomes of what
 * they and the venue answer. It measures and counts; `evaluate` judges.
 */
import { messageOf } from '../../domain/errors.ts';
import type { Halt } from '../../domain/halts.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Ticks } from '../../domain/numbers.ts';
import type { OrderReport } from '../../domain/order.ts';
import type { StoredFill } from '../../domain/records.ts';
import type { OutboundCommand } from '../../gateway/command.ts';
import type { Claim } from '../../ledger/exposure.ts';
import { orderCost, type RiskContext } from '../../risk/pre-trade.ts';
import { type Refusal, refused } from '../../risk/refusal.ts';
import type { MarketHost } from '../market/market-host.ts';
import type { Runtime } from '../runtime.ts';
import { accountMeasures } from './account-risk.ts';
import { BreakerDesk } from './breaker-desk.ts';
import { LossDesk } from './loss-desk.ts';
import { MarketGuard } from './market-guard.ts';
import { Pulse } from './pulse.ts';
import { SkewMeter } from './skew-meter.ts';

type Now = Pick<RiskContext, 'objection' | 'measured'>;

export class RiskDesk {
  readonly breaker: BreakerDesk;
  readonly losses: LossDesk;
  readonly #runtime: Runtime;
  readonly #instruments: ReadonlyMap<string, Instrument>;
  readonly #guards = new Map<string, MarketGuard>();
  readonly #pulse: Pulse;
  readonly #skew: SkewMeter;
  #isHalted = false;
  /** Markets that a halt has shut. */
  #shut: ReadonlySet<string> = new Set();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    const { clock, instruments } = runtime.options;
    this.#instruments = new Map(instruments.map((each) => [each.symbol, each]));
    this.breaker = new BreakerDesk(runtime);
    this.losses = new LossDesk(runtime, this.#instruments, (reason) => this.#haltVenue(reason));
    this.#skew = new SkewMeter(runtime);
    this.#pulse = new Pulse({
      clock,
      isWanted: () => runtime.hosts.some(({ alive }) => alive.size > 0),
      beat: () => this.#watch(),
    });
  }

  /**
   * What speaks for and against a new execution that would reserve this claim. What will pass (a
   * late process, a wide book) is left to the gate: its orders wait.
   */
  atAdmission(host: MarketHost, claim: Claim): Now {
    this.#pulse.start();
    this.#beat();
    this.#guardOf(host);
    const objection = this.breaker.openObjection() ?? this.#listObjection(host.instrument.symbol);
    if (objection !== null) return { objection, measured: {} };
    const { session } = this.losses;
    const parts = { instruments: this.#instruments, session };
    return { objection, measured: accountMeasures(this.#runtime, claim, parts) };
  }

  /** What speaks for and against an order, at the moment of its write. */
  atGate(host: MarketHost, command: OutboundCommand): Now & { readonly collar: Ticks | null } {
    const nowMs = this.#runtime.options.clock.monotonicMs();
    const guard = this.#guardOf(host);
    // An execution that a restart took up was admitted by another process.
    this.#pulse.start();
    guard.look(nowMs);
    const objection =
      this.breaker.objection() ??
      this.#listObjection(command.symbol) ??
      this.#blindObjection() ??
      this.#probeObjection(host, command) ??
      guard.duplicateObjection(command) ??
      this.#repeatObjection(guard, command, nowMs);
    const measured = { ...this.#health(), ...guard.measured(nowMs, command) };
    return { collar: this.collarOf(host, command.executionId), objection, measured };
  }

  /** The furthest price that a decision may name; null where nothing says so. */
  collarOf(host: MarketHost, executionId: string): Ticks | null {
    const wish = this.#runtime.records.get(executionId)?.wish;
    return wish === undefined ? null : this.#guardOf(host).collar(wish);
  }

  /** It passed everything and is written: now it counts. */
  sent(command: OutboundCommand): void {
    const nowMs = this.#runtime.options.clock.monotonicMs();
    if (command.kind === 'submit') this.#guards.get(command.symbol)?.placed(nowMs);
    this.breaker.sent(command);
  }

  /** The venue answered a command, or left it in doubt. */
  answered(command: OutboundCommand, report: OrderReport): void {
    this.breaker.hear(command, report);
    const fault = this.#guards.get(command.symbol)?.hear(command, report) ?? null;
    if (fault !== null) this.#disable(command.symbol, fault);
  }

  /** A fill is durable. */
  booked(fill: StoredFill): void {
    this.#guards.get(fill.market)?.filled();
    this.losses.booked(fill);
  }

  rebooked(): void {
    this.losses.rebooked();
  }

  settled(market: string, value: Ticks): void {
    this.losses.settled(market, value);
  }

  /** The halts that stand: what they shut is shut, and what no halt shuts is open again. */
  noteHalts(halts: readonly Halt[]): void {
    const { name } = this.#runtime.options.venue;
    const here = halts.filter(
      ({ scope }) => (scope.venue ?? name) === name && scope.execution === undefined,
    );
    const ofVenue = here.find(({ scope }) => scope.market === undefined);
    this.breaker.noteHalt(ofVenue?.reason ?? null);
    const shut = new Map(here.map(({ scope, reason }) => [scope.market ?? '', reason]));
    for (const host of this.#runtime.hosts) this.#noteShut(host, shut.get(host.instrument.symbol));
    this.#shut = new Set(shut.keys());
    const wasHalted = this.#isHalted;
    this.#isHalted = ofVenue !== undefined;
    if (!this.#isHalted) this.losses.unhalted(wasHalted);
  }

  stop(): void {
    this.#pulse.stop();
    this.breaker.stop();
  }

  #noteShut(host: MarketHost, reason: string | undefined): void {
    const { symbol } = host.instrument;
    const isShut = host.actor.getSnapshot().hasTag('shut');
    if (reason !== undefined) {
      if (!isShut) this.#runtime.enqueue(host, { type: 'market.disable', reason });
    } else if (this.#shut.has(symbol)) {
      this.#runtime.enqueue(host, { type: 'market.enable', reason: 'a person resumed' });
      host.feed.announce();
    }
  }

  /** What cannot be watched is not traded. */
  #watch(): void {
    try {
      this.#beat();
    } catch (thrown) {
      this.#runtime.options.log.error({ thrown }, 'risk cannot be watched');
      this.#haltVenue(`risk cannot be watched: ${messageOf(thrown)}`);
    }
  }

  /** A second ago everything may have been otherwise. */
  #beat(): void {
    const { clock, limits } = this.#runtime.options;
    const { maxClockSkewMs = null, maxReconcileAgeMs = null } = limits;
    const nowMs = clock.monotonicMs();
    for (const host of this.#runtime.hosts)
      if (host.alive.size > 0) this.#guardOf(host).look(nowMs);
    if (maxClockSkewMs !== null) this.#skew.measure();
    this.losses.look();
    const { ageMs } = this.#runtime.reconciliation;
    if (maxReconcileAgeMs !== null && ageMs > maxReconcileAgeMs && this.breaker.isPassing)
      this.breaker.trip(`the account was not reconciled for ${ageMs} ms`);
  }

  #guardOf(host: MarketHost): MarketGuard {
    const { symbol } = host.instrument;
    const known = this.#guards.get(symbol);
    if (known !== undefined) return known;
    const guard = new MarketGuard(host, this.#runtime.options.limits);
    this.#guards.set(symbol, guard);
    return guard;
  }

  #listObjection(symbol: string): Refusal | null {
    const { markets = null } = this.#runtime.options.limits;
    if (markets === null || markets.includes(symbol)) return null;
    return refused('only the markets of the list are traded', symbol, markets.join(', '));
  }

  /** Whether the account or the clock is right nobody knows: nothing is risked until then. */
  #blindObjection(): Refusal | null {
    const { maxClockSkewMs = null } = this.#runtime.options.limits;
    const { staleness } = this.#runtime.reconciliation;
    if (staleness !== null)
      return refused('an account is compared before more is risked', staleness, 'two periods');
    if (maxClockSkewMs === null || this.#skew.skewMs !== null) return null;
    return refused('maxClockSkewMs', 'a clock that was not heard yet', `${maxClockSkewMs}`);
  }

  #probeObjection(host: MarketHost, command: OutboundCommand): Refusal | null {
    if (command.kind === 'cancel' || !this.breaker.isProbing) return null;
    const cost = orderCost(command.question, host.instrument);
    return this.breaker.probeObjection(command.executionId, cost);
  }

  /** Whoever wants one too many has the market disabled. */
  #repeatObjection(guard: MarketGuard, command: OutboundCommand, nowMs: number): Refusal | null {
    const objection = command.kind === 'submit' ? guard.repeatObjection(nowMs) : null;
    if (objection !== null) this.#disable(command.symbol, `${objection.rule}: ${objection.value}`);
    return objection;
  }

  #health(): RiskContext['measured'] {
    const { skewMs } = this.#skew;
    return {
      maxReconcileAgeMs: this.#runtime.reconciliation.ageMs,
      maxLagMs: this.#pulse.lagMs,
      ...(skewMs === null ? {} : { maxClockSkewMs: skewMs }),
    };
  }

  #disable(market: string, reason: string): void {
    const { halt, venue } = this.#runtime.options;
    halt(`disabled: ${reason}`, { venue: venue.name, market });
  }

  #haltVenue(reason: string): void {
    const { halt, venue } = this.#runtime.options;
    this.breaker.noteHalt(reason);
    halt(reason, { venue: venue.name });
  }
}
