/** Halts in plain files: what is written stays, and what cannot be read halts. */
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Halt, HaltReport } from '../../src/domain/halts.ts';
import { answersIn, haltFileOf } from '../../src/store/halt-file.ts';
import { storeFile } from './store-file.ts';

const halt = (id: string, changes: Partial<Halt> = {}): Halt => ({
  kind: 'halt',
  id,
  scope: {},
  actor: 'ada',
  reason: 'the feed looks wrong',
  atMs: 1_800_000_000_000,
  everything: false,
  ...changes,
});

const report = (id: string): HaltReport => ({
  id,
  scope: 'global',
  reason: 'why',
  seconds: 0.25,
  cancelled: 3,
  residual: [],
  proven: true,
  known: true,
});

describe('a halt file', () => {
  it('is not there before anybody halts, and reads as nothing', () => {
    const store = storeFile();
    expect(haltFileOf(store).read()).toEqual([]);
    expect(existsSync(`${store}.halt`)).toBe(false);
    expect(answersIn(store)).toEqual([]);
  });

  it('keeps the entries of all writers, in their order, for its owner alone', () => {
    const store = storeFile();
    const [engine, person] = [haltFileOf(store), haltFileOf(store)];
    const entries = [
      halt('a'),
      halt('b', { scope: { venue: 'kalshi', market: 'KX"\n' } }),
      { ...halt('c'), kind: 'resume' as const, everything: undefined },
    ].map((entry) => JSON.parse(JSON.stringify(entry)) as Halt);
    for (const [index, entry] of entries.entries())
      (index % 2 === 0 ? engine : person).append(entry);
    expect(engine.read()).toEqual(entries);
    expect(person.read()).toEqual(entries);
    expect(statSync(`${store}.halt`).mode & 0o777).toBe(0o600);
  });

  it('is read again when it has changed, and only then', () => {
    const store = storeFile();
    const file = haltFileOf(store);
    file.append(halt('a'));
    const first = file.read();
    expect(file.read()).toBe(first);
    haltFileOf(store).append(halt('b'));
    expect(file.read().map(({ id }) => id)).toEqual(['a', 'b']);
    rmSync(`${store}.halt`);
    expect(file.read()).toEqual([]);
  });

  it.each([
    ['no JSON', '{"kind":"halt"'],
    ['no halt', '[]'],
    ['an unknown deed', JSON.stringify({ ...halt('x'), kind: 'lift' })],
    [
      'a scope of parts that we do not know',
      JSON.stringify(halt('x', { scope: { a: 'b' } as {} })),
    ],
    ['nobody', JSON.stringify(halt('x', { actor: '' }))],
    ['no time', JSON.stringify({ ...halt('x'), atMs: '12' })],
  ])('halts all for a line of %s, until somebody resumes', (_, line) => {
    const store = storeFile();
    writeFileSync(`${store}.halt`, `${line}\n`);
    expect(haltFileOf(store).read()).toEqual([
      expect.objectContaining({
        kind: 'halt',
        scope: {},
        reason: 'line 1 of the halt file cannot be read',
      }),
    ]);
  });

  it('loses no halt to a line that a power cut tore', () => {
    const store = storeFile();
    haltFileOf(store).append(halt('a'));
    haltFileOf(store).append(halt('b'));
    truncateSync(`${store}.halt`, statSync(`${store}.halt`).size - 20);
    haltFileOf(store).append(halt('c'));
    expect(
      haltFileOf(store)
        .read()
        .map(({ id }) => id),
    ).toEqual(['a', 'damaged-2', 'c']);
  });

  it('waits once for the end of a line that is being written', () => {
    const store = storeFile();
    const file = haltFileOf(store);
    file.append(halt('a'));
    const ids = (): readonly string[] => file.read().map(({ id }) => id);
    expect(ids()).toEqual(['a']);
    const line = JSON.stringify(halt('b'));
    appendFileSync(`${store}.halt`, line.slice(0, 30));
    expect(ids()).toEqual(['a']);
    appendFileSync(`${store}.halt`, `${line.slice(30)}\n`);
    expect(ids()).toEqual(['a', 'b']);
    appendFileSync(`${store}.halt`, '{"kind"');
    expect(ids()).toEqual(['a', 'b']);
    expect(ids()).toEqual(['a', 'b', 'damaged-3']);
  });

  it('throws where something else has its name, or is far too long', () => {
    const store = storeFile();
    mkdirSync(`${store}.halt`);
    expect(() => haltFileOf(store).read()).toThrow('is not a halt file');
    const long = storeFile();
    writeFileSync(`${long}.halt`, '\n'.repeat(1_000_001));
    expect(() => haltFileOf(long).read()).toThrow('is not a halt file');
  });

  it.skipIf(process.getuid?.() === 0)('throws where it may not be written (not as root)', () => {
    const store = storeFile();
    haltFileOf(store).append(halt('a'));
    chmodSync(`${store}.halt`, 0o400);
    expect(() => haltFileOf(store).append(halt('b'))).toThrow('EACCES');
  });
});

describe('the answers of an engine', () => {
  it('are replaced whole, one for each halt, and old ones go', () => {
    const store = storeFile();
    const file = haltFileOf(store);
    for (let index = 1; index <= 20; index += 1) file.answer(report(`h${index}`));
    file.answer({ ...report('h20'), seconds: 12 });
    const answers = answersIn(store);
    expect(answers.map(({ id }) => id)).toEqual(Array.from({ length: 16 }, (_, n) => `h${n + 5}`));
    expect(answers.at(-1)?.seconds).toBe(12);
    expect(readdirSync(join(store, '..'))).toEqual(['bot.db.halt-report']);
    expect(statSync(`${store}.halt-report`).mode & 0o777).toBe(0o600);
  });

  it('are none where the file is damaged, and the next one mends it', () => {
    const store = storeFile();
    writeFileSync(`${store}.halt-report`, '[{"id"');
    expect(answersIn(store)).toEqual([]);
    haltFileOf(store).answer(report('a'));
    expect(JSON.parse(readFileSync(`${store}.halt-report`, 'utf8'))).toEqual([report('a')]);
  });
});
