/**
 * Where an engine is killed on purpose: a line that is planted into the build as it is loaded, so
 * that the engine itself knows nothing of it. A point whose place is gone stops the child, loudly.
 */
import type { Plant } from '../mutants/plant.ts';

/** Where it is met at all. */
interface Chance {
  /** The point at which the process before has to die for it. */
  readonly follows?: string;
  /** It is met after a while. */
  readonly isLate?: boolean;
  /** No process passes it twice. */
  readonly isSingle?: boolean;
  /** It is met only at a venue that amends. */
  readonly amends?: boolean;
}

export interface CrashPoint extends Plant, Chance {
  /** What is durable, and what the venue may know, at that instant. */
  readonly name: string;
}

/** A piece of code, and with `@` in it the place where the process dies. */
interface Place extends Chance {
  readonly find: string;
  readonly dies: string;
  /** It counts as passed only where this holds. */
  readonly when?: string;
}

const before = (find: string, rest: Partial<Place> = {}): Place => ({
  find,
  dies: `@; ${find}`,
  ...rest,
});

const after = (find: string, rest: Partial<Place> = {}): Place => ({
  find,
  dies: `${find} @;`,
  ...rest,
});

const pointsIn = (file: string, places: Readonly<Record<string, Place>>): readonly CrashPoint[] =>
  Object.entries(places).map(([name, { find, dies, when = 'true', ...rest }]) => {
    const deed = `(${when}) && globalThis.crashPoint(${JSON.stringify(name)})`;
    return { name, file, ...rest, find, replace: dies.replace('@', deed) };
  });

/** Of `report(..., await venue.call(...))`: after the call was written, before it is answered. */
const sent = (reply: string, rest: Partial<Place> = {}): Place => {
  const [, call = ''] = reply.match(/await (.*\))(?=\)|,)/) ?? [];
  const answered = reply.replace(call, 'answer');
  const dies = `{ const answer = ${call}; @; return ${answered}; }`;
  return { find: `return ${reply};`, dies, ...rest };
};

/** What it leaves takes a minute to prove. */
const UNSENT = 'an intent is committed, nothing is sent';

const isKind = (kind: string): string => `command.kind === '${kind}'`;
const writes = { when: 'turn.journal.length > 0' };

/** What an engine does that has just begun, or works. */
const WORK_POINTS: readonly CrashPoint[] = [
  ...pointsIn('src/store/open-store.ts', {
    'the lease was taken': after('assertDurable(account);', { isSingle: true }),
    'in the commit, before the projections': before('projections.write(turn);', writes),
    'in the commit, between projections and journal': before(
      'journal.append(turn.journal);',
      writes,
    ),
  }),
  ...pointsIn('src/engine/turn/turn.ts', {
    'the actors have moved, nothing is committed': before(
      'this.#guarded(() => this.#steps.finish());',
      { when: 'inputs.length > 0' },
    ),
  }),
  ...pointsIn('src/engine/turn/commit.ts', {
    [UNSENT]: after('const { commands, resolutions } = outbox.takeCommands();', {
      when: "commands.some(({ kind }) => kind === 'submit')",
    }),
    'a cancel is committed, not sent': {
      find: 'gateway.dispatch(command);',
      dies: 'gateway.dispatch((@, command));',
      when: isKind('cancel'),
    },
    'a fill is committed, not told': before('outbox.clear();', {
      when: 'outbox.fills.length > 0',
    }),
    'a result is committed, not told': before('for (const record of touched) record.publish();', {
      when: 'touched.some(({ finished }) => finished !== null)',
    }),
  }),
  ...pointsIn('src/gateway/gateway.ts', {
    'an order is sent, not answered': sent(
      'submitReport(clientOrderId, await venue.submit(command.request))',
    ),
    'an amend is sent, not answered': sent(
      'amendReport(clientOrderId, await venue.amend(command.request))',
      { amends: true, isLate: true },
    ),
    'a cancel is sent, not answered': sent(
      'cancelReport(clientOrderId, await venue.cancel(command.ref), command.reason)',
    ),
    'an order is answered, the answer not journaled': {
      find: 'this.#options.report(command, told);',
      dies: '(@, this.#options.report(command, told));',
      when: "told.type === 'order.accepted'",
    },
  }),
  ...pointsIn('src/engine/runtime.ts', {
    'a fill is heard, not journaled': before('this.reconciliation.heard(report.clientOrderId);', {
      when: "report.type === 'order.filled'",
    }),
  }),
];

/** What an engine does that finds the work of a dead one. */
const RECOVERY_POINTS: readonly CrashPoint[] = [
  ...pointsIn('src/engine/recovery/boots.ts', {
    'the start is noted': after("this.#note('boot', 'the engine starts');", { isSingle: true }),
  }),
  ...pointsIn('src/engine/recovery/recover.ts', {
    'an execution is folded, not taken up': after('assertSame(actor, stored.state);'),
    'an execution is taken up, not told': after('reserve(runtime, record, claim());'),
    'an execution is told, its restart not committed': after(
      'askAgain(runtime, host, executionId);',
    ),
  }),
  ...pointsIn('src/engine/turn/commit.ts', {
    'a restart is committed, nobody is asked': before(
      'for (const ref of resolutions) this.#resolve(ref);',
      { when: "outbox.journal.some(({ type }) => type === 'execution.restarted')", isSingle: true },
    ),
  }),
  ...pointsIn('src/engine/reconciliation/reconcile.ts', {
    'the open orders are listed, the fills not': after('this.orders.judge(orders, asOfMs);'),
    'the account was compared once, not twice': before('this.#waiting.splice(', {
      when: 'left.length > 0',
      isSingle: true,
    }),
  }),
  ...pointsIn('src/engine/reconciliation/missed-fills.ts', {
    'a missed fill is listed, not journaled': before('this.#doors.receive(symbol,'),
    'fills are booked, their place in the list is not kept': before('store.keep({ risk });'),
  }),
  ...pointsIn('src/gateway/resolver.ts', {
    'an order in doubt is found, not journaled': after('if (!isWhole()) await fetchFills();'),
    'a doubt is proven empty, not journaled': before(
      'report(ref, absentReport(ref, ownWord(ref), evidence));',
      { follows: UNSENT, isLate: true },
    ),
  }),
];

export const CRASH_POINTS: readonly CrashPoint[] = [...WORK_POINTS, ...RECOVERY_POINTS];

/**
 * Starts in a row without a clean stop are what is done here: most lives take no notice of them,
 * the others are resumed each time, as a person would.
 */
export const BOOT_GUARD: Plant = {
  file: 'src/engine/recovery/boots.ts',
  find: 'if (broken.length <= BOOTS_MAX) return null;',
  replace: 'if (broken.length <= globalThis.bootsMax) return null;',
};
