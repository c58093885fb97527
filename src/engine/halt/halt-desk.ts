/**
 * Which halts stand. It blocks in memory first, and whatever fails then leaves it blocked; it keeps
 * them in the halt file and in the store, and hears of people's commands by that file. It never
 * lifts anything by itself.
 */
import { InputError, messageOf } from '../../domain/errors.ts';
import {
  covers,
  entriesSince,
  type Halt,
  type HaltAnswer,
  type HaltEntry,
  type HaltFile,
  type HaltPlace,
  type HaltScope,
  isGlobal,
  isSameScope,
  KEPT_HALTS,
  type KeptHalts,
  NO_HALTS,
  type Resumption,
  scopeName,
  standing,
  unreadable,
} from '../../domain/halts.ts';
import type { Clock, Log, TimerId } from '../../domain/ports.ts';
import type { OperationRecord, Store } from '../../domain/records.ts';
import { HALTS, recalled } from '../risk/risk-memory.ts';

/** How long a person's command waits to be seen. */
const POLL_MS = 500;

/** A store that is locked holds up the event loop at each try: not too often. */
const KEEP_RETRY_MS = 5_000;

export interface HaltDeskOptions {
  readonly store: Pick<Store, 'epoch' | 'keep' | 'riskState' | 'haltFile'>;
  readonly clock: Clock;
  readonly log: Log;
  /** It is blocked already: what rests is to be withdrawn. */
  readonly onHalt: (halt: Halt) => void;
  /** A person lifts it: resolves once trading may go on there. */
  readonly onResume: (scope: HaltScope) => Promise<void>;
}

export class HaltDesk {
  readonly #options: HaltDeskOptions;
  readonly #file: HaltFile | null;
  readonly #known = new Set<string>();
  #standing: readonly Halt[];
  /** Lifted by a person, and still in force until the venues were asked. */
  #lifting: readonly Halt[] = [];
  /** Of the file, as it was last read: how many, and the id of the last. */
  #lines: Pick<KeptHalts, 'lines' | 'last'> = { lines: 0 };
  #drawn = 0;
  /** Not kept in the store yet. */
  readonly #operations: OperationRecord[] = [];
  #polling: TimerId | null = null;
  #keeping: TimerId | null = null;

