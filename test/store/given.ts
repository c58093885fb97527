/** Records to store, whole and consistent; each test says what is special about its own. */
import type {
  BookHourRecord,
  BookSnapshotRecord,
  ExecutionStateRecord,
  FillRecord,
  JournalRecord,
  MetricsRecord,
  SignalRecord,
  SplitOrderRecord,
  TradeRecord,
  TurnRecord,
} from '../../src/domain/records.ts';

export const journalEntry = (special: Partial<JournalRecord> = {}): JournalRecord => ({
  executionId: 'dw-1',
  splitOrderId: 'dw-1-1',
  kind: 'input',
  type: 'order.filled',
  body: '{"type":"order.filled"}',
  stateBefore: 'placed',
  stateAfter: 'partial',
  rule: null,
  bookVersion: 17,
  touchBid: '0.7000',
  touchAsk: null,
  atMs: 1_760_000_000_123,
  ...special,
});

export const signal = (special: Partial<SignalRecord> = {}): SignalRecord => ({
  signalId: 'edge-1',
  executionId: 'dw-1',
  body: '{"quantity":"100"}',
  receivedAtMs: 1_760_000_000_000,
  ...special,
});

export const executionState = (
  special: Partial<ExecutionStateRecord> = {},
): ExecutionStateRecord => ({
  executionId: 'dw-1',
  signalId: 'edge-1',
  venue: 'paper',
  market: 'RAIN-TOMORROW',
  outcomeSide: 'yes',
  action: 'buy',
  algorithm: 'simple_limit',
  parameters: '{}',
  limitPrice: '0.7100',
  capPrice: null,
  targetLots: 10_000,
  filledLots: 2_500,
  workingLots: 4_000,
  inDoubtLots: 1_500,
  unreleasedLots: 2_000,
  overfilledLots: 0,
  lotSize: '0.01',
  state: 'monitoring',
  outcome: null,
  reason: null,
  startedAtMs: 1_760_000_000_000,
  deadlineMs: 1_760_000_040_000,
  endedAtMs: null,
  ...special,
});

export const splitOrder = (special: Partial<SplitOrderRecord> = {}): SplitOrderRecord => ({
  splitOrderId: 'dw-1-1',
  executionId: 'dw-1',
  clientOrderId: 'dw-1-0',
  venueOrderId: null,
  price: '0.7100',
  quantity: '65.00',
  filledQuantity: '25.00',
  state: 'partial',
  timeInForce: 'gtc',
  priceWalkHistory: '[{"atMs":1,"from":"0.7000","to":"0.7100","reason":"drift"}]',
  placedAtMs: 1_760_000_000_100,
  endedAtMs: null,
  ...special,
});

export const fill = (special: Partial<FillRecord> = {}): FillRecord => ({
  venue: 'paper',
  fillId: 'f-1',
  executionId: 'dw-1',
  splitOrderId: 'dw-1-1',
  clientOrderId: 'dw-1-0',
  price: '0.7100',
  quantity: '25.00',
  fee: '-0.0125',
  liquidity: 'maker',
  timeMs: 1_760_000_000_200,
  bookVersion: 17,
  touchBid: '0.7000',
  touchAsk: '0.7200',
  printSequence: 9,
  ...special,
});

export const trade = (special: Partial<TradeRecord> = {}): TradeRecord => ({
  executionId: 'dw-1',
  signalId: 'edge-1',
  venue: 'paper',
  market: 'RAIN-TOMORROW',
  outcomeSide: 'yes',
  action: 'buy',
  quantity: '25.00',
  averagePrice: '0.7100',
  fees: '-0.0125',
  closedAtMs: 1_760_000_040_000,
  ...special,
});

export const metrics = (special: Partial<MetricsRecord> = {}): MetricsRecord => ({
  executionId: 'dw-1',
  algorithm: 'simple_limit',
  algorithmVersion: 1,
  liquidityCategory: 'thin',
  arrivalMid: '0.7050',
  averagePrice: '0.7100',
  allInCentsPerContract: '0.45',
  fillRate: '0.2500',
  makerShare: null,
  fees: '-0.0125',
  walks: 1,
  splits: 1,
  calls: 3,
  durationMs: 40_000,
  outcome: 'partial',
  ...special,
});

export const bookSnapshot = (special: Partial<BookSnapshotRecord> = {}): BookSnapshotRecord => ({
  venue: 'paper',
  market: 'RAIN-TOMORROW',
  atMs: 1_760_000_000_000,
  bookVersion: 17,
  bids: '[["0.7000","500.00"]]',
  asks: '[]',
  bestBid: '0.7000',
  bestAsk: null,
  spread: null,
  ...special,
});

/** What `bookSnapshot()` alone amounts to. */
export const bookHour = (special: Partial<BookHourRecord> = {}): BookHourRecord => ({
  venue: 'paper',
  market: 'RAIN-TOMORROW',
  hourMs: 1_759_996_800_000,
  snapshots: 1,
  firstAtMs: 1_760_000_000_000,
  firstVersion: 17,
  lastAtMs: 1_760_000_000_000,
  lastVersion: 17,
  bestBid: '0.7',
  bestAsk: null,
  mid: null,
  spread: null,
  bidTouchDepth: '500',
  askTouchDepth: '0',
  bidDepth: '500',
  askDepth: '0',
  sums: '{"bestBid":[1,"0.7"]}',
  ...special,
});

export const turn = (special: Partial<TurnRecord> = {}): TurnRecord => ({
  journal: [],
  signals: [],
  executions: [],
  splitOrders: [],
  fills: [],
  trades: [],
  metrics: [],
  nextSequence: 0,
  ...special,
});

/** One record of every kind. */
export const wholeTurn = (special: Partial<TurnRecord> = {}): TurnRecord =>
  turn({
    journal: [journalEntry()],
    signals: [signal()],
    executions: [executionState()],
    splitOrders: [splitOrder()],
    fills: [fill()],
    trades: [trade()],
    metrics: [metrics()],
    nextSequence: 1,
    ...special,
  });
