/** The section `mirror` at work: a bot on paper in real time, and its rows at a server. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openMirror } from '../../src/cli/mirror.ts';
import { loadConfig } from '../../src/index.ts';
import { questServer, textOf } from '../support/quest-server.ts';
import { logTo } from '../support/rig.ts';
import { cliIn, newFolder } from './cli.ts';

function written(text: string, mode = 0o600): string {
  const folder = newFolder();
  writeFileSync(join(folder, 'quest'), text, { mode });
  return folder;
}

const opened = (folder: string, questDbFile: string | null) => {
  const override = { path: 'mirror.questDbFile', value: questDbFile, source: 'test' };
  const { config } = loadConfig({ overrides: [override], readFile: () => null });
  return openMirror(config, { folder }, logTo([]));
};

it('a bot copies its fills, metrics and books', async () => {
  const { written: rows, address } = await questServer([1]);
  const folder = written(`${address}\n`);
  const env = {
    DEPTHWALKER__MIRROR__QUEST_DB_FILE: 'quest',
    DEPTHWALKER__RUN__REALTIME: 'true',
    DEPTHWALKER__RUN__TIME_LIMIT_MS: '1000',
  };
  const { code, err } = await cliIn({ env, folder }, 'run', '--count', '1', '--seed', '1');
  expect(err).not.toMatch(/warning|QuestDB/);
  expect(code).toBe(0);
  for (const table of ['metrics', 'books']) expect(textOf(rows)).toContain(`depthwalker_${table},`);
});

describe('a mirror', () => {
  it('is none without a file', async () => {
    const mirror = await opened(newFolder(), null);
    expect(mirror.options).toEqual({});
    await mirror.stop();
  });

  it.each([
    ['canary', 'quest', /QuestDB is named as its client wants it/],
    ['tcp::addr=canary:9009;', 'quest', /http::addr=localhost:9000/],
    ['', 'gone', /can be read/],
  ])('of %j in %s is refused, and shows nothing of it', async (text, name, rule) => {
    const refused = opened(written(text), name);
    await expect(refused).rejects.toThrow(rule);
    await expect(refused).rejects.not.toThrow('canary');
  });
});
