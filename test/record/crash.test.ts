/** A process that is killed while it records. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { linesOf, newFolder, recording } from './given.ts';

const CHILD = fileURLToPath(new URL('./crash-child.ts', import.meta.url));
const FLUSH_MS = 100;
/** What packing and a busy machine may add. */
const SLACK_MS = 1_000;

it('kill -9 leaves whole tapes without a gap, and takes the last moment at most', async () => {
  const folder = newFolder();
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, folder, String(FLUSH_MS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (told += text));
  const closed = once(child, 'close');
  const rows = () =>
    told
      .trimEnd()
      .split('\n')
      .map((row) => row.split(' ').map(Number));
  const atMs = (seq: number): number => rows()[seq - 1]?.[1] ?? 0;
  await expect.poll(() => rows().length, { timeout: 20_000 }).toBeGreaterThan(1_500);
  child.kill('SIGKILL');
  await closed;

  // The next run looks at what it left.
  const { recorded } = recording({ folder });
  expect(recorded.found).toMatchObject({ cut: 0 });
  await recorded.stop();
  const tapes = readdirSync(folder).toSorted();
  expect(tapes.length).toBeGreaterThan(2);
  const seqs = tapes
    .flatMap((name) => linesOf(join(folder, name)))
    .flatMap(({ seq }) => (typeof seq === 'number' ? [seq] : []));
  expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  const last = rows().length;
  expect(atMs(last) - atMs(seqs.length)).toBeLessThan(FLUSH_MS + SLACK_MS);
});
