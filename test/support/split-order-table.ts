/**
 * Split order: state x event -> state, written by hand from the rules of the design. Columns are
 * the states with their history, rows what is said; a dot means that it stays where it is.
 */
import type { SplitOrderEvent } from '../../machines/split-order/split-order.protocol.ts';
import * as say from './order-events.ts';
import type { RigOptions, SplitOrderRig } from './split-order-rig.ts';

/** How each column is reached; the order is for three lots. */
export const COLUMNS: Readonly<Record<string, readonly SplitOrderEvent[]>> = {
  pe: [],
  pl: [say.accepted()],
  pa: [say.accepted(), say.filled('f1', 1)],
  am: [say.accepted(), say.walk()],
  wi: [say.accepted(), say.walk()],
  ca: [say.accepted(), say.cancel()],
  // Halted before the venue acknowledged it.
  ce: [say.cancel(true)],
  us: [say.doubted('submit')],
  ua: [say.accepted(), say.walk(), say.doubted('amend')],
  uc: [say.accepted(), say.cancel(), say.doubted('cancel')],
  se: [say.accepted(), say.cancelled(1)],
  // The withdrawn order of a walk settles.
  sw: [say.accepted(), say.walk(), say.cancelled(1)],
  FI: [say.accepted(), say.filled('f1', 3)],
  CA: [say.accepted(), say.cancelled(0)],
  RE: [say.rejected()],
  EX: [say.accepted(), say.expired(0)],
  FA: [say.notSent('submit')],
};

/** Columns at a venue that cannot amend. */
const WITHDRAWING = ['wi', 'sw'];

const STATES: Readonly<Record<string, string>> = {
  pe: 'pending',
  pl: 'placed',
  pa: 'partial',
  am: 'amending',
  wi: 'withdrawing',
  ca: 'cancelling',
  un: 'unknown',
  se: 'settling',
  FI: 'ended.filled',
  CA: 'ended.cancelled',
  RE: 'ended.rejected',
  EX: 'ended.expired',
  FA: 'ended.failed',
};

export const STARTS: Readonly<Record<string, string>> = {
  ...STATES,
  ce: 'cancelling',
  us: 'unknown',
  ua: 'unknown',
  uc: 'unknown',
  sw: 'settling',
};

export const ROWS: Readonly<Record<string, SplitOrderEvent>> = {
  accepted: say.accepted(),
  rejected: say.rejected(),
  filledOne: say.filled('f2', 1),
  filledThree: say.filled('f3', 3),
  filledBefore: say.filled('z1', 1, 'z'),
  reverted: say.reverted('f1'),
  cancelledNone: say.cancelled(0),
  cancelledTwo: say.cancelled(2),
  cancelledBefore: say.cancelled(0, 'z'),
  expired: say.expired(0),
  cancelRejected: say.cancelRejected(),
  amended: say.amended(3),
  restated: say.restated(2),
  amendRejected: say.amendRejected(),
  doubtedSubmit: say.doubted('submit'),
  doubtedAmend: say.doubted('amend'),
  doubtedCancel: say.doubted('cancel'),
  unsentSubmit: say.notSent('submit'),
  unsentAmend: say.notSent('amend'),
  unsentCancel: say.notSent('cancel'),
  foundResting: say.found('resting', 0, 3),
  foundCancelled: say.found('cancelled', 0, 3),
  foundFilled: say.found('filled', 3, 3),
  foundExpired: say.found('expired', 0, 3),
  foundRejected: say.found('rejected', 0, 3),
  neverAccepted: say.neverAccepted(),
  walk: say.walk(),
  cancel: say.cancel(),
  cancelUrgent: say.cancel(true),
  doubt: say.doubt,
};

