/** Journals of executions that have worked for long: each row is one that an engine would write. */
import type { ExecutionMessage } from '../../machines/execution/execution.protocol.ts';
import type { ExecutionRequest } from '../../machines/market/market.protocol.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import type { OrderReport } from '../../src/domain/order.ts';
import type { ExecutionStateRecord, JournalRecord, Store } from '../../src/domain/records.ts';
import { START_MS, wish } from './bench-engine.ts';

const QUANTITY = 100;
const DEADLINE_MS = START_MS + 3_600_000;

/** Rows before the first walk, and of each walk. */
export const ROWS_BEFORE = 4;
export const ROWS_OF_WALK = 3;

const row = (executionId: string, type: string, body: object, atMs: number): JournalRecord => ({
  executionId,
  splitOrderId: null,
  kind: 'input',
  type,
  body: JSON.stringify(body),
  stateBefore: 'working.monitoring',
  stateAfter: 'working.monitoring',
  rule: null,
  bookVersion: 1,
  touchBid: '0.4400',
  touchAsk: '0.4600',
  atMs,
});

function* inputs(id: string, symbol: string, walks: number): Generator<JournalRecord> {
  const request: ExecutionRequest = {
    id,
    terms: { symbol, outcome: 'yes', action: 'buy' },
    target: lots(QUANTITY),
    amendable: true,
    expiring: true,
    whenStale: 'cancel',
    bookLive: true,
  };
  yield row(id, 'execution.requested', request, START_MS);
  const say = (message: ExecutionMessage, atMs: number): JournalRecord =>
    row(id, message.type, message, atMs);
  const [splitOrderId, clientOrderId] = [`${id}-1`, `${id}-o`];
  const decided = {
    type: 'execution.decided',
    trigger: 'timer',
    algorithmState: null,
    viewVersion: 1,
    touch: { bid: '0.4400', ask: '0.4600' },
  } as const;
  const order = { splitOrderId, clientOrderId, quantity: lots(QUANTITY), reason: 'a bench' };
  const times = { startedAtMs: START_MS, closeAtMs: DEADLINE_MS, deadlineMs: DEADLINE_MS };
  yield say({ type: 'execution.admitted', cap: ticks(4_400), ...times }, START_MS);
  const terms = {
    kind: 'place',
    price: ticks(4_000),
    timeInForce: 'gtc',
    postOnly: false,
  } as const;
  const place = { ...terms, ...order };
  yield say({ ...decided, directives: [place], wakeAtMs: START_MS + 1_000 }, START_MS);
  const told = (report: OrderReport, atMs: number): JournalRecord =>
    row(id, report.type, { type: 'order.reported', splitOrderId, report }, atMs);
  yield told({ type: 'order.accepted', clientOrderId, venueOrderId: 'v' }, START_MS);
  for (let walk = 1; walk <= walks; walk += 1) {
    const atMs = START_MS + walk * 1_000;
    const price = ticks(4_000 + 100 * (walk % 4));
    yield say({ type: 'deadline.due', deadline: 'wake', atMs }, atMs);
    const reprice = {
      kind: 'reprice',
      splitOrderId,
      clientOrderId,
      price,
      reason: 'walk',
    } as const;
    yield say({ ...decided, directives: [reprice], wakeAtMs: atMs + 1_000 }, atMs);
    yield told({ type: 'order.amended', clientOrderId, price, quantity: lots(QUANTITY) }, atMs);
  }
}

const stateOf = (executionId: string, symbol: string): ExecutionStateRecord => ({
  executionId,
  signalId: `of ${executionId}`,
  venue: 'bench',
  market: symbol,
  outcomeSide: 'yes',
  action: 'buy',
  algorithm: 'in_parts',
  parameters: '{"parts":1}',
  limitPrice: '0.4400',
  capPrice: '0.4400',
  targetLots: QUANTITY,
  filledLots: 0,
  workingLots: QUANTITY,
  inDoubtLots: 0,
  unreleasedLots: 0,
  overfilledLots: 0,
  lotSize: '0.01',
  state: 'working.monitoring',
  outcome: null,
  reason: null,
  startedAtMs: START_MS,
  deadlineMs: DEADLINE_MS,
  endedAtMs: null,
});

/** Writes an open execution of one order that walked so often; the rows that its journal has. */
export function writeJournal(store: Store, id: string, symbol: string, walks: number): number {
  const journal = [...inputs(id, symbol, walks)];
  const { signalId: _, ...rest } = wish('', symbol, 1);
  const signalId = `of ${id}`;
  const body = JSON.stringify({ signalId, ...rest });
  store.commit({
    journal,
    signals: [{ signalId, executionId: id, body, receivedAtMs: START_MS }],
    executions: [stateOf(id, symbol)],
    splitOrders: [],
    fills: [],
    trades: [],
    metrics: [],
    nextSequence: store.nextSequence,
  });
  return journal.length;
}
