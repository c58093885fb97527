/**
 * What one turn leaves behind, committed in one transaction before anything is sent. Decimals are
 * text, times milliseconds since the epoch; the store maps each record to one row.
 */
import type { HaltFile } from './halts.ts';
import type { OrderCommandKind } from './order.ts';
import type { KeepingUpdates, UpdateRecord } from './updates.ts';

/** One input that entered an execution, or one command that left it. Append-only. */
export interface JournalRecord {
  readonly executionId: string;
  readonly splitOrderId: string | null;
  /**
   * 'input' rows rebuild the execution by folding; 'command' rows are the intents; 'poison' rows
   * are inputs that broke it and are never folded.
   */
  readonly kind: 'input' | 'command' | 'poison';
  /** The event's type ('order.filled') or the command's kind ('submit'). */
  readonly type: string;
  /** JSON text of the event or of the command. */
  readonly body: string;
  readonly stateBefore: string | null;
  readonly stateAfter: string | null;
  /** Why: the reason of the directive, the rule that fired. */
  readonly rule: string | null;
  readonly bookVersion: number | null;
  readonly touchBid: string | null;
  readonly touchAsk: string | null;
  readonly atMs: number;
}

export interface SignalRecord {
  readonly signalId: string;
  readonly executionId: string;
  /** JSON text of the signal as given. */
  readonly body: string;
  readonly receivedAtMs: number;
}

/**
 * Upserted by `executionId`. Quantities are integer lots: the SQL CHECK adds them up a second time.
 */
export interface ExecutionStateRecord {
  readonly executionId: string;
  readonly signalId: string;
  readonly venue: string;
  readonly market: string;
  readonly outcomeSide: string;
  readonly action: string;
  readonly algorithm: string;
  /** JSON text. */
  readonly parameters: string;
  readonly limitPrice: string;
  readonly capPrice: string | null;
  readonly targetLots: number;
  readonly filledLots: number;
  readonly workingLots: number;
  readonly inDoubtLots: number;
  readonly unreleasedLots: number;
  readonly overfilledLots: number;
  readonly lotSize: string;
  readonly state: string;
  readonly outcome: string | null;
  readonly reason: string | null;
  readonly startedAtMs: number;
  readonly deadlineMs: number;
  readonly endedAtMs: number | null;
}

/** Upserted by `splitOrderId`. */
export interface SplitOrderRecord {
  readonly splitOrderId: string;
  readonly executionId: string;
  readonly clientOrderId: string;
  readonly venueOrderId: string | null;
  readonly price: string;
  readonly quantity: string;
  readonly filledQuantity: string;
  readonly state: string;
  readonly timeInForce: string;
  /** JSON text: a list of { atMs, from, to, reason }. */
  readonly priceWalkHistory: string;
  readonly placedAtMs: number;
  readonly endedAtMs: number | null;
}

/** Appended once, unique by (venue, fillId). */
export interface FillRecord {
  readonly venue: string;
  readonly fillId: string;
  readonly executionId: string;
  readonly splitOrderId: string;
  readonly clientOrderId: string;
  readonly price: string;
  readonly quantity: string;
  readonly fee: string;
  readonly liquidity: string;
  readonly timeMs: number;
  readonly bookVersion: number;
  readonly touchBid: string | null;
  readonly touchAsk: string | null;
  readonly printSequence: number | null;
}

/** A fill as its execution was asked for; prices of the own contract. */
export interface StoredFill
  extends Pick<FillRecord, 'fillId' | 'executionId' | 'price' | 'quantity' | 'fee' | 'timeMs'>,
    Pick<ExecutionStateRecord, 'market' | 'outcomeSide' | 'action'> {}

/** One row for each ended execution that got something. */
export interface TradeRecord {
  readonly executionId: string;
  readonly signalId: string;
  readonly venue: string;
  readonly market: string;
  readonly outcomeSide: string;
  readonly action: string;
  readonly quantity: string;
  readonly averagePrice: string;
  readonly fees: string;
  readonly closedAtMs: number;
}

export interface MetricsRecord {
  readonly executionId: string;
  readonly algorithm: string;
  readonly algorithmVersion: number;
  readonly liquidityCategory: string;
  readonly arrivalMid: string | null;
  readonly averagePrice: string | null;
  readonly allInCentsPerContract: string | null;
  readonly fillRate: string;
  readonly makerShare: string | null;
  readonly fees: string;
  readonly walks: number;
  readonly splits: number;
  readonly calls: number;
  readonly durationMs: number;
  readonly outcome: string;
}

export interface TurnRecord {
  readonly journal: readonly JournalRecord[];
  readonly signals: readonly SignalRecord[];
  readonly executions: readonly ExecutionStateRecord[];
  readonly splitOrders: readonly SplitOrderRecord[];
  readonly fills: readonly FillRecord[];
  readonly trades: readonly TradeRecord[];
  readonly metrics: readonly MetricsRecord[];
  readonly risk?: readonly RiskStateRecord[];
  /** The id counter after this turn. */
  readonly nextSequence: number;
  /** In the order of telling; left out where the store does not keep them. */
  readonly updates?: readonly UpdateRecord[];
}

/** What a market paid out in the end. */
export interface SettlementRecord {
  readonly venue: string;
  readonly market: string;
  /** Dollars a YES contract, a plain decimal. */
  readonly value: string;
  readonly atMs: number;
}

