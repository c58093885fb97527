/**
 * Compares what one venue says of our account with what we hold, at the start and for ever after:
 * orders that rest, fills, positions. What it finds goes in by the doors of everything else; it
 * never ends an order and never changes a position.
 */

import { InputError } from '../../domain/errors.ts';
import {
  ANSWER_TIMEOUT_MS,
  RECONCILE_MS,
  RETRY_MS,
  TIME_LIMIT_MS_MAX,
} from '../../domain/limits.ts';
import type { OrderReport } from '../../domain/order.ts';
import type { OutboundCommand } from '../../gateway/command.ts';
import type { Resolver } from '../../gateway/resolver.ts';
import { Confirmation } from '../execution/confirmation.ts';
import type { Runtime } from '../runtime.ts';
import { Answers } from './answer.ts';
import { LastWords } from './last-words.ts';
import { FillListing } from './missed-fills.ts';
import { OrderCheck } from './reconcile-orders.ts';
import { PositionCheck } from './reconcile-positions.ts';
import { resolverFor } from './resolve-doubts.ts';

/** A failing venue is asked again after a pause that doubles up to this many retries. */
const SLOWEST_RETRY = 30;
const COMPLAINT_MS = 60_000;
/** One before what the stream tells first can have been missed, and one after it. */
const LISTINGS = 2;

/** Throws an `InputError` for a period that cannot be waited for; null: once, at the start. */
export function reconcileMsOf(given: number | null | undefined): number | null {
  if (given === undefined) return RECONCILE_MS;
  const isWhole = Number.isSafeInteger(given) && Number(given) > 0;
  if (given === null || (isWhole && given <= TIME_LIMIT_MS_MAX)) return given;
  throw new InputError(
    'reconcileMs is a whole number of milliseconds above 0, or null',
    given,
    `the default is ${RECONCILE_MS}`,
  );
}

export class Reconciliation {
  readonly words: LastWords;
  readonly resolver: Resolver;
  readonly confirmation: Confirmation;
  readonly orders: OrderCheck;
  readonly #runtime: Runtime;
  readonly #listing: FillListing;
  readonly #positions: PositionCheck;
  readonly #answers: Answers;
  readonly #waiting: { readonly from: number; readonly done: () => void }[] = [];
  /** Rounds begun, and rounds that went through. */
  #begun = 0;
  #done = 0;
  #failures = 0;
  #isRunning = false;
  #isStopped = true;
  #complainedAtMs = -Infinity;
  #lastAtMs: number | null = null;
  #lastMonotonicMs = 0;

