/**
 * A disk as SQLite with full synchronisation leaves it: what was committed is there after any
 * crash, what was not is not. Readers get copies of rows, never the rows.
 */
import { InvariantError, invariant } from '../../src/domain/errors.ts';
import { type Halt, type HaltEntry, type HaltFile, scopeName } from '../../src/domain/halts.ts';
import type {
  AccountRecord,
  ExecutionStateRecord,
  FillRecord,
  IntentNote,
  JournalRecord,
  MetricsRecord,
  OperationRecord,
  OrderOwner,
  SettlementRecord,
  SignalRecord,
  SplitOrderRecord,
  StoredExecution,
  StoredFill,
  TradeRecord,
  TurnRecord,
} from '../../src/domain/records.ts';

/** What the engine keeps under the name of its halts. */
interface Kept {
  readonly standing: readonly Halt[];
}

type Deed = { readonly epoch: number } & (
  | { readonly turn: TurnRecord }
  | { readonly account: AccountRecord }
);

export interface Intent extends OrderOwner {
  /** JSON of the request as it was journaled. */
  readonly request: string;
}

export class Disk {
  epoch = 0;
  nextSequence = 0;
  readonly journal: JournalRecord[] = [];
  readonly signals = new Map<string, SignalRecord>();
  readonly executions = new Map<string, ExecutionStateRecord>();
  readonly splitOrders = new Map<string, SplitOrderRecord>();
  readonly fills = new Map<string, FillRecord>();
  readonly trades = new Map<string, TradeRecord>();
  readonly metrics = new Map<string, MetricsRecord>();
  readonly settled = new Map<string, SettlementRecord>();
  readonly risk = new Map<string, string>();
  readonly noted: OperationRecord[] = [];
  readonly halts: HaltEntry[] = [];
  /** Submissions by client order id. */
  readonly intents = new Map<string, Intent>();
  readonly #inputs = new Map<string, JournalRecord[]>();
  readonly #reverted = new Set<string>();
  readonly #deeds: Deed[] = [];

  /** Beside the database: it can be written while that is locked. */
  haltFile(failure: () => string | null): HaltFile {
    const assertRoom = (): void => {
      if (failure()?.includes('full') === true) throw new Error('no space left on device');
    };
    return {
      read: () => [...this.halts],
      append: (entry) => {
        assertRoom();
        this.halts.push(entry);
      },
      answer: () => assertRoom(),
    };
  }

  /** Whether somebody who reads all of it finds that scope halted. */
  hasHalt(name: string): boolean {
    const kept = JSON.parse(this.risk.get('halts') ?? '{"standing":[]}') as Kept;
    const last = this.halts.findLast(({ scope }) => scopeName(scope) === name);
    return last?.kind === 'halt' || kept.standing.some(({ scope }) => scopeName(scope) === name);
  }

  lease(leastEpoch: number): number {
    this.epoch = Math.max(this.epoch + 1, leastEpoch);
    return this.epoch;
  }

  /** All or nothing; throws where the real store would. */
  write(turn: TurnRecord, epoch: number): void {
    const { nextSequence } = turn;
    invariant(nextSequence >= this.nextSequence, 'ids are never drawn twice', nextSequence);
    this.#write(turn);
    this.#deeds.push({ epoch, turn });
  }

  keep(account: AccountRecord, epoch: number): void {
    this.#keep(account);
    this.#deeds.push({ epoch, account });
  }

  /** As it was so many writes ago; the file of halts lies beside it and stays. False: as it is. */
  restore(writes: number): boolean {
    const all = this.#deeds.splice(0);
    const deeds = all.slice(0, -writes);
    this.#wipe();
    for (const deed of deeds) {
      this.epoch = deed.epoch;
      if ('turn' in deed) this.#write(deed.turn);
      else this.#keep(deed.account);
    }
    this.#deeds.push(...deeds);
    return all.length > 0;
  }

