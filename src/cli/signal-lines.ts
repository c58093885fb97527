/** Signals as they come: lines of JSON from a file or a pipe, a chunk at a time, as read. */
import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { InputError } from '../index.ts';
import { jsonObject } from './signals.ts';

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
    // One character too many is enough to refuse it by.
    rest = (lines.pop() ?? '').slice(0, LINE_CHARACTERS_MAX + 1);
    const whole = lines.map(lineOf).filter(({ text }) => text.trim() !== '');
    if (whole.length > 0) yield whole;
  }
  const last = lineOf(rest + decoder.end());
  if (last.text.trim() !== '') yield [last];
}

/** Throws an `InputError` for anything but an object. */
export function objectIn({ place, text }: SignalLine): Readonly<Record<string, unknown>> {
  if (text.length <= LINE_CHARACTERS_MAX) return jsonObject(text, place);
  const value = `more than ${LINE_CHARACTERS_MAX} characters`;
  throw new InputError('a signal is one line', value, 'write one JSON object a line');
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
