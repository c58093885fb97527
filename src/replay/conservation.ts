/**
 * The rules that no execution may break, counted anew after every turn: from what the engine says
 * of its ledger, from the fills its user was told of, and from the truth at the paper exchange. It
 * never mends anything, and costs no more for the thousandth execution than for the first.
 */
import type { Action, Instrument } from '../domain/instrument.ts';
import { decimal, lotsOf, type Money, ticksOf } from '../domain/money.ts';
import type { MarketDataSource } from '../venues/paper/source.ts';
import type { PaperVenue } from '../venues/paper/venue.ts';

/** What the engine says of one execution; lots. */
export interface ToldQuantity {
  readonly executionId: string;
  readonly quantity: Readonly<
    Record<'target' | 'filled' | 'working' | 'inDoubt' | 'unreleased' | 'overfilled', number>
  >;
  readonly clientOrderIds: readonly string[];
}

/** A fill as the user of the engine is told of it; plain decimals. */
export interface ToldFill {
  readonly id: string;
  readonly price: string;
  readonly quantity: string;
  readonly liquidity: 'maker' | 'taker';
  readonly printSeq: number | null;
}

/** What is watched: the limit is a plain decimal in prices of the own contract. */
export interface WatchedExecution {
  readonly executionId: string;
  readonly instrument: Instrument;
  readonly action: Action;
  readonly limitPrice: string;
}

interface Watched extends WatchedExecution {
  readonly limit: Money;
  readonly fillIds: Set<string>;
  filled: number;
  ended: boolean;
  settled: ToldQuantity['quantity'] | null;
}

/** More would say nothing new. */
const SHOWN_MAX = 20;

/** The venue's own audit reads all it ever did: it runs when this part of it is new. */
const AUDIT_GROWTH = 1.1;

export class ConservationCheck {
  readonly #executions = new Map<string, Watched>();
  /** Lots of each print of the source, and what of them filled our resting orders. */
  readonly #prints = new Map<string, number>();
  readonly #ownMakers = new Map<string, number>();
  readonly #shown: string[] = [];
  #venue: Pick<PaperVenue, 'audit' | 'auditViolations'> | null = null;
  #checked = 0;
  #violations = 0;
  #fills = 0;
  #nextAuditAt = 1;

  /** Rules applied so far. */
  get checked(): number {
    return this.#checked;
  }

  get violations(): number {
    return this.#violations;
  }

  /** The first violations, each with its figures. */
  get shown(): readonly string[] {
    return this.#shown;
  }

  /** The same source; its prints are noted on their way. */
  noting(source: MarketDataSource): MarketDataSource {
    return {
      ...source,
      next: () => {
        const timed = source.next();
        if (timed?.event.type === 'print') {
          const { symbol, sequence, quantity } = timed.event;
          const key = `${symbol} ${sequence}`;
          this.#prints.set(key, (this.#prints.get(key) ?? 0) + quantity);
        }
        return timed;
      },
    };
  }

  /** The exchange whose truth is compared. */
  compareWith(venue: Pick<PaperVenue, 'audit' | 'auditViolations'>): void {
    this.#venue = venue;
  }

  begin(execution: WatchedExecution): void {
    const limit = decimal(execution.limitPrice, 'limitPrice');
    const nothing = { fillIds: new Set<string>(), filled: 0, ended: false, settled: null };
    this.#executions.set(execution.executionId, { ...execution, limit, ...nothing });
  }

