/** What happened, as text and as one hash: the same seed gives the same, in every process. */
import { createHash } from 'node:crypto';

/** The last lines are what a person reads first. */
const LINES_MAX = 400;

export interface TraceOptions {
  /** Takes each line, where somebody wants to see them all. */
  readonly print?: (line: string) => void;
}

export class Trace {
  readonly #hash = createHash('sha1');
  readonly #print: ((line: string) => void) | null;
  readonly #nowMs: () => number;
  readonly #lines: string[] = [];
  /** Events noted. */
  count = 0;

  constructor(nowMs: () => number, { print }: TraceOptions = {}) {
    this.#nowMs = nowMs;
    this.#print = print ?? null;
  }

  /** `detail` is hashed as JSON: nothing in it may count across worlds. */
  note(what: string, detail: unknown = null): void {
    this.count += 1;
    const line = `${this.#nowMs()} ${what} ${detail === null ? '' : JSON.stringify(detail)}`;
    this.#hash.update(line);
    this.#print?.(line);
    this.#lines.push(line);
    if (this.#lines.length > 2 * LINES_MAX) this.#lines.splice(0, LINES_MAX);
  }

  get lastLines(): readonly string[] {
    return this.#lines.slice(-LINES_MAX);
  }

  /** Reads the hash; nothing can be noted after it. */
  digest(): string {
    return this.#hash.digest('hex').slice(0, 16);
  }
}
