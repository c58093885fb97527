/**
 * Finds out what became of an order that is in doubt, or whose fills we may have missed. It asks
 * until the venue's word and ours agree, or until all that the venue lists, and its own clock,
 * prove that the order is not there; what cannot be proven stays in doubt.
 */
import { messageOf } from '../domain/errors.ts';
import {
  ACCEPTANCE_WINDOW_MS,
  ANSWER_TIMEOUT_MS,
  CLOCK_SKEW_MS_MAX,
  LISTING_MARGIN_MS,
  QUICK_ATTEMPTS,
  READ_LAG_MS_MAX,
  RESOLUTION_ATTEMPTS_MAX,
  RETRY_MS,
} from '../domain/limits.ts';
import type { Lots } from '../domain/numbers.ts';
import type { OrderRef, OrderReport } from '../domain/order.ts';
import type { Clock, Log, TimerId, Venue, VenueFill, VenueOrder } from '../domain/ports.ts';
import { canProveAbsence, lookUp } from './lookup.ts';
import { absentReport, type FillGap, foundReport, type OwnWord } from './outcome.ts';

export interface ResolverOptions {
  readonly venue: Venue;
  readonly clock: Clock;
  readonly log: Log;
  readonly report: (ref: OrderRef, report: OrderReport) => void;
  /** Books what the venue lists and we never heard of; gives all that it listed. */
  readonly fetchFills: () => Promise<readonly VenueFill[]>;
  /** What we do not know of as many lots of an order as the venue says have filled. */
  readonly gapOf: (clientOrderId: string, cumulative: Lots) => FillGap;
  readonly ownWord: (ref: OrderRef) => OwnWord;
  /** What of a found order is not as it was sent; null where it is our order. */
  readonly mismatch: (found: VenueOrder) => string | null;
  /** Its end is proven, by whomever: there is nothing left to ask. */
  readonly isOver: (ref: OrderRef) => boolean;
  /** Counts a question; false where there is no room for one now. */
  readonly spendRead: () => boolean;
}

/** An order that is asked about. */
export interface Doubt {
  readonly ref: OrderRef;
  readonly sinceMs: number;
  readonly attempts: number;
  /** What the last question brought. */
  readonly learnt: string;
  /** Asked so often that a person is called. */
  readonly isStuck: boolean;
}

interface Search {
  readonly ref: OrderRef;
  readonly sinceMs: number;
  readonly sinceMonotonicMs: number;
  attempts: number;
  learnt: string;
  /** The first that the venue said of its clock: behind it by no more than its readings are. */
  firstAsOfMs: number | null;
  /** Until the next question, or until this one has waited long enough for its answer. */
  timer: TimerId | null;
}

const ASKED_NO_MORE = 'it is asked about no more';

const isStuck = ({ attempts }: Search): boolean => attempts >= RESOLUTION_ATTEMPTS_MAX;

export class Resolver {
  readonly #options: ResolverOptions;
  readonly #open = new Map<string, Search>();

  constructor(options: ResolverOptions) {
    this.#options = options;
  }

