/**
 * Finds out what became of an order that is in doubt, or whose fills we may have missed. It asks
 * until the venue's word and ours agree, or until the venue's own clock proves that it never took
 * the order.
 */
import {
  ACCEPTANCE_WINDOW_MS,
  ANSWER_TIMEOUT_MS,
  RESOLUTION_ATTEMPTS_MAX,
  RETRY_MS,
} from '../domain/limits.ts';
import type { Lots } from '../domain/numbers.ts';
import type { OrderRef, OrderReport } from '../domain/order.ts';
import type { Clock, Log, TimerId, Venue, VenueFill, VenueOrder } from '../domain/ports.ts';

export interface ResolverOptions {
  readonly venue: Venue;
  readonly clock: Clock;
  readonly log: Log;
  readonly report: (ref: OrderRef, report: OrderReport) => void;
  /** Takes each fill the venue lists, known ones included. */
  readonly fill: (fill: VenueFill) => void;
  /** Whether we know of as many lots of an order as the venue says have filled. */
  readonly isWhole: (clientOrderId: string, cumulative: Lots) => boolean;
}

interface Search {
  readonly ref: OrderRef;
  readonly sinceMs: number;
  attempts: number;
  /** Until the next question, or until this one has waited long enough for its answer. */
  timer: TimerId | null;
}

export class Resolver {
  readonly #options: ResolverOptions;
  readonly #open = new Map<string, Search>();
  #cursor: string | null = null;

  constructor(options: ResolverOptions) {
    this.#options = options;
  }

  /** Asks until there is evidence; a second request for the same order joins the first. */
  resolve(ref: OrderRef): void {
    if (this.#open.has(ref.clientOrderId)) return;
    const search = { ref, sinceMs: this.#options.clock.wallMs(), attempts: 0, timer: null };
    this.#open.set(ref.clientOrderId, search);
    this.#round(search);
  }

  isAsking(clientOrderId: string): boolean {
    return this.#open.has(clientOrderId);
  }

  /**
   * One question about an order that nobody doubts: 'news' where the venue knows more of it than
   * we. That it knows no such order proves nothing. Rejects with what the venue throws.
   */
  async confirm(ref: OrderRef): Promise<'unknown' | 'same' | 'news'> {
    const { venue, report, isWhole } = this.#options;
    const found = await venue.order(ref);
    if (found === null) return 'unknown';
    const isMissing = !isWhole(found.clientOrderId, found.cumulative);
    const isOver = found.status !== 'resting';
    // That it rests does not answer a command that was sent after this question: it is not told.
    // Its end is told before its fills, so that nobody acts on an order that is over.
    if (isOver) report(ref, foundReport(found));
    if (isMissing) await this.#fetchFills();
    return isMissing || isOver ? 'news' : 'same';
  }

  stop(): void {
    for (const search of this.#open.values()) this.#disarm(search);
    this.#open.clear();
  }

  #round(search: Search): void {
    search.attempts += 1;
    const round = search.attempts;
    const isStale = (): boolean =>
      round !== search.attempts || this.#open.get(search.ref.clientOrderId) !== search;
    this.#rearm(search, ANSWER_TIMEOUT_MS, () => this.#round(search));
    this.#ask(search).then(
      (isSettled) => {
        if (isStale()) return;
        if (isSettled) this.#close(search);
        else this.#again(search);
      },
      (thrown: unknown) => {
        this.#options.log.warn({ ...search.ref, thrown }, 'no answer about an order in doubt');
        if (!isStale()) this.#again(search);
      },
    );
  }

  /** The operator is called once; the questions go on, slowly, since a venue may come back. */
  #again(search: Search): void {
    const { attempts, ref } = search;
    if (attempts === RESOLUTION_ATTEMPTS_MAX)
      this.#options.log.error({ ...ref, attempts }, 'an order stays in doubt: look at the venue');
    const isLong = attempts >= RESOLUTION_ATTEMPTS_MAX;
    this.#rearm(search, isLong ? ACCEPTANCE_WINDOW_MS : RETRY_MS, () => this.#round(search));
  }

  /** True once nothing is left to ask. */
  async #ask({ ref, sinceMs }: Search): Promise<boolean> {
    const { venue, report, isWhole } = this.#options;
    // Asked first: what is missing from a listing proves nothing about the time after it.
    const asOfMs = await venue.asOf();
    const found = await venue.order(ref);
    if (found !== null) {
      const { clientOrderId, cumulative } = found;
      if (!isWhole(clientOrderId, cumulative)) await this.#fetchFills();
      report(ref, foundReport(found));
      return isWhole(clientOrderId, cumulative);
    }
    if (asOfMs < sinceMs + ACCEPTANCE_WINDOW_MS) return false;
    const evidence = `unknown to ${venue.name} as of ${asOfMs}, doubted at ${sinceMs}`;
    report(ref, { type: 'order.neverAccepted', clientOrderId: ref.clientOrderId, evidence });
    return true;
  }

  async #fetchFills(): Promise<void> {
    const { fills, cursor } = await this.#options.venue.fillsSince(this.#cursor);
    this.#cursor = cursor;
    for (const fill of fills) this.#options.fill(fill);
  }

  #close(search: Search): void {
    this.#disarm(search);
    this.#open.delete(search.ref.clientOrderId);
  }

  #rearm(search: Search, delayMs: number, then: () => void): void {
    this.#disarm(search);
    search.timer = this.#options.clock.setTimeout(then, delayMs);
  }

  #disarm(search: Search): void {
    if (search.timer !== null) this.#options.clock.clearTimeout(search.timer);
    search.timer = null;
  }
}

const foundReport = ({ request, ...found }: VenueOrder): OrderReport => ({
  type: 'order.found',
  clientOrderId: found.clientOrderId,
  venueOrderId: found.venueOrderId,
  status: found.status,
  cumulative: found.cumulative,
  price: request.price,
  quantity: request.quantity,
});
