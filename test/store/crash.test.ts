import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { storeFile } from './store-file.ts';

const CHILD = fileURLToPath(new URL('./crash-child.ts', import.meta.url));

describe('a process that is killed with the store open', () => {
  it('kept others out until then, lost no told commit, and left nothing to clean up', async () => {
    const file = storeFile();
    const child = spawn(process.execPath, ['--import', 'tsx', CHILD, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const told: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (lines: string) => {
      told.push(...lines.trim().split('\n'));
    });
    const closed = once(child, 'close');
    const early = closed.then(() => Promise.reject(new Error('the child ended by itself')));
    const more = () => Promise.race([once(child.stdout, 'data'), early]);
    await more();
    expect(() => openStore({ file })).toThrow('a store belongs to one engine at a time');
    while (told.length < 50) await more();
    child.kill('SIGKILL');
    const [, signal] = (await closed) as [number | null, string];
    expect(signal).toBe('SIGKILL');

    const store = openStore({ file });
    expect(store.epoch).toBe(2);
    expect(store.nextSequence).toBeGreaterThanOrEqual(told.length);
    // An exact prefix: as many inputs as the counter says, in their order.
    expect(store.inputsOf('dw-1').map(({ atMs }) => atMs)).toEqual(
      Array.from({ length: store.nextSequence }, (_, index) => index + 1),
    );
    store.close();
  });
});
