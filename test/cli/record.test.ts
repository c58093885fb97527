/** `depthwalker record` against the emulator over loopback, and its tapes replayed. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { startKalshiEmulator } from '../../src/emulator/start.ts';
import { openTape } from '../../src/replay/tape-reader.ts';
import { verifyTape } from '../../src/replay/verify-tape.ts';
import { linesOf } from '../record/given.ts';
import { cliIn, newFolder, sessionOf } from './cli.ts';

const MARKETS = ['KXSIM-26-LIQUID', 'KXSIM-26-THIN'];

/** An emulator, and a folder with the settings that lead to it. */
async function surroundings() {
  const emulator = await startKalshiEmulator({ speed: 20 });
  onTestFinished(() => emulator.close());
  const { restUrl, wsUrl, keyId, privateKeyPem } = emulator;
  const folder = newFolder();
  writeFileSync(join(folder, 'key.pem'), privateKeyPem, { mode: 0o600 });
  const kalshi = { environment: 'demo', keyId, privateKeyFile: 'key.pem', restUrl, wsUrl };
  const config = { venues: { kalshi } };
  writeFileSync(join(folder, 'depthwalker.config.json'), JSON.stringify(config));
  return { folder };
}

describe('a recording of a venue', () => {
  it('is whole, private to its owner, and is traded on by --tape', async () => {
    const where = await surroundings();
    const options = ['--market', ...MARKETS, '--folder', 'tapes', '--for', '4'];
    const { code, out, err } = await cliIn(where, 'record', ...options);
    expect(code).toBe(0);
    expect(err).toMatch(/^recording 2 markets into .*\n$/);
    const [name = ''] = readdirSync(join(where.folder, 'tapes'));
    const path = join(where.folder, 'tapes', name);
    expect(out).toMatch(/^.*-00001\.jsonl\.gz\n\d+ frames on 1 tape, \d+ bytes\n$/);
    const [head, ...frames] = linesOf(path);
    expect(head).toMatchObject({ type: 'tape', venue: 'kalshi', part: 1, version: 1 });
    expect(frames.every(({ conn }) => conn === 'c1')).toBe(true);
    const tape = openTape(path);
    expect([...tape.markets.keys()].toSorted()).toEqual(MARKETS);
    expect(tape.gaps).toEqual([]);
    for (const check of verifyTape(tape)) {
      expect(check).toMatchObject({ negativeLevels: 0, dropped: 0 });
      expect(check.deltas).toBeGreaterThan(0);
    }
    const session = sessionOf(
      await cliIn({}, 'run', '--tape', path, '--at', '0.5', '--time-limit', '2', '--json'),
    );
    expect(session.executions).toHaveLength(1);
  });

  it('ends in order, with all that came, when nobody reads it any more', async () => {
    const { folder } = await surroundings();
    let out = '';
    let leave: () => void = () => undefined;
    const argv = ['record', '--market', ...MARKETS, '--folder', 'tapes', '--json'];
    const ended = runCli(argv, {
      env: {},
      folder,
      stdout: { write: (text) => (out += text) },
      stderr: { write: () => undefined },
      onReaderGone: (callback) => {
        leave = callback;
      },
    });
    // The first second of it is not on tape yet.
    await new Promise((resolve) => setTimeout(resolve, 700));
    leave();
    expect(await ended).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ lost: 0, failure: null });
  }, 20_000);

  it('needs a place, a key, markets and a folder, and asks for no limits', async () => {
    const where = await surroundings();
    const none = await cliIn(where, 'record', '--folder', 'tapes');
    expect(none.code).toBe(2);
    expect(none.err).toMatch(/has markets.*--market/);
    const nowhere = await cliIn(where, 'record', '--market', 'X');
    expect(nowhere.err).toMatch(/has a folder.*--folder/);
    const { err } = await cliIn({}, 'record', '--market', 'X', '--folder', 'tapes');
    expect(err).toMatch(/has a place.*--env demo/);
    const wrong = await cliIn(where, 'record', '--market', 'KXNONE-1', '--folder', 'tapes');
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('KXNONE-1');
  });
});