const TABLE = `
                 pe pl pa am wi ca ce us ua uc se sw FI CA RE EX FA
accepted         pl .  .  .  .  .  .  pl .  .  .  .  .  .  .  .  .
rejected         RE .  .  .  .  .  RE RE .  .  .  .  .  .  .  .  .
filledOne        pa pa .  .  .  .  .  pa .  .  CA pe .  .  .  .  .
filledThree      FI FI FI .  .  .  .  FI .  .  FI FI .  .  .  .  .
filledBefore     .  pa .  .  .  .  .  .  .  .  .  .  .  .  .  .  .
reverted         .  .  pl .  .  .  .  .  .  .  .  .  .  .  .  .  .
cancelledNone    CA CA CA CA pe CA CA CA CA CA .  .  .  .  .  .  .
cancelledTwo     se se se se se se se se se se .  .  .  .  .  .  .
cancelledBefore  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .
expired          EX EX EX EX EX EX EX EX EX EX .  .  .  .  .  .  .
cancelRejected   .  .  .  .  pl pl un .  .  pl .  .  .  .  .  .  .
amended          .  .  .  pl .  .  .  pl pl ca .  .  .  .  .  .  .
restated         pl .  .  .  .  .  .  pl .  .  .  .  .  .  .  .  .
amendRejected    .  .  .  pl .  .  .  .  pl .  .  .  .  .  .  .  .
doubtedSubmit    un .  .  .  .  .  un .  .  .  .  .  .  .  .  .  .
doubtedAmend     un .  .  un un un un .  .  .  .  .  .  .  .  .  .
doubtedCancel    un .  .  un un un un .  .  .  .  .  .  .  .  .  .
unsentSubmit     FA .  .  .  .  .  FA FA .  .  .  .  .  .  .  .  .
unsentAmend      .  .  .  pl pl .  .  .  .  .  .  .  .  .  .  .  .
unsentCancel     .  .  .  pl pl pl un .  .  .  .  .  .  .  .  .  .
foundResting     .  .  .  .  .  .  .  pl pl ca .  .  .  .  .  .  .
foundCancelled   CA CA CA CA pe CA CA CA CA CA .  .  .  .  .  .  .
foundFilled      se se se se se se se se se se .  .  .  .  .  .  .
foundExpired     EX EX EX EX EX EX EX EX EX EX .  .  .  .  .  .  .
foundRejected    RE RE RE RE RE RE RE RE RE RE .  .  .  .  .  .  .
neverAccepted    .  .  .  .  .  .  .  FA .  .  .  .  .  .  .  .  .
walk             .  am am .  .  .  .  .  .  .  .  .  .  .  .  .  .
cancel           .  ca ca .  .  .  .  .  .  .  .  .  .  .  .  .  .
cancelUrgent     ca ca ca ca ca .  .  .  .  .  .  .  .  .  .  .  .
doubt            un un un un un un un .  .  .  .  .  .  .  .  .  .
`;

const [head = '', ...lines] = TABLE.trim().split('\n');
export const rows = lines.map((line) => line.split(' ')[0] ?? '');
export const columns = head.trim().split(/\s+/);

export const cells = lines.flatMap((line) => {
  const [row = '', ...codes] = line.trim().split(/\s+/);
  return codes.map((code, index) => ({ row, column: columns[index] ?? '', code }));
});

type Start = (options: RigOptions) => SplitOrderRig;

export function reach(start: Start, column: string): SplitOrderRig {
  const order = start({ amendable: !WITHDRAWING.includes(column) });
  for (const event of COLUMNS[column] ?? []) order.send(event);
  return order;
}

/** The cells of a row where an order lands elsewhere than the table says. */
export function differencesIn(row: string, start: Start): readonly string[] {
  return cells
    .filter((cell) => cell.row === row)
    .flatMap(({ column, code }) => {
      const order = reach(start, column);
      const event = ROWS[row];
      if (event !== undefined) order.send(event);
      const expected = (code === '.' ? STARTS[column] : STATES[code]) ?? code;
      const landed = order.state();
      return landed === expected ? [] : [`${row} in ${column}: ${landed}, not ${expected}`];
    });
}
