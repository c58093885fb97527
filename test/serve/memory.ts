/**
 * The side process within this one: lines in from an array or a generator, lines out to another.
 */
import { runCli } from '../../src/cli/program.ts';
import { newFolder } from '../cli/cli.ts';
import type { Line } from './serving.ts';

export interface Served {
  readonly code: number;
  readonly lines: readonly Line[];
  readonly updates: readonly Line[];
  readonly answers: readonly Line[];
  readonly err: string;
}

type Input = readonly (object | string | Buffer)[] | AsyncIterable<Buffer | string>;

async function* bytes(input: readonly (object | string | Buffer)[]): AsyncGenerator<Buffer> {
  for (const each of input)
    if (Buffer.isBuffer(each)) yield each;
    else yield Buffer.from(`${typeof each === 'string' ? each : JSON.stringify(each)}\n`);
}

/** `serve` with these options and this input, to its end; `see` is told of each line. */
export async function served(
  argv: readonly string[],
  input: Input,
  see: (line: Line) => void = () => undefined,
): Promise<Served> {
  const [lines, written]: [Line[], string[]] = [[], []];
  const code = await runCli(['serve', ...argv], {
    env: {},
    folder: newFolder(),
    stdin: Symbol.asyncIterator in input ? input : bytes(input),
    stdout: {
      write: (text) => {
        for (const each of text.trimEnd().split('\n')) {
          const line = JSON.parse(each) as Line;
          lines.push(line);
          see(line);
        }
      },
    },
    stderr: { write: (text) => written.push(text) },
  });
  const updates = lines.filter((line) => 'sequence' in line);
  const answers = lines.filter(({ type }) => type === 'answer');
  return { code, lines, updates, answers, err: written.join('') };
}

/** Lets whoever reads it go on one by one, each when the bot has seen what it waits for. */
export class Bot {
  readonly #seen: Line[] = [];
  #look: () => void = () => undefined;

  readonly see = (line: Line): void => {
    this.#seen.push(line);
    this.#look();
  };

  /** The first line that is so. */
  until(isIt: (line: Line) => boolean): Promise<Line> {
    return new Promise((settle) => {
      this.#look = () => {
        const found = this.#seen.find(isIt);
        if (found !== undefined) settle(found);
      };
      this.#look();
    });
  }

  answer(id: number | string): Promise<Line> {
    return this.until((line) => line['type'] === 'answer' && line['id'] === id);
  }
}

export const text = (request: object): string => `${JSON.stringify(request)}\n`;
