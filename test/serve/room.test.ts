/** What waits, and what never does: a halt behind others, a bot that does not read, old updates. */
import { expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import type { StoredUpdate, UpdateLog } from '../../src/domain/updates.ts';
import { VirtualClock } from '../../src/index.ts';
import { Outlet } from '../../src/serve/outlet.ts';
import { KEPT_MS, Retention } from '../../src/serve/retention.ts';
import { newFolder } from '../cli/cli.ts';
import { served, text } from './memory.ts';

const halt = (id: string): object => ({ id, type: 'halt', reason: 'a test' });

it('halts at once, however many requests wait for their answers', async () => {
  // Their answers take as long as the venue does.
  const waiting = Array.from({ length: 150 }, (_, index) => ({
    ...halt(`halt-${index}`),
    market: 'SIM-THIN-1',
  }));
  const book = { id: 'book', type: 'book', market: 'SIM-THIN-1' };
  const all = [...waiting, book, halt('all'), { id: 'status', type: 'status' }];
  const { lines } = await served(['--simulate'], [Buffer.from(all.map(text).join(''))]);
  const status = lines.findIndex(({ id }) => id === 'status');
  expect(lines[status]).toMatchObject({ result: { halts: [{}, {}] } });
  const before = lines.slice(0, status);
  expect(before).toMatchObject([
    { id: 'book', ok: false, error: { rule: expect.stringMatching(/^at most 100/) as unknown } },
  ]);
});

it('halts for a bot that does not read its answers', async () => {
  const answered: string[] = [];
  let seen: (line: string) => void = () => undefined;
  const halted = new Promise<void>((resolve) => {
    seen = (line) => {
      if (line.includes('"id":"all"')) resolve();
    };
  });
  async function* input(): AsyncGenerator<string> {
    yield text({ id: 1, type: 'status' });
    yield text(halt('all'));
    await halted;
  }
  await runCli(['serve', '--simulate', '--realtime'], {
    env: {},
    folder: newFolder(),
    stdin: input(),
    stdout: {
      write: (line) => {
        answered.push(line);
        seen(line);
        return false;
      },
    },
    onDrain: () => undefined,
    stderr: { write: () => undefined },
  });
  expect(answered.join('')).toContain('"scope":"global"');
});

/** Updates of long ago: as many as are wanted, and those that are forgotten are gone. */
class Old implements UpdateLog {
  readonly #last: number;
  #first = 1;

  constructor(count: number) {
    this.#last = count;
  }

  extent(): { readonly first: number; readonly last: number } {
    return { first: this.#first, last: this.#last };
  }

  after(sequence: number, rowsMax: number): readonly StoredUpdate[] {
    const from = Math.max(sequence + 1, this.#first);
    const count = Math.min(rowsMax, this.#last - from + 1);
    return Array.from({ length: count }, (_, index) => ({
      sequence: from + index,
      body: '{"type":"state"}',
      atMs: 0,
    }));
  }

  forget({ beforeMs }: { readonly beforeMs: number }, rowsMax: number): number {
    const count = beforeMs > 0 ? Math.min(rowsMax, this.#last - this.#first) : 0;
    this.#first += count;
    return count;
  }
}

it('forgets no update of long ago while those behind the cursor are told', async () => {
  const clock = new VirtualClock(2 * KEPT_MS);
  const updates = new Old(5_000);
  const told: number[] = [];
  let drain: () => void = () => undefined;
  const outlet = new Outlet({
    updates,
    clock,
    output: {
      write: (line) => {
        told.push((JSON.parse(line) as { readonly sequence: number }).sequence);
        return told.length % 50 !== 0;
      },
      onDrain: (callback) => {
        drain = callback;
      },
    },
  });
  const silent = (): void => undefined;
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  const isTelling = (): boolean => !outlet.isDone;
  const retention = new Retention({ updates, stamps: clock, clock, isTelling, log });
  outlet.begin(0);
  while (told.at(-1) !== 5_000) {
    await clock.run({ untilMs: clock.wallMs() + 5 });
    drain();
  }
  expect(told).toEqual(Array.from({ length: 5_000 }, (_, index) => index + 1));
  await clock.run({ untilMs: clock.wallMs() + 2 * 3_600_000 });
  expect(updates.extent()).toEqual({ first: 5_000, last: 5_000 });
  retention.stop();
});

it('does not wait at its end for a bot that does not read', async () => {
  let abandoned = 0;
  const code = await runCli(['serve', '--simulate'], {
    env: {},
    folder: newFolder(),
    stdin: (async function* () {
      yield text({ type: 'hello' });
    })(),
    stdout: { write: () => false },
    stderr: { write: () => undefined },
    onDrain: () => undefined,
    abandon: () => {
      abandoned += 1;
    },
  });
  expect([code, abandoned]).toEqual([0, 1]);
});
