/**
 * What may go wrong, by name: numbers such as F-3 are those of the catalogue of faults that the
 * project was designed against. A fault that is off draws nothing, and no fault moves another's
 * luck.
 */
import type { Random } from '../../src/domain/ports.ts';
import { chance } from '../../src/env/draws.ts';

interface Fault {
  readonly of: string;
  readonly what: string;
  /** It strikes an opportunity with at most this probability. */
  readonly most?: number;
  /** It comes by itself, at most once in so long on average. */
  readonly everyMs?: number;
}

export const FAULTS = {
  requestLost: { of: 'F-1', what: 'a command never reaches the venue', most: 0.12 },
  answerLost: { of: 'F-2, F-14', what: 'a command is done, its answer is lost', most: 0.15 },
  requestLate: { of: 'F-3', what: 'a command lands 2 to 50 s after it was sent', most: 0.12 },
  errorAfter: { of: 'F-4', what: 'a 5xx although it was done', most: 0.1 },
  errorBefore: { of: 'F-5', what: 'a 5xx, and it was not done', most: 0.1 },
  garbled: { of: 'F-6', what: 'a 2xx without an order in it', most: 0.08 },
  requestTwice: { of: 'F-7', what: 'a command lands twice, the second answer counts', most: 0.1 },
  rateLimited: { of: 'F-8', what: 'a 429: surely not done', most: 0.1 },
  storm: { of: 'F-9', what: 'seconds in which everything fails', everyMs: 60_000 },
  unauthorized: {
    of: 'F-10, F-11',
    what: 'for seconds each call is answered by a 401: surely not done',
    everyMs: 100_000,
  },
  refused: { of: 'F-12, F-13', what: 'the venue takes no order for a reason', most: 0.08 },
  cancelUnseen: { of: 'F-16', what: 'a 404 for the cancel of an order that lives', most: 0.1 },
  amendHalf: { of: 'F-18', what: 'an amend cancels and does not place anew', most: 0.15 },
  cancelAllLingers: {
    of: 'F-20',
    what: 'all our orders are cancelled, and those of the minute after it too',
    everyMs: 120_000,
  },
  readsLag: { of: 'F-21', what: 'reads are seconds behind', everyMs: 40_000 },
  listingBroken: {
    of: 'F-22',
    what: 'a page of a listing is lost, and its adapter knows',
    most: 0.3,
  },
  listShuffled: { of: 'F-23', what: 'listings in another order', most: 0.5 },
  agedOut: { of: 'F-24', what: 'an order that ended long ago is not found by its id', most: 0.5 },
  readFails: { of: 'F-9', what: 'a question is answered by an error', most: 0.15 },
  hang: { of: 'F-25', what: 'a call is never answered', most: 0.05 },
  feedClosed: { of: 'F-26', what: 'the book stream closes and comes back', everyMs: 40_000 },
  feedStalled: { of: 'F-28', what: 'one market falls silent', everyMs: 50_000 },
  feedSlow: { of: 'F-29', what: 'the book stream is seconds late', everyMs: 60_000 },
  reportTwice: { of: 'F-30', what: 'a report comes twice', most: 0.2 },
  reportAgain: { of: 'F-30', what: 'a report comes again much later', most: 0.05 },
  reportLate: { of: 'F-31', what: 'a report is overtaken by later ones', most: 0.15 },
  deltaLost: { of: 'F-32', what: 'a change of the book is lost: a gap', most: 0.03 },
  deltaWrong: { of: 'F-35', what: 'a change of the book takes more than there is', most: 0.02 },
  feedMute: { of: 'F-36', what: 'a stream comes back, and its snapshot for long not', most: 0.3 },
  bookCrossed: { of: 'F-34', what: 'the book is told crossed', everyMs: 60_000 },
  reportsDown: {
    of: 'F-26',
    what: 'the private stream tells nothing for seconds',
    everyMs: 40_000,
  },
  reportLost: { of: 'F-37', what: 'a report of a healthy stream is lost', most: 0.15 },
  foreignOrder: { of: 'F-39, F-46', what: 'a person trades on our account', everyMs: 30_000 },
  bust: { of: 'F-41', what: 'a fill is taken back', everyMs: 60_000 },
  marketPaused: { of: 'F-42', what: 'a market pauses for seconds', everyMs: 60_000 },
  marketClosed: { of: 'F-42', what: 'a market closes for good', everyMs: 300_000 },
  venueRestart: { of: 'F-43', what: 'the venue restarts and drops what rests', everyMs: 120_000 },
  deadMan: { of: 'F-44', what: 'the venue cancels all our orders', everyMs: 90_000 },
  operatorCancel: { of: 'F-46', what: 'a person cancels one of our orders', everyMs: 30_000 },
  wallJump: { of: 'F-47', what: 'our wall clock jumps by up to an hour', everyMs: 60_000 },
  wallDrift: { of: 'F-48', what: 'our wall clock is up to 3 s wrong', everyMs: 15_000 },
  processPause: { of: 'F-49', what: 'our process stands still for seconds', everyMs: 60_000 },
  crash: { of: 'F-50', what: 'our process dies at some instant', everyMs: 50_000 },
  crashBeforeCommit: { of: 'F-50', what: 'it dies before a commit', most: 0.01 },
  crashAfterCommit: { of: 'F-50', what: 'it dies after a commit, before sending', most: 0.02 },
  crashAfterSend: { of: 'F-50', what: 'it dies after sending', most: 0.01 },
  crashAtAnswer: { of: 'F-50', what: 'it dies before an answer is journaled', most: 0.01 },
  crashInRecovery: { of: 'F-51', what: 'it dies while it recovers', most: 0.4 },
  haltInRecovery: { of: 'F-62', what: 'it is halted while it recovers', most: 0.3 },
  secondInstance: { of: 'F-52', what: 'a second engine takes the account', everyMs: 50_000 },
  algorithmThrows: { of: 'F-53', what: 'a decider throws', most: 0.02 },
  callbackThrows: { of: 'F-53', what: 'a callback of the host throws', most: 0.2 },
  burst: { of: 'F-54', what: 'dozens of signals at once', everyMs: 60_000 },
  diskBusy: { of: 'F-55', what: 'the journal is locked for a while', everyMs: 60_000 },
  writeFails: {
    of: 'F-55, F-56',
    what: 'a write of the journal fails once, with an order in it',
    most: 0.08,
  },
  diskFull: { of: 'F-56', what: 'the journal takes nothing for many seconds', everyMs: 150_000 },
  backupRestored: { of: 'F-59', what: 'it starts again on an old copy of its disk', most: 0.2 },
  wrongConfig: { of: 'F-61', what: 'it is started with limits that are none', most: 0.3 },
  haltInTrouble: { of: 'F-62', what: 'it is halted while disk or venue fail', most: 0.6 },
  halt: { of: 'F-62', what: 'a person halts the engine', everyMs: 100_000 },
} as const satisfies Record<string, Fault>;

