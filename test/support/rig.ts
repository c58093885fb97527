/**
 * One venue's runtime over a real store and a virtual clock, with a tap on both: what was durable
 * when, and what each execution was after each input. It changes nothing of what it watches.
 */
import type {
  AlgorithmDefinition,
  Decision,
  ExecutionView,
} from '../../src/algorithms/algorithm.ts';
import { AlgorithmRegistry } from '../../src/algorithms/registry.ts';
import { InvariantError } from '../../src/domain/errors.ts';
import { QUEUED_SIGNALS_MAX } from '../../src/domain/limits.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import type { Log, Venue } from '../../src/domain/ports.ts';
import type { JournalRecord, Store, TurnRecord } from '../../src/domain/records.ts';
import type { Signal } from '../../src/domain/signal.ts';
import { DEFAULT_CONFIRMATION } from '../../src/engine/execution/confirmation.ts';
import { decodeSignal, decodeWish } from '../../src/engine/execution/decode-signal.ts';
import type { ExecutionRecord } from '../../src/engine/execution/execution-record.ts';
import type { ExecutionResult, ExecutionUpdate } from '../../src/engine/execution/result.ts';
import type { MarketHost } from '../../src/engine/market/market-host.ts';
import { Runtime } from '../../src/engine/runtime.ts';
import type { RuntimeOptions } from '../../src/engine/runtime-options.ts';
import { sequentialIds } from '../../src/env/ids.ts';
import type { VirtualClock } from '../../src/env/virtual-clock.ts';
import { DEFAULT_BREAKER } from '../../src/risk/breaker-settings.ts';
import { PAPER_LIMITS } from '../../src/risk/limits.ts';
import { DEFAULT_CALL_LIMITS } from '../../src/risk/rate-limiter.ts';
import { openStore } from '../../src/store/open-store.ts';

export const START_MS = 1_800_000_000_000;

export interface LogLine {
  readonly level: string;
  readonly fields: object;
  readonly message: string;
}

