/** One process that will be killed: started ahead of time, so that its loading costs no cycle. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import type { Doom } from './plans.ts';

export interface Death {
  /** Before anybody killed it: at its point, or by a fault. */
  readonly byItself: boolean;
  readonly wasKilled: boolean;
}

export class Child {
  readonly doom: Doom | null;
  readonly gone: Promise<Death>;
  readonly #process: ChildProcess;
  #isKilled = false;
  #noise = '';

  constructor(script: string, port: number, doom: Doom | null) {
    this.doom = doom;
    this.#process = spawn(process.execPath, [script, String(port)], {
      // Ctrl-C is for the supervisor alone.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        CRASH_POINT: doom?.point.name ?? '',
        CRASH_PASS: String(doom?.pass ?? 0),
      },
    });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#noise += text));
    this.gone = once(this.#process, 'close').then(() => ({
      byItself: !this.#isKilled,
      wasKilled: this.#process.signalCode === 'SIGKILL',
    }));
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get isAlive(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** What it wrote to stderr: nothing, unless something broke. */
  get noise(): string {
    return this.#noise;
  }

  kill(): void {
    if (!this.isAlive) return;
    this.#isKilled = true;
    this.#process.kill('SIGKILL');
  }
}
