/**
 * Asks the venue about orders of which the report stream was silent for too long; the answer is
 * booked as if the stream had said it. It never frees quantity: a question without an answer
 * changes nothing, and an order that the venue does not know is the resolver's to look into.
 */
import { InputError } from '../../domain/errors.ts';
import {
  ANSWER_TIMEOUT_MS,
  CONFIRM_ENDING_MS,
  CONFIRM_RESTING_MS,
  CONFIRMATIONS_PER_TURN_MAX,
  LATENCIES_OF_SILENCE,
  RETRY_MS,
  TIME_LIMIT_MS_MAX,
  UNKNOWN_ANSWERS_MAX,
} from '../../domain/limits.ts';
import type { OrderRef } from '../../domain/order.ts';
import type { OutboundCommand } from '../../gateway/command.ts';
import type { Resolver } from '../../gateway/resolver.ts';
import type { KnownOrder } from '../reconciliation/known-order.ts';
import type { Runtime } from '../runtime.ts';
import type { ExecutionRecord } from './execution-record.ts';

/** Milliseconds of silence after which the venue is asked. */
export interface ConfirmationTimes {
  /** About an order that rests. */
  readonly restingMs: number;
  /** About one that was sent something, or may not rest: the stream owes a word of it. */
  readonly endingMs: number;
}

export const DEFAULT_CONFIRMATION: ConfirmationTimes = {
  restingMs: CONFIRM_RESTING_MS,
  endingMs: CONFIRM_ENDING_MS,
};

const NEVER: ConfirmationTimes = { restingMs: Infinity, endingMs: Infinity };

/** Throws an `InputError` for a time that cannot be waited for. */
export function confirmationOf(
  given: Partial<ConfirmationTimes> | null | undefined,
): ConfirmationTimes | null {
  if (given === null) return null;
  const times = { ...DEFAULT_CONFIRMATION, ...given };
  for (const name of ['restingMs', 'endingMs'] as const) {
    const ms: unknown = times[name];
    if (!Number.isSafeInteger(ms) || Number(ms) <= 0 || Number(ms) > TIME_LIMIT_MS_MAX)
      throw new InputError(
        `confirmation.${name} is a whole number of milliseconds above 0`,
        ms,
        `the default is ${DEFAULT_CONFIRMATION[name]}`,
      );
  }
  return times;
}

/**
 * What the stream's silence about an order means: nothing; or it owes a word, since something was
 * sent; or a word was provably lost, and then only the stream itself breaks its silence.
 */
type Silence = 'usual' | 'owed' | 'proven';

/** Where an order is found among the actors. */
type Address = Pick<OutboundCommand, 'executionId' | 'splitOrderId' | 'clientOrderId' | 'symbol'>;

type Held = Pick<KnownOrder, 'executionId' | 'splitOrderId' | 'ref'>;

/** One venue order, from its first command until it is seen to have ended. */
interface Watch {
  readonly command: Address;
  /** It may not rest: as long as it is alive, a word of its end is owed. */
  readonly isBrief: boolean;
  silence: Silence;
  /** By the clock that never jumps. */
  dueAtMs: number;
  /** Questions in a row that nothing was learnt from. */
  failures: number;
}

export class Confirmation {
  readonly #runtime: Runtime;
  readonly #resolver: Pick<Resolver, 'confirm' | 'isAsking' | 'resolve'>;
  readonly #times: ConfirmationTimes;
  readonly #watches = new Map<string, Watch>();
  #armedAtMs = Infinity;
  #isStopped = false;

