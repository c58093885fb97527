/**
 * Records a venue: every frame as it came becomes a line, and the lines of a moment a gzip member
 * of their own, so that whatever ends the process leaves a tape that can be read. Where the disk
 * fails it stops, says so once, and leaves everybody else alone.
 */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { InputError, messageOf } from '../domain/errors.ts';
import type { Clock, Log, TimerId } from '../domain/ports.ts';
import type { FrameSource, RawFrame } from './frame-source.ts';
import { prepareFolder, sessionAt, tapeName } from './tape-folder.ts';
import { headOf, lineOf, type Stamp, stampsFrom } from './tape-line.ts';

export interface RecordOptions {
  readonly source: FrameSource;
  /** Made where there is none. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** A tape that has so many bytes, packed, is followed by another; 64 MB unless given. */
  readonly rotateBytes?: number;
  /** So is one that is so old; an hour unless given. */
  readonly rotateMs?: number;
  /** What a `kill -9` loses at most; a second unless given. */
  readonly flushMs?: number;
  /** A test gives its own. */
  readonly openTape?: (path: string) => Promise<TapeFile>;
}

/** The part of a `FileHandle` that is used. */
export interface TapeFile {
  appendFile(bytes: Buffer): Promise<void>;
  truncate(bytes: number): Promise<void>;
  datasync(): Promise<void>;
  close(): Promise<void>;
}

export interface RecordSummary {
  /** Paths of the tapes, in order. */
  readonly tapes: readonly string[];
  /** That are on tape. */
  readonly frames: number;
  readonly bytes: number;
  /** That came and are not on tape. */
  readonly lost: number;
  /** Why it stopped by itself; null where it was told to. */
  readonly failure: string | null;
}

export interface Recording {
  /** Of the run before it: its last tape, and what of that a crash had left unfinished. */
  readonly found: { readonly last: string | null; readonly cut: number };
  readonly summary: RecordSummary;
  /** When it has stopped, for whatever reason. Never rejects. */
  readonly ended: Promise<RecordSummary>;
  /** Writes what is there, and ends. */
  stop(): Promise<RecordSummary>;
}

const ROTATE_BYTES = 64 * 2 ** 20;
const ROTATE_MS = 3_600_000;
const FLUSH_MS = 1_000;
/** Lines are packed once there are so many characters of them: more packs no better. */
const MEMBER_CHARACTERS = 256 * 1_024;
/** Of a tape, unpacked: a quarter of what its reader takes. Frames are packed to a seventeenth. */
const TAPE_CHARACTERS_MAX = 2 ** 28;
/** What waits for a slow disk at most; seconds of the busiest feed there is. */
const WAITING_CHARACTERS_MAX = 64 * 2 ** 20;

const pack = promisify(gzip);

/** Throws an `InputError` for a folder or for numbers that cannot be used. */
export function record(options: RecordOptions): Recording {
  const { rotateBytes = ROTATE_BYTES, rotateMs = ROTATE_MS, flushMs = FLUSH_MS } = options;
  for (const [name, value] of Object.entries({ rotateBytes, rotateMs, flushMs }))
    if (!Number.isSafeInteger(value) || value < 1)
      throw new InputError(`${name} is a whole number above 0`, value, 'leave it out');
  const openTape = options.openTape ?? ((path) => open(path, 'wx', 0o600));
  return new Recorder({ ...options, rotateBytes, rotateMs, flushMs, openTape });
}

interface Batch {
  readonly lines: readonly string[];
  readonly characters: number;
  /** When the first of them came. */
  readonly sinceStamp: Stamp;
}

interface Part {
  readonly file: TapeFile;
  readonly openedMs: number;
  bytes: number;
  characters: number;
}

class Recorder implements Recording {
  readonly found: Recording['found'];
  readonly ended: Promise<RecordSummary>;
  readonly #options: Required<RecordOptions>;
  readonly #session: string;
  readonly #close: () => void;
  readonly #tapes: string[] = [];
  #stamp: () => Stamp;
  #lines: string[] = [];
  #sinceStamp: Stamp = '';
  #characters = 0;
  /** Taken out of `#lines`, and not on tape yet. */
  #waiting = 0;
  #timer: TimerId | null = null;
  #writing: Promise<void> = Promise.resolve();
  #part: Part | null = null;
  #came = 0;
  #written = 0;
  #bytes = 0;
  #failure: string | null = null;
  #isOver = false;
  #end: (summary: RecordSummary) => void = () => undefined;

