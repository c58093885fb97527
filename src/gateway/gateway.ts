/**
 * The one way out. What comes here is durable already; it is gated and written in one synchronous
 * step, once, and whatever happens then comes back as an order report. It never decides and never
 * retries.
 */
import { messageOf } from '../domain/errors.ts';
import { ANSWER_TIMEOUT_MS } from '../domain/limits.ts';
import type { OrderReport } from '../domain/order.ts';
import type { Clock, TimerId, Venue } from '../domain/ports.ts';
import { CallBudget, type CallKind, type CallLimits, readLimits } from '../risk/call-budget.ts';
import type { OutboundCommand } from './command.ts';
import { type GateState, gateRefusal } from './gate.ts';
import { amendReport, cancelReport, submitReport, thrownReport } from './outcome.ts';

export interface GatewayOptions {
  readonly venue: Venue;
  readonly clock: Clock;
  readonly callLimits: CallLimits;
  /** What the gate looks at, read in the turn of the write. */
  readonly stateFor: (command: OutboundCommand) => GateState;
  /** Takes the report of a command's outcome. */
  readonly report: (command: OutboundCommand, report: OrderReport) => void;
  /** Told of each call that was really made. */
  readonly onCall: (command: OutboundCommand) => void;
}

export class Gateway {
  readonly #options: GatewayOptions;
  readonly #unanswered = new Set<TimerId>();
  readonly #budget: CallBudget;
  readonly #reads: CallBudget;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#budget = new CallBudget(options.callLimits);
    this.#reads = new CallBudget(readLimits(options.callLimits));
  }

  /** Calls of a kind that could be made now. */
  callsLeft(kind: CallKind): number {
    return this.#budget.left(this.#options.clock.monotonicMs(), kind);
  }

  /** Counts a question to the venue; false where it must wait. */
  spendRead(): boolean {
    return this.#reads.spend(this.#options.clock.monotonicMs(), 'order');
  }

  dispatch(command: OutboundCommand): void {
    const refusal = this.#refusal(command);
    if (refusal !== null) return this.refuse(command, refusal);
    const { report, onCall } = this.#options;
    onCall(command);
    const doubt = (thrown: unknown): void =>
      report(command, thrownReport(command.clientOrderId, command.kind, thrown));
    const answered = this.#expectAnswer(doubt);
    this.#write(command)
      .finally(answered)
      .then((told) => report(command, told), doubt);
  }

  /** Nothing of it was sent, and that is certain. */
  refuse(command: OutboundCommand, reason: string): void {
    const { clientOrderId, kind } = command;
    const type = 'order.notSent';
    this.#options.report(command, { type, clientOrderId, command: kind, reason });
  }

  /** Waits for no answer any more. */
  stop(): void {
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

  /** A gate that breaks is shut. */
  #refusal(command: OutboundCommand): string | null {
    try {
      return this.#judge(command);
    } catch (thrown) {
      return `the gate broke: ${messageOf(thrown)}`;
    }
  }

  #judge(command: OutboundCommand): string | null {
    if (command.kind !== 'cancel') {
      const refusal = gateRefusal(command.question, this.#options.stateFor(command));
      if (refusal !== null) return refusal;
    }
    const kind: CallKind = command.kind === 'cancel' ? 'cancel' : 'order';
    if (this.#budget.spend(this.#options.clock.monotonicMs(), kind)) return null;
    return `no more than ${this.#budget.limits.calls} calls a minute`;
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
