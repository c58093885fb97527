/**
 * Bytes to lines, one at a time, so that whoever reads slowly keeps the bytes in the pipe. It holds
 * one chunk and one line at most, and never gives up on bad bytes: the next line may be good.
 */

/** More is no request of ours: a signal has some hundred bytes. */
export const LINE_BYTES_MAX = 1_048_576;

/** The text of a line, or why there is none. */
export type Line = { readonly text: string } | { readonly fault: string };

const NEWLINE = 10;

/** Empty lines are left out; the last line needs no end. */
export async function* linesOf(input: AsyncIterable<Buffer | string>): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let bytes = 0;
  const take = (part: Buffer): void => {
    bytes += part.length;
    // What is too long anyway need not be kept.
    if (bytes <= LINE_BYTES_MAX) parts.push(part);
    else parts = [];
  };
  const end = (): readonly Line[] => {
    const line = bytes > LINE_BYTES_MAX ? TOO_LONG : lineOf(Buffer.concat(parts));
    parts = [];
    bytes = 0;
    return 'text' in line && line.text.trim() === '' ? [] : [line];
  };
  for await (const given of input) {
    const chunk = typeof given === 'string' ? Buffer.from(given) : given;
    let start = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, start)) {
      take(chunk.subarray(start, at));
      start = at + 1;
      yield* end();
    }
    take(chunk.subarray(start));
  }
  yield* end();
}

const TOO_LONG: Line = { fault: `a line has at most ${LINE_BYTES_MAX} bytes` };

function lineOf(bytes: Buffer): Line {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { fault: 'a line is UTF-8' };
  }
}