  constructor(runtime: Runtime, receive: (symbol: string, report: OrderReport) => void) {
    const { clock, halt, venue } = runtime.options;
    this.#runtime = runtime;
    this.words = new LastWords(clock);
    this.#answers = new Answers(clock);
    this.#listing = new FillListing(runtime, {
      receive,
      foreign: (fill) => this.#positions.foreign(fill),
      orphan: (fill) => {
        this.#positions.orphan(fill);
        const { clientOrderId, fillId } = fill;
        halt(`${venue.name} filled ${clientOrderId} (${fillId}), which our journal does not know`, {
          venue: venue.name,
        });
      },
      row: (isListed) => this.#positions.row(isListed),
    });
    this.resolver = resolverFor(runtime, { words: this.words, listing: this.#listing });
    this.confirmation = new Confirmation(runtime, this.resolver);
    this.orders = new OrderCheck(runtime, this);
    this.#positions = new PositionCheck(runtime, (market, reason) =>
      halt(reason, { venue: venue.name, market }),
    );
  }

  sent(command: OutboundCommand): void {
    this.words.sent(command);
    this.confirmation.sent(command);
  }

  /** The private stream spoke of an order. */
  heard(clientOrderId: string): void {
    this.words.heard(clientOrderId);
    this.confirmation.heard(clientOrderId);
  }

  /** A command was answered; the report goes on as it is. */
  answered(report: OrderReport): OrderReport {
    this.words.answered(report.clientOrderId);
    return report;
  }

  /** When the last round that went through began, wall time; null before the first. */
  get lastAtMs(): number | null {
    return this.#lastAtMs;
  }

  /** Since the last round that went through began, or since the start; 0 where none is wanted. */
  get ageMs(): number {
    const { reconcileMs, clock } = this.#runtime.options;
    if (reconcileMs === null || this.#isStopped) return 0;
    return Math.floor(clock.monotonicMs() - this.#lastMonotonicMs);
  }

  /** Why nothing new may be risked; null while the account was looked at a short while ago. */
  get staleness(): string | null {
    const { reconcileMs } = this.#runtime.options;
    const isStale = this.ageMs > 2 * (reconcileMs ?? Infinity) + ANSWER_TIMEOUT_MS;
    return isStale ? `not compared for ${Math.floor(this.ageMs / 1_000)} s` : null;
  }

  start(): void {
    if (!this.#isStopped) return;
    this.#isStopped = false;
    this.#lastMonotonicMs = this.#runtime.options.clock.monotonicMs();
    this.#arm(0);
  }

  /**
   * Resolves once two listings that begin from now on, the venue's slowest latency apart, went
   * through; the private stream is heard since before them. A venue that fails is asked again.
   */
  reconciled(): Promise<void> {
    this.start();
    return new Promise((done) => {
      this.#waiting.push({ from: this.#begun + LISTINGS, done });
      if (!this.#isRunning) this.#arm(0);
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#waiting.length = 0;
    this.#answers.stop();
    this.#listing.stop();
    this.confirmation.stop();
    this.resolver.stop();
  }

  #arm(delayMs: number): void {
    this.#runtime.wheel.armIn('reconcile', delayMs, () => this.#run());
  }

  #run(): void {
    if (this.#isStopped || this.#isRunning) return;
    this.#isRunning = true;
    this.#begun += 1;
    const round = this.#begun;
    const { clock } = this.#runtime.options;
    const begunAt = { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
    this.#round().then(
      () => {
        this.#lastAtMs = begunAt.wallMs;
        this.#lastMonotonicMs = begunAt.monotonicMs;
        this.#failures = 0;
        this.#end(round);
      },
      (thrown: unknown) => this.#fail(thrown),
    );
  }

  #end(round: number): void {
    this.#isRunning = false;
    if (this.#isStopped) return;
    this.#done = round;
    const { reconcileMs, venue } = this.#runtime.options;
    const due = this.#waiting.filter(({ from }) => from <= round);
    const left = this.#waiting.filter(({ from }) => from > round);
    this.#waiting.splice(0, this.#waiting.length, ...left);
    for (const { done } of due) done();
    if (left.length > 0) this.#arm(venue.capabilities.latencyP99Ms);
    else if (reconcileMs !== null) this.#arm(reconcileMs);
  }

  #fail(thrown: unknown): void {
    this.#isRunning = false;
    if (this.#isStopped) return;
    const { log, clock, venue } = this.#runtime.options;
    if (clock.monotonicMs() - this.#complainedAtMs >= COMPLAINT_MS) {
      this.#complainedAtMs = clock.monotonicMs();
      log.warn({ venue: venue.name, thrown }, 'the account could not be reconciled');
    }
    // What waits for a later round waits for one that goes through.
    this.#begun = this.#done;
    this.#failures += 1;
    this.#arm(RETRY_MS * Math.min(2 ** (this.#failures - 1), SLOWEST_RETRY));
  }

  async #round(): Promise<void> {
    const { venue } = this.#runtime.options;
    // Asked first: what is missing from a listing proves nothing about the time after it.
    const asOfMs = await this.#ask(() => venue.asOf());
    const orders = await this.#ask(() => venue.openOrders());
    await this.#ask(() => this.#listing.fetch());
    const positions = await this.#ask(() => venue.positions());
    if (this.#isStopped) return;
    this.orders.judge(orders, asOfMs);
    if (this.#positions.isOff(positions)) {
      const { news } = await this.#ask(() => this.#listing.fetch());
      if (news.length > 0 || !this.#listing.isSettled || this.#isStopped) return;
    }
    this.#positions.judge(positions);
  }

  /** Counted among the questions, and given up where it is not answered in time. */
  #ask<T>(question: () => Promise<T>): Promise<T> {
    const { gateway } = this.#runtime;
    if (this.#isStopped) return Promise.reject(new Error('nobody asks any more'));
    if (gateway.spendRead()) return this.#answers.within(ANSWER_TIMEOUT_MS, question());
    return Promise.reject(new Error('no room for a question now'));
  }
}
