/**
 * Sees the rare things happen, and counts them: by what lands, what is told and what is written.
 */
import type { OrderReport } from '../../src/domain/order.ts';
import type { TurnRecord } from '../../src/domain/records.ts';
import type { Ground } from './ground.ts';
import type { Judge } from './invariants.ts';
import type { SometimesName } from './sometimes.ts';
import type { Disk } from './store-model.ts';
import type { TrueOrder } from './venue-model.ts';
import { WORDS } from './words.ts';

const BY_STATE: Readonly<Record<string, SometimesName>> = {
  cancelling: 'fillWhileCancelling',
  settling: 'fillWhileSettling',
  unknown: 'fillWhileUnknown',
  pending: 'fillBeforeAcknowledgement',
};

const BY_INPUT: Readonly<Record<string, SometimesName>> = {
  'order.neverAccepted': 'neverAcceptedProven',
  'order.cancelRejected': 'cancelRejected',
  'order.amended': 'amended',
  'execution.restarted': 'resumed',
  'book.stale': 'gapMidExecution',
};

export class Sightings {
  readonly #ground: Ground;
  readonly #disk: Disk;
  readonly #judge: Judge;
  readonly #notFound = new Set<string>();
  readonly #told = new Set<string>();
  #circuit = '';

  constructor(ground: Ground, disk: Disk, judge: Judge) {
    this.#ground = ground;
    this.#disk = disk;
    this.#judge = judge;
  }

  lookedUp(clientOrderId: string, found: boolean): void {
    if (!found) this.#notFound.add(clientOrderId);
  }

  moved({ id, versions }: TrueOrder): void {
    const isNew = versions.length === 1;
    if (isNew && this.#notFound.has(id)) this.#hit('lateAcceptAfterNotFound');
  }

  alarmed(reason: string): void {
    if (reason === WORDS.lateFill || reason.includes(WORDS.fillAfterEnd))
      this.#judge.tell('terminal', reason);
  }

  /** The circuit breaker moved. */
  circuit(now: string): void {
    if (now === 'closed' && this.#circuit === 'halfOpen') this.#hit('breakerClosedAgain');
    // Half open alone may be what a restart found.
    this.#circuit = now === 'halfOpen' && this.#circuit !== 'open' ? '' : now;
  }

  /** A turn is durable. */
  written({ journal, fills }: TurnRecord): void {
    for (const { executionId, type, kind, body } of journal) {
      if (kind !== 'input') continue;
      const closes = type === 'deadline.due' && body.includes('"deadline":"close"');
      this.#judge.limits.wrote(executionId, closes);
      // The circuit breaker speaks of a book, too.
      const isBreaker = type === 'book.stale' && body.includes(WORDS.breakerOpen);
      if (!isBreaker) this.#hit(BY_INPUT[type]);
      if (type === 'order.doubted' && body.includes(WORDS.duplicate)) this.#hit('existsAdopted');
      if (type === 'order.notSent' && body.includes(WORDS.noRoom)) this.#hit('rateLimited');
    }
    for (const { fillId } of fills) if (!this.#told.has(fillId)) this.#hit('missedFillFetched');
  }

  /** A report has reached the process. */
  told(report: OrderReport): void {
    this.#ground.trace.note('told', report);
    if (report.type !== 'order.filled') return;
    if (this.#told.has(report.fill.fillId)) this.#hit('duplicateFill');
    this.#told.add(report.fill.fillId);
    this.#hit(BY_STATE[this.#disk.stateOf(report.clientOrderId) ?? '']);
  }

  #hit(name: SometimesName | undefined): void {
    if (name !== undefined) this.#ground.sometimes.hit(name);
  }
}
