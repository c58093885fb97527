import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wholeBytes } from '../../src/record/gzip-members.ts';

const texts = fc.array(fc.string({ maxLength: 200 }), { maxLength: 6 });

it('finds the end of the last whole member, wherever a tape was cut off', () => {
  fc.assert(
    fc.property(texts, fc.nat(), (parts, place) => {
      const members = parts.map((text) => gzipSync(text));
      const tape = Buffer.concat(members);
      const cut = tape.subarray(0, place % (tape.length + 1));
      let whole = 0;
      for (const { length } of members)
        if (whole + length <= cut.length) whole += length;
        else break;
      expect(wholeBytes(cut)).toBe(whole);
    }),
  );
});

it('takes a member for damaged where a byte of it is another one', () => {
  const [first, second] = [gzipSync('one\n'), gzipSync('two\n'.repeat(100))];
  for (let place = 0; place < second.length; place += 1) {
    // Time, level and system say nothing of the content.
    if (place >= 4 && place < 10) continue;
    const damaged = Buffer.from(second);
    damaged[place] = (damaged[place] ?? 0) ^ 0x41;
    expect(wholeBytes(Buffer.concat([first, damaged]))).toBe(first.length);
  }
});

it('finds nothing in what is no tape', () => {
  expect(wholeBytes(Buffer.alloc(0))).toBe(0);
  expect(wholeBytes(Buffer.from('{"type":"tape"}\n'))).toBe(0);
});
