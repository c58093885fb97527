/**
 * An execution with its real split orders, trading at the venue model: numbers chosen by fast-check
 * say what happens next. It keeps the books of both sides and names the first that disagree.
 */
import { createActor } from 'xstate';
import { executionMachine } from '../../machines/execution/execution.machine.ts';
import type { ExecutionMessage } from '../../machines/execution/execution.protocol.ts';
import { splitOrderMachine } from '../../machines/split-order/split-order.machine.ts';
import { invariant } from '../../src/domain/errors.ts';
import { conservationFault } from '../../src/ledger/quantity.ts';
import { recorders } from './effect-log.ts';
import * as tell from './execution-events.ts';
import { EXECUTION_EFFECTS, executionInput } from './execution-rig.ts';
import { recorded, type SplitOrderMachine, sentIn } from './split-order-rig.ts';
import { VenueModel } from './venue-model.ts';

export type Step = readonly [what: number, which: number];

/** What drains in more rounds than this is stuck. */
const ROUNDS_MAX = 200;

const wired = (splitOrder: SplitOrderMachine) =>
  executionMachine.provide({
    actions: recorders(EXECUTION_EFFECTS),
    actors: { splitOrder: recorded(splitOrder) },
  });

const startActor = (splitOrder: SplitOrderMachine, target: number, amendable: boolean) => {
  const input = executionInput({ target, amendable });
  return createActor(wired(splitOrder), { systemId: input.id, input });
};

type Tree = ReturnType<typeof startActor>;

const textOf = (actor: Tree): string => JSON.stringify(actor.getPersistedSnapshot());

/** The whole tree as JSON, after everything that entered it was said again to a new one. */
export function fold(desk: Desk, target: number, amendable: boolean): string {
  const actor = startActor(splitOrderMachine, target, amendable).start();
  for (const message of desk.journal) actor.send(message);
  return textOf(actor);
}

/** The same, but half way it is written down, stopped, and read again. Reading sends nothing. */
export function resume(desk: Desk, target: number, amendable: boolean): string {
  const half = Math.trunc(desk.journal.length / 2);
  const first = startActor(splitOrderMachine, target, amendable).start();
  for (const message of desk.journal.slice(0, half)) first.send(message);
  const snapshot = JSON.parse(textOf(first)) as ReturnType<Tree['getPersistedSnapshot']>;
  first.stop();
  const input = executionInput({ target, amendable });
  const second = createActor(wired(splitOrderMachine), { systemId: input.id, input, snapshot });
  second.start();
  invariant(sentIn(second.system).length === 0, 'a restored order sends nothing again');
  for (const message of desk.journal.slice(half)) second.send(message);
  return textOf(second);
}

export class Desk {
  readonly venue = new VenueModel();
  /** All that entered the execution, as its journal would keep it. */
  readonly journal: ExecutionMessage[] = [];
  readonly #target: number;
  readonly #actor;
  readonly #routes = new Map<string, string>();
  /** What each split order was placed for. */
  readonly #wanted = new Map<string, number>();
  #fault: string | null = null;

  constructor(splitOrder: SplitOrderMachine, target: number, amendable: boolean) {
    this.#target = target;
    this.#actor = startActor(splitOrder, target, amendable);
    this.#actor.subscribe({ error: (thrown) => (this.#fault = String(thrown)) });
    this.#actor.start();
    this.#tell(tell.admitted);
  }

  /** One thing happens. */
  step([what, which]: Step): void {
    const kind = what % 20;
    if (kind < 5) this.#receive(which);
    else if (kind < 10) this.#hear(which);
    else if (kind < 13) this.#match(which);
    else if (kind < 17) this.#decide(which);
    else if (kind === 17) this.#duplicate(which);
    else if (kind === 18) this.#interfere(which);
    else if (which % 3 === 0) this.#command(Math.trunc(which / 3));
  }

  /** Everything that is under way arrives, the deadline comes, and what is left is looked up. */
  drain(): void {
    for (let round = 0; round < ROUNDS_MAX && !this.isFinal(); round += 1) {
      while (this.venue.outbound.length > 0) this.#receive(0);
      while (this.venue.inbound.length > 0) this.#hear(0);
      this.#reconcile();
      this.#tell(tell.due(round === 0 ? 'close' : 'retry'));
    }
    while (this.venue.outbound.length > 0) this.#receive(0);
    while (this.venue.inbound.length > 0) this.#hear(0);
  }

  isFinal(): boolean {
    return this.#actor.getSnapshot().hasTag('final');
  }

