/** Signals as they come: lines of JSON from a file or a pipe, a chunk at a time, as read. */
import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { InputError } from '../index.ts';

/** More is no line of ours. */
const LINE_CHARACTERS_MAX = 65_536;

export interface SignalLine {
  /** "line 3 of signals.jsonl", for complaints. */
  readonly place: string;
  readonly text: string;
}

/** The lines that came together, in one cycle; a file of signals is one or a few of those. */
export async function* cyclesOf(
  name: string,
  stream: AsyncIterable<Buffer | string> | Iterable<string>,
): AsyncGenerator<readonly SignalLine[]> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let count = 0;
  const lineOf = (text: string): SignalLine => {
    count += 1;
    return { place: `line ${count} of ${name}`, text };
  };
  for await (const chunk of stream) {
    const lines = (rest + (typeof chunk === 'string' ? chunk : decoder.write(chunk))).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LINE_CHARACTERS_MAX)
      throw new InputError(
        'a signal is one line',
        `more than ${LINE_CHARACTERS_MAX} characters (line ${count + lines.length + 1} of ${name})`,
        'write one JSON object a line',
      );
    const whole = lines.map(lineOf).filter(({ text }) => text.trim() !== '');
    if (whole.length > 0) yield whole;
  }
  const last = lineOf(rest + decoder.end());
  if (last.text.trim() !== '') yield [last];
}

/** The bytes of a file. Throws an `InputError` where it cannot be read. */
export async function* fileBytes(path: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(path)) yield chunk as Buffer;
  } catch (thrown) {
    const wayOut = thrown instanceof Error ? thrown.message : String(thrown);
    throw new InputError('the file of signals must be readable', path, wayOut);
  }
}
