/**
 * Halts beside the store, in plain files that need no database: `file.halt` is written by the
 * engine and by people's commands, line by line, so that nobody overwrites the halt of another;
 * `file.halt-report` is the running engine's answers. What cannot be read halts.
 */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import type { Halt, HaltAnswer, HaltEntry, HaltFile, HaltScope } from '../domain/halts.ts';
import { codeOf } from './store-error.ts';

/** Nobody writes so many halts: it is another file, and reading it would take too long. */
const BYTES_MAX = 1_000_000;

/** Answers to the newest halts: whoever asked for an older one has left. */
const ANSWERS_MAX = 16;

/** `store` is the path of the store's file; nothing is created until something is written. */
export function haltFileOf(store: string): HaltFile {
  const path = `${store}.halt`;
  let stamp = '';
  let entries: readonly HaltEntry[] = [];
  let text: string | null = null;
  return {
    read() {
      const now = stampOf(path);
      if (now === stamp && now !== '') return entries;
      const before = text;
      text = now === '' ? '' : readFileSync(path, 'utf8');
      // A line without its end may be being written: it is looked at again before it is judged.
      const isWhole = before === null || before === text || text.endsWith('\n');
      stamp = isWhole ? now : '';
      entries = parsed(isWhole ? text : text.slice(0, text.lastIndexOf('\n') + 1));
      return entries;
    },
    append: (entry) => appendLine(path, JSON.stringify(entry)),
    answer: (answer) => {
      const older = answersIn(store).filter(({ id }) => id !== answer.id);
      const kept = [...older, answer].slice(-ANSWERS_MAX);
      replace(`${store}.halt-report`, JSON.stringify(kept));
    },
  };
}

/** What the engine has said of the newest halts; nothing where it has said nothing readable. */
export function answersIn(store: string): readonly HaltAnswer[] {
  try {
    const read: unknown = JSON.parse(readFileSync(`${store}.halt-report`, 'utf8'));
    return Array.isArray(read) ? (read as readonly HaltAnswer[]) : [];
  } catch (thrown) {
    if (thrown instanceof SyntaxError || codeOf(thrown) === 'ENOENT') return [];
    throw thrown;
  }
}

/** Changes with the file; empty where there is none. Throws where there is something else. */
function stampOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return '';
  if (!found.isFile() || found.size > BYTES_MAX) throw new Error(`${path} is not a halt file`);
  return `${found.ino} ${found.size} ${found.mtimeMs}`;
}

const parsed = (text: string): readonly HaltEntry[] =>
  text
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [entryIn(line) ?? damaged(index + 1)]));

const damaged = (line: number): Halt => ({
  kind: 'halt',
  id: `damaged-${line}`,
  scope: {},
  actor: 'engine',
  reason: `line ${line} of the halt file cannot be read`,
  atMs: 0,
  everything: false,
});

function entryIn(line: string): HaltEntry | null {
  try {
    const read: unknown = JSON.parse(line);
    return isEntry(read) ? read : null;
  } catch {
    return null;
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

function isEntry(value: unknown): value is HaltEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, id, scope, actor, reason, atMs, everything } = value as Partial<
    Record<keyof Halt, unknown>
  >;
  return (
    (kind === 'resume' || (kind === 'halt' && typeof everything === 'boolean')) &&
    [id, actor, reason].every(isText) &&
    Number.isSafeInteger(atMs) &&
    isScope(scope)
  );
}

const PARTS: readonly string[] = ['venue', 'market', 'execution'] satisfies (keyof HaltScope)[];

/** A part that we do not know would make the scope wider than its writer meant. */
const isScope = (value: unknown): value is HaltScope =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).every(([name, text]) => PARTS.includes(name) && isText(text));

function appendLine(path: string, line: string): void {
  const file = openSync(path, 'a+', 0o600);
  try {
    // After a line without its end, ours begins a new one: it shall not be lost with it.
    writeSync(file, endsLine(file) ? `${line}\n` : `\n${line}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  syncFolder(path);
}

function endsLine(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last.toString() === '\n';
}

/** The old text or the new one, never a part of it. */
function replace(path: string, text: string): void {
  const draft = `${path}.new`;
  const file = openSync(draft, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
  syncFolder(path);
}

/**
 * The name of a new file is durable once its folder is. Windows opens no folders, and needs none.
 */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
