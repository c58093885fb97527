/** Short words for what is said to an execution. Its orders are x-1-1, x-1-2 and so on. */
import type {
  Deadline,
  ExecutionEvent,
  ExecutionMessage,
  RecoveryPolicy,
  StampedDirective,
} from '../../machines/execution/execution.protocol.ts';
import type { SplitOrderReported } from '../../machines/split-order/split-order.protocol.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import type { OrderReport } from '../../src/domain/order.ts';

export const admitted: ExecutionMessage = {
  type: 'execution.admitted',
  cap: ticks(70),
  startedAtMs: 0,
  closeAtMs: 900,
  deadlineMs: 1_000,
};

export const refused: ExecutionMessage = { type: 'execution.refused', reason: 'over the limit' };

export const place = (order: number, count: number, price = 50): StampedDirective => ({
  kind: 'place',
  splitOrderId: `x-1-${order}`,
  clientOrderId: `a${order}`,
  price: ticks(price),
  quantity: lots(count),
  timeInForce: 'gtc',
  postOnly: false,
  reason: 'rest at the touch',
});

export const reprice = (
  order: number,
  clientOrderId = `b${order}`,
  price = 52,
): StampedDirective => ({
  kind: 'reprice',
  splitOrderId: `x-1-${order}`,
  clientOrderId,
  price: ticks(price),
  reason: 'the touch moved',
});

export const withdraw = (order: number): StampedDirective => ({
  kind: 'cancel',
  splitOrderId: `x-1-${order}`,
  reason: 'no longer wanted',
});

export const finish: StampedDirective = { kind: 'finish', reason: 'it is enough' };

export const decided = (...directives: readonly StampedDirective[]): ExecutionMessage => ({
  type: 'execution.decided',
  trigger: 'book',
  directives,
  algorithmState: null,
  wakeAtMs: null,
  viewVersion: 1,
  touch: { bid: '0.50', ask: '0.52' },
});

export const cancelExecution = (urgent = false): ExecutionMessage => ({
  type: 'execution.cancel',
  reason: 'the edge is gone',
  urgent,
});

export const faulted: ExecutionMessage = { type: 'execution.faulted', reason: 'it threw' };

export const restarted = (policy: RecoveryPolicy): ExecutionMessage => ({
  type: 'execution.restarted',
  policy,
});

export const resumed: ExecutionMessage = { type: 'execution.resume', actor: 'a person' };

export const due = (deadline: Deadline): ExecutionMessage => ({
  type: 'deadline.due',
  deadline,
  atMs: 900,
});

export const book = (type: 'book.live' | 'book.stale'): ExecutionMessage => ({
  type,
  reason: 'told',
});

export const reported = (order: number, report: OrderReport): ExecutionMessage => ({
  type: 'order.reported',
  splitOrderId: `x-1-${order}`,
  report,
});

type Line = Partial<Omit<SplitOrderReported, 'type' | 'splitOrderId'>>;

/** What a split order would tell; all that is not named is nothing. */
export const line = (
  order: number,
  parts: Omit<Line, 'filled' | 'working' | 'inDoubt'> & {
    readonly filled?: number;
    readonly working?: number;
    readonly inDoubt?: number;
  },
): Extract<ExecutionEvent, { type: 'splitOrder.reported' }> => ({
  type: 'splitOrder.reported',
  splitOrderId: `x-1-${order}`,
  filled: lots(parts.filled ?? 0),
  working: lots(parts.working ?? 0),
  inDoubt: lots(parts.inDoubt ?? 0),
  acknowledged: parts.acknowledged ?? true,
  busy: parts.busy ?? false,
  ending: parts.ending ?? null,
});