/** What outlives the process by its name: breaker, halts, counters of a day, latencies. */
export interface RiskStateRecord {
  readonly name: string;
  /** JSON text. */
  readonly body: string;
  readonly atMs: number;
}

/** What was done to the engine as a whole, and by whom. Append-only. */
export interface OperationRecord {
  readonly kind: 'boot' | 'stop' | 'halt' | 'resume' | 'enable' | 'settle' | 'limits';
  /** What it was done to ("global", "market KXRAIN"). */
  readonly scope: string;
  /** Who did it: 'engine', or a person's word for themselves. */
  readonly actor: string;
  readonly reason: string;
  readonly epoch: number;
  readonly atMs: number;
}

/** What changes outside of turns; each list may be left out. */
export interface AccountRecord {
  readonly settlements?: readonly SettlementRecord[];
  readonly risk?: readonly RiskStateRecord[];
  readonly operations?: readonly OperationRecord[];
}

/** Market data, in a second file with weaker durability. */
export interface BookSnapshotRecord {
  readonly venue: string;
  readonly market: string;
  readonly atMs: number;
  readonly bookVersion: number;
  /** JSON text: [["0.7100", "5000.00"], ...], best first, at most 10 levels. */
  readonly bids: string;
  readonly asks: string;
  readonly bestBid: string | null;
  readonly bestAsk: string | null;
  readonly spread: string | null;
}

export interface BookKey {
  readonly venue: string;
  readonly market: string;
}

/** The averages of one market's snapshots in one hour: what is kept of them in the long run. */
export interface BookHourRecord extends BookKey {
  /** When the hour begins. */
  readonly hourMs: number;
  /** How many; each counts once, since a book between two decisions was not seen. */
  readonly snapshots: number;
  readonly firstAtMs: number;
  readonly firstVersion: number;
  readonly lastAtMs: number;
  readonly lastVersion: number;
  /** Averages over the snapshots that had one; null where none had. */
  readonly bestBid: string | null;
  readonly bestAsk: string | null;
  readonly mid: string | null;
  readonly spread: string | null;
  /** Average quantities over all snapshots: at the best level, and of all levels kept. */
  readonly bidTouchDepth: string;
  readonly askTouchDepth: string;
  readonly bidDepth: string;
  readonly askDepth: string;
  /** JSON text: { measure: [count, exact sum] }, so that late snapshots are averaged in exactly. */
  readonly sums: string;
}

export interface StoredExecution {
  readonly state: ExecutionStateRecord;
  readonly signal: SignalRecord;
}

/** Whose order a client order id is. */
export interface OrderOwner {
  readonly executionId: string;
  readonly splitOrderId: string;
  /** When its submission was decided; it left within `INTENT_AGE_MS_MAX` of that, or never. */
  readonly intentAtMs: number;
}

/** A command of the journal: it left within `INTENT_AGE_MS_MAX` of its time, or was not sent. */
export interface IntentNote {
  readonly kind: OrderCommandKind;
  readonly atMs: number;
}

export interface Store extends KeepingUpdates {
  /** This process's turn at the account; every opening counts one up. */
  readonly epoch: number;
  readonly nextSequence: number;
  /** All or nothing, durable on return. Throws where it is not durable: then nothing is sent. */
  commit(turn: TurnRecord): void;
  /**
   * All or nothing, durable on return; throws as `commit`. The newest risk state of a name counts,
   * the first settlement of a market stays.
   */
  keep(account: AccountRecord): void;
  settlements(venue: string): readonly SettlementRecord[];
  /** JSON text; null where nothing was kept under that name. */
  riskState(name: string): string | null;
  /** Where halts are kept beside the store; left out of one that has no files. */
  readonly haltFile?: HaltFile;
  /** Operations of one kind since a time, oldest first. */
  operations(kind: OperationRecord['kind'], sinceMs: number): readonly OperationRecord[];
  /** All or nothing; a snapshot that is there already is ignored. */
  saveBooks(snapshots: readonly BookSnapshotRecord[]): void;
  /** The market that comes after this one by name, and its oldest snapshot; null after the last. */
  oldestBook(after: BookKey | null): (BookKey & { readonly atMs: number }) | null;
  /**
   * Replaces up to `rowsMax` snapshots of the hour of `atMs`, oldest first, by their part in its
   * averages: both or neither. Returns how many.
   */
  foldBooks(oldest: BookKey & { readonly atMs: number }, rowsMax: number): number;
  /** The execution a signal already has; null for a new one. */
  executionOfSignal(signalId: string): string | null;
  /** The inputs of one execution in the order they entered. */
  inputsOf(executionId: string): readonly JournalRecord[];
  hasFill(venue: string, fillId: string): boolean;
  /** Fills that were not taken back, of one market or (null) of all, in the order of booking. */
  fills(venue: string, market: string | null): Iterable<StoredFill>;
  /** By the intent of its submission; null for an id that was never sent from here. */
  ownerOf(clientOrderId: string): OrderOwner | null;
  /** The commands of a venue since a time, oldest first. */
  intentsSince(venue: string, sinceMs: number): readonly IntentNote[];
  execution(executionId: string): StoredExecution | null;
  /** The executions of a venue that have not ended, oldest first: what a restart takes up. */
  openExecutions(venue: string): readonly StoredExecution[];
  splitOrdersOf(executionId: string): readonly SplitOrderRecord[];
  /** Fills of one execution that were not taken back, in the order of booking. */
  fillsOf(executionId: string): readonly FillRecord[];
  close(): void;
}
