/**
 * Notices to people outside: a storm of one kind is one alert with a count, and what cannot be
 * delivered is tried again. It never blocks the engine, never keeps more than a bounded number, and
 * never logs where to.
 */
import { InputError } from '../domain/errors.ts';
import { NOTICE_KINDS, type Notice, type NoticeKind } from '../domain/notice.ts';
import type { Clock, Log, Random, Stream, Subscription, TimerId } from '../domain/ports.ts';
import { Courier } from './courier.ts';

/** One or several notices of a kind. */
export interface Alert {
  readonly kind: NoticeKind;
  /** How many; more than one after a storm. */
  readonly count: number;
  /** Of the first and of the last of them. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** The last of them. */
  readonly notice: Notice;
  /** For people: what happened, and how often. */
  readonly text: string;
}

/** A way out. It rejects where an alert may be given to it again. */
export interface Delivery {
  /** For the log: no secret. */
  readonly name: string;
  send(alert: Alert): Promise<void>;
}

export interface AlertOptions {
  readonly clock: Clock;
  readonly random: Pick<Random, 'next'>;
  readonly log: Log;
  readonly deliveries: readonly Delivery[];
  /** All unless given. */
  readonly kinds?: readonly NoticeKind[];
  /** At most one alert of a kind in so many milliseconds; a minute unless given. */
  readonly everyMs?: number;
}

export interface Alerts {
  /** Sends what was held back, and waits for it as long as `graceMs`. Gives what was not sent. */
  stop(graceMs?: number): Promise<number>;
}

const EVERY_MS = 60_000;
const GRACE_MS = 5_000;

/** Throws an `InputError` for options that cannot be used. */
export function sendAlerts(notices$: Stream<Notice>, options: AlertOptions): Alerts {
  const { everyMs = EVERY_MS } = options;
  if (!Number.isSafeInteger(everyMs) || everyMs < 1)
    throw new InputError('everyMs is a whole number above 0', everyMs, 'give 60000');
  return new Sender(notices$, options, everyMs);
}

/** Notices of one kind that wait for the end of its pause. */
interface Pause {
  readonly timer: TimerId;
  held: Notice[];
  count: number;
}

/** More different reasons nobody reads. */
const SHOWN_MAX = 5;

class Sender implements Alerts {
  readonly #options: AlertOptions;
  readonly #everyMs: number;
  readonly #couriers: readonly Courier[];
  readonly #pauses = new Map<NoticeKind, Pause>();
  readonly #subscription: Subscription;

  constructor(notices$: Stream<Notice>, options: AlertOptions, everyMs: number) {
    this.#options = options;
    this.#everyMs = everyMs;
    this.#couriers = options.deliveries.map((delivery) => new Courier({ ...options, delivery }));
    const kinds = options.kinds ?? NOTICE_KINDS;
    this.#subscription = notices$.subscribe((notice) => {
      if (kinds.includes(notice.kind)) this.#hear(notice);
    });
  }

  async stop(graceMs = GRACE_MS): Promise<number> {
    this.#subscription.unsubscribe();
    for (const [kind, { timer }] of this.#pauses) {
      this.#options.clock.clearTimeout(timer);
      this.#release(kind);
    }
    const left = await Promise.all(this.#couriers.map((courier) => courier.stop(graceMs)));
    return left.reduce((sum, count) => sum + count, 0);
  }

  /** The first one goes at once; those that follow within the pause go together at its end. */
  #hear(notice: Notice): void {
    const pause = this.#pauses.get(notice.kind);
    if (pause === undefined) return this.#send(notice.kind, [notice], 1);
    pause.count += 1;
    // The first for its time, the newest for what they say.
    if (pause.held.length > SHOWN_MAX) pause.held.splice(1, 1);
    pause.held.push(notice);
  }

  #send(kind: NoticeKind, notices: readonly Notice[], count: number): void {
    const timer = this.#options.clock.setTimeout(() => this.#release(kind), this.#everyMs);
    this.#pauses.set(kind, { timer, held: [], count: 0 });
    const alert = alertOf(notices, count);
    if (alert !== null) for (const courier of this.#couriers) courier.take(alert);
  }

  #release(kind: NoticeKind): void {
    const { held = [], count = 0 } = this.#pauses.get(kind) ?? {};
    this.#pauses.delete(kind);
    if (held.length > 0) this.#send(kind, held, count);
  }
}

function alertOf(notices: readonly Notice[], count: number): Alert | null {
  const [first, notice] = [notices[0], notices.at(-1)];
  if (first === undefined || notice === undefined) return null;
  const { kind, timeMs: lastMs } = notice;
  const reasons = [...new Set(notices.map(whereAndWhy))];
  const more = count === 1 ? '' : ` (${count} times)`;
  const text = `depthwalker ${kind}${more}: ${reasons.join('; ')}`;
  return { kind, count, firstMs: first.timeMs, lastMs, notice, text };
}

const whereAndWhy = ({ venue, market, executionId, reason }: Notice): string => {
  const where = [venue, market, executionId].filter((part) => part !== null);
  return where.length === 0 ? reason : `${where.join(' ')}: ${reason}`;
};
