import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LINE_BYTES_MAX, type Line, linesOf } from '../../src/serve/lines.ts';

async function linesIn(...chunks: readonly (Buffer | string)[]): Promise<readonly Line[]> {
  async function* input(): AsyncGenerator<Buffer | string> {
    yield* chunks;
  }
  const lines: Line[] = [];
  for await (const line of linesOf(input())) lines.push(line);
  return lines;
}

it('finds the same lines however they are cut, the last one without an end, too', async () => {
  const texts = fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(texts, fc.array(fc.nat(400)), async (given, cuts) => {
      const wanted = given
        .map((text) => text.replaceAll('\n', ' '))
        .filter((text) => text.trim() !== '' && !text.startsWith('\uFEFF'));
      const bytes = Buffer.from(wanted.join('\n'));
      const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length];
      const sorted = places.toSorted((a, b) => a - b);
      const chunks = sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
      expect(await linesIn(...chunks)).toEqual(wanted.map((text) => ({ text })));
    }),
  );
});

it('leaves out empty lines, names what is no text or too long, and goes on', async () => {
  const long = Buffer.alloc(LINE_BYTES_MAX + 1, 97);
  const wrong = Buffer.from([0xc3, 0x28]);
  expect(await linesIn('a\n\n \r\n', long, '\n', wrong, '\nb')).toEqual([
    { text: 'a' },
    { fault: `a line has at most ${LINE_BYTES_MAX} bytes` },
    { fault: 'a line is UTF-8' },
    { text: 'b' },
  ]);
});

it('reads a chunk only when the lines before it were taken', async () => {
  let taken = 0;
  async function* input(): AsyncGenerator<string> {
    for (;;) {
      taken += 1;
      yield 'one\ntwo\n';
    }
  }
  const lines = linesOf(input());
  for (let count = 0; count < 4; count += 1) await lines.next();
  expect(taken).toBe(2);
});
