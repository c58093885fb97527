/** Looking at a store, halting and resuming on it, while nobody can read what is in it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { connectSqlite } from '../../src/store/sqlite.ts';
import { cli, newFolder } from './cli.ts';

const halt = (file: string) => cli('halt', '--store', file, '--reason', 'odd', '--actor', 'ada');

const resume = (file: string) =>
  cli('resume', '--store', file, '--actor', 'bob', '--reason', 'looked');

describe('a store that cannot be read', () => {
  const damaged = (): string => {
    const file = join(newFolder(), 'bot.db');
    openStore({ file }).close();
    const database = connectSqlite(file, 0);
    database
      .prepare('insert into risk_state (name, body, at_ms) values (?, ?, 1)')
      .run('halts', '{"lines":0,"standing":[{"reason":');
    database.close();
    return file;
  };
  const folder = (): string => newFolder();

  it.each([
    ['has a damaged row of halts', damaged, /the row "halts" of risk_state .* must be whole, was /],
    ['is a folder', folder, /there must be such a store, was /],
  ])('%s: one line, and no trace of a stack', async (_, make, rule) => {
    const file = make();
    for (const told of [await cli('status', '--store', file), await resume(file)]) {
      expect(told).toMatchObject({ code: 2, out: '', err: expect.stringMatching(rule) as string });
      expect(told.err.trimEnd().split('\n')).toHaveLength(1);
    }
    expect(existsSync(`${file}.halt`)).toBe(false);
  });

  it('is halted all the same', async () => {
    const file = damaged();
    await halt(file);
    expect(readFileSync(`${file}.halt`, 'utf8')).toContain('odd');
  });
});