  constructor(runtime: Runtime, resolver: Pick<Resolver, 'confirm' | 'isAsking' | 'resolve'>) {
    const { confirmation, venue } = runtime.options;
    const { restingMs, endingMs } = confirmation ?? NEVER;
    const leastMs = LATENCIES_OF_SILENCE * venue.capabilities.latencyP99Ms;
    this.#runtime = runtime;
    this.#resolver = resolver;
    this.#times = {
      restingMs: Math.max(restingMs, leastMs),
      endingMs: Math.max(endingMs, leastMs),
    };
  }

  /** A command has left: the stream owes a word of its order. */
  sent(command: OutboundCommand): void {
    const dueAtMs = this.#nowMs() + this.#times.endingMs;
    const known = this.#watches.get(command.clientOrderId);
    if (known === undefined) {
      const isBrief = command.kind === 'submit' && command.request.timeInForce !== 'gtc';
      const watch: Watch = { command, isBrief, silence: 'owed', dueAtMs, failures: 0 };
      this.#watches.set(command.clientOrderId, watch);
    } else if (known.silence === 'usual') {
      known.silence = 'owed';
      known.dueAtMs = Math.min(known.dueAtMs, dueAtMs);
    }
    this.#armBy(dueAtMs);
  }

  /** A listing does not show an order that should rest: the venue is asked about it now. */
  suspect({ executionId, splitOrderId, ref }: Held): void {
    const { clientOrderId, symbol } = ref;
    const dueAtMs = this.#nowMs();
    const command = { executionId, splitOrderId, clientOrderId, symbol };
    const known = this.#watches.get(clientOrderId);
    const watch: Watch = known ?? {
      command,
      isBrief: false,
      silence: 'owed',
      dueAtMs,
      failures: 0,
    };
    // One that is asked about already keeps its pace.
    if (watch.failures === 0) watch.dueAtMs = dueAtMs;
    this.#watches.set(clientOrderId, watch);
    this.#armBy(dueAtMs);
  }

  /** The stream spoke of an order. It costs no timer: the one that is armed will find less due. */
  heard(clientOrderId: string): void {
    const watch = this.#watches.get(clientOrderId);
    if (watch !== undefined) this.#note(watch, 'usual');
  }

  /** All orders of an execution have ended. */
  forget({ orders }: ExecutionRecord): void {
    for (const { clientOrderIds } of orders.values())
      for (const clientOrderId of clientOrderIds) this.#watches.delete(clientOrderId);
  }

  stop(): void {
    this.#isStopped = true;
    this.#watches.clear();
  }

  #nowMs(): number {
    return this.#runtime.options.clock.monotonicMs();
  }

  #note(watch: Watch, silence: Silence): void {
    const { endingMs, restingMs } = this.#times;
    const mayRest = silence === 'usual' && !watch.isBrief;
    watch.silence = silence;
    watch.failures = 0;
    watch.dueAtMs = this.#nowMs() + (mayRest ? restingMs : endingMs);
  }

  #armBy(atMs: number): void {
    if (atMs >= this.#armedAtMs) return;
    this.#armedAtMs = atMs;
    this.#runtime.wheel.armIn('confirmation', atMs - this.#nowMs(), () => this.#wake());
  }

  /** Asks about the few that have waited longest; the others wait for room, and for their turn. */
  #wake(): void {
    const nowMs = this.#nowMs();
    const due = [...this.#watches.values()]
      .filter(({ dueAtMs }) => dueAtMs <= nowMs)
      .toSorted((left, right) => left.dueAtMs - right.dueAtMs);
    let asked = 0;
    for (const watch of due) {
      const ref = this.#refOf(watch);
      if (ref === 'ended') this.#watches.delete(watch.command.clientOrderId);
      else if (ref === 'unclear') watch.dueAtMs = nowMs + RETRY_MS;
      else {
        if (asked === CONFIRMATIONS_PER_TURN_MAX || !this.#runtime.gateway.spendRead()) break;
        asked += 1;
        this.#ask(watch, ref);
      }
    }
    this.#armedAtMs = Infinity;
    let nextMs = Infinity;
    for (const { dueAtMs } of this.#watches.values()) nextMs = Math.min(nextMs, dueAtMs);
    this.#armBy(Math.max(nextMs, nowMs + RETRY_MS));
  }

  /** What to ask about; 'unclear' while it is not acknowledged, or the resolver asks already. */
  #refOf({ command }: Watch): OrderRef | 'ended' | 'unclear' {
    const { executionId, splitOrderId, clientOrderId, symbol } = command;
    const execution = this.#runtime.hostOf(symbol).execution(executionId);
    const order = execution?.getSnapshot().children[splitOrderId]?.getSnapshot();
    const attempt = order?.context.attempt;
    if (order?.hasTag('final') !== false || attempt?.clientOrderId !== clientOrderId)
      return 'ended';
    const isAsked = order.hasTag('uncertain') || this.#resolver.isAsking(clientOrderId);
    if (isAsked || !attempt.acknowledged) return 'unclear';
    return { clientOrderId, venueOrderId: attempt.venueOrderId, symbol };
  }

  /** Without an answer that helps it is asked again, ever more slowly; each time it is alone. */
  #ask(watch: Watch, ref: OrderRef): void {
    const { log } = this.#runtime.options;
    watch.failures += 1;
    watch.dueAtMs = this.#nowMs() + this.#pauseMs(watch);
    this.#resolver.confirm(ref).then(
      (answer) => {
        if (this.#isStopped) return;
        if (answer === 'news') log.info({ ...ref }, 'the stream had not told all of an order');
        if (answer !== 'unknown') return this.#answered(watch, answer === 'news');
        log.warn({ ...ref }, 'the venue knows no order that it took');
        // It may have dropped it without a word: all that it lists, and its clock, can prove that.
        if (watch.failures >= UNKNOWN_ANSWERS_MAX) this.#resolver.resolve(ref);
      },
      (thrown: unknown) => {
        if (!this.#isStopped) log.warn({ ...ref, thrown }, 'no answer about a silent order');
      },
    );
  }

  #answered(watch: Watch, isNews: boolean): void {
    const isGone = this.#watches.get(watch.command.clientOrderId) !== watch;
    // Without failures the stream has spoken since: what was news then proves nothing of it now.
    if (isGone || watch.failures === 0) return;
    this.#note(watch, isNews || watch.silence === 'proven' ? 'proven' : 'usual');
    this.#armBy(Math.max(watch.dueAtMs, this.#nowMs() + RETRY_MS));
  }

  #pauseMs({ failures }: Watch): number {
    const { endingMs, restingMs } = this.#times;
    const slower = Math.min(Math.max(restingMs, endingMs), endingMs * 2 ** failures);
    return Math.max(ANSWER_TIMEOUT_MS, slower);
  }
}
