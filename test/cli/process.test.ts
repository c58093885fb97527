/** What only a process shows: its streams, its signals, its exit code. */
import { type SpawnOptionsWithoutStdio, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PROGRAM } from '../support/program.ts';
import { fixtureTape, newFolder } from './cli.ts';

const [NODE, MAIN] = PROGRAM;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `see` is told of all that was written to stderr so far, and may act on the process. */
function main(
  argv: readonly string[],
  see: (err: string, child: ReturnType<typeof spawn>) => void = () => undefined,
  surroundings: SpawnOptionsWithoutStdio = {},
): Promise<Ended> {
  return new Promise((settle, reject) => {
    const child = spawn(NODE, [MAIN, ...argv], surroundings);
    const written = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => (written.out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      written.err += chunk.toString();
      see(written.err, child);
    });
    child.on('error', reject);
    child.on('close', (code) => settle({ code, ...written }));
  });
}

it('withdraws at Ctrl-C, waits for the end, tells it, and exits with 130', async () => {
  const wish = ['--limit', '0.01', '--side', 'yes', '--action', 'buy', '--market', 'SIM-LIQUID-1'];
  const argv = ['run', '--realtime', '--at', '0.5', '--count', '3', '--json', ...wish];
  let told = false;
  const { code, out, err } = await main(argv, (text, child) => {
    if (told || !/submit #1/.test(text)) return;
    told = true;
    child.kill('SIGINT');
  });
  expect(err).toMatch(/in real time: this takes up to \d+ s/);
  expect(err).toMatch(/interrupted: withdrawing what is open/);
  const { executions } = JSON.parse(out) as { executions: readonly object[] };
  expect(executions).toEqual([
    expect.objectContaining({ outcome: 'cancelled', reason: 'interrupted' }),
  ]);
  expect(code).toBe(130);
});

it('ends quietly when its reader leaves', async () => {
  const { code, err } = await new Promise<Ended>((settle, reject) => {
    const child = spawn(NODE, [MAIN, 'run', '--count', '2', '--json']);
    const written = { out: '', err: '' };
    child.stdout.destroy();
    child.stderr.on('data', (chunk: Buffer) => (written.err += chunk.toString()));
    child.on('error', reject);
    child.on('close', (exit) => settle({ code: exit, ...written }));
  });
  expect(err).not.toMatch(/EPIPE|Error/);
  expect(code).toBe(0);
});

it('exits with 2 for bad input', async () => {
  expect(await main(['run', '--side', 'maybe'])).toMatchObject({ code: 2, out: '' });
});

it('ends where its store cannot be opened, in real time, too', async () => {
  const db = join(newFolder(), 'gone', 'bot.db');
  const { code, err } = await main(['run', '--realtime', '--count', '1', '--db', db]);
  expect(code).toBe(2);
  expect(err).toContain('the folder of the store must exist');
});

it('reads the configuration and .env of its folder, and its own environment', async () => {
  const folder = newFolder();
  const run = { seed: 'file', market: 'file', side: 'no' };
  writeFileSync(join(folder, 'depthwalker.config.json'), JSON.stringify({ run }));
  const lines = ['DEPTHWALKER__RUN__MARKET=dot-env', 'DEPTHWALKER__RUN__SIDE=yes'];
  writeFileSync(join(folder, '.env'), lines.join('\n'));
  const env = { ...process.env, DEPTHWALKER__RUN__SIDE: 'null' };
  const { code, out } = await main(['config', '--json'], undefined, { cwd: folder, env });
  expect(code).toBe(0);
  const { config } = JSON.parse(out) as { config: { run: object } };
  expect(config.run).toMatchObject({ seed: 'file', market: 'dot-env', side: null });
});

it('leaves a bracket at Ctrl-C with all that is done, and exits with 130', async () => {
  const tapes = ['sixty-seconds.jsonl', 'sixty-seconds-quiet.jsonl'].map(fixtureTape);
  let told = false;
  const { code, out, err } = await main(['bracket', '--tape', ...tapes], (text, child) => {
    if (told || !/^tape 2 of 2/m.test(text)) return;
    told = true;
    child.kill('SIGINT');
  });
  expect(err).toMatch(/interrupted: the tape at work is left out/);
  expect(out).toMatch(/sixty-seconds\.jsonl: 1 signal on KXBTC15M/);
  expect(out).not.toMatch(/quiet\.jsonl/);
  expect(code).toBe(130);
});
