/** The client of the README, as it stands there, against the real program. */
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { newFolder } from '../cli/cli.ts';
import { PROGRAM } from '../support/program.ts';
import { isDense, Serving } from './serving.ts';

const CLIENT = resolve(import.meta.dirname, 'client.py');
const isThere = spawnSync('python3', ['--version']).status === 0;
const run = promisify(execFile);

describe.skipIf(!isThere)(`a client in Python${isThere ? '' : ' (skipped: no python3)'}`, () => {
  it('has some 30 lines, and the standard library alone', () => {
    const lines = readFileSync(CLIENT, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '');
    expect(lines.length).toBeLessThan(36);
    expect(lines.filter((line) => /^import|^from/.test(line))).toEqual([
      'import json, os, subprocess, sys',
    ]);
  });

  it('trades, and is told after a restart what it had not worked up, and that alone', async () => {
    const folder = newFolder();
    const db = join(folder, 'bot.db');
    const argv = ['serve', '--simulate', '--db', db];
    const { stdout } = await run('python3', [CLIENT, ...PROGRAM, ...argv], { cwd: folder });
    const [, ended = '', outcome] = stdout.match(/^(\d+) (completed) 20\.00\n$/) ?? [];
    expect(outcome).toBe('completed');
    const cursor = Number(readFileSync(join(folder, 'bot.cursor'), 'utf8'));
    expect(cursor).toBe(Number(ended) - 1);

    const again = new Serving('--simulate', '--db', db);
    again.say({ type: 'hello', after: cursor }, { id: 1, type: 'status' });
    const status = await again.answer(1);
    expect(status['result']).toMatchObject({ halts: [{ reason: 'enough for today' }] });
    expect(await again.end()).toMatchObject({ code: 0 });
    expect(again.sequences[0]).toBe(cursor + 1);
    expect(isDense(again.sequences)).toBe(true);
    expect(again.updates[0]).toMatchObject({ type: 'ended', signalId: 'edge-1' });
    expect(again.updates.filter(({ type }) => type === 'ended')).toHaveLength(1);
    openStore({ file: db }).close();
  });
});
