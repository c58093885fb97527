/**
 * What a run must have seen to mean anything: a simulator that never comes near a danger finds
 * nothing. Each is counted wherever it happens; a floor is demanded over all seeds of a run.
 */
export const SOMETIMES = {
  lateAcceptAfterNotFound: 'an order was accepted after a lookup had not found it',
  neverAcceptedProven: 'it was proven that an order was never accepted',
  fillWhileCancelling: 'a fill came while its order was being cancelled',
  fillWhileSettling: 'a fill came while its order was settling',
  fillWhileUnknown: 'a fill came while its order was in doubt',
  fillBeforeAcknowledgement: 'a fill came before the acknowledgement',
  duplicateFill: 'a fill was told twice',
  existsAdopted: 'a duplicate id was answered',
  cancelRejected: 'a cancel was refused',
  amended: 'an order was amended in place',
  gapMidExecution: 'the book broke while an execution worked on it',
  sentAfterResync: 'an order was sent on a book that had been broken',
  missedFillFetched: 'a fill was booked that no stream had told',
  bust: 'a fill was taken back',
  haltWithOrders: 'the engine was halted while orders rested',
  haltProven: 'the end of a halt was proven',
  pausedWithOrders: 'the process stood still while orders rested',
  journalFailed: 'a turn could not be made durable',
  partialFill: 'an execution ended with a part of its quantity',
  queueFull: 'a signal was refused because too many wait',
  breakerClosedAgain: 'the circuit breaker opened, was tried half open, and closed',
  configRefused: 'it did not start with limits that are none',
  haltWhileDiskFailed: 'it was halted while the journal could not be written',
  haltWhileVenueDown: 'it was halted while no call came through',
  rateLimited: 'a call was refused by a limit of calls',
  crash: 'the process died',
  crashIdle: 'the process died between two turns',
  crashBeforeCommit: 'it died before a commit: nothing had happened',
  crashBetweenIntentAndSend: 'it died between the intent and the send',
  crashBetweenSendAndAcknowledgement: 'it died between the send and the acknowledgement',
  crashBetweenAcknowledgementAndJournal: 'it died with an answer that was not journaled',
  crashInRecovery: 'it died while it recovered',
  resumed: 'an execution was taken up after a restart',
  haltInRecovery: 'it was halted while it recovered',
  haltOutlived: 'a halt outlived a crash',
  fenced: 'an engine without the lease was kept from writing',
  backupRestored: 'an old copy of the disk was restored',
  secondRefused: 'a second engine was refused',
} as const;

/** In a hundred seeds of two minutes at least so often, or a run means little. */
export const LEAST_IN_100 = 1;

export type SometimesName = keyof typeof SOMETIMES;

export const SOMETIMES_NAMES = Object.keys(SOMETIMES) as readonly SometimesName[];

export type Counts = Readonly<Record<SometimesName, number>>;

export class Sometimes {
  readonly #counts = new Map<SometimesName, number>();

  hit(name: SometimesName): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  get counts(): Counts {
    const entries = SOMETIMES_NAMES.map((name) => [name, this.#counts.get(name) ?? 0]);
    return Object.fromEntries(entries) as Counts;
  }
}

export const addCounts = (left: Counts, right: Counts): Counts =>
  Object.fromEntries(SOMETIMES_NAMES.map((name) => [name, left[name] + right[name]])) as Counts;

export const NO_COUNTS: Counts = new Sometimes().counts;
