/** The program as its users start it: built, as `npm test` does before any test. */
import { resolve } from 'node:path';
import process from 'node:process';

export const PROGRAM: readonly [string, string] = [
  process.execPath,
  resolve(import.meta.dirname, '../../dist/src/cli/main.js'),
];
