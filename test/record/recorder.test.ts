/** What is on tape when, and what becomes of it when the disk or the process fails. */
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RecordSummary, TapeFile } from '../../src/record/recorder.ts';
import { delta, linesOf, newFolder, recording } from './given.ts';

/** Real files settle in their own time, outside of any virtual clock. */
const onTape = (path: () => string | undefined, count: number) =>
  expect.poll(() => (path() === undefined ? 0 : linesOf(path() ?? '').length)).toBe(count);

const seqsOf = ({ tapes }: RecordSummary): readonly unknown[] =>
  tapes.flatMap((path) => linesOf(path).flatMap(({ seq }) => (seq === undefined ? [] : [seq])));

describe('a recording', () => {
  it('is on tape after a second, behind a line that says what it is', async () => {
    const { recorded, source, pass } = recording();
    source.give(delta(1));
    source.give('no JSON');
    await pass(999);
    expect(recorded.summary).toMatchObject({ tapes: [], frames: 0, lost: 0 });
    await pass(1);
    await onTape(() => recorded.summary.tapes[0], 3);
    const [path = ''] = recorded.summary.tapes;
    expect(basename(path)).toBe('kalshi-20270101T000000.000Z-00001.jsonl.gz');
    expect(linesOf(path)).toMatchObject([
      { type: 'tape', venue: 'kalshi', part: 1, clock_offset_ms: 12, after: null },
      { type: 'orderbook_delta', seq: 1, conn: 'c1' },
      { type: 'unreadable', text: 'no JSON' },
    ]);
    await recorded.stop();
  });

  it('is written at once where much comes, and adds member to member', async () => {
    const { recorded, source } = recording();
    const count = 5_000;
    for (let seq = 1; seq <= count; seq += 1) source.give(delta(seq));
    await expect.poll(() => recorded.summary.frames).toBeGreaterThan(count / 2);
    const summary = await recorded.stop();
    expect(summary).toMatchObject({ frames: count, lost: 0, failure: null });
    expect(seqsOf(summary)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    expect(source.closed).toBe(true);
    expect(readFileSync(summary.tapes[0] ?? '')).toHaveLength(summary.bytes);
  });

  it('goes on on another tape by size and by time, and loses nothing', async () => {
    const { recorded, source, pass } = recording({ rotateBytes: 400, rotateMs: 60_000 });
    for (let seq = 1; seq <= 6; seq += 1) {
      source.give(delta(seq));
      await pass(1_000);
      await expect.poll(() => recorded.summary.frames).toBe(seq);
    }
    await pass(60_000);
    source.give(delta(7));
    const summary = await recorded.stop();
    expect(summary.tapes.length).toBeGreaterThan(2);
    expect(seqsOf(summary)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(summary.tapes.map((path) => linesOf(path)[0]?.['part'])).toEqual(
      summary.tapes.map((_, index) => index + 1),
    );
    // The last one by its age alone.
    expect(linesOf(summary.tapes.at(-1) ?? '').at(-1)).toMatchObject({ seq: 7 });
    expect(linesOf(summary.tapes.at(-1) ?? '')).toHaveLength(2);
  });

  it('goes on on another tape before one is too long to be unpacked again', async () => {
    const { recorded, source } = recording({ rotateBytes: 2 ** 30 });
    const text = JSON.stringify({ type: 'long', text: 'x'.repeat(2 ** 22) });
    for (let count = 1; count <= 70; count += 1) {
      source.give(text);
      await expect.poll(() => recorded.summary.frames, { interval: 5 }).toBe(count);
    }
    const { tapes, lost } = await recorded.stop();
    expect([tapes.length, lost]).toEqual([2, 0]);
    const [head, ...frames] = linesOf(tapes[1] ?? '');
    expect(head).toMatchObject({ type: 'tape', part: 2 });
    expect(frames).toHaveLength(6);
  }, 60_000);

  it('keeps what came up to a stop, and takes nothing after it', async () => {
    const { recorded, source, clock } = recording();
    source.give(delta(1));
    const ended = recorded.stop();
    source.give(delta(2));
    const summary = await ended;
    expect(seqsOf(summary)).toEqual([1]);
    expect(clock.pending).toBe(0);
    expect(await recorded.stop()).toEqual(summary);
  });

  it('refuses a folder that is none, and numbers that are none', () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    expect(() => recording({ folder: file })).toThrow(/tapes are written into a folder/);
    expect(() => recording({ flushMs: 0 })).toThrow(/flushMs is a whole number above 0/);
  });
});

describe('after a crash', () => {
  it('a torn end is cut off, and the next run names the tape before it', async () => {
    const first = recording();
    first.source.give(delta(1));
    const { tapes } = await first.recorded.stop();
    const [torn = ''] = tapes;
    const whole = readFileSync(torn);
    appendFileSync(torn, whole.subarray(0, whole.length - 5));
    const second = recording({ folder: first.folder, clock: first.clock });
    expect(second.recorded.found).toEqual({ last: basename(torn), cut: whole.length - 5 });
    expect(readFileSync(torn)).toEqual(whole);
    expect(readFileSync(`${torn}.torn`)).toEqual(whole.subarray(0, whole.length - 5));
    await second.recorded.stop();
  });

  it.each(['', 'half a member'])('a tape without a line (%j) is none', async (what) => {
    const first = recording();
    first.source.give(delta(1));
    const [path = ''] = (await first.recorded.stop()).tapes;
    const whole = readFileSync(path);
    writeFileSync(path, what === '' ? '' : whole.subarray(0, whole.length / 2));
    const second = recording({ folder: first.folder, clock: first.clock });
    expect(readdirSync(first.folder)).toEqual([`${basename(path)}.torn`]);
    await second.recorded.stop();
  });

  it('leaves alone what is not its own, or was packed by somebody else', async () => {
    const folder = newFolder();
    const names = [
      'kalshi-notes.jsonl.gz',
      'kalshi-20270101T000000.000Z-00001.jsonl.gz',
      'kalshi-20270101T000000.000Z-00001.jsonl.gz.torn',
    ];
    // With a name in its head, as the program gzip writes it.
    const named = Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3, 0x61, 0, 1, 2, 3]);
    for (const name of names) writeFileSync(join(folder, name), named);
    const { recorded } = recording({ folder });
    expect(recorded.found).toEqual({ last: names[1], cut: 0 });
    for (const name of names) expect(readFileSync(join(folder, name))).toEqual(named);
    await recorded.stop();
  });

  it('a second run writes tapes of its own', async () => {
    const first = recording();
    first.source.give(delta(1));
    const { tapes: before } = await first.recorded.stop();
    await first.pass(5);
    const { folder, clock } = first;
    const second = recording({ folder, clock });
    second.source.give(delta(2));
    const { tapes } = await second.recorded.stop();
    expect([...before, ...tapes].toSorted()).toEqual([...before, ...tapes]);
    expect(linesOf(tapes[0] ?? '')[0]).toMatchObject({ part: 1, after: basename(before[0] ?? '') });
  });
});

