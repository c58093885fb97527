/**
 * The store as one process has it: the model of a disk, and in some worlds the real SQLite behind
 * it. The disk may be locked or full, and the process may die at either side of a commit.
 */
import { isDeepStrictEqual } from 'node:util';
import { invariant } from '../../src/domain/errors.ts';
import type { HaltFile } from '../../src/domain/halts.ts';
import type { Store, TurnRecord } from '../../src/domain/records.ts';
import type { StoreOptions } from '../../src/store/open-store.ts';
import { StoreError } from '../../src/store/store-error.ts';
import type { ClockDoor } from './clock-door.ts';
import { type Ground, guarded } from './ground.ts';
import { RULES } from './rules.ts';
import type { Disk } from './store-model.ts';

export interface Committing {
  /** Why the disk takes nothing now; null where it does. */
  failure(): string | null;
  /** Around the write of a turn: the process may die there. */
  before(turn: TurnRecord): void;
  after(turn: TurnRecord): void;
}

export interface StoreParts {
  readonly ground: Ground;
  readonly disk: Disk;
  readonly clock: ClockDoor;
  readonly committing: Committing;
  /** SQLite beside the model; null where the model is alone. */
  readonly real: Store | null;
  readonly haltFile: HaltFile | undefined;
}

export class StoreDoor implements Store {
  readonly epoch: number;
  readonly haltFile?: HaltFile;
  readonly #disk: Disk;
  readonly #clock: ClockDoor;
  readonly #real: Store | null;
  readonly #committing: Committing;
  readonly #ground: Ground;
  #nextSequence: number;
  #isClosed = false;

  constructor(
    { ground, disk, clock, committing, real, haltFile }: StoreParts,
    { leastEpoch = 1 }: Pick<StoreOptions, 'leastEpoch'>,
  ) {
    this.#disk = disk;
    this.#clock = clock;
    this.#real = real;
    this.#committing = committing;
    this.#ground = ground;
    this.epoch = disk.lease(real?.epoch ?? leastEpoch);
    this.#nextSequence = disk.nextSequence;
    const file = real?.haltFile ?? haltFile;
    if (file !== undefined) this.haltFile = file;
  }

  get nextSequence(): number {
    return this.#nextSequence;
  }

  /** What a dead process writes is written nowhere. */
  commit(turn: TurnRecord): void {
    if (this.#clock.isDead) return;
    this.#expectOpen();
    this.#assertWritable();
    const intends = turn.journal.some(({ type, kind }) => kind === 'command' && type === 'submit');
    if (intends && this.#ground.faults.strikes('writeFails'))
      throw new StoreError('a write', new Error('disk I/O error'));
    this.#committing.before(turn);
    if (this.#clock.isDead) return;
    this.#assertLease();
    const kept = this.#lied(turn);
    guarded(this.#ground, () => {
      this.#disk.write(kept, this.epoch);
      this.#real?.commit(kept);
    });
    this.#nextSequence = turn.nextSequence;
    this.#committing.after(turn);
  }

  keep: Store['keep'] = (record) => {
    if (this.#clock.isDead) return;
    this.#expectOpen();
    this.#assertWritable();
    this.#assertLease();
    guarded(this.#ground, () => {
      this.#disk.keep(record, this.epoch);
      this.#real?.keep(record);
    });
  };

  settlements: Store['settlements'] = (venue) =>
    this.#real?.settlements(venue) ??
    [...this.#disk.settled.values()].filter((row) => row.venue === venue);

  riskState: Store['riskState'] = (name) =>
    this.#real === null ? (this.#disk.risk.get(name) ?? null) : this.#real.riskState(name);

  operations: Store['operations'] = (kind, sinceMs) =>
    this.#real?.operations(kind, sinceMs) ??
    this.#disk.noted.filter((row) => row.kind === kind && row.atMs >= sinceMs);

  saveBooks: Store['saveBooks'] = (books) => this.#real?.saveBooks(books);
  oldestBook: Store['oldestBook'] = (after) => this.#real?.oldestBook(after) ?? null;
  foldBooks: Store['foldBooks'] = (oldest, most) => this.#real?.foldBooks(oldest, most) ?? 0;

  executionOfSignal: Store['executionOfSignal'] = (id) =>
    this.#real === null
      ? (this.#disk.signals.get(id)?.executionId ?? null)
      : this.#real.executionOfSignal(id);

  inputsOf: Store['inputsOf'] = (id) => this.#real?.inputsOf(id) ?? this.#disk.inputsOf(id);

  hasFill: Store['hasFill'] = (venue, id) =>
    this.#real?.hasFill(venue, id) ?? this.#disk.fills.has(`${venue} ${id}`);

  fills: Store['fills'] = (venue, market) =>
    this.#real?.fills(venue, market) ?? this.#disk.storedFills(venue, market);

  ownerOf: Store['ownerOf'] = (id) => {
    this.#expectOpen();
    return this.#real === null ? (this.#disk.intents.get(id) ?? null) : this.#real.ownerOf(id);
  };

  intentsSince: Store['intentsSince'] = (venue, sinceMs) =>
    this.#real?.intentsSince(venue, sinceMs) ?? this.#disk.intentsSince(sinceMs);

  execution: Store['execution'] = (id) => {
    this.#expectOpen();
    return this.#real === null ? this.#disk.execution(id) : this.#real.execution(id);
  };

  openExecutions: Store['openExecutions'] = (venue) =>
    this.#real?.openExecutions(venue) ?? this.#disk.openExecutions(venue);

  splitOrdersOf: Store['splitOrdersOf'] = (id) =>
    this.#real?.splitOrdersOf(id) ?? this.#disk.splitOrdersOf(id);

  fillsOf: Store['fillsOf'] = (id) => this.#real?.fillsOf(id) ?? this.#disk.fillsOf(id);

  close(): void {
    this.#isClosed = true;
    this.#real?.close();
  }

  /** Where SQLite reads something else than the model: then one of them is wrong. */
  difference(): string | null {
    const [disk, real] = [this.#disk, this.#real];
    if (real === null) return null;
    for (const id of disk.executions.keys())
      for (const [name, ours, theirs] of [
        ['row', disk.execution(id), real.execution(id)],
        ['inputs', disk.inputsOf(id), real.inputsOf(id)],
        ['orders', disk.splitOrdersOf(id), real.splitOrdersOf(id)],
        ['fills', disk.fillsOf(id), real.fillsOf(id)],
      ] as const)
        if (!isDeepStrictEqual(ours, theirs)) return `${name} of ${id}`;
    return null;
  }

  /** What a stopped engine still hears must move nothing: the store may be another's by then. */
  #expectOpen(): void {
    const isLate = this.#isClosed && !this.#clock.isDead;
    if (isLate) this.#ground.sink.tell(RULES.leak, 'a closed store is asked');
  }

  #lied(turn: TurnRecord): TurnRecord {
    const { plant } = this.#ground;
    if (plant === 'forgetFill') return { ...turn, fills: [] };
    if (plant !== 'skipIntent') return turn;
    return { ...turn, journal: turn.journal.filter(({ kind }) => kind !== 'command') };
  }

  #assertLease(): void {
    const { epoch } = this.#disk;
    if (epoch !== this.epoch) this.#ground.sometimes.hit('fenced');
    invariant(epoch === this.epoch, 'a write needs the lease of its epoch', this.epoch);
  }

  #assertWritable(): void {
    const failure = this.#committing.failure();
    if (failure !== null) throw new StoreError('a write', new Error(failure));
  }
}
