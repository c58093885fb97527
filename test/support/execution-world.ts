/** The execution as an open system of three lots: one order that does all, or three that end. */
import type { ExecutionEvent } from '../../machines/execution/execution.protocol.ts';
import type { Coverage } from './coverage.ts';
import * as tell from './execution-events.ts';
import type { ExecutionOptions, ExecutionRig } from './execution-rig.ts';
import type { Judge } from './judged.ts';
import * as say from './order-events.ts';
import type { Subject } from './paths.ts';

export const TARGET = 3;

export interface ExecutionWorld {
  readonly name: string;
  readonly options: ExecutionOptions;
  readonly alphabet: readonly ExecutionEvent[];
  readonly reports: (rig: ExecutionRig) => readonly ExecutionEvent[];
}

const life: readonly ExecutionEvent[] = [
  tell.admitted,
  tell.cancelExecution(),
  tell.faulted,
  tell.due('close'),
  tell.due('retry'),
  tell.due('recovery'),
  tell.restarted('resume'),
  tell.book('book.stale'),
  tell.book('book.live'),
];

const said: readonly ExecutionEvent[] = [
  ...life,
  tell.refused,
  tell.restarted('cancel-and-stop'),
  tell.cancelExecution(true),
  tell.decided(tell.place(4, TARGET + 1)),
  tell.decided(tell.reprice(1), tell.withdraw(1)),
  tell.decided(tell.finish),
  tell.due('wake'),
  tell.reported(1, say.accepted()),
  tell.reported(9, say.accepted()),
];

const lineIn = (rig: ExecutionRig, order: number) =>
  rig.context().orders.find(({ splitOrderId }) => splitOrderId === `x-1-${order}`);

/** All that one order of two lots may tell; after its end a late fill, or one taken back. */
function ofOneOrder(rig: ExecutionRig): readonly ExecutionEvent[] {
  const first = lineIn(rig, 1);
  if (first === undefined) return [];
  if (first.ending === 'cancelled')
    return [0, 1].map((filled) => tell.line(1, { filled, ending: 'cancelled' }));
  if (first.ending !== null) return [];
  const { filled } = first;
  return [
    tell.line(1, { filled, working: 2 - filled }),
    tell.line(1, { filled, working: 2 - filled, busy: true }),
    tell.line(1, { filled, inDoubt: 2 - filled, acknowledged: filled > 0 }),
    tell.line(1, { filled: 1, working: 1 }),
    tell.line(1, { filled: 2, ending: 'filled' }),
    tell.line(1, { filled, ending: 'cancelled' }),
    ...(filled > 0 ? [] : [tell.line(1, { ending: 'rejected', acknowledged: false })]),
  ];
}

/** Three orders of one lot, that end one after the other. */
function ofThreeOrders(rig: ExecutionRig): readonly ExecutionEvent[] {
  const open = [1, 2, 3].find((order) => lineIn(rig, order)?.ending === null);
  if (open === undefined) return [];
  return [
    tell.line(open, { working: 1 }),
    tell.line(open, { filled: 1, ending: 'filled' }),
    tell.line(open, { ending: 'rejected', acknowledged: false }),
  ];
}

const placing = [tell.decided(tell.place(1, 2)), tell.decided(tell.place(1, 2), tell.place(2, 2))];
const placingThree = tell.decided(tell.place(1, 1), tell.place(2, 1), tell.place(3, 1));

export const EXECUTION_WORLDS: readonly ExecutionWorld[] = [
  {
    name: 'one order, withdrawn when blind',
    options: { whenStale: 'cancel' },
    alphabet: [...said, ...placing],
    reports: ofOneOrder,
  },
  {
    name: 'three orders, kept when blind, blind at first',
    options: { whenStale: 'keep', bookLive: false },
    alphabet: [...life, tell.restarted('ask'), tell.resumed, placingThree],
    reports: ofThreeOrders,
  },
];

const keyOf = (rig: ExecutionRig): string => {
  const { orders, closing, urgent, bookLive, decisions, rejections } = rig.context();
  const lines = orders.map((line) => Object.values(line));
  const open = [closing?.cause, urgent, bookLive, decisions > 0, rejections, lines];
  return JSON.stringify([rig.state(), rig.hasTag('final') ? lineIn(rig, 1)?.filled : open]);
};

export function executionSubject(
  { options, alphabet, reports }: ExecutionWorld,
  start: (options: ExecutionOptions) => ExecutionRig,
  judge?: (rig: ExecutionRig) => Judge<ExecutionEvent>,
  coverage?: Coverage,
): Subject<ExecutionEvent> {
  const rig = start({ ...options, target: TARGET });
  const judging = judge?.(rig);
  judging?.after(null);
  return {
    send(event) {
      rig.send(event);
      judging?.after(event);
    },
    watch: () => coverage?.watch(rig.actor),
    key: () => keyOf(rig),
    alphabet: () => [...alphabet, ...reports(rig)],
    goesOn: () => true,
    stop: () => rig.stop(),
  };
}