export function logTo(lines: LogLine[]): Log {
  const at = (level: string) => (fields: object, message: string) => {
    lines.push({ level, fields, message });
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** A real store in memory; `fails` makes each commit throw while it is set. */
export class TappedStore implements Store {
  readonly rows: JournalRecord[] = [];
  readonly turns: TurnRecord[] = [];
  /** Inputs that are durable, by execution. */
  readonly inputs = new Map<string, number>();
  fails: string | null = null;
  readonly #store = openStore({ file: ':memory:' });

  get epoch(): number {
    return this.#store.epoch;
  }

  get nextSequence(): number {
    return this.#store.nextSequence;
  }

  commit(turn: TurnRecord): void {
    if (this.fails !== null) throw new Error(this.fails);
    this.#store.commit(turn);
    this.turns.push(turn);
    this.rows.push(...turn.journal.map((row) => ({ ...row })));
    for (const { executionId, kind } of turn.journal)
      if (kind === 'input') this.inputs.set(executionId, (this.inputs.get(executionId) ?? 0) + 1);
  }

  saveBooks: Store['saveBooks'] = (books) => this.#store.saveBooks(books);
  oldestBook: Store['oldestBook'] = (after) => this.#store.oldestBook(after);
  foldBooks: Store['foldBooks'] = (oldest, rowsMax) => this.#store.foldBooks(oldest, rowsMax);
  keep: Store['keep'] = (record) => {
    if (this.fails !== null) throw new Error(this.fails);
    this.#store.keep(record);
  };
  settlements: Store['settlements'] = (venue) => this.#store.settlements(venue);
  riskState: Store['riskState'] = (name) => this.#store.riskState(name);
  operations: Store['operations'] = (kind, sinceMs) => this.#store.operations(kind, sinceMs);
  openExecutions: Store['openExecutions'] = (venue) => this.#store.openExecutions(venue);
  splitOrdersOf: Store['splitOrdersOf'] = (id) => this.#store.splitOrdersOf(id);
  fillsOf: Store['fillsOf'] = (id) => this.#store.fillsOf(id);
  executionOfSignal = (signalId: string) => this.#store.executionOfSignal(signalId);
  inputsOf = (executionId: string) => this.#store.inputsOf(executionId);
  hasFill = (venue: string, fillId: string) => this.#store.hasFill(venue, fillId);
  fills = (venue: string, market: string | null) => this.#store.fills(venue, market);
  ownerOf = (clientOrderId: string) => this.#store.ownerOf(clientOrderId);
  intentsSince: Store['intentsSince'] = (venue, sinceMs) =>
    this.#store.intentsSince(venue, sinceMs);
  execution = (executionId: string) => this.#store.execution(executionId);
  close = () => this.#store.close();
}

export type RigOptions = Partial<Omit<RuntimeOptions, 'store' | 'ids' | 'algorithms'>> & {
  readonly venue: Venue;
  readonly clock: VirtualClock;
  readonly algorithms?: readonly AlgorithmDefinition[];
  /** Of a runtime that was stopped before. */
  readonly store?: TappedStore;
};

export interface Rig {
  readonly runtime: Runtime;
  readonly clock: VirtualClock;
  readonly store: TappedStore;
  readonly log: readonly LogLine[];
  /** Executions as they were after each of their inputs: JSON by number of inputs. */
  readonly snapshots: ReadonlyMap<string, ReadonlyMap<number, string>>;
  readonly results: ReadonlyMap<string, ExecutionResult>;
  readonly updates: readonly ExecutionUpdate[];
  /** Of all executions, forgotten ones too. */
  readonly records: readonly ExecutionRecord[];
  readonly halted: () => string | null;
  readonly halt: (reason: string) => void;
  readonly execute: (changes?: Partial<Signal>) => ExecutionRecord;
  /** Lets this much time pass, promises included. */
  readonly pass: (ms: number) => Promise<void>;
  /** Waits for all results; throws when they need more than `limitMs`. */
  readonly settle: (limitMs?: number) => Promise<void>;
}

export async function startRig({
  venue,
  clock,
  algorithms = [],
  store = new TappedStore(),
  ...rest
}: RigOptions): Promise<Rig> {
  const log: LogLine[] = [];
  const registry = new AlgorithmRegistry();
  for (const definition of algorithms) registry.registerAlgorithm(definition);
  const instruments = await venue.instruments();
  let halted: string | null = null;
  const halt = (reason: string): void => {
    halted ??= reason;
    runtime.cancelAll(`halted: ${reason}`, true);
  };
  const { epoch, nextSequence } = store;
  const runtime: Runtime = new Runtime({
    venue,
    clock,
    store,
    instruments,
    halt,
    algorithms: registry,
    keepBooks: (books) => store.saveBooks(books),
    log: logTo(log),
    ids: sequentialIds({
      tag: 'dw',
      epoch,
      nextSequence,
    }),
    tag: 'dw',
    limits: PAPER_LIMITS,
    callLimits: DEFAULT_CALL_LIMITS,
    breaker: DEFAULT_BREAKER,
    confirmation: DEFAULT_CONFIRMATION,
    reconcileMs: null,
    maxLiveExecutions: PAPER_LIMITS.maxOpenOrders,
    maxQueuedSignals: QUEUED_SIGNALS_MAX,
    minimumEdge: '0',
    maxSlippageTicks: null,
    whenStale: 'cancel',
    haltReason: () => halted,
    recovery: 'resume',
    isReady: () => true,
    ...rest,
  });
  const snapshots = new Map<string, Map<number, string>>();
  for (const { symbol } of instruments) tap(runtime, runtime.hostOf(symbol), store, snapshots);
  const results = new Map<string, ExecutionResult>();
  const updates: ExecutionUpdate[] = [];
  const records: ExecutionRecord[] = [];
  const execute: Rig['execute'] = (changes = {}) => {
    const signalId = `s${records.length + 1}`;
    const signal = decodeSignal({ ...signalOf(venue.name, signalId), ...changes });
    const instrument = instruments.find(({ symbol }) => symbol === signal.market);
    if (instrument === undefined) throw new InvariantError('the rig knows its markets');
    const record = runtime.intake.take(decodeWish(signal, instrument, registry));
    records.push(record);
    record.updates.subscribe((update) => updates.push(update));
    record.result.then(
      (result) => results.set(record.id, result),
      () => undefined,
    );
    return record;
  };
  const pass = (ms: number): Promise<void> => clock.run({ untilMs: clock.wallMs() + ms });
  const settle = async (limitMs = 300_000): Promise<void> => {
    const untilMs = clock.wallMs() + limitMs;
    const open = (): boolean =>
      [...runtime.records.values()].some((each) => each.finished === null);
    await clock.run({ untilMs, while: open });
    await pass(0);
    if (open()) throw new InvariantError(`every execution ends within ${limitMs} ms`);
  };
  const isHalted = (): string | null => halted;
  return {
    runtime,
    clock,
    store,
    log,
    snapshots,
    results,
    updates,
    records,
    halted: isHalted,
    halt,
    execute,
    pass,
    settle,
  };
}

const signalOf = (venue: string, signalId: string): Signal => ({
  signalId,
  venue,
  market: 'M',
  outcome: 'yes',
  action: 'buy',
  quantity: '10',
  limitPrice: '0.50',
  timeLimitMs: 30_000,
  algorithm: { name: 'simple_limit' },
});

/** Notes each execution's persisted snapshot under the number of inputs it has had. */
function tap(
  runtime: Runtime,
  host: MarketHost,
  store: TappedStore,
  snapshots: Map<string, Map<number, string>>,
): void {
  const deliver = host.deliver.bind(host);
  host.deliver = (event) => {
    deliver(event);
    const pending = runtime.outbox.journal.filter(({ kind }) => kind === 'input');
    for (const executionId of new Set(pending.map((row) => row.executionId))) {
      const actor = host.execution(executionId);
      if (actor === null) continue;
      const now = pending.filter((row) => row.executionId === executionId).length;
      const known = snapshots.get(executionId) ?? new Map<number, string>();
      const inputs = (store.inputs.get(executionId) ?? 0) + now;
      snapshots.set(executionId, known.set(inputs, JSON.stringify(actor.getPersistedSnapshot())));
    }
  };
}

/** An algorithm of a few lines: what it plans, and what it does each time it is asked again. */
export function algorithm(
  name: string,
  plan: (view: ExecutionView) => Decision,
  decide: AlgorithmDefinition['decide'] = ({ state }) => ({ directives: [], state }),
  wakesOn = { touch: false, trade: false },
): AlgorithmDefinition {
  return { name, version: 1, parameters: (given) => given, plan, decide, wakesOn };
}

export const placing = (price: number, quantity: number) => ({
  kind: 'place' as const,
  price: ticks(price),
  quantity: lots(quantity),
  timeInForce: 'gtc' as const,
  postOnly: false,
  reason: 'a test wants it',
});
