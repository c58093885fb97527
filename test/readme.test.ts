import { execFile, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../src/store/open-store.ts';
import { FAULT_NAMES, venueCards } from '../src/testing.ts';
import { PAPER } from './conformance/paper-world.ts';
import { FAULTS } from './simulation/faults.ts';

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

/** Compiled and not run: one needs the real venue, one a venue of yours. */
const outlines = blocks('typescript').map((code, index) => ({
  code,
  file: join(folder, `outline-${index + 1}.mts`),
}));

const MY_EXCHANGE = `
import type { Levers, Venue } from 'depthwalker/testing';
export declare const myVenue: () => Venue;
export declare const exchange: {
  readonly sleep: (ms: number) => Promise<void>;
  readonly fill: Levers['fillResting'];
  readonly loseNextAnswer: Levers['loseAnswer'];
  readonly close: () => Promise<void>;
};`;

const STORE = 'bot.db';
const MAIN = join(root, 'dist', 'src', 'cli', 'main.js');

/** The words of a command line, as a shell splits it. */
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);

const commands = blocks('sh').flatMap((block) => block.trim().split('\n'));

/** Lines that need more than this folder: their options are looked up, and some are run below. */
const lines = blocks('bash').flatMap((block) => block.trim().split('\n'));
const calls = lines.flatMap((line) => {
  const [, name = '', rest = ''] = line.match(/npx depthwalker (\w+)(.*)/) ?? [];
  return name === '' ? [] : [{ line, name, options: rest.match(/--[a-z-]+/g) ?? [] }];
});
const callOf = (name: string): string =>
  (calls.find((call) => call.name === name)?.line ?? '').replace(
    'npx depthwalker',
    `exec '${process.execPath}' '${MAIN}'`,
  );

const settings = blocks('json').map((text, index) => ({
  text,
  file: join(folder, `settings-${index + 1}.json`),
  sections: Object.keys(JSON.parse(text) as object).join(', '),
}));

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  openStore({ file: join(folder, STORE) }).close();
  for (const { file, code } of [...snippets, ...outlines]) writeFileSync(file, code);
  for (const { file, text } of settings) writeFileSync(file, text);
  writeFileSync(join(folder, 'my-exchange.d.mts'), MY_EXCHANGE);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the README', () => {
  it('has the snippets and commands that are run here', () => {
    expect(snippets).toHaveLength(3);
    expect(commands.length).toBeGreaterThan(4);
    expect(outlines).toHaveLength(3);
    expect(settings).toHaveLength(3);
    expect(calls.map(({ name }) => name)).toEqual(['emulate', 'run', 'run', 'serve', 'record']);
  });

  it('compiles for a consumer of the package', async () => {
    const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023'];
    const files = [...snippets, ...outlines].map(({ file }) => file);
    // The repository's own tsconfig is not the consumer's.
    const { stdout } = await run('node', [compiler, '--ignoreConfig', ...options, ...files], {
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
    const given = rest.map((word) => (word === STORE ? join(folder, word) : word));
    const { stdout } = await run('node', [MAIN, ...given], { cwd: root, maxBuffer: 64e6 });
    expect(stdout).toMatch(
      /0 violations|"violations":0|Usage:|^setting +value|^cons\., prob\.|halted|resumed/m,
    );
  });

  it.each(calls)('gives options that there are: $line', async ({ name, options }) => {
    const { stdout } = await run('node', [MAIN, name, '--help']);
    for (const option of options) expect(stdout).toMatch(new RegExp(`${option}[ ,]`));
  });

  it.each(settings)('has settings that are good: $sections', async ({ file }) => {
    const { stdout } = await run('node', [MAIN, 'config', '--check', '--config', file]);
    expect(stdout).toMatch(/good/);
  });

  it('has the client in Python that is tested', () => {
    const client = readFileSync(join(root, 'test', 'serve', 'client.py'), 'utf8');
    expect(blocks('python')).toEqual([client]);
  });

  it('counts what there is', () => {
    const cards = venueCards(PAPER);
    const kept = cards.filter(({ notApplicable }) => notApplicable === null);
    expect(readme).toContain(`a kit of ${cards.length} cards`);
    expect(readme).toContain(`that apply, paper ${kept.length}`);
    expect(readme).toContain(`it has ${FAULT_NAMES.length} faults`);
    expect(readme).toContain(`${Object.keys(FAULTS).length} named faults`);
  });

  it('names every command', async () => {
    const { stdout } = await run('node', [MAIN, '--help']);
    const built = [...stdout.matchAll(/^ {2}(\w+) \[options\]/gm)].map(([, name = '']) => name);
    expect(built.length).toBeGreaterThan(8);
    for (const name of built) expect(readme).toContain(`\`depthwalker ${name}\``);
  });

  it('trades and records at an emulator with its two commands', async () => {
    const cwd = join(folder, 'live');
    mkdirSync(cwd);
    const file = (name: string): string => join(cwd, name);
    const textOf = (name: string): string => readFileSync(file(name), 'utf8');
    const live = settings.find(({ sections }) => sections.includes('venues'));
    writeFileSync(file('depthwalker.config.json'), live?.text ?? '');
    writeFileSync(file('signals.jsonl'), blocks('jsonl').join(''));
    const emulator = spawn('bash', ['-c', callOf('emulate')], { cwd });
    try {
      writeFileSync(file('emulator.json'), '');
      for (let round = 0; round < 600 && textOf('emulator.json') === ''; round += 1)
        await pause(50);
      const traded = await run('bash', ['-c', callOf('run')], { cwd });
      expect(traded.stdout).toMatch(/completed|partial/);
      const key = 'DEPTHWALKER__VENUES__KALSHI=$(cat emulator.json)';
      const record = `export ${key}; ${callOf('record')} --for 2`;
      expect((await run('bash', ['-c', record], { cwd })).stdout).toMatch(
        /[1-9]\d* frames on 1 tape/,
      );
    } finally {
      emulator.kill('SIGINT');
    }
  });
});