  /** The whole tree as JSON. */
  persisted(): string {
    return textOf(this.#actor);
  }

  stop(): void {
    this.#actor.stop();
  }

  /** The first rule that both sides' books break, or null. */
  wrong(): string | null {
    if (this.#fault !== null) return `it threw: ${this.#fault}`;
    const { quantity } = this.#actor.getSnapshot().context;
    const held = quantity.filled + quantity.working + quantity.inDoubt;
    let exposed = 0;
    for (const [splitOrderId, wanted] of this.#wanted) {
      const own = this.#exposedBy(splitOrderId);
      if (own > wanted) return `${splitOrderId} may fill ${own} of ${wanted}`;
      exposed += own;
    }
    if (exposed > this.#target) return `the venue may fill ${exposed} of ${this.#target}`;
    if (held < exposed) return `${held} reserved, ${exposed} exposed`;
    if (quantity.filled > this.venue.filled)
      return `${quantity.filled} counted, ${this.venue.filled} filled`;
    return conservationFault(quantity);
  }

  /** Over all attempts: their client order ids are known to the routes. */
  #exposedBy(splitOrderId: string): number {
    let sum = 0;
    for (const [clientOrderId, owner] of this.#routes)
      if (owner === splitOrderId) sum += this.venue.exposedBy(clientOrderId);
    return sum;
  }

  /** What must hold when all is over. */
  unsettled(): string | null {
    const { value, context } = this.#actor.getSnapshot();
    if (!this.isFinal()) return `still ${JSON.stringify(value)}`;
    const { filled, overfilled } = context.quantity;
    // On the way an old answer may reserve too much for a while: it overtook what was trimmed.
    if (overfilled > 0) return `${overfilled} overfilled`;
    if (filled !== this.venue.filled) return `${filled} counted, ${this.venue.filled} filled`;
    return this.venue.openIds.length > 0 ? `${this.venue.openIds.join()} still rests` : null;
  }

  #tell(message: ExecutionMessage): void {
    if (this.#fault !== null) return;
    this.journal.push(message);
    this.#actor.send(message);
    this.venue.outbound.push(...sentIn(this.#actor.system).splice(0));
  }

  #receive(which: number): void {
    const { outbound } = this.venue;
    const [sent] = outbound.splice(which % Math.max(outbound.length, 1), 1);
    // Three in four commands meet the ordinary fate.
    const fate = which % 4 === 3 ? 1 + (Math.trunc(which / 4) % 3) : 0;
    if (sent !== undefined) this.venue.receive(sent, fate);
  }

  #hear(which: number): void {
    const { inbound } = this.venue;
    const [report] = inbound.splice(which % Math.max(inbound.length, 1), 1);
    if (report === undefined) return;
    const splitOrderId = this.#routes.get(report.clientOrderId);
    if (splitOrderId !== undefined) this.#tell({ type: 'order.reported', splitOrderId, report });
  }

  /** What the venue does of its own accord. */
  #interfere(which: number): void {
    const id = pick(this.venue.openIds, which);
    if (id === undefined) return;
    if (which % 3 === 0) this.venue.trim(id);
    else this.venue.end(id, which % 3 === 1 ? 'cancelled' : 'expired');
  }

  #duplicate(which: number): void {
    const report = pick(this.venue.inbound, which);
    if (report?.type === 'order.filled') this.venue.inbound.push(report);
  }

  #match(which: number): void {
    const id = pick(this.venue.openIds, which);
    if (id !== undefined) this.venue.match(id, 1 + (which % 5));
  }

  #decide(which: number): void {
    const { quantity, orders } = this.#actor.getSnapshot().context;
    const alive = orders.filter(({ ending }) => ending === null);
    const chosen = pick(alive, which)?.splitOrderId;
    const count = Math.min(1 + (which % 6), quantity.unreleased);
    if (which % 3 === 0 && count > 0) this.#place(count);
    else if (chosen !== undefined) this.#change(chosen, which % 2 === 0);
  }

  #place(count: number): void {
    const directive = tell.place(this.#wanted.size + 1, count);
    if (directive.kind !== 'place') return;
    this.#routes.set(directive.clientOrderId, directive.splitOrderId);
    this.#wanted.set(directive.splitOrderId, count);
    this.#tell(tell.decided(directive));
  }

  #change(splitOrderId: string, walks: boolean): void {
    const order = Number(splitOrderId.split('-').at(-1));
    if (!walks) return this.#tell(tell.decided(tell.withdraw(order)));
    const clientOrderId = `b${this.#routes.size}`;
    this.#routes.set(clientOrderId, splitOrderId);
    this.#tell(tell.decided(tell.reprice(order, clientOrderId)));
  }

  #command(which: number): void {
    const messages = [
      tell.book('book.stale'),
      tell.book('book.live'),
      tell.due('wake'),
      tell.due('close'),
      tell.cancelExecution(which % 2 === 0),
      tell.faulted,
    ];
    const message = pick(messages, which);
    if (message !== undefined) this.#tell(message);
  }

  /** As the engine does on a period: whatever is alive is looked up at the venue. */
  #reconcile(): void {
    for (const [clientOrderId, splitOrderId] of this.#routes) {
      const report = this.venue.lookUp(clientOrderId);
      if (report !== null) this.#tell({ type: 'order.reported', splitOrderId, report });
    }
  }
}

const pick = <T>(from: readonly T[], which: number): T | undefined => from[which % from.length];