  #write(turn: TurnRecord): void {
    for (const row of turn.executions) checkSum(row);
    for (const fill of turn.fills) this.#checkFill(fill);
    this.nextSequence = turn.nextSequence;
    for (const row of turn.signals) keepFirst(this.signals, row.signalId, row);
    for (const row of turn.executions) this.executions.set(row.executionId, { ...row });
    for (const row of turn.splitOrders) this.splitOrders.set(row.splitOrderId, { ...row });
    for (const row of turn.fills) keepFirst(this.fills, keyOf(row), row);
    for (const row of turn.trades) keepFirst(this.trades, row.executionId, row);
    for (const row of turn.metrics) keepFirst(this.metrics, row.executionId, row);
    for (const row of turn.journal) this.#append({ ...row });
  }

  #keep({ settlements = [], risk = [], operations = [] }: AccountRecord): void {
    for (const row of settlements) keepFirst(this.settled, `${row.venue} ${row.market}`, row);
    for (const { name, body } of risk) this.risk.set(name, body);
    this.noted.push(...operations.map((row) => ({ ...row })));
  }

  /** Of the one venue there is. */
  intentsSince(sinceMs: number): readonly IntentNote[] {
    const older = this.journal.findLastIndex(({ atMs }) => atMs < sinceMs);
    return this.journal
      .slice(older + 1)
      .filter(({ kind }) => kind === 'command')
      .map(({ type, atMs }) => ({ kind: type as IntentNote['kind'], atMs }));
  }

  inputsOf(executionId: string): readonly JournalRecord[] {
    return (this.#inputs.get(executionId) ?? []).map((row) => ({ ...row }));
  }

  execution(executionId: string): StoredExecution | null {
    const state = this.executions.get(executionId);
    if (state === undefined) return null;
    const signal = this.signals.get(state.signalId);
    invariant(signal !== undefined, 'every execution has its signal', executionId);
    return { state: { ...state }, signal: { ...signal } };
  }

  get open(): readonly ExecutionStateRecord[] {
    return [...this.executions.values()].filter(({ endedAtMs }) => endedAtMs === null);
  }

  openExecutions(venue: string): readonly StoredExecution[] {
    return this.open
      .filter((row) => row.venue === venue)
      .toSorted(
        (left, right) =>
          left.startedAtMs - right.startedAtMs || compare(left.executionId, right.executionId),
      )
      .flatMap(({ executionId }) => this.execution(executionId) ?? []);
  }

  splitOrdersOf(executionId: string): readonly SplitOrderRecord[] {
    return [...this.splitOrders.values()]
      .filter((row) => row.executionId === executionId)
      .toSorted(
        (left, right) =>
          left.placedAtMs - right.placedAtMs || compare(left.splitOrderId, right.splitOrderId),
      );
  }

  /** Of the split order that asked for it last. */
  stateOf(clientOrderId: string): string | null {
    const splitOrderId = this.intents.get(clientOrderId)?.splitOrderId ?? '';
    return this.splitOrders.get(splitOrderId)?.state ?? null;
  }

  isReverted(fillId: string): boolean {
    return this.#reverted.has(fillId);
  }

  /** Fills that were not taken back. */
  standing(): readonly FillRecord[] {
    return [...this.fills.values()].filter(({ fillId }) => !this.#reverted.has(fillId));
  }

  fillsOf(executionId: string): readonly FillRecord[] {
    return this.standing().filter((row) => row.executionId === executionId);
  }

  storedFills(venue: string, market: string | null): readonly StoredFill[] {
    return this.standing().flatMap((fill) => {
      const state = this.executions.get(fill.executionId);
      if (state === undefined || fill.venue !== venue) return [];
      if (market !== null && state.market !== market) return [];
      const { outcomeSide, action } = state;
      return [{ ...fill, market: state.market, outcomeSide, action }];
    });
  }

  #wipe(): void {
    this.epoch = 0;
    this.nextSequence = 0;
    for (const rows of [this.journal, this.noted]) rows.length = 0;
    const { signals, executions, splitOrders, fills, trades, metrics } = this;
    for (const rows of [signals, executions, splitOrders, fills, trades, metrics]) rows.clear();
    for (const rows of [this.settled, this.risk, this.intents, this.#inputs]) rows.clear();
    this.#reverted.clear();
  }

  #append(row: JournalRecord): void {
    this.journal.push(row);
    const { executionId, splitOrderId, kind, type, body } = row;
    if (kind === 'input') {
      const known = this.#inputs.get(executionId) ?? [];
      known.push(row);
      this.#inputs.set(executionId, known);
    }
    if (kind === 'command' && type === 'submit' && splitOrderId !== null) {
      const { request } = JSON.parse(body) as { request: { clientOrderId: string } };
      const intentAtMs = row.atMs;
      const own = JSON.stringify(request);
      const intent = { executionId, splitOrderId, intentAtMs, request: own };
      this.intents.set(request.clientOrderId, intent);
    }
    if (kind !== 'input' || type !== 'order.fillReverted') return;
    const { report } = JSON.parse(body) as { report: { fillId: string } };
    this.#reverted.add(report.fillId);
  }

  #checkFill(row: FillRecord): void {
    const known = this.fills.get(keyOf(row));
    const isSame = known === undefined || known.quantity === row.quantity;
    invariant(isSame, 'a row of fills is never changed', row.fillId);
    const isOwned = this.executions.has(row.executionId) || row.executionId !== '';
    invariant(isOwned, 'a fill has its execution', row.fillId);
  }
}

/** As the CHECK of the real table counts it. */
function checkSum(row: ExecutionStateRecord): void {
  const { filledLots, workingLots, inDoubtLots, unreleasedLots, overfilledLots } = row;
  const parts = [filledLots, workingLots, inDoubtLots, unreleasedLots];
  const sum = parts.reduce((total, lots) => total + lots, 0);
  if (sum !== row.targetLots + overfilledLots || parts.some((lots) => lots < 0))
    throw new InvariantError(`quantity is conserved, was ${JSON.stringify(row)}`);
}

const keyOf = ({ venue, fillId }: FillRecord): string => `${venue} ${fillId}`;

const compare = (left: string, right: string): number => (left < right ? -1 : +(left > right));

function keepFirst<T extends object>(rows: Map<string, T>, key: string, row: T): void {
  if (!rows.has(key)) rows.set(key, { ...row });
}
