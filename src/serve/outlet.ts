/**
 * What is said on stdout: answers as they come, and updates as fast as they are read. Updates wait
 * in the store, not here: a bot that reads slowly, or not at all, costs no memory and no time.
 */
import type { Clock } from '../domain/ports.ts';
import type { UpdateLog } from '../domain/updates.ts';

export interface Output {
  /** False where no more should be written before it calls `onDrain`. */
  write(text: string): boolean;
  onDrain(callback: () => void): void;
  /** Nobody reads what was written last: there is no use in waiting for it. */
  abandon?(): void;
}

export interface OutletOptions {
  readonly output: Output;
  readonly updates: UpdateLog;
  /** Of the machine: what is told does not wait for virtual time. */
  readonly clock: Pick<Clock, 'setTimeout'>;
}

/** Told in one macrotask; the engine's own come in between. */
const BATCH = 100;

/** Answers that may wait to be read, some thousands: a halt behind them is heard all the same. */
const OWED_CHARACTERS_MAX = 2 ** 20;

export class Outlet {
  readonly #options: OutletOptions;
  /** The last one that was told; null before a hello. */
  #told: number | null = null;
  #isFull = false;
  /** Characters that were written since it is full. */
  #owed = 0;
  #drains = 0;
  #isClosed = false;
  #scheduled = false;
  #waiting: (() => void)[] = [];

  constructor(options: OutletOptions) {
    this.#options = options;
    options.output.onDrain(() => {
      this.#isFull = false;
      this.#owed = 0;
      this.#drains += 1;
      this.#release();
      this.wake();
    });
  }

  /** From here on updates are told that follow this one. */
  begin(after: number): void {
    this.#told = after;
    this.wake();
  }

  /** One line. */
  say(line: object): void {
    this.#write(JSON.stringify(line));
  }

  /** There may be updates. */
  wake(): void {
    if (this.#scheduled || this.#isFull || this.#isClosed || this.#told === null) return;
    this.#scheduled = true;
    this.#options.clock.setTimeout(() => this.#tell(), 0);
  }

  /** When there is room; or when nobody reads any more. */
  room(): Promise<void> {
    if (this.#owed < OWED_CHARACTERS_MAX || this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** All that is kept has been told, and has left; or nobody wants it. */
  get isDone(): boolean {
    if (this.#isClosed) return true;
    const isTold = this.#told === null || this.#told >= this.#options.updates.extent().last;
    return isTold && !this.#isFull;
  }

  /** Another number as long as somebody reads. */
  get progress(): number {
    return this.#drains + (this.#told ?? 0);
  }

  /** Nobody waits for what was not read. */
  abandon(): void {
    this.#options.output.abandon?.();
  }

  /** Nobody reads any more. */
  close(): void {
    this.#isClosed = true;
    this.#release();
  }

  #release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #tell(): void {
    this.#scheduled = false;
    if (this.#told === null || this.#isClosed) return;
    const updates = this.#options.updates.after(this.#told, BATCH);
    for (const { sequence, body } of updates) {
      if (this.#isFull || this.#isClosed) return;
      this.#write(`{"sequence":${sequence},${body.slice(1)}`);
      this.#told = sequence;
    }
    if (updates.length === BATCH) this.wake();
  }

  #write(line: string): void {
    if (this.#isClosed) return;
    this.#isFull = !this.#options.output.write(`${line}\n`);
    if (this.#isFull) this.#owed += line.length;
  }
}