describe('a disk that fails', () => {
  /** Takes so many writes; the next one leaves half of its bytes. */
  const fullAfter = (writes: number, code: string) => {
    let left = writes;
    return async (path: string): Promise<TapeFile> => {
      const file = await open(path, 'wx');
      return {
        appendFile: async (bytes) => {
          left -= 1;
          if (left >= 0) return file.appendFile(bytes);
          await file.appendFile(bytes.subarray(0, bytes.length / 2));
          throw Object.assign(new Error(`${code}: write`), { code });
        },
        truncate: (bytes) => file.truncate(bytes),
        datasync: () => file.datasync(),
        close: () => file.close(),
      };
    };
  };

  it.each([
    ['ENOSPC', 'the disk is full'],
    ['EIO', 'EIO: write'],
  ])('with %s ends it with one line, and the tape stays whole', async (code, failure) => {
    const { recorded, source, lines, pass } = recording({ openTape: fullAfter(1, code) });
    source.give(delta(1));
    await pass(1_000);
    await expect.poll(() => recorded.summary.frames).toBe(1);
    for (const seq of [2, 3]) source.give(delta(seq));
    await pass(1_000);
    const summary = await recorded.ended;
    expect(summary).toMatchObject({ frames: 1, lost: 2, failure });
    expect(seqsOf(summary)).toEqual([1]);
    expect(source.closed).toBe(true);
    source.give(delta(4));
    await pass(5_000);
    expect(lines).toMatchObject([{ level: 'error', message: 'recording has stopped' }]);
    expect(await recorded.stop()).toEqual(summary);
  });

  it('by being slow ends it before memory does', async () => {
    const never = new Promise<void>(() => undefined);
    const openTape = async (): Promise<TapeFile> => ({
      appendFile: () => never,
      truncate: () => never,
      datasync: () => never,
      close: () => never,
    });
    const { source, lines } = recording({ openTape });
    const text = JSON.stringify({ type: 'x', text: 'x'.repeat(2 ** 20) });
    for (let count = 0; count < 64; count += 1) source.give(text);
    expect(lines).toMatchObject([{ fields: { reason: 'the disk is slower than the venue' } }]);
    expect(source.closed).toBe(true);
  });

  it('at its end is told by its end', async () => {
    const openTape = async (path: string): Promise<TapeFile> => {
      const file = await open(path, 'wx');
      return {
        appendFile: (bytes) => file.appendFile(bytes),
        truncate: (bytes) => file.truncate(bytes),
        datasync: () => Promise.reject(new Error('EIO: sync')),
        close: () => file.close(),
      };
    };
    const { recorded, source } = recording({ openTape });
    source.give(delta(1));
    expect(await recorded.stop()).toMatchObject({ frames: 1, failure: 'EIO: sync' });
  });
});
