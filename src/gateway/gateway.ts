/**
 * The one way out. What comes here is durable already; when its turn comes it is gated, counted and
 * written in one synchronous step, once, and whatever happens then comes back as an order report.
 * It never decides and never retries.
 */
import { messageOf } from '../domain/errors.ts';
import { ANSWER_TIMEOUT_MS } from '../domain/limits.ts';
import type { OrderReport } from '../domain/order.ts';
import type { Clock, TimerId, Venue } from '../domain/ports.ts';
import {
  type Call,
  type CallLimits,
  ONE_EACH,
  RateLimiter,
  readLimits,
} from '../risk/rate-limiter.ts';
import type { OutboundCommand } from './command.ts';
import { type GateState, gateRefusal } from './gate.ts';
import { amendReport, cancelReport, submitReport, thrownReport } from './outcome.ts';
import { SendQueue } from './send-queue.ts';

export interface PastCall extends Pick<Call, 'kind'> {
  readonly agoMs: number;
}

export interface GatewayOptions {
  readonly venue: Venue;
  readonly clock: Clock;
  /** Windows that must all hold, besides the venue's own. */
  readonly callLimits: CallLimits | readonly CallLimits[];
  /** What an earlier process called the venue for in the last `windowMs`, oldest first. */
  readonly madeBefore?: (windowMs: number) => readonly PastCall[];
  /** What the gate looks at, read in the turn of the write. */
  readonly stateFor: (command: OutboundCommand) => GateState;
  /** Whether a command that had to wait for room still makes sense; always, unless given. */
  readonly isWanted?: (command: OutboundCommand) => boolean;
  /** Takes the report of a command's outcome. */
  readonly report: (command: OutboundCommand, report: OrderReport) => void;
  /** Told of each call that was really made. */
  readonly onCall: (command: OutboundCommand) => void;
}

export class Gateway {
  readonly #options: GatewayOptions;
  readonly #unanswered = new Set<TimerId>();
  readonly #writes: RateLimiter;
  readonly #reads: RateLimiter;
  readonly #queue: SendQueue;
  #isStopped = false;

  constructor(options: GatewayOptions) {
    this.#options = options;
    const { venue, clock, callLimits } = options;
    const windows = [callLimits].flat();
    const { buckets = {} } = venue.capabilities;
    const costs = { ...ONE_EACH, ...venue.capabilities.costs };
    this.#writes = new RateLimiter([...windows, ...(buckets.writes ?? [])], costs);
    for (const { agoMs, kind } of options.madeBefore?.(this.#writes.windowMs) ?? [])
      this.#writes.recall(this.#nowMs() - agoMs, { kind });
    this.#reads = new RateLimiter([...windows.map(readLimits), ...(buckets.reads ?? [])], costs);
    this.#queue = new SendQueue({
      clock,
      limiter: this.#writes,
      refusal: (command, hasWaited) => this.#refusal(command, hasWaited),
      send: (command) => this.#send(command),
      refuse: (command, reason) => this.refuse(command, reason),
    });
  }

  /** Orders that one execution could place now, out of its lease where it has one. */
  callsLeft(executionId: string): number {
    const left = this.#writes.left(this.#nowMs(), { kind: 'place', holder: executionId });
    return Math.min(left, this.#writes.leaseOf(executionId) ?? Infinity);
  }

  /** Calls that a lease could be made of now. */
  unpromised(): number {
    return this.#writes.unpromised(this.#nowMs());
  }

  /** Keeps calls for one execution until they are given back; false where fewer are free. */
  lease(executionId: string, calls: number): boolean {
    return this.#writes.lease(this.#nowMs(), executionId, calls);
  }

  release(executionId: string): void {
    this.#writes.release(executionId);
  }

  /** Counts a question to the venue; false where it must wait. */
  spendRead(): boolean {
    return this.#reads.tryReserve(this.#nowMs(), { kind: 'read' });
  }

  /** Sends it at once, or as soon as there is room; what waited too long is given back unsent. */
  dispatch(command: OutboundCommand): void {
    if (!this.#isStopped) this.#queue.push(command);
  }

  #send(command: OutboundCommand): void {
    this.#options.onCall(command);
    const report = (told: OrderReport): void => {
      if (!this.#isStopped) this.#options.report(command, told);
    };
    const doubt = (thrown: unknown): void =>
      report(thrownReport(command.clientOrderId, command.kind, thrown));
    const answered = this.#expectAnswer(doubt);
    this.#write(command).finally(answered).then(report, doubt);
  }

  /** Nothing of it was sent, and that is certain. */
  refuse(command: OutboundCommand, reason: string): void {
    const { clientOrderId, kind } = command;
    const type = 'order.notSent';
    this.#options.report(command, { type, clientOrderId, command: kind, reason });
  }

  /** Sends nothing any more, and hears no answer. */
  stop(): void {
    this.#isStopped = true;
    this.#queue.stop();
    for (const timer of this.#unanswered) this.#options.clock.clearTimeout(timer);
    this.#unanswered.clear();
  }

  /** Silence is doubt; an answer that comes later is reported all the same. */
  #expectAnswer(doubt: (thrown: unknown) => void): () => void {
    const { clock } = this.#options;
    const timer = clock.setTimeout(() => {
      this.#unanswered.delete(timer);
      doubt(new Error(`no answer within ${ANSWER_TIMEOUT_MS} ms`));
    }, ANSWER_TIMEOUT_MS);
    this.#unanswered.add(timer);
    return () => {
      clock.clearTimeout(timer);
      this.#unanswered.delete(timer);
    };
  }

  /** A gate that breaks is shut, but for cancels. */
  #refusal(command: OutboundCommand, hasWaited: boolean): string | null {
    const { stateFor, isWanted } = this.#options;
    const isCancel = command.kind === 'cancel';
    try {
      if (hasWaited && isWanted?.(command) === false) return 'nobody wants it any more';
      return isCancel ? null : gateRefusal(command.question, stateFor(command));
    } catch (thrown) {
      return isCancel ? null : `the gate broke: ${messageOf(thrown)}`;
    }
  }

  #nowMs(): number {
    return this.#options.clock.monotonicMs();
  }

  async #write(command: OutboundCommand): Promise<OrderReport> {
    const { venue } = this.#options;
    const { clientOrderId } = command;
    switch (command.kind) {
      case 'submit':
        return submitReport(clientOrderId, await venue.submit(command.request));
      case 'cancel':
        return cancelReport(clientOrderId, await venue.cancel(command.ref), command.reason);
      case 'amend': {
        if (venue.amend === undefined)
          return {
            type: 'order.amendRejected',
            clientOrderId,
            reason: `${venue.name} cannot amend`,
          };
        return amendReport(clientOrderId, await venue.amend(command.request));
      }
    }
  }
}