  /** Asks until there is evidence; a second request for the same order joins the first. */
  resolve(ref: OrderRef): void {
    if (this.#open.has(ref.clientOrderId)) return;
    const { clock } = this.#options;
    const search: Search = {
      ref,
      sinceMs: clock.wallMs(),
      sinceMonotonicMs: clock.monotonicMs(),
      attempts: 0,
      learnt: 'not answered yet',
      firstAsOfMs: null,
      timer: null,
    };
    this.#open.set(ref.clientOrderId, search);
    this.#round(search);
  }

  isAsking(clientOrderId: string): boolean {
    return this.#open.has(clientOrderId);
  }

  /** All that is asked about, the oldest first. */
  get doubts(): readonly Doubt[] {
    return this.#searches.map((search) => {
      const { ref, sinceMs, attempts, learnt } = search;
      return { ref, sinceMs, attempts, learnt, isStuck: isStuck(search) };
    });
  }

  get hasStuck(): boolean {
    return this.#searches.some(isStuck);
  }

  isStuck(clientOrderId: string): boolean {
    const search = this.#open.get(clientOrderId);
    return search !== undefined && isStuck(search);
  }

  /** Asks no more: somebody else has settled it. */
  drop(clientOrderId: string): void {
    const search = this.#open.get(clientOrderId);
    if (search !== undefined) this.#close(search);
  }

  /** A listing showed an order: an answer to whoever asks about it. */
  async seen(found: VenueOrder): Promise<void> {
    const search = this.#open.get(found.clientOrderId);
    if (search === undefined) return;
    const learnt = await this.#adopt(search, found, null);
    if (learnt === null && this.#isOpen(search)) this.#close(search);
  }

  /**
   * One question about an order that nobody doubts: 'news' where the venue knows more of it than
   * we. That it knows no such order proves nothing. Rejects with what the venue throws.
   */
  async confirm(ref: OrderRef): Promise<'unknown' | 'same' | 'news'> {
    const { venue, clock, report, gapOf, fetchFills } = this.#options;
    const sinceMs = clock.wallMs() - LISTING_MARGIN_MS;
    const found = await lookUp(venue, ref, { sinceMs, everywhere: false });
    if (found === null) return 'unknown';
    const gap = gapOf(found.clientOrderId, found.cumulative);
    const isMissing = gap === 'some' || gap === 'unclear';
    const isOver = found.status !== 'resting';
    // That it rests does not answer a command that was sent after this question: it is not told.
    // Its end is told before its fills, so that nobody acts on an order that is over.
    if (isOver) report(ref, foundReport(found, gap === 'takenBack'));
    if (isMissing) await fetchFills();
    return isMissing || isOver ? 'news' : 'same';
  }

  stop(): void {
    for (const search of this.#open.values()) this.#disarm(search);
    this.#open.clear();
  }

  get #searches(): readonly Search[] {
    return [...this.#open.values()].filter(({ ref }) => !this.#options.isOver(ref));
  }

  #round(search: Search): void {
    if (this.#options.isOver(search.ref)) return this.#close(search);
    if (!this.#options.spendRead()) return this.#rearm(search, RETRY_MS, () => this.#round(search));
    search.attempts += 1;
    const round = search.attempts;
    const isStale = (): boolean => round !== search.attempts || !this.#isOpen(search);
    this.#rearm(search, ANSWER_TIMEOUT_MS, () => this.#round(search));
    this.#ask(search).then(
      (learnt) => {
        if (isStale()) return;
        if (learnt === null) this.#close(search);
        else this.#again(search, learnt);
      },
      (thrown: unknown) => {
        if (!this.#isOpen(search)) return;
        this.#options.log.warn({ ...search.ref, thrown }, 'no answer about an order in doubt');
        if (!isStale()) this.#again(search, `no answer: ${messageOf(thrown)}`);
      },
    );
  }

  /** The operator is called once; the questions go on, slowly, since a venue may come back. */
  #again(search: Search, learnt: string): void {
    const { attempts, ref } = search;
    search.learnt = learnt;
    if (attempts === RESOLUTION_ATTEMPTS_MAX)
      this.#options.log.error(
        { ...ref, attempts, learnt },
        'an order stays in doubt: look at the venue',
      );
    const quickMs = attempts < QUICK_ATTEMPTS ? RETRY_MS : 3 * RETRY_MS;
    const pauseMs = isStuck(search) ? ACCEPTANCE_WINDOW_MS : quickMs;
    this.#rearm(search, pauseMs, () => this.#round(search));
  }

  /** What was learnt; null once nothing is left to ask. */
  async #ask(search: Search): Promise<string | null> {
    const { venue, fetchFills, ownWord, report } = this.#options;
    const { ref } = search;
    const mayProve = this.#mayProve(search);
    // Asked before the listings: what is missing from one says nothing about the time after it.
    const asOfMs = mayProve || search.firstAsOfMs === null ? await venue.asOf() : 0;
    search.firstAsOfMs ??= asOfMs;
    if (!this.#isOpen(search)) return ASKED_NO_MORE;
    const { intentAtMs } = ownWord(ref);
    const sinceMs = Math.min(intentAtMs, search.firstAsOfMs) - LISTING_MARGIN_MS;
    const found = await lookUp(venue, ref, { sinceMs, everywhere: mayProve });
    if (!this.#isOpen(search)) return ASKED_NO_MORE;
    if (found !== null) return this.#adopt(search, found, mayProve ? asOfMs : null);
    if (!mayProve) return `unknown to ${venue.name}, which may still take it`;
    if (!canProveAbsence(venue, ref)) return `${venue.name} lists no orders that have ended`;
    if (!this.#isPast(search, asOfMs)) return `unknown to ${venue.name} as of ${asOfMs}`;
    const fills = await fetchFills();
    if (!this.#isOpen(search)) return ASKED_NO_MORE;
    if (fills.some(({ clientOrderId }) => clientOrderId === ref.clientOrderId))
      return 'it has fills, and is listed nowhere';
    const evidence = `unknown to ${venue.name} as of ${asOfMs}`;
    report(ref, absentReport(ref, ownWord(ref), evidence));
    return null;
  }

  /** Whether enough time has passed, by the clock that never jumps, for proof to be possible. */
  #mayProve({ ref, sinceMonotonicMs }: Search): boolean {
    const { clock, ownWord } = this.#options;
    const doubtedMs = clock.monotonicMs() - sinceMonotonicMs;
    return (ownWord(ref).quietMs ?? doubtedMs) >= ACCEPTANCE_WINDOW_MS;
  }

  /**
   * Whether the venue's data reach past the last moment at which it could have taken the order.
   * Its own first word after the doubt is a lower bound that no clock of ours is in; ours gives a
   * sooner one, where it is not behind the venue's.
   */
  #isPast({ ref, firstAsOfMs }: Search, asOfMs: number): boolean {
    const { clock, ownWord } = this.#options;
    const windowMs = ACCEPTANCE_WINDOW_MS + READ_LAG_MS_MAX;
    if (firstAsOfMs !== null && asOfMs >= firstAsOfMs + windowMs) return true;
    const { quietMs } = ownWord(ref);
    const nowMs = clock.wallMs();
    if (quietMs === null || asOfMs > nowMs + CLOCK_SKEW_MS_MAX) return false;
    return asOfMs >= nowMs - quietMs + windowMs;
  }

  /** What is still missing of an order that was found; null for nothing. */
  async #adopt(search: Search, found: VenueOrder, asOfMs: number | null): Promise<string | null> {
    const { report, gapOf, fetchFills, mismatch, ownWord } = this.#options;
    const { clientOrderId, cumulative, status } = found;
    const difference = mismatch(found);
    if (difference !== null) return `it is not what was sent: ${difference}`;
    const isWhole = (): boolean => gapOf(clientOrderId, cumulative) === 'none';
    if (!isWhole()) await fetchFills();
    if (!this.#isOpen(search)) return ASKED_NO_MORE;
    const gap = gapOf(clientOrderId, cumulative);
    // A bust overtook its fill, and no list of the venue's will ever show that fill again.
    const isLost = gap === 'unclear' && asOfMs !== null && this.#isPast(search, asOfMs);
    const isSettled = status !== 'resting' && (gap === 'takenBack' || isLost);
    report(search.ref, foundReport(found, isSettled));
    // Readings lag: this one says nothing of what was filled before the end.
    if (status === 'resting' && ownWord(search.ref).hasEnded)
      return 'read as it was before its end';
    return gap === 'none' || isSettled ? null : 'not all of its fills are listed';
  }

  /** After each answer: it may be settled by then, or all of it stopped. */
  #isOpen(search: Search): boolean {
    return this.#open.get(search.ref.clientOrderId) === search;
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
