/** Halts that outlive the process, and those that come from outside of it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/engine/create-engine.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { answersIn } from '../../src/store/halt-file.ts';
import { connectSqlite } from '../../src/store/sqlite.ts';
import { storeFile } from '../store/store-file.ts';
import { signal } from '../support/embedded.ts';
import { HaltAccount as Account } from '../support/halt-account.ts';
import { START_MS, TappedStore } from '../support/rig.ts';
import { ScriptedVenue } from '../support/scripted-venue.ts';

describe('a halt outlives', () => {
  it('the process, until a person resumes', async () => {
    const account = new Account(storeFile());
    const first = await account.start();
    void first.halt('operator');
    await account.stop(first);
    const second = await account.start();
    expect(second.halts()).toEqual([expect.objectContaining({ reason: 'operator' })]);
    expect(account.tries(second, 'x')).toContain('operator');
    await account.clock.settle(second.resume({ actor: 'ada', reason: 'checked' }));
    expect(account.tries(second, 'x')).toBe('taken');
    await account.stop(second);
    const third = await account.start();
    expect(third.halts()).toEqual([]);
    await account.stop(third);
    expect(account.operations()).toEqual([
      'halt global bot: operator',
      'resume global ada: checked',
    ]);
  });

  it('a market alone, too', async () => {
    const account = new Account(storeFile());
    const first = await account.start();
    void first.halt('odd', { market: 'M' });
    await account.stop(first);
    const second = await account.start();
    expect(account.tries(second, 'x')).toContain('market M: odd');
    await account.stop(second);
  });

  it('the loss of its file, and the loss of the store', async () => {
    const account = new Account(storeFile());
    const first = await account.start();
    void first.halt('operator');
    await account.stop(first);
    rmSync(`${account.file}.halt`);
    const second = await account.start();
    expect(second.halts()).toHaveLength(1);
    void second.halt('again', { market: 'M' });
    await account.stop(second);
    for (const end of ['', '-wal', '-shm']) rmSync(`${account.file}${end}`, { force: true });
    const third = await account.start();
    expect(third.halts().map(({ reason }) => reason)).toEqual(['again']);
    await account.stop(third);
  });

  it('the process where there is no file, but a store', async () => {
    const clock = new VirtualClock(START_MS);
    const venue = new ScriptedVenue({ clock });
    const store = new TappedStore();
    store.close = () => undefined;
    const start = () => createEngine({ venues: [venue], clock }, () => store);
    const first = await start();
    void first.halt('operator');
    const second = await start();
    expect(second.halts()).toEqual([expect.objectContaining({ reason: 'operator' })]);
    store.fails = 'disk full';
    const resumed = second.resume({ actor: 'ada', reason: 'fine' });
    await expect(resumed).rejects.toThrow('durable');
    expect(second.halts()).toHaveLength(1);
  });
});

describe('a person at a terminal', () => {
  it('halts a running engine, and is answered', async () => {
    const account = new Account(storeFile());
    const engine = await account.start();
    engine.execute(signal({ timeLimitMs: 300_000 }));
    await account.pass(500);
    expect(account.venue.resting()).toHaveLength(1);
    account.write({ kind: 'halt', id: 'p1' });
    await account.pass(2_500);
    expect(account.venue.resting()).toEqual([]);
    expect(answersIn(account.file)).toEqual([
      expect.objectContaining({ id: 'p1', cancelled: 1, residual: [], proven: true }),
    ]);
    account.write({ kind: 'halt', id: 'p2' });
    await account.pass(2_500);
    expect(answersIn(account.file).map(({ id }) => id)).toEqual(['p1', 'p2']);
    account.write({ kind: 'resume', id: 'p3', reason: 'false alarm' });
    await account.pass(5_000);
    expect(account.tries(engine, 'x')).toBe('taken');
    await account.stop(engine);
    expect(account.operations()).toEqual([
      'halt global ada: from outside',
      'halt global ada: from outside',
      'resume global ada: false alarm',
    ]);
  });

  it('lifts one halt and does not lift the next, however close', async () => {
    const account = new Account(storeFile());
    const engine = await account.start();
    void engine.halt('one');
    await account.pass(5_000);
    account.write({ kind: 'resume', id: 'p1' });
    void engine.halt('two');
    await account.pass(5_000);
    expect(engine.halts().map(({ reason }) => reason)).toEqual(['two']);
    expect(account.tries(engine, 'x')).toContain('two');
    account.write({ kind: 'halt', id: 'p2', scope: { market: 'M' } });
    void engine.halt('three', { market: 'N' });
    // What was heard of by then is in the store, and what was not is taken from the file.
    expect(engine.halts().map(({ scope }) => scope)).toEqual([
      {},
      { market: 'M' },
      { market: 'N' },
    ]);
    await account.stop(engine);
    rmSync(`${account.file}.halt`);
    const next = await account.start();
    expect(next.halts()).toHaveLength(3);
    await account.stop(next);
  });

  it('halts and resumes between two processes', async () => {
    const account = new Account(storeFile());
    await account.stop(await account.start());
    account.write({ kind: 'halt', id: 'p1' });
    const halted = await account.start();
    expect(halted.halts()).toEqual([expect.objectContaining({ id: 'p1', actor: 'ada' })]);
    expect(answersIn(account.file).map(({ id }) => id)).toEqual(['p1']);
    await account.stop(halted);
    account.write({ kind: 'resume', id: 'p2' });
    const free = await account.start();
    expect(free.halts()).toEqual([]);
    await account.stop(free);
  });
});

describe('a halt file that cannot be read', () => {
  it('halts at the start, and a person resumes', async () => {
    const account = new Account(storeFile());
    writeFileSync(`${account.file}.halt`, 'oops\n');
    const engine = await account.start();
    expect(account.tries(engine, 'x')).toContain('line 1 of the halt file cannot be read');
    await account.clock.settle(engine.resume({ actor: 'ada', reason: 'looked at it' }));
    expect(account.tries(engine, 'x')).toBe('taken');
    await account.stop(engine);
    const next = await account.start();
    expect(next.halts()).toEqual([]);
    await account.stop(next);
  });

  it('halts while it runs, and until it can be read it stays so', async () => {
    const account = new Account(storeFile());
    const engine = await account.start();
    mkdirSync(`${account.file}.halt`);
    await account.pass(1_100);
    expect(account.tries(engine, 'x')).toContain('is not a halt file');
    const resumed = engine.resume({ actor: 'ada', reason: 'looked at it' });
    await expect(resumed).rejects.toThrow('durable');
    rmSync(`${account.file}.halt`, { recursive: true });
    await account.clock.settle(engine.resume({ actor: 'ada', reason: 'removed it' }));
    expect(account.tries(engine, 'x')).toBe('taken');
    await account.stop(engine);
  });
});

describe('a halt works', () => {
  it('while the store is locked by somebody else', { timeout: 60_000 }, async () => {
    const account = new Account(storeFile());
    const engine = await account.start();
    engine.execute(signal({ timeLimitMs: 300_000 }));
    await account.pass(500);
    const other = connectSqlite(account.file, 0);
    other.exec('begin immediate');
    const halted = engine.halt('operator');
    expect(readFileSync(`${account.file}.halt`, 'utf8')).toContain('operator');
    await account.pass(2_500);
    expect(account.venue.resting()).toEqual([]);
    other.exec('rollback');
    other.close();
    await account.pass(30_000);
    expect(await halted).toMatchObject({ residual: [], proven: true });
    await account.stop(engine);
    expect(account.operations()).toEqual(['halt global bot: operator']);
  });
});
