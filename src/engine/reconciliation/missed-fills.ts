/**
 * Fills as the venue lists them, against those we heard of: a stream may lose one, a list does not.
 * What was missed goes in by the same door as the stream's. The list is read on from a cursor that
 * never passes a fill which is not durable yet.
 */
import { FILLS_OVERLAP_MS, LOST_JOURNAL_MS } from '../../domain/limits.ts';
import type { OrderReport } from '../../domain/order.ts';
import type { VenueFill } from '../../domain/ports.ts';
import type { RiskStateRecord } from '../../domain/records.ts';
import { FILLS_CURSOR, memoryName, recalled } from '../risk/risk-memory.ts';
import type { Runtime } from '../runtime.ts';
import { wasTakenBack } from '../turn/late-report.ts';
import { knownOrder } from './known-order.ts';

export interface FillDoors {
  /** Takes what we never heard of, as the stream's own. */
  readonly receive: (symbol: string, report: OrderReport) => void;
  /** A fill of somebody else's order; told once. */
  readonly foreign: (fill: VenueFill) => void;
  /** A fill of an order that carries our tag and that the journal does not know; told once. */
  readonly orphan: (fill: VenueFill) => void;
  /** What must be kept in one piece with the place in the list; `isListed`: may come again. */
  readonly row: (isListed: (fillId: string) => boolean) => RiskStateRecord | null;
}

interface Mark {
  readonly cursor: string | null;
  readonly atMs: number;
}

export class FillListing {
  readonly #runtime: Runtime;
  readonly #doors: FillDoors;
  /** The first one is where the next listing begins; a later one follows it once it is old. */
  readonly #marks: Mark[];
  /** Ours that were listed and are not durable yet, as far as we know. */
  readonly #pending = new Map<string, VenueFill>();
  #listed: ReadonlySet<string> = new Set();
  #kept = '';
  #isStopped = false;
  /** Nothing of this account was ever looked at: what it did before is not ours to judge. */
  #isFirstSight: boolean;

  constructor(runtime: Runtime, doors: FillDoors) {
    this.#runtime = runtime;
    this.#doors = doors;
    const { store, clock, venue } = runtime.options;
    const { outlivesEngine } = venue.capabilities;
    const place = outlivesEngine ? recalled(store, this.#name, FILLS_CURSOR) : null;
    this.#isFirstSight = place === null;
    this.#marks = [{ cursor: place?.cursor ?? null, atMs: clock.monotonicMs() }];
  }

  /** Every fill that was listed is booked and durable. */
  get isSettled(): boolean {
    this.#dropDurable();
    return this.#pending.size === 0;
  }

  /** A question that is open then stays unanswered: the store may be closed, or another's. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Rejects with what the venue throws. `news`: those that no listing showed before. */
  async fetch(): Promise<{
    readonly fills: readonly VenueFill[];
    readonly news: readonly VenueFill[];
  }> {
    const { venue, clock } = this.#runtime.options;
    const atMs = clock.monotonicMs();
    const { fills, cursor } = await venue.fillsSince(this.#marks[0]?.cursor ?? null);
    if (this.#isStopped) return new Promise(() => undefined);
    const news = fills.filter(({ fillId }) => !this.#listed.has(fillId));
    this.#listed = new Set(fills.map(({ fillId }) => fillId));
    for (const fill of news) this.#hear(fill);
    for (const fill of this.#pending.values()) this.#tell(fill);
    this.#advance({ cursor, atMs });
    return { fills, news };
  }

  get #name(): string {
    return memoryName('fills-cursor', this.#runtime.options.venue.name);
  }

  #hear(fill: VenueFill): void {
    const { tag, store } = this.#runtime.options;
    const { clientOrderId, fillId } = fill;
    if (!clientOrderId.startsWith(`${tag}-`)) this.#doors.foreign(fill);
    else if (store.ownerOf(clientOrderId) !== null) this.#pending.set(fillId, fill);
    else if (!this.#isHistory(fill)) this.#doors.orphan(fill);
  }

  /** Older than any crash that a journal could have been lost in: another journal's business. */
  #isHistory({ timeMs }: VenueFill): boolean {
    const { clock } = this.#runtime.options;
    return this.#isFirstSight && timeMs < clock.wallMs() - LOST_JOURNAL_MS;
  }

  /** The report that never came; one that is on its way to the journal is not told again. */
  #tell(listed: VenueFill): void {
    const { records, options } = this.#runtime;
    const { symbol, clientOrderId, outcome: _, action: __, ...fill } = listed;
    const { executionId } = knownOrder(this.#runtime, clientOrderId) ?? {};
    const record = records.get(executionId ?? '');
    if (record?.hasHeardOf(fill.fillId) ?? this.#isDurable(listed)) return;
    options.log.info(
      { clientOrderId, fillId: fill.fillId },
      'a fill that nobody told us is booked',
    );
    this.#doors.receive(symbol, { type: 'order.filled', clientOrderId, fill });
  }

  #isDurable({ clientOrderId, fillId }: VenueFill): boolean {
    const { store, venue } = this.#runtime.options;
    if (store.hasFill(venue.name, fillId)) return true;
    const owner = store.ownerOf(clientOrderId);
    return owner !== null && wasTakenBack(store.inputsOf(owner.executionId), fillId);
  }

  #dropDurable(): void {
    for (const [fillId, fill] of this.#pending)
      if (this.#isDurable(fill)) this.#pending.delete(fillId);
  }

  #advance(mark: Mark): void {
    const { clock } = this.#runtime.options;
    const marks = this.#marks;
    // What the account did before is of no use to us: it is listed this once.
    if (this.#isFirstSight) marks.length = 0;
    this.#isFirstSight = false;
    if (marks.at(-1)?.cursor !== mark.cursor) marks.push(mark);
    if (!this.isSettled) return;
    const oldMs = clock.monotonicMs() - FILLS_OVERLAP_MS;
    while ((marks[1]?.atMs ?? Infinity) <= oldMs) marks.shift();
    this.#keep(marks[0]?.cursor ?? null);
  }

  #keep(cursor: string | null): void {
    const { store, clock, log, venue } = this.#runtime.options;
    if (!venue.capabilities.outlivesEngine) return;
    const atMs = clock.wallMs();
    const place = { name: this.#name, body: JSON.stringify({ cursor }), atMs };
    const risk = [place, this.#doors.row((fillId) => this.#listed.has(fillId)) ?? []].flat();
    const kept = risk.map(({ body }) => body).join();
    if (kept === this.#kept) return;
    try {
      store.keep({ risk });
      this.#kept = kept;
    } catch (thrown) {
      // More is listed again after a restart than had to be; no more than that.
      log.warn({ venue: venue.name, thrown }, 'the place in the list of fills could not be kept');
    }
  }
}
