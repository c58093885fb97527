/**
 * Where a durable command waits for room at the venue: first come, first served, cancels before all
 * else. It sends nothing late: an order that waited too long is given back to be decided again.
 */
import { INTENT_AGE_MS_MAX } from '../domain/limits.ts';
import type { Clock, TimerId } from '../domain/ports.ts';
import type { Call, RateLimiter } from '../risk/rate-limiter.ts';
import type { OutboundCommand } from './command.ts';

export interface SendQueueOptions {
  readonly clock: Clock;
  readonly limiter: RateLimiter;
  /** Why a command may not be sent now; `hasWaited` where that was asked before. */
  readonly refusal: (command: OutboundCommand, hasWaited: boolean) => string | null;
  /** Writes it, in the same synchronous step in which it was asked about and counted. */
  readonly send: (command: OutboundCommand) => void;
  /** Nothing of it was sent, nor will be. */
  readonly refuse: (command: OutboundCommand, reason: string) => void;
}

type CancelCommand = Extract<OutboundCommand, { readonly kind: 'cancel' }>;

interface Waiting {
  readonly command: OutboundCommand;
  readonly sinceMs: number;
  hasWaited: boolean;
}

const isCancel = (command: OutboundCommand): command is CancelCommand => command.kind === 'cancel';

const callOf = ({ kind, executionId: holder }: OutboundCommand): Call => ({
  kind: kind === 'submit' ? 'place' : kind,
  holder,
});

export class SendQueue {
  readonly #options: SendQueueOptions;
  readonly #cancels: Waiting[] = [];
  readonly #orders: Waiting[] = [];
  readonly #tooLate: string;
  #timer: TimerId | null = null;

  constructor(options: SendQueueOptions) {
    this.#options = options;
    this.#tooLate = `no room within ${INTENT_AGE_MS_MAX} ms: ${options.limiter.rule}`;
  }

  /** Commands that wait for room. */
  get waiting(): number {
    return this.#cancels.length + this.#orders.length;
  }

  push(command: OutboundCommand): void {
    if (isCancel(command) && this.#withdraws(command)) return;
    const waiting = { command, sinceMs: this.#sinceMs(command), hasWaited: false };
    if (isCancel(command)) this.#cancels.push(waiting);
    else if (this.waiting === 0 || this.#comesInTime(waiting)) this.#orders.push(waiting);
    else return this.#options.refuse(command, this.#tooLate);
    this.#drain();
    waiting.hasWaited = true;
  }

  /** What waits is forgotten: it is in the journal, and was never sent. */
  stop(): void {
    for (const lane of [this.#cancels, this.#orders]) lane.length = 0;
    this.#disarm();
  }

  /**
   * A cancel undoes what waits for its order. True where it need not be sent itself: the order
   * never was, or a cancel of it waits already and speaks for both.
   */
  #withdraws(cancel: OutboundCommand): boolean {
    const isSame = ({ command }: Waiting): boolean =>
      command.clientOrderId === cancel.clientOrderId;
    const undone = this.#orders.filter(isSame);
    for (const waiting of undone) {
      this.#orders.splice(this.#orders.indexOf(waiting), 1);
      this.#options.refuse(waiting.command, 'it was withdrawn before it was sent');
    }
    if (!undone.some(({ command }) => command.kind === 'submit')) return this.#cancels.some(isSame);
    this.#options.refuse(cancel, 'its order was never sent');
    return true;
  }

  #drain(): void {
    const isClear = this.#drainLane(this.#cancels, true);
    this.#drainLane(this.#orders, isClear);
    this.#rearm();
  }

  /** True once nothing waits; `mayPass` false where another lane goes first. */
  #drainLane(lane: Waiting[], mayPass: boolean): boolean {
    const { limiter, refusal, send, refuse } = this.#options;
    for (let head = lane[0]; head !== undefined; head = lane[0]) {
      const { command } = head;
      const reason =
        refusal(command, head.hasWaited) ?? (this.#comesInTime(head) ? null : this.#tooLate);
      const isRefused = reason !== null;
      if (!isRefused && !(mayPass && limiter.tryReserve(this.#nowMs(), callOf(command))))
        return false;
      // Taken out first: what a venue does at once may come back here.
      lane.shift();
      if (isRefused) refuse(command, reason);
      else send(command);
    }
    return true;
  }

  /** Its age is that of the decision: a commit that took long has aged it too. */
  #sinceMs(command: OutboundCommand): number {
    return (isCancel(command) ? undefined : command.decidedAtMs) ?? this.#nowMs();
  }

  /** There will be room before it is too old, as far as that can be told. A cancel never is. */
  #comesInTime({ command, sinceMs }: Waiting): boolean {
    if (isCancel(command)) return true;
    return this.#roomAtMs(command) <= sinceMs + INTENT_AGE_MS_MAX;
  }

  #roomAtMs(command: OutboundCommand): number {
    const ahead: Call[] = [];
    for (const lane of isCancel(command) ? [this.#cancels] : [this.#cancels, this.#orders])
      for (const waiting of lane) {
        if (waiting.command === command) break;
        ahead.push(callOf(waiting.command));
      }
    return this.#options.limiter.nextAtMs(this.#nowMs(), callOf(command), ahead);
  }

  #rearm(): void {
    this.#disarm();
    const times = [this.#cancels[0], this.#orders[0]].map((head) => {
      if (head === undefined) return Infinity;
      const roomAtMs = this.#roomAtMs(head.command);
      if (isCancel(head.command)) return roomAtMs;
      return Math.min(roomAtMs, head.sinceMs + INTENT_AGE_MS_MAX + 1);
    });
    const atMs = Math.min(...times);
    if (atMs === Infinity) return;
    const delayMs = Math.max(0, atMs - this.#nowMs());
    this.#timer = this.#options.clock.setTimeout(() => {
      this.#timer = null;
      this.#drain();
    }, delayMs);
  }

  #disarm(): void {
    if (this.#timer !== null) this.#options.clock.clearTimeout(this.#timer);
    this.#timer = null;
  }

  #nowMs(): number {
    return this.#options.clock.monotonicMs();
  }
}