  constructor(options: Required<RecordOptions>) {
    const { source, folder, clock } = options;
    this.#options = options;
    this.found = prepareFolder(folder, source.venue);
    this.#session = sessionAt(clock.wallMs());
    this.#stamp = stampsFrom(clock);
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#close = source.frames$((frame) => {
      if (!this.#isOver) this.#take(frame);
    });
  }

  get summary(): RecordSummary {
    const [frames, lost] = [this.#written, this.#isOver ? this.#came - this.#written : 0];
    const [tapes, bytes] = [[...this.#tapes], this.#bytes];
    return { tapes, frames, bytes, lost, failure: this.#failure };
  }

  stop(): Promise<RecordSummary> {
    if (!this.#isOver) this.#finish();
    return this.ended;
  }

  #take(frame: RawFrame): void {
    const stamp = this.#stamp();
    const line = lineOf(frame, stamp);
    if (this.#lines.length === 0) this.#sinceStamp = stamp;
    this.#came += 1;
    this.#lines.push(line);
    this.#characters += line.length;
    const { clock, flushMs } = this.#options;
    if (this.#characters >= MEMBER_CHARACTERS) this.#flush();
    else this.#timer ??= clock.setTimeout(() => this.#flush(), flushMs);
  }

  /** Hands the lines over to be written, after those before them. */
  #flush(): void {
    if (this.#timer !== null) this.#options.clock.clearTimeout(this.#timer);
    this.#timer = null;
    const sinceStamp = this.#sinceStamp;
    const batch = { lines: this.#lines, characters: this.#characters, sinceStamp };
    this.#lines = [];
    this.#characters = 0;
    if (batch.lines.length === 0) return;
    this.#waiting += batch.characters;
    if (this.#waiting > WAITING_CHARACTERS_MAX) this.#fail('the disk is slower than the venue');
    else this.#writing = this.#writing.then(() => this.#write(batch));
  }

  async #write({ lines, characters, sinceStamp }: Batch): Promise<void> {
    const { log } = this.#options;
    if (this.#failure !== null) return;
    try {
      const part = await this.#partFor();
      const head = part.bytes === 0 ? this.#head(sinceStamp) : '';
      const bytes = await pack(`${head}${lines.join('')}`);
      await part.file.appendFile(bytes);
      part.bytes += bytes.length;
      part.characters += characters;
      this.#bytes += bytes.length;
      this.#written += lines.length;
      this.#waiting -= characters;
    } catch (thrown) {
      this.#fail(isFull(thrown) ? 'the disk is full' : messageOf(thrown));
      // Half a member is none: what was whole before stays readable.
      await this.#part?.file.truncate(this.#part.bytes).catch((failed: unknown) => {
        log.warn({ reason: messageOf(failed) }, 'the torn end stays on tape until the next run');
      });
    }
  }

  /** The tape to write on: another one where the last is full or old. */
  async #partFor(): Promise<Part> {
    const { clock, rotateBytes, rotateMs, folder, source, openTape } = this.#options;
    const nowMs = clock.monotonicMs();
    const last = this.#part;
    const isFull =
      last === null || last.bytes >= rotateBytes || last.characters >= TAPE_CHARACTERS_MAX;
    if (!isFull && nowMs - last.openedMs < rotateMs) return last;
    await this.#closePart();
    const path = join(folder, tapeName(source.venue, this.#session, this.#tapes.length + 1));
    const part = { file: await openTape(path), openedMs: nowMs, bytes: 0, characters: 0 };
    this.#part = part;
    this.#tapes.push(path);
    // A clock that was set meanwhile counts from the next tape on.
    this.#stamp = stampsFrom(clock);
    return part;
  }

  #head(stamp: Stamp): string {
    const { source } = this.#options;
    const head = {
      venue: source.venue,
      session: this.#session,
      part: this.#tapes.length,
      clockOffsetMs: source.clockOffsetMs(),
      after: this.found.last,
    };
    return headOf(head, stamp);
  }

  async #closePart(): Promise<void> {
    const part = this.#part;
    this.#part = null;
    if (part === null) return;
    try {
      await part.file.datasync();
    } finally {
      await part.file.close();
    }
  }

  #fail(reason: string): void {
    if (this.#failure !== null) return;
    this.#failure = reason;
    const { log, source } = this.#options;
    log.error({ venue: source.venue, reason }, 'recording has stopped');
    if (!this.#isOver) this.#finish();
  }

  #finish(): void {
    this.#close();
    this.#flush();
    this.#isOver = true;
    void this.#writing
      .then(() => this.#closePart())
      .catch((thrown: unknown) => this.#fail(messageOf(thrown)))
      .then(() => this.#end(this.summary));
  }
}

const isFull = (thrown: unknown): boolean =>
  thrown instanceof Error &&
  'code' in thrown &&
  (thrown.code === 'ENOSPC' || thrown.code === 'EDQUOT');
