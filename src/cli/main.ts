#!/usr/bin/env node
/** The process around the command line: its streams, its Ctrl-C, its exit code. */
import { runCli } from './program.ts';

/** Whoever read our output has left (`| head`): nobody is there to be told. */
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  folder: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
  // Once: the second Ctrl-C finds nobody listening and ends the process.
  onInterrupt: (callback) => void process.once('SIGINT', callback),
});
