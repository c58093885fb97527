/**
 * Brings alerts to one address, one after another, and tries again where that fails. It keeps a
 * bounded number: of a flood the oldest are given up, with a line in the log.
 */
import { messageOf } from '../domain/errors.ts';
import type { Clock, Log, Random, TimerId } from '../domain/ports.ts';
import type { Alert, Delivery } from './alerts.ts';

/** With six kinds and one of each in a minute, a quarter of an hour without any answer. */
const WAITING_MAX = 100;
/** Pauses of up to 1, 2, 4 ... seconds, at most a minute: together about ten minutes. */
const ATTEMPTS_MAX = 15;
const FIRST_PAUSE_MS = 1_000;
const PAUSE_MS_MAX = 60_000;

/** Told again it would be refused again. */
export class AlertRefused extends Error {
  override readonly name = 'AlertRefused';
}

export interface CourierOptions {
  readonly delivery: Delivery;
  readonly clock: Clock;
  readonly random: Pick<Random, 'next'>;
  readonly log: Log;
}

export class Courier {
  readonly #options: CourierOptions;
  readonly #waiting: Alert[] = [];
  #attempts = 0;
  #isSending = false;
  #pause: TimerId | null = null;
  #isStopped = false;
  #idle: () => void = () => undefined;

  constructor(options: CourierOptions) {
    this.#options = options;
  }

  /** Never throws, and returns at once. */
  take(alert: Alert): void {
    if (this.#isStopped) return;
    this.#waiting.push(alert);
    // The one under way is the first, and stays.
    if (this.#waiting.length > WAITING_MAX) this.#giveUp(1, 'too many alerts wait');
    this.#next();
  }

  /** Waits for what is under way; then says how many alerts are left, and sends no more. */
  async stop(graceMs: number): Promise<number> {
    const { clock } = this.#options;
    if (this.#pause !== null) {
      // It may end in a minute, and nobody is there any more then.
      clock.clearTimeout(this.#pause);
      this.#pause = null;
      this.#next();
    }
    if (this.#waiting.length > 0)
      await new Promise<void>((resolve) => {
        const timer = clock.setTimeout(resolve, graceMs);
        this.#idle = () => {
          clock.clearTimeout(timer);
          resolve();
        };
      });
    this.#isStopped = true;
    if (this.#pause !== null) clock.clearTimeout(this.#pause);
    return this.#waiting.length;
  }

  #next(): void {
    const [alert] = this.#waiting;
    if (alert === undefined) return this.#idle();
    if (this.#isStopped || this.#isSending || this.#pause !== null) return;
    this.#isSending = true;
    this.#attempts += 1;
    // From a promise, so that one that throws at once is one that rejects.
    Promise.resolve(alert)
      .then((each) => this.#options.delivery.send(each))
      .then(
        () => this.#done(),
        (thrown: unknown) => this.#failed(thrown),
      );
  }

  #done(): void {
    this.#isSending = false;
    this.#attempts = 0;
    this.#waiting.shift();
    this.#next();
  }

  #failed(thrown: unknown): void {
    this.#isSending = false;
    if (this.#isStopped) return;
    const isFinal = thrown instanceof AlertRefused || this.#attempts >= ATTEMPTS_MAX;
    if (!isFinal) return this.#tryLater();
    this.#attempts = 0;
    this.#giveUp(0, messageOf(thrown));
    this.#next();
  }

  /** Drawn from the whole range: bots that were cut off together do not come back together. */
  #tryLater(): void {
    const { clock, random } = this.#options;
    const mostMs = Math.min(PAUSE_MS_MAX, FIRST_PAUSE_MS * 2 ** (this.#attempts - 1));
    this.#pause = clock.setTimeout(() => {
      this.#pause = null;
      this.#next();
    }, random.next() * mostMs);
  }

  #giveUp(index: number, reason: string): void {
    const [alert] = this.#waiting.splice(index, 1);
    const { log, delivery } = this.#options;
    log.warn({ to: delivery.name, alert: alert?.text, reason }, 'an alert was not delivered');
  }
}
