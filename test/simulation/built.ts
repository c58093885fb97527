/** The simulation as a program: compiled once, run as often as wanted, on all cores. */
import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import type { Totals } from './totals.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const OUTPUT = join(ROOT, 'node_modules/.cache/depthwalker-simulation');
const PROGRAM = join(OUTPUT, 'test/simulation/simulate.js');

/** Megabytes of text that a run may print. */
const OUTPUT_MAX = 2 ** 24;

const run = promisify(execFile);

export async function build(): Promise<void> {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  await run(process.execPath, [compiler, '-p', join(import.meta.dirname, 'tsconfig.json')]);
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process of its own; it may end in any way. */
export async function simulate(...args: readonly string[]): Promise<Ended> {
  try {
    const { stdout, stderr } = await run(process.execPath, [PROGRAM, ...args], {
      cwd: ROOT,
      maxBuffer: OUTPUT_MAX,
    });
    return { code: 0, stdout, stderr };
  } catch (thrown) {
    const { code, stdout, stderr } = thrown as Ended;
    return { code, stdout, stderr };
  }
}

export async function totalsOf(...args: readonly string[]): Promise<Totals> {
  const { stdout, stderr } = await simulate('--json', ...args);
  if (stdout === '') throw new Error(`it printed nothing: ${stderr}`);
  return JSON.parse(stdout) as Totals;
}
