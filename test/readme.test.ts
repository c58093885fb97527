import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../src/store/open-store.ts';

/** The README as a newcomer uses it: against the built package, by its public names. */
const root = resolve(import.meta.dirname, '..');
const folder = join(root, 'dist', 'readme');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const run = promisify(execFile);

const blocks = (language: string): readonly string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, code = '']) => code,
  );

const snippets = blocks('ts').map((code, index) => {
  const file = join(folder, `snippet-${index + 1}.mts`);
  return { code, file, title: code.split('\n').find((line) => line.includes('engine')) ?? '' };
});

const STORE = 'bot.db';

/** The words of a command line, as a shell splits it. */
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);

const commands = blocks('sh').flatMap((block) => block.trim().split('\n'));

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  openStore({ file: join(folder, STORE) }).close();
  for (const { file, code } of snippets) writeFileSync(file, code);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the README', () => {
  it('has the snippets and commands that are run here', () => {
    expect(snippets).toHaveLength(3);
    expect(commands.length).toBeGreaterThan(4);
  });

  it('compiles for a consumer of the package', async () => {
    const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const settings = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023'];
    const files = snippets.map(({ file }) => file);
    // The repository's own tsconfig is not the consumer's.
    const { stdout } = await run('node', [compiler, '--ignoreConfig', ...settings, ...files], {
      cwd: folder,
    });
    expect(stdout).toBe('');
  });

  it.each(snippets)('runs: $title', async ({ file }) => {
    const { stdout } = await run('node', ['--import', 'tsx', file], { cwd: root });
    expect(stdout).toMatch(/completed|partial/);
  });

  it.each(commands)('keeps its word: %s', async (command) => {
    const [program, name, ...rest] = wordsOf(command);
    if (program === 'npm') {
      // What follows `npm ci &&` are scripts of the package; this run is one of them.
      const scripts: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
      const script = command.split('npm ').at(-1)?.replace('run ', '').trim() ?? '';
      expect(scripts).toHaveProperty(['scripts', script]);
      return;
    }
    expect([program, name]).toEqual(['npx', 'depthwalker']);
    const main = join(root, 'dist', 'src', 'cli', 'main.js');
    const given = rest.map((word) => (word === STORE ? join(folder, word) : word));
    const { stdout } = await run('node', [main, ...given], { cwd: root, maxBuffer: 64e6 });
    expect(stdout).toMatch(
      /0 violations|"violations":0|Usage:|^setting +value|^cons\., prob\.|halted|resumed/m,
    );
  });
});
