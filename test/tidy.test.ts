/** Walks the repository with the rules of `support/tidy-rules.ts`, each shown to fail. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type SourceFile, split } from './support/source-text.ts';
import { RULES } from './support/tidy-rules.ts';
import { SAMPLES } from './support/tidy-samples.ts';

const ROOT = resolve(import.meta.dirname, '..');

const below = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
    `${folder}/${path}`.split(sep).join('/'),
  );

const files: readonly SourceFile[] = [
  ...readdirSync(ROOT),
  ...['src', 'machines', 'test', 'visualizations'].flatMap(below),
]
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

it('sees a real tree', () => {
  expect(files.length).toBeGreaterThan(40);
  expect(files.map(({ path }) => path)).toContain('src/domain/ports.ts');
});

it('splits code from comments without losing a place', () => {
  for (const { text } of files) {
    const { code, comments } = split(text);
    expect([code.length, comments.length]).toEqual([text.length, text.length]);
    expect(code.split('\n').map(({ length }) => length)).toEqual(
      text.split('\n').map(({ length }) => length),
    );
  }
});

it('shows an offence and a clean sample to every rule', () => {
  expect(Object.keys(SAMPLES).toSorted()).toEqual(RULES.map(({ name }) => name).toSorted());
});

describe.each(RULES)('$name', (rule) => {
  const { offends, passes } = SAMPLES[rule.name] ?? { offends: [], passes: [] };

  it.each(offends)('catches %s: %s', (path, text) => {
    expect(rule.offences({ path, text })).not.toEqual([]);
  });

  it.each(passes)('passes %s: %s', (path, text) => {
    expect(rule.offences({ path, text })).toEqual([]);
  });

  it('holds in the whole repository', () => {
    expect(files.flatMap((file) => rule.offences(file))).toEqual([]);
  });
});