  /** A fill counts once, lies within the limit, and takes no more of a print than there was. */
  filled(executionId: string, fill: ToldFill): void {
    const watched = this.#executions.get(executionId);
    if (watched === undefined) return this.#fail(`${executionId}: filled and not known`);
    const { instrument, action, limit, fillIds } = watched;
    const price = decimal(fill.price, 'price');
    const past = action === 'buy' ? price.greaterThan(limit) : price.lessThan(limit);
    const name = `${executionId} ${fill.id}`;
    this.#rule(!fillIds.has(fill.id), () => `${name}: told twice`);
    this.#rule(!past, () => `${name}: at ${fill.price}, past the limit ${watched.limitPrice}`);
    this.#rule(
      ticksOf(fill.price, instrument.priceUnit) !== null,
      () => `${name}: at ${fill.price}, between two ticks`,
    );
    const quantity = lotsOf(fill.quantity, instrument.lotSize) ?? 0;
    this.#rule(quantity > 0, () => `${name}: of ${fill.quantity}`);
    if (!fillIds.has(fill.id)) watched.filled += quantity;
    fillIds.add(fill.id);
    this.#fills += 1;
    if (fill.printSeq !== null) this.#takeFromPrint(instrument.symbol, fill.printSeq, quantity);
  }

  ended(executionId: string): void {
    const watched = this.#executions.get(executionId);
    if (watched !== undefined) watched.ended = true;
  }

  afterTurn(quantities: readonly ToldQuantity[]): void {
    for (const told of quantities) this.#check(told);
    if (this.#fills < this.#nextAuditAt) return;
    this.#nextAuditAt = Math.ceil(this.#fills * AUDIT_GROWTH) + 1;
    this.auditVenue();
  }

  /** The exchange's second count of all it ever did. */
  auditVenue(): void {
    const violations = this.#venue?.auditViolations() ?? [];
    this.#rule(violations.length === 0, () => `the exchange: ${violations.join('; ')}`);
  }

  #check({ executionId, quantity, clientOrderIds }: ToldQuantity): void {
    const watched = this.#executions.get(executionId);
    if (watched === undefined) return this.#fail(`${executionId}: alive and not known`);
    // What has ended is remembered for late fills; until one comes there is nothing new to count.
    if (watched.settled === quantity) return;
    if (watched.ended) watched.settled = quantity;
    const { target, filled, working, inDoubt, unreleased, overfilled } = quantity;
    const rule = (holds: boolean, violation: () => string): void =>
      this.#rule(holds, () => `${executionId}: ${violation()}, target ${target}`);
    const reserved = working + inDoubt;
    const parts = filled + reserved + unreleased;
    rule(parts === target + overfilled, () => `parts add up to ${parts} less ${overfilled}`);
    const least = Math.min(filled, working, inDoubt, unreleased, overfilled);
    rule(least >= 0, () => `a part is ${least}`);
    rule(filled + reserved <= target, () => `filled ${filled}, reserved ${reserved}`);
    rule(filled === watched.filled, () => `ledger ${filled}, fills ${watched.filled}`);
    const { cumulative, leaves } = this.#atVenue(clientOrderIds);
    rule(cumulative + leaves <= target, () => `venue ${cumulative}, may fill ${leaves}`);
    rule(filled <= cumulative, () => `ledger ${filled}, venue ${cumulative}`);
    if (!watched.ended) return;
    rule(leaves === 0, () => `ended with ${leaves} still at the venue`);
    rule(filled === cumulative, () => `ended at ${filled}, venue ${cumulative}`);
  }

  #atVenue(ids: readonly string[]): { readonly cumulative: number; readonly leaves: number } {
    let [cumulative, leaves] = [0, 0];
    for (const id of ids) {
      const order = this.#venue?.audit.order(id) ?? null;
      cumulative += order?.cumulative ?? 0;
      leaves += order?.leaves ?? 0;
    }
    return { cumulative, leaves };
  }

  #takeFromPrint(symbol: string, sequence: number, quantity: number): void {
    const key = `${symbol} ${sequence}`;
    const [size, own] = [this.#prints.get(key) ?? 0, (this.#ownMakers.get(key) ?? 0) + quantity];
    this.#ownMakers.set(key, own);
    this.#rule(own <= size, () => `print ${key}: filled ${own} of our lots with ${size}`);
  }

  #rule(holds: boolean, violation: () => string): void {
    this.#checked += 1;
    if (!holds) this.#fail(violation());
  }

  #fail(violation: string): void {
    this.#violations += 1;
    if (this.#shown.length < SHOWN_MAX) this.#shown.push(violation);
  }
}
