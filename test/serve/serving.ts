/** The side process as a bot runs it: started, written to, read line by line, killed. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { newFolder } from '../cli/cli.ts';
import { PROGRAM } from '../support/program.ts';

export type Line = Readonly<Record<string, unknown>>;

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

export class Serving {
  readonly lines: Line[] = [];
  readonly ended: Promise<Exit>;
  /** Before its output was read to the end. */
  readonly exited: Promise<Exit>;
  stderr = '';
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #reader: Interface;
  #look: () => void = () => undefined;

  constructor(...argv: readonly string[]) {
    const [node, main] = PROGRAM;
    this.#child = spawn(node, [main, 'serve', ...argv], { cwd: newFolder() });
    this.#child.stdin.on('error', () => (this.stderr += '(stdin is closed)'));
    this.#child.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.#reader = createInterface({ input: this.#child.stdout });
    this.#reader.on('line', (line) => {
      this.lines.push(JSON.parse(line) as Line);
      this.#look();
    });
    this.exited = new Promise((settle) => {
      this.#child.on('exit', (code, signal) => settle({ code, signal }));
    });
    this.ended = new Promise((settle) => {
      this.#child.on('close', (code, signal) => settle({ code, signal }));
    });
  }

  get updates(): readonly Line[] {
    return this.lines.filter((line) => 'sequence' in line);
  }

  get sequences(): readonly number[] {
    return this.updates.map(({ sequence }) => Number(sequence));
  }

  say(...requests: readonly (object | string)[]): void {
    const texts = requests.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
    this.#child.stdin.write(texts.map((text) => `${text}\n`).join(''));
  }

  end(): Promise<Exit> {
    this.#child.stdin.end();
    return this.ended;
  }

  kill(signal: NodeJS.Signals): Promise<Exit> {
    this.#child.kill(signal);
    return this.ended;
  }

  pause(): void {
    this.#reader.pause();
    this.#child.stdout.pause();
  }

  resume(): void {
    this.#reader.resume();
    this.#child.stdout.resume();
  }

  leave(): void {
    this.#child.stdout.destroy();
  }

  /** The first line, of those that came or will come, that is so. */
  until(isIt: (line: Line) => boolean): Promise<Line> {
    let looked = 0;
    return new Promise((settle, reject) => {
      this.#look = () => {
        for (; looked < this.lines.length; looked += 1) {
          const line = this.lines[looked];
          if (line !== undefined && isIt(line)) return settle(line);
        }
      };
      this.#look();
      void this.ended.then((exit) => reject(new Error(`${JSON.stringify(exit)} ${this.stderr}`)));
    });
  }

  answer(id: number | string): Promise<Line> {
    return this.until((line) => line['type'] === 'answer' && line['id'] === id);
  }
}

export const signal = (signalId: string, change: object = {}): object => ({
  id: signalId,
  type: 'signal',
  signal: {
    signalId,
    market: 'SIM-LIQUID-1',
    outcome: 'yes',
    action: 'buy',
    quantity: '20',
    limitPrice: '0.90',
    ...change,
  },
});

/** From the first to the last without a gap, and each once. */
export const isDense = (sequences: readonly number[]): boolean =>
  sequences.every((sequence, index) => sequence === (sequences[0] ?? 0) + index);
