/**
 * A judge of one market who knows only what was said to it and what left it: where each report
 * went, what was journaled before it, and what each execution believes of the book.
 */
import type { ExecutionInput } from '../../machines/execution/execution.protocol.ts';
import type { OrderReport } from '../../src/domain/order.ts';
import type { Effect } from './effect-log.ts';
import type { Judge } from './judged.ts';
import type { MarketInputEvent, MarketRig } from './market-rig.ts';

const TAG = 'dw-';

interface Belief {
  /** Split order by client order id, as decisions brought them. */
  readonly routes: Map<string, { readonly execution: string; readonly splitOrder: string }>;
  readonly alive: Set<string>;
  held: OrderReport[];
  state: string;
  /** What each execution was last told of the book. */
  readonly books: Map<string, boolean>;
  read: number;
}

const deliveredIn = (effects: readonly Effect[]): readonly Effect[] =>
  effects.filter(({ kind }) => kind === 'told');

/** Reports that this event may bring to their execution, those that waited included. */
function expected(belief: Belief, event: MarketInputEvent | null): readonly OrderReport[] {
  if (event === null) return [];
  if ('clientOrderId' in event) {
    if (belief.routes.has(event.clientOrderId)) return [event];
    if (event.clientOrderId.startsWith(TAG)) belief.held.push(event);
    return [];
  }
  if (event.type !== 'execution.told' || !belief.alive.has(event.executionId)) return [];
  if (event.message.type === 'execution.decided')
    for (const directive of event.message.directives)
      if (directive.kind === 'place' || directive.kind === 'reprice')
        belief.routes.set(directive.clientOrderId, {
          execution: event.executionId,
          splitOrder: directive.splitOrderId,
        });
  const due = belief.held.filter(({ clientOrderId }) => belief.routes.has(clientOrderId));
  belief.held = belief.held.filter((report) => !due.includes(report));
  return due;
}

/** [1] to [3]: a report reaches its own order once, or is kept where it cannot. */
function* wrongRoute(
  belief: Belief,
  rig: MarketRig,
  event: MarketInputEvent | null,
  effects: readonly Effect[],
): Generator<string> {
  const due = expected(belief, event);
  const reports = deliveredIn(effects).filter((effect) => effect.event?.type === 'order.reported');
  if (reports.length !== due.length)
    yield `[1] ${reports.length} reports passed, not ${due.length}`;
  for (const [index, report] of due.entries()) {
    const { child, event: message } = reports[index] ?? {};
    const route = belief.routes.get(report.clientOrderId);
    const told = message as { splitOrderId?: string; report?: OrderReport } | undefined;
    if (child !== route?.execution || told?.splitOrderId !== route?.splitOrder)
      yield '[1] a report went to another order';
    if (told?.report?.type !== report.type) yield '[1] another report was passed';
  }
  const { foreign, held } = rig.context();
  if (held.length !== belief.held.length) yield '[3] what is ours and unknown waits, nothing else';
  if (event === null || !('clientOrderId' in event)) return;
  const { clientOrderId } = event;
  const route = belief.routes.get(clientOrderId);
  const isLooked = effects.some(({ kind }) => kind === 'bookIfLate');
  if (isLooked !== (route === undefined && clientOrderId.startsWith(TAG)))
    yield '[2] what is ours and nobody here owns may be late, nothing else';
  const isForeign = route === undefined && !clientOrderId.startsWith(TAG);
  if (foreign.includes(clientOrderId) !== isForeign) yield '[3] what is not ours is kept apart';
}

/** [4]: whatever enters an execution is journaled just before. */
function* wrongJournal(effects: readonly Effect[]): Generator<string> {
  const journaled = effects.filter(({ kind }) => kind === 'journaled');
  const entered = deliveredIn(effects);
  const same = entered.every(({ child, event }) =>
    journaled.some((row) => row.child === child && sameText(row.event, event)),
  );
  if (!same) yield '[4] nothing enters an execution unjournaled';
}

const sameText = (left: unknown, right: unknown): boolean =>
  JSON.stringify(left) === JSON.stringify(right);

/** [5] and [6]: who believes what of the book, and who may begin. */
function* wrongBook(
  belief: Belief,
  rig: MarketRig,
  event: MarketInputEvent | null,
  effects: readonly Effect[],
): Generator<string> {
  const isLive = rig.state() === 'live';
  const spawned = effects.filter(({ kind }) => kind === 'spawned');
  const wasShut = /^(?:disabled|closed)$/.test(belief.state);
  for (const { child = '', input } of spawned) {
    if (belief.alive.has(child)) yield '[6] an id in use is spawned again';
    if (wasShut) yield '[6] nothing begins in a market that is shut';
    belief.alive.add(child);
    belief.books.set(child, (input as ExecutionInput).bookLive);
  }
  if (event?.type === 'execution.requested' && wasShut) {
    if (!effects.some(({ kind }) => kind === 'refuseExecution')) yield '[6] a refusal is said';
  }
  for (const { child = '', event: message } of deliveredIn(effects))
    if (message?.type === 'book.live' || message?.type === 'book.stale')
      belief.books.set(child, message.type === 'book.live');
  if (event?.type === 'execution.dismissed') {
    belief.alive.delete(event.executionId);
    for (const [id, { execution }] of belief.routes)
      if (execution === event.executionId) belief.routes.delete(id);
  }
  for (const { executionId } of rig.context().routes)
    if (!belief.alive.has(executionId)) yield '[2] a route leads to an execution that is gone';
  for (const id of belief.alive)
    if (belief.books.get(id) !== isLive) yield `[5] ${id} believes otherwise of the book`;
}

/** [7] to [9]: which doors open only to whom. */
function* wrongState(belief: Belief, rig: MarketRig, event: MarketInputEvent | null) {
  const now = rig.state();
  const type = event?.type ?? '';
  if (belief.state === 'closed' && now !== 'closed') yield '[7] closed is closed';
  if (belief.state === 'disabled' && now !== 'disabled' && !/enable|closed/.test(type))
    yield `[8] only a person enables a market, not ${type}`;
  if (now === 'live' && belief.state !== 'live' && type !== 'book.live') yield '[9] live unasked';
  if (belief.state === 'paused' && now === 'live') yield '[9] a paused market is not live';
}

export function judgeMarket(rig: MarketRig): Judge<MarketInputEvent> {
  const belief: Belief = {
    routes: new Map(),
    alive: new Set(),
    held: [],
    state: rig.state(),
    books: new Map(),
    read: 0,
  };
  let verdict: string | null = null;
  return {
    after(event) {
      verdict ??= examine(belief, rig, event);
    },
    verdict: () => verdict,
  };
}

function examine(belief: Belief, rig: MarketRig, event: MarketInputEvent | null): string | null {
  const fault = rig.fault();
  if (fault !== null) return `[0] it threw: ${fault}`;
  const effects = rig.effects.slice(belief.read);
  const wrong = [
    ...wrongRoute(belief, rig, event, effects),
    ...wrongJournal(effects),
    ...wrongBook(belief, rig, event, effects),
    ...wrongState(belief, rig, event),
  ];
  belief.state = rig.state();
  belief.read = rig.effects.length;
  return wrong[0] ?? null;
}
