import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type JsonText, readJson } from '../../src/config/json-text.ts';

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const document = fc
  .json({ maxDepth: 4 })
  .chain((text) => fc.constantFrom(text, JSON.stringify(JSON.parse(text), null, 2)));

const DAMAGE = '{}[]",:-+.eE01tn\\u \n\t\u0001'.split('');

/** A character changed, dropped or added somewhere. */
const damaged = fc
  .tuple(document, fc.nat(), fc.constantFrom(...DAMAGE), fc.nat(2))
  .map(([text, at, character, how]) => {
    const index = at % (text.length + 1);
    const rest = text.slice(how === 0 ? index : index + 1);
    return text.slice(0, index) + (how === 2 ? '' : character) + rest;
  });

const isTwice = (read: JsonText): boolean =>
  read.kind === 'refused' && read.rule.endsWith('is given once');

it('reads what JSON.parse reads, and refuses what it refuses', () => {
  fc.assert(
    fc.property(fc.oneof(document, damaged), (text) => {
      const read = readJson(text);
      const value = read.kind === 'read' ? read.value : undefined;
      expect(value).toEqual(isTwice(read) ? undefined : parsed(text));
    }),
    { numRuns: 3_000 },
  );
});

it('points at the first character that no text continues well', () => {
  fc.assert(
    fc.property(damaged, (text) => {
      const read = readJson(text);
      if (read.kind !== 'refused') return;
      const { line, column } = read.place;
      const lines = text.split('\n');
      expect(line).toBeLessThanOrEqual(lines.length);
      expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
    }),
    { numRuns: 1_000 },
  );
});

it('knows where each key stands', () => {
  const read = readJson('{\n  "a": {\n    "b": [1, {"c": 2}]\n  }\n}');
  if (read.kind !== 'read') throw new Error(read.rule);
  expect(['a', 'a.b', 'a.b.1.c', 'x'].map(read.placeOf)).toEqual([
    { line: 2, column: 3 },
    { line: 3, column: 5 },
    { line: 3, column: 15 },
    { line: 1, column: 1 },
  ]);
});

it('reads a long text without a stack of its own length', () => {
  const text = `{"a":"${'x\\n'.repeat(1_000_000)}"}`;
  expect(readJson(text).kind).toBe('read');
});
