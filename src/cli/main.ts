#!/usr/bin/env node
/** The process around the command line: its streams, its Ctrl-C, its exit code. */
import { createInterface } from 'node:readline/promises';
import { runCli } from './program.ts';

/** Whoever read our output has left (`| head`): nobody is there to be told. */
let readerGone = (): void => process.exit(0);
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
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

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  folder: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  ...(process.stdin.isTTY ? { ask } : {}),
  // Once: the second Ctrl-C finds nobody listening and ends the process.
  onInterrupt: (callback) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, callback);
  },
  onDrain: (callback) => void process.stdout.on('drain', callback),
  onReaderGone: (callback) => {
    readerGone = callback;
  },
});
