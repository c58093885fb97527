/** Halts that must stand, whatever becomes of their file, of the disk, or of another halt. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { HaltEntry } from '../../src/domain/halts.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import { HaltDesk } from '../../src/engine/halt/halt-desk.ts';
import { haltFileOf } from '../../src/store/halt-file.ts';
import { openStore } from '../../src/store/open-store.ts';
import { storeFile } from '../store/store-file.ts';
import { HaltAccount as Account } from '../support/halt-account.ts';
import { logTo, TappedStore } from '../support/rig.ts';

describe('a halt file that is another one', () => {
  it('lifts nothing that was halted since it was written', async () => {
    const account = new Account(storeFile());
    const first = await account.start();
    void first.halt('one');
    await account.clock.settle(first.resume({ actor: 'ada', reason: 'checked' }));
    const path = `${account.file}.halt`;
    const before = readFileSync(path, 'utf8');
    await account.pass(1_000);
    void first.halt('two');
    await account.stop(first);
    // A backup, or what a disk has kept of it.
    writeFileSync(path, before);
    const second = await account.start();
    expect(second.halts().map(({ reason }) => reason)).toEqual(['two']);
    account.write({ kind: 'resume', id: 'p1' });
    await account.pass(5_000);
    expect(second.halts()).toEqual([]);
    await account.stop(second);
  });

  it('is heard, however long it is', async () => {
    const account = new Account(storeFile());
    const first = await account.start();
    void first.halt('odd', { market: 'M' });
    await account.stop(first);
    rmSync(`${account.file}.halt`);
    account.write({ kind: 'halt', id: 'p1', reason: 'all of it' });
    const second = await account.start();
    expect(second.halts().map(({ reason }) => reason)).toEqual(['odd', 'all of it']);
    await account.stop(second);
  });
});

describe('a halt stays', () => {
  it('where lifting it failed, although its line was written', async () => {
    const account = new Account(storeFile());
    const first = await account.start();
    void first.halt('operator');
    await account.stop(first);
    const { clock, venue, file } = account;
    const unsynced = await createEngine({ venues: [venue], clock, store: { file } }, (options) => {
      const store = openStore(options);
      const append = (entry: HaltEntry): void => {
        haltFileOf(file).append(entry);
        throw new Error('it was not synced');
      };
      return { ...store, haltFile: { ...haltFileOf(file), append } };
    });
    const resumed = unsynced.resume({ actor: 'ada', reason: 'fine' });
    await expect(resumed).rejects.toThrow('durable');
    expect(unsynced.halts()).toHaveLength(1);
    await account.stop(unsynced);
    const next = await account.start();
    expect(next.halts().map(({ reason }) => reason)).toEqual(['operator']);
    await account.stop(next);
  });

  it('from the moment it is said again, where the disk took nothing at first', async () => {
    const account = new Account(storeFile());
    const { clock, log } = account;
    const store = new TappedStore();
    const carry = { onHalt: () => undefined, onResume: () => Promise.resolve() };
    const begun = () => new HaltDesk({ store, clock, log: logTo(log), ...carry });
    const desk = begun();
    const halt = (reason: string) =>
      desk.halt({ scope: {}, reason, actor: 'ada', everything: false });
    store.fails = 'database is locked';
    halt('the journal fails');
    store.fails = null;
    halt('I saw it');
    // The process is gone before anything is tried again.
    expect(begun().standing.map(({ reason }) => reason)).toEqual(['the journal fails']);
    desk.stop();
    expect(clock.pending).toBe(0);
  });

  it('where its first cancel is the last that the process does, without a file, too', () => {
    const { clock, log } = new Account(storeFile());
    const store = new TappedStore();
    const carry = { onHalt: () => undefined, onResume: () => Promise.resolve() };
    const next = () => new HaltDesk({ store, clock, log: logTo(log), ...carry }).standing;
    const seen: (readonly string[])[] = [];
    const onHalt = (): void => void seen.push(next().map(({ reason }) => reason));
    const desk = new HaltDesk({ store, clock, log: logTo(log), ...carry, onHalt });
    desk.halt({ scope: {}, reason: 'enough', actor: 'ada', everything: false });
    expect(seen).toEqual([['enough']]);
  });

  it('where another one breaks, and more are heard of', async () => {
    const account = new Account(storeFile());
    const carried: string[] = [];
    const { clock, log } = account;
    const desk = new HaltDesk({
      store: Object.assign(new TappedStore(), { haltFile: haltFileOf(account.file) }),
      clock,
      log: logTo(log),
      onHalt: ({ id }) => {
        if (id === 'p1') throw new Error('a chart broke');
        carried.push(id);
      },
      onResume: () => Promise.resolve(),
    });
    desk.begin();
    account.write({ kind: 'halt', id: 'p1', scope: { market: 'M' } });
    account.write({ kind: 'halt', id: 'p2', scope: { market: 'N' } });
    await account.pass(1_000);
    account.write({ kind: 'halt', id: 'p3' });
    await account.pass(1_000);
    expect([desk.standing.map(({ id }) => id), carried]).toEqual([
      ['p1', 'p2', 'p3'],
      ['p2', 'p3'],
    ]);
    expect(log.map(({ message }) => message)).toContain(
      'a halt could not be carried out: it stands in memory',
    );
    desk.stop();
  });
});
