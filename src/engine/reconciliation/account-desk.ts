/**
 * What a person needs to see and settle of the accounts: orders that are not ours or that nobody
 * sent, and orders in doubt that no question cleared. It acts in that person's name, and says so in
 * the journal.
 */
import { InputError } from '../../domain/errors.ts';
import {
  type Action,
  formatPrice,
  formatQuantity,
  type Instrument,
  type OutcomeSide,
} from '../../domain/instrument.ts';
import type { Clock, VenueOrder } from '../../domain/ports.ts';
import type { Store } from '../../domain/records.ts';
import type { Doubt } from '../../gateway/resolver.ts';
import type { Runtime } from '../runtime.ts';
import { knownOrder } from './known-order.ts';

/** An order as a venue listed it last, in decimal text. */
export interface ListedOrder {
  readonly venue: string;
  readonly market: string;
  readonly clientOrderId: string;
  readonly venueOrderId: string;
  readonly outcome: OutcomeSide;
  readonly action: Action;
  /** Null in a market that this engine does not list: its units are not known. */
  readonly price: string | null;
  readonly quantity: string | null;
  readonly filledQuantity: string | null;
}

/** An order that the venue is asked about. */
export interface DoubtfulOrder {
  readonly venue: string;
  readonly market: string;
  /** Null where the execution is forgotten. */
  readonly executionId: string | null;
  readonly clientOrderId: string;
  readonly sinceMs: number;
  readonly questions: number;
  /** What the last question brought. */
  readonly learnt: string;
  /** The questions go on, slowly; its execution decides nothing until it is settled. */
  readonly needsPerson: boolean;
}

export interface DoubtVerdict {
  /** The venue never took it: looked up there by a person. */
  readonly verdict: 'never-accepted';
  /** Who says so. */
  readonly actor: string;
  readonly reason: string;
}

interface Parts {
  readonly runtimes: readonly Runtime[];
  readonly store: Pick<Store, 'keep' | 'epoch'>;
  readonly clock: Pick<Clock, 'wallMs'>;
}

export class AccountDesk {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  orphans(): readonly ListedOrder[] {
    return this.#listed(({ reconciliation }) => reconciliation.orders.orphans);
  }

  foreignOrders(): readonly ListedOrder[] {
    return this.#listed(({ reconciliation }) => reconciliation.orders.foreign);
  }

  doubts(): readonly DoubtfulOrder[] {
    return this.#parts.runtimes.flatMap((runtime) =>
      runtime.reconciliation.resolver.doubts.map((doubt) => doubtfulOf(runtime, doubt)),
    );
  }

  cancelOrphan(clientOrderId: string, actor: string): void {
    assertSaid('actor', actor);
    for (const runtime of this.#parts.runtimes) {
      const { orphans } = runtime.reconciliation.orders;
      const order = orphans.find((each) => each.clientOrderId === clientOrderId);
      if (order === undefined) continue;
      const { symbol, venueOrderId } = order;
      if (instrumentOf(runtime, symbol) === null)
        throw new InputError('an orphan is of a listed market', symbol, 'cancel it at the venue');
      const reason = `orphan cancelled by ${actor}`;
      this.#note(`order ${clientOrderId}`, actor, reason);
      const ref = { clientOrderId, venueOrderId, symbol };
      const address = { executionId: '', splitOrderId: '', clientOrderId, symbol };
      return runtime.gateway.dispatch({ kind: 'cancel', ...address, ref, reason });
    }
    throw new InputError('only an orphan is cancelled so', clientOrderId, 'see orphans()');
  }

  settleDoubt(clientOrderId: string, { verdict, actor, reason }: DoubtVerdict): void {
    assertSaid('actor', actor);
    assertSaid('reason', reason);
    if (verdict !== 'never-accepted')
      throw new InputError('a verdict is "never-accepted"', verdict, 'leave the rest to the venue');
    for (const runtime of this.#parts.runtimes) {
      const known = knownOrder(runtime, clientOrderId);
      if (known === null || known.state !== 'doubted') continue;
      if (known.acknowledged)
        throw new InputError(
          'an order that the venue took was accepted',
          clientOrderId,
          'cancel it at the venue, and it is found so',
        );
      this.#note(`order ${clientOrderId}`, actor, reason);
      const evidence = `${actor} says so: ${reason}`;
      const report = { type: 'order.neverAccepted', clientOrderId, evidence } as const;
      runtime.reconciliation.resolver.drop(clientOrderId);
      return runtime.enqueue(runtime.hostOf(known.ref.symbol), report);
    }
    throw new InputError('only an order in doubt is settled so', clientOrderId, 'see doubts()');
  }

  #listed(of: (runtime: Runtime) => readonly VenueOrder[]): readonly ListedOrder[] {
    return this.#parts.runtimes.flatMap((runtime) =>
      of(runtime).map((order) => listedOf(runtime, order)),
    );
  }

  /** Where it cannot be kept nothing happens: it throws what the store does. */
  #note(scope: string, actor: string, reason: string): void {
    const { store, clock } = this.#parts;
    const { epoch } = store;
    const deed = { kind: 'settle', scope, actor, reason, epoch, atMs: clock.wallMs() } as const;
    store.keep({ operations: [deed] });
  }
}

const instrumentOf = ({ options }: Runtime, symbol: string): Instrument | null =>
  options.instruments.find((each) => each.symbol === symbol) ?? null;

function listedOf(runtime: Runtime, order: VenueOrder): ListedOrder {
  const { clientOrderId, venueOrderId, symbol, request, cumulative } = order;
  const instrument = instrumentOf(runtime, symbol);
  return Object.freeze({
    venue: runtime.options.venue.name,
    market: symbol,
    clientOrderId,
    venueOrderId,
    outcome: request.outcome,
    action: request.action,
    price: instrument && formatPrice(instrument, request.price),
    quantity: instrument && formatQuantity(instrument, request.quantity),
    filledQuantity: instrument && formatQuantity(instrument, cumulative),
  });
}

const doubtfulOf = (runtime: Runtime, doubt: Doubt): DoubtfulOrder =>
  Object.freeze({
    venue: runtime.options.venue.name,
    market: doubt.ref.symbol,
    executionId: knownOrder(runtime, doubt.ref.clientOrderId)?.executionId ?? null,
    clientOrderId: doubt.ref.clientOrderId,
    sinceMs: doubt.sinceMs,
    questions: doubt.attempts,
    learnt: doubt.learnt,
    needsPerson: doubt.isStuck,
  });

function assertSaid(name: string, text: unknown): void {
  if (typeof text === 'string' && text.trim() !== '') return;
  throw new InputError(`a person settles it, and names the ${name}`, text, `give "${name}"`);
}
