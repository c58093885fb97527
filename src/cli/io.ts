/** Where a command writes, and how it is told to stop: the process in main.ts, memory in a test. */
import { Readable } from 'node:stream';
import { styleText } from 'node:util';

export interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

export interface Io {
  /** Variables of the process. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the configuration file and `.env` are looked for. */
  readonly folder: string;
  readonly stdin?: AsyncIterable<Buffer | string>;
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** A line from the person at the terminal; left out where nobody sits there. */
  readonly ask?: (question: string) => Promise<string>;
  /** Calls back whenever stdout has room again, after a `write` that gave false. */
  readonly onDrain?: (callback: () => void) => void;
  /** Calls back when nobody reads our output any more; without it the process ends then. */
  readonly onReaderGone?: (callback: () => void) => void;
  /** Whoever should read stdout does not: the process ends without what is left there. */
  readonly abandon?: () => void;
  /** Calls back at the first Ctrl-C; a second one ends the process. */
  readonly onInterrupt?: (callback: () => void) => void;
}

export const SILENT: Sink = { write: () => undefined };

/** Documented in --help; scripts depend on them. */
export const EXIT = {
  ok: 0,
  failure: 1,
  badInput: 2,
  notConserved: 3,
  unproven: 4,
  halted: 5,
  interrupted: 130,
} as const;

/** Bold on a terminal that wants it; plain text everywhere else. */
export const emphasized = ({ isTTY = false }: Sink, text: string): string =>
  isTTY && process.env['NO_COLOR'] === undefined ? styleText('bold', text) : text;

export const lineTo = (sink: Sink, text: string): void => {
  sink.write(`${text}\n`);
};

/** A pipe that is still open would keep the process alive. */
export const closeStdin = ({ stdin }: Io): void => {
  if (stdin instanceof Readable) stdin.destroy();
};