  constructor(options: HaltDeskOptions) {
    this.#options = options;
    this.#file = options.store.haltFile ?? null;
    const kept = this.#readKept();
    this.#standing = kept.standing;
    const entries = this.#readFile();
    const fresh = entriesSince(kept, entries);
    this.#standing = standing(this.#standing, fresh);
    this.#learn(entries);
    this.#operations.push(...fresh.map((entry) => this.#operationOf(entry)));
    if (this.#operations.length > 0) this.#keep();
  }

  /** One for each scope, the first that was said. */
  get standing(): readonly Halt[] {
    return this.#standing;
  }

  /** Tells of the halts that outlived the last process, and listens for more. */
  begin(): void {
    for (const halt of this.#standing) this.#withdraw(halt);
    if (this.#file !== null) this.#poll();
  }

  /** Why nothing but cancels may be sent there; null where it may. Asked at every write. */
  reasonFor(place: HaltPlace | null): string | null {
    return reasonIn(this.#standing, place) ?? reasonIn(this.#lifting, place);
  }

  /** Never throws: what cannot be written stands in memory, and is tried again. */
  halt(terms: Pick<Halt, 'scope' | 'reason' | 'actor' | 'everything'>): Halt {
    // A person may have lifted just now what would make this one no news.
    this.#attempt('heard of', () => this.#hear());
    const halt: Halt = { kind: 'halt', ...this.#stamp(), ...terms };
    const isNews = this.#block(halt);
    const isInFile = isNews && this.#file !== null && this.#append(halt);
    // A cancel may be the last thing that we do. Only where the file has the halt may it go first:
    // the store may be locked, and hold it up.
    if (isNews && !isInFile) this.#note(halt);
    this.#withdraw(halt);
    if (isInFile) this.#note(halt);
    // It stands in memory alone, and whoever halts again may do so because the disk works again.
    else if (!isNews && this.#operations.length > 0) this.#keep();
    return halt;
  }

  /** Resolves once it is lifted. Rejects with an `InputError` where it stays. */
  async resume(terms: Pick<Resumption, 'scope' | 'reason' | 'actor'>): Promise<void> {
    this.#attempt('heard of', () => this.#hear());
    const resumption: Resumption = { kind: 'resume', ...this.#stamp(), ...terms };
    if (!this.#stands(terms.scope)) {
      const names = this.#standing.map(({ scope }) => scopeName(scope)).join('; ');
      const wayOut = names === '' ? 'nothing is halted' : `halted: ${names}`;
      throw new InputError('only what is halted is resumed', scopeName(terms.scope), wayOut);
    }
    // Not to be lifted unless that is known after a restart, too.
    const isWritten = this.#file === null || this.#append(resumption);
    const before = this.#standing;
    this.#standing = standing(before, [resumption]);
    this.#operations.push(this.#operationOf(resumption));
    if (!isWritten || (!this.#keep() && this.#file === null)) {
      this.#standing = before;
      this.#operations.pop();
      // The line may have been written all the same: the next start shall not lift it by that.
      this.#keep();
      throw new InputError('a resumption must be durable', 'not written', 'free the disk first');
    }
    await this.#lift(resumption, before);
  }

  answer(answer: HaltAnswer): void {
    this.#attempt('answered', () => this.#file?.answer(answer));
  }

  stop(): void {
    for (const timer of [this.#polling, this.#keeping])
      if (timer !== null) this.#options.clock.clearTimeout(timer);
    if (this.#operations.length > 0) this.#keep();
    if (this.#keeping !== null) this.#options.clock.clearTimeout(this.#keeping);
  }

  #stands(scope: HaltScope): boolean {
    return this.#standing.some((halt) => isSameScope(halt.scope, scope));
  }

  /** False where that scope is halted already. */
  #block(halt: Halt): boolean {
    const isNews = !this.#stands(halt.scope);
    this.#standing = standing(this.#standing, [halt]);
    return isNews;
  }

  /** `before` are the halts as they stood: those of the scope stay in force until it may go on. */
  async #lift({ id, scope }: Resumption, before: readonly Halt[]): Promise<void> {
    const { clock, onResume } = this.#options;
    const sinceMs = clock.monotonicMs();
    const lifted = before.filter((halt) => isSameScope(halt.scope, scope));
    this.#lifting = [...this.#lifting, ...lifted];
    await onResume(scope);
    this.#lifting = this.#lifting.filter((halt) => !lifted.includes(halt));
    const seconds = Math.round(clock.monotonicMs() - sinceMs) / 1_000;
    this.answer({ id, scope: scopeName(scope), seconds, resumed: true });
  }

  #poll(): void {
    this.#polling = this.#options.clock.setTimeout(() => this.#poll(), POLL_MS);
    this.#attempt('heard of', () => this.#hear());
  }

  /** What people's commands wrote since it was last read. */
  #hear(): void {
    const fresh = this.#readFile().filter(({ id }) => !this.#known.has(id));
    this.#learn(fresh);
    for (const entry of fresh) {
      const before = this.#standing;
      this.#standing = standing(before, [entry]);
      if (entry.kind === 'halt') this.#withdraw(entry);
      else
        this.#lift(entry, before).catch((thrown: unknown) =>
          this.#options.log.error({ thrown, entry }, 'it stays halted'),
        );
      this.#note(entry);
    }
  }

  /** It is blocked already: what breaks here must not keep others from being heard of. */
  #withdraw(halt: Halt): void {
    this.#attempt('carried out', () => this.#options.onHalt(halt));
  }

  #learn(entries: readonly HaltEntry[]): void {
    for (const { id } of entries) this.#known.add(id);
  }

  #stamp(): { readonly id: string; readonly atMs: number } {
    this.#drawn += 1;
    const id = `e${this.#options.store.epoch}-${this.#drawn}`;
    return { id, atMs: this.#options.clock.wallMs() };
  }

  #append(entry: HaltEntry): boolean {
    const file = this.#file;
    if (file === null) return true;
    this.#known.add(entry.id);
    const isWritten = this.#attempt('written', () => file.append(entry));
    // What others wrote meanwhile: the store must not believe that it was taken in before it is.
    this.#attempt('heard of', () => this.#hear());
    return isWritten;
  }

  /** A file that cannot be read halts all. */
  #readFile(): readonly HaltEntry[] {
    if (this.#file === null) return [];
    try {
      const entries = this.#file.read();
      const last = entries.at(-1)?.id;
      this.#lines = { lines: entries.length, ...(last === undefined ? {} : { last }) };
      return entries;
    } catch (thrown) {
      const halt: Halt = { ...unreadable(messageOf(thrown)), ...this.#stamp() };
      return this.#stands(halt.scope) ? [] : [halt];
    }
  }

  #readKept(): KeptHalts {
    return recalled(this.#options.store, KEPT_HALTS, HALTS) ?? NO_HALTS;
  }

  #note(entry: HaltEntry): void {
    this.#operations.push(this.#operationOf(entry));
    this.#keep();
  }

  #operationOf({ kind, scope, actor, reason, atMs }: HaltEntry): OperationRecord {
    const { epoch } = this.#options.store;
    return { kind, scope: scopeName(scope), actor, reason, epoch, atMs };
  }

  /** False where the store cannot be written now: it is tried again. */
  #keep(): boolean {
    const { store, clock } = this.#options;
    const kept: KeptHalts = { ...this.#lines, standing: this.#standing };
    const risk = [{ name: KEPT_HALTS, body: JSON.stringify(kept), atMs: clock.wallMs() }];
    const isKept = this.#attempt('kept in the store', () =>
      store.keep({ risk, operations: this.#operations }),
    );
    if (isKept) this.#operations.length = 0;
    else
      this.#keeping ??= clock.setTimeout(() => {
        this.#keeping = null;
        this.#keep();
      }, KEEP_RETRY_MS);
    return isKept;
  }

  #attempt(what: string, deed: () => void): boolean {
    try {
      deed();
      return true;
    } catch (thrown) {
      this.#options.log.error({ thrown }, `a halt could not be ${what}: it stands in memory`);
      return false;
    }
  }
}

/** Without a place, only what halts all counts. */
function reasonIn(halts: readonly Halt[], place: HaltPlace | null): string | null {
  for (const { scope, reason } of halts) {
    if (isGlobal(scope)) return reason;
    if (place !== null && covers(scope, place)) return `${scopeName(scope)}: ${reason}`;
  }
  return null;
}