/** Faults and invariants of the catalogue that no world has, and where they are looked at. */
export const NOT_MODELLED: Readonly<Record<string, string>> = {
  'F-15, F-17, F-38, F-45': 'come by themselves: fills race cancels and answers in every world',
  'F-19': 'the engine sends no batches',
  'F-33': 'adapters put a snapshot and its changes in order: test/venues',
  'F-40': 'frames are torn below the port that is simulated: test/fuzz, test/venues',
  'F-57, F-58': 'of bytes, and there are none below the model: test/crash/power-loss, test/store',
  'F-60': 'a model of a disk has no schema: test/store/open',
  'I-21': 'by two processes over the same seeds, in simulation.test.ts',
  'I-23': 'no secret comes near the port: test/observe',
  'I-28': 'no venue here tells of provisional fills; one that is taken back is F-41',
};

export type FaultName = keyof typeof FAULTS;

export const FAULT_NAMES = Object.keys(FAULTS) as readonly FaultName[];

export const faultOf = (name: FaultName): Fault => FAULTS[name];

export type Strikes = Readonly<Record<FaultName, number>>;

export const countStrikes = (countOf: (name: FaultName) => number): Strikes =>
  Object.fromEntries(FAULT_NAMES.map((name) => [name, countOf(name)])) as Strikes;

/** The faults of one world: which are on, at which share of their most. */
export class Faults {
  readonly #struck = new Map<FaultName, number>();
  readonly #shares: ReadonlyMap<FaultName, number>;
  readonly #draws = new Map<FaultName, Random>();
  readonly #random: Random;
  #healed = false;

  constructor(random: Random, shares: ReadonlyMap<FaultName, number>) {
    this.#random = random;
    this.#shares = shares;
  }

  get names(): readonly FaultName[] {
    return [...this.#shares.keys()];
  }

  /** Nothing goes wrong any more. */
  heal(): void {
    this.#healed = true;
  }

  get isHealed(): boolean {
    return this.#healed;
  }

  share(name: FaultName): number {
    return this.#healed ? 0 : (this.#shares.get(name) ?? 0);
  }

  /** Whether it happens this time. */
  strikes(name: FaultName): boolean {
    const share = this.share(name);
    const { most = 1 } = faultOf(name);
    if (share === 0 || !chance(this.random(name), share * most)) return false;
    this.note(name);
    return true;
  }

  note(name: FaultName): void {
    this.#struck.set(name, (this.#struck.get(name) ?? 0) + 1);
  }

  get strikesByName(): Strikes {
    return countStrikes((name) => this.#struck.get(name) ?? 0);
  }

  /** A source of its own, for what is drawn about it. */
  random(name: FaultName): Random {
    const known = this.#draws.get(name);
    if (known !== undefined) return known;
    const draws = this.#random.fork(`fault ${name}`);
    this.#draws.set(name, draws);
    return draws;
  }
}
