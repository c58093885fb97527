/**
 * A mirror in QuestDB, through its own client, which is no dependency of ours and is loaded only
 * where somebody asks for it. Rows are sent at least once, in batches, behind the engine's back; a
 * server that is away costs the oldest rows once too many wait.
 */
import { InputError, messageOf } from '../domain/errors.ts';
import type { Clock, Log, TimerId } from '../domain/ports.ts';
import type { BookSnapshotRecord, FillRecord, MetricsRecord } from '../domain/records.ts';
import type { Mirror } from './mirror.ts';
import type { QuestDbSender } from './questdb-client.ts';
import { bookRow, fillRow, metricsRow, type Row, valuesOf } from './questdb-rows.ts';

export interface QuestDbOptions {
  /** Does not flush by itself: `auto_flush=off`. */
  readonly sender: QuestDbSender;
  readonly clock: Clock;
  readonly log: Log;
  /** Prices, quantities and fees as DECIMAL columns; as text unless told. */
  readonly decimals?: boolean;
  readonly flushMs?: number;
}

export interface QuestDbMirror extends Mirror {
  /** Sends what waits, once, and ends. Gives the number of rows that were not sent. */
  close(): Promise<number>;
}

/** Some hours of trading; of books that were decided on, some minutes. */
const ROWS_MAX = 20_000;
const FLUSH_MS = 1_000;
const BATCH_ROWS = 1_000;

/** Throws an `InputError` for decimals that the client does not have. */
export function questDb(options: QuestDbOptions): QuestDbMirror {
  const { sender, decimals } = options;
  if (decimals === true && sender.decimalColumnText === undefined)
    throw new InputError('decimals need a client that has decimals', 'an older one', 'use 4.2');
  return new Writer(options);
}

class Writer implements QuestDbMirror {
  readonly #options: QuestDbOptions;
  #rows: Row[] = [];
  #timer: TimerId | null = null;
  #sending: Promise<void> | null = null;
  #dropped = 0;
  #isFailing = false;
  #isClosed = false;

  constructor(options: QuestDbOptions) {
    this.#options = options;
  }

  fills(records: readonly FillRecord[]): void {
    this.#take(records.map(fillRow));
  }

  metrics(records: readonly MetricsRecord[]): void {
    const atMs = this.#options.clock.wallMs();
    this.#take(records.map((record) => metricsRow(record, atMs)));
  }

  books(records: readonly BookSnapshotRecord[]): void {
    this.#take(records.map(bookRow));
  }

  async close(): Promise<number> {
    this.#isClosed = true;
    if (this.#timer !== null) this.#options.clock.clearTimeout(this.#timer);
    await this.#sending;
    this.#isFailing = false;
    while (this.#rows.length > 0 && !this.#isFailing) await this.#send();
    const { sender, log } = this.#options;
    await sender.close().catch((thrown: unknown) => {
      log.warn({ reason: messageOf(thrown) }, 'the connection to QuestDB was not closed');
    });
    return this.#rows.length + this.#dropped;
  }

  #take(rows: readonly Row[]): void {
    if (this.#isClosed) return;
    this.#rows.push(...rows);
    const surplus = this.#rows.length - ROWS_MAX;
    if (surplus > 0) {
      this.#rows.splice(0, surplus);
      this.#dropped += surplus;
    }
    this.#arm();
  }

  #arm(): void {
    const { clock, flushMs = FLUSH_MS } = this.#options;
    if (this.#isClosed || this.#rows.length === 0 || this.#sending !== null) return;
    this.#timer ??= clock.setTimeout(() => {
      this.#timer = null;
      this.#sending = this.#send().finally(() => {
        this.#sending = null;
        this.#arm();
      });
    }, flushMs);
  }

  /** Never rejects: what was not taken stays first in line. */
  async #send(): Promise<void> {
    const { sender, log } = this.#options;
    const batch = this.#rows.slice(0, BATCH_ROWS);
    try {
      for (const row of batch) await this.#write(row);
      await sender.flush();
      // Those that were dropped meanwhile were the first of these.
      const sent = new Set(batch);
      this.#rows = this.#rows.filter((row) => !sent.has(row));
      if (this.#isFailing) log.warn({ dropped: this.#dropped }, 'QuestDB takes rows again');
      this.#isFailing = false;
    } catch (thrown) {
      if (!this.#isFailing) log.warn({ reason: messageOf(thrown) }, 'QuestDB does not take rows');
      this.#isFailing = true;
      sender.reset();
    }
  }

  #write({ table, atMs, symbols, texts, decimals, counts }: Row): Promise<void> {
    const row = this.#options.sender.table(table);
    for (const [name, value] of valuesOf(symbols)) row.symbol(name, value);
    for (const [name, value] of valuesOf(texts)) row.stringColumn(name, value);
    for (const [name, value] of valuesOf(decimals)) this.#decimal(row, name, value);
    for (const [name, value] of valuesOf(counts)) row.intColumn(name, value);
    return row.at(atMs, 'ms');
  }

  #decimal(row: QuestDbSender, name: string, value: string): void {
    if (this.#options.decimals === true) row.decimalColumnText?.(name, value);
    else row.stringColumn(name, value);
  }
}
