/** What only a process shows: kills, pipes that are full or gone, signals. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { isDense, type Line, Serving, signal } from '../serve/serving.ts';
import { newFolder } from './cli.ts';

/** Work for a while: it rests where nobody sells. */
const resting = (signalId: string): object => signal(signalId, { limitPrice: '0.02' });

it('loses no update to kill -9: the next one goes on behind the cursor, gapless', async () => {
  const db = join(newFolder(), 'bot.db');
  const argv = ['--simulate', '--realtime', '--db', db];
  const told = new Map<number, Line>();
  let cursor = 0;
  // One more unclean end would halt the engine: something kills it.
  for (const [life, pauseMs] of [5, 180, 700].entries()) {
    const serving = new Serving(...argv);
    const id = `s-${life}`;
    serving.say({ type: 'hello', after: cursor }, signal(id), resting(`r-${life}`));
    await serving.until(({ type, signalId }) => type === 'order' && signalId === id);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    expect(await serving.kill('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
    collect(serving, cursor, told);
    // The bot had not worked up the last ones.
    cursor = Math.max(...serving.sequences) - 2;
  }
  const last = new Serving(...argv);
  // Again, as by a bot that never saw the answer.
  last.say({ type: 'hello', after: cursor }, resting('r-2'), { id: 9, type: 'status' });
  expect(await last.answer('r-2')).toMatchObject({ ok: true });
  await last.answer(9);
  expect(await last.end()).toMatchObject({ code: 0 });
  collect(last, cursor, told);

  const newest = Math.max(...told.keys());
  expect(last.lines.at(-1)).toEqual({ type: 'stopped', reason: 'end of input', last: newest });
  expect([...told.keys()].toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: newest }, (_, index) => index + 1),
  );
  const all = [...told.values()];
  const ends = all.filter(({ type }) => type === 'ended').map(({ signalId }) => signalId);
  expect(new Set(ends)).toEqual(new Set(['r-0', 'r-1', 'r-2', 's-0', 's-1', 's-2']));
  expect(ends).toHaveLength(6);
  const fills = all.flatMap(({ fill }) => (fill as { readonly id: string } | undefined)?.id ?? []);
  const stored = storedFills(db);
  expect(fills).toHaveLength(stored.length);
  expect(new Set(fills)).toEqual(new Set(stored));
});

/** Dense from behind the cursor; and what was told before was told the same. */
function collect({ updates, sequences }: Serving, cursor: number, told: Map<number, Line>): void {
  expect(sequences).toEqual(sequences.map((_, index) => cursor + 1 + index));
  for (const update of updates) {
    const sequence = Number(update['sequence']);
    expect(told.get(sequence) ?? update).toEqual(update);
    told.set(sequence, update);
  }
}

function storedFills(file: string): readonly string[] {
  const store = openStore({ file });
  try {
    return [...store.fills('paper', null)].map(({ fillId }) => fillId);
  } finally {
    store.close();
  }
}

it('waits for a bot that does not read, works on meanwhile, and loses nothing', async () => {
  const serving = new Serving('--simulate', '--seed', '3');
  serving.say({ type: 'hello' });
  await serving.until(({ type }) => type === 'answer');
  serving.pause();
  const count = 3_000;
  const status = { type: 'status' };
  for (let index = 0; index < 60; index += 1) serving.say(signal(`s-${index}`));
  for (let index = 0; index < count; index += 1) serving.say({ id: index, ...status });
  // Far more answers than a pipe holds: some of the requests wait in the other pipe now.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const before = serving.lines.length;
  serving.resume();
  await serving.answer(count - 1);
  expect(before).toBeLessThan(1_000);
  expect(await serving.end()).toMatchObject({ code: 0 });
  const answers = serving.lines.filter(({ type }) => type === 'answer');
  expect(answers).toHaveLength(1 + 60 + count);
  expect(isDense(serving.sequences)).toBe(true);
  expect(serving.updates.filter(({ type }) => type === 'ended')).toHaveLength(60);
});

it('drains at Ctrl-C, SIGTERM and SIGHUP: cancels, proves, tells, exits with 130', async () => {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const serving = new Serving('--simulate', '--realtime');
    serving.say({ type: 'hello' }, resting('a'));
    await serving.until(({ type }) => type === 'order');
    expect(await serving.kill(name)).toEqual({ code: 130, signal: null });
    expect(serving.updates.at(-2)).toMatchObject({ type: 'ended', signalId: 'a' });
    expect(serving.updates.at(-1)).toMatchObject({ type: 'operation', deed: 'stop' });
    expect(serving.lines.at(-1)).toMatchObject({ type: 'stopped', reason: 'interrupted' });
  }
});

/** Its pipe is full, and nobody looks. */
async function unread(): Promise<Serving> {
  const serving = new Serving('--simulate', '--realtime');
  serving.say({ type: 'hello' });
  await serving.until(({ type }) => type === 'answer');
  serving.pause();
  for (let index = 0; index < 1_000; index += 1) serving.say({ id: index, type: 'status' });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  return serving;
}

it('ends, after ten seconds, for a bot that neither reads nor leaves', async () => {
  const serving = await unread();
  void serving.kill('SIGTERM');
  expect(await serving.exited).toEqual({ code: 130, signal: null });
  serving.resume();
});

it('stops at once at the second signal, whichever it is', async () => {
  const serving = await unread();
  void serving.kill('SIGINT');
  await expect.poll(() => serving.stderr).toMatch(/again to stop at once/);
  void serving.kill('SIGTERM');
  expect(await serving.exited).toEqual({ code: null, signal: 'SIGTERM' });
  serving.resume();
});

it('drains when nobody reads any more, and keeps what it could not tell', async () => {
  const db = join(newFolder(), 'bot.db');
  const serving = new Serving('--simulate', '--realtime', '--db', db);
  serving.say({ type: 'hello' }, resting('a'));
  await serving.until(({ type }) => type === 'order');
  const cursor = Number(serving.sequences.at(-1));
  serving.leave();
  serving.say({ id: 1, type: 'status' });
  expect(await serving.ended).toEqual({ code: 0, signal: null });

  const next = new Serving('--simulate', '--db', db);
  next.say({ type: 'hello', after: cursor });
  await next.until(({ type }) => type === 'ended');
  await next.end();
  expect(next.sequences[0]).toBe(cursor + 1);
});
