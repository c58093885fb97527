#!/usr/bin/env node
/** The process around the command line: its streams, its Ctrl-C, its exit code. */
import { createInterface } from 'node:readline/promises';
import { runCli } from './program.ts';

/** Whoever read our output has left (`| head`), or the terminal was closed. */
const GONE: ReadonlySet<string | undefined> = new Set(['EPIPE', 'EIO']);
let readerGone = (): void => process.exit(0);
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!GONE.has(error.code)) throw error;
    readerGone();
  });

/** On stderr: stdout is the result's. */
async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

/** Ctrl-C, a service manager, a terminal that is closed. */
const INTERRUPTIONS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
let isAbandoned = false;

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  folder: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  ...(process.stdin.isTTY ? { ask } : {}),
  // Once: the second one, whichever it is, finds nobody listening and ends the process.
  onInterrupt: (callback) => {
    const hear = (): void => {
      for (const signal of INTERRUPTIONS) process.off(signal, hear);
      callback();
    };
    for (const signal of INTERRUPTIONS) process.on(signal, hear);
  },
  onDrain: (callback) => void process.stdout.on('drain', callback),
  onReaderGone: (callback) => {
    readerGone = callback;
  },
  abandon: () => {
    isAbandoned = true;
  },
});
// What is still to be written would keep it alive.
if (isAbandoned) process.exit();
