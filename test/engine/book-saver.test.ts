import { describe, expect, it } from 'vitest';
import type { BookSnapshotRecord } from '../../src/domain/records.ts';
import { BookSaver } from '../../src/engine/market/book-saver.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { bookSnapshot } from '../store/given.ts';
import { MarketFile } from '../store/market-file.ts';
import { storeFile } from '../store/store-file.ts';
import { live, signal, world } from '../support/embedded.ts';
import { type LogLine, logTo } from '../support/rig.ts';

function rig() {
  const clock = new VirtualClock();
  const batches: (readonly number[])[] = [];
  const log: LogLine[] = [];
  const fault = { message: '' };
  let saved = 0;
  const saver = new BookSaver({
    store: {
      saveBooks: (books: readonly BookSnapshotRecord[]) => {
        if (fault.message !== '') throw new Error(fault.message);
        batches.push(books.map(({ bookVersion }) => bookVersion));
      },
    },
    clock,
    log: logTo(log),
    onSaved: () => {
      saved += 1;
    },
  });
  const keep = (...versions: readonly number[]) =>
    saver.keep(versions.map((bookVersion) => bookSnapshot({ bookVersion })));
  return { saver, clock, batches, log, fault, keep, saves: () => saved };
}

describe('books that are kept', () => {
  it('are saved together, once the turn is over', () => {
    const { keep, clock, batches, saves } = rig();
    keep();
    expect(clock.pending).toBe(0);
    keep(1, 2);
    keep(3);
    expect(batches).toEqual([]);
    clock.step();
    expect([batches, saves(), clock.pending]).toEqual([[[1, 2, 3]], 1, 0]);
  });

  it('are saved with the next ones where it failed, and that is told once', () => {
    const { keep, clock, batches, log, fault, saves } = rig();
    fault.message = 'database is locked';
    for (const version of [1, 2, 3]) {
      keep(version);
      clock.step();
    }
    expect(log.map(({ message }) => message)).toEqual(['book snapshots could not be kept yet']);
    fault.message = '';
    keep(4);
    clock.step();
    expect([batches, saves()]).toEqual([[[1, 2, 3, 4]], 1]);
  });

  it('are given up at a thousand, so that one bad book cannot keep the others out', () => {
    const { keep, clock, batches, log, fault } = rig();
    fault.message = 'no such thing';
    keep(...Array.from({ length: 999 }, (_, version) => version));
    clock.step();
    keep(999);
    clock.step();
    expect(log.at(-1)).toMatchObject({
      message: 'book snapshots are lost',
      fields: { snapshots: 1_000 },
    });
    fault.message = '';
    keep(1_000);
    clock.step();
    expect(batches).toEqual([[1_000]]);
  });

  it('are saved before the end', () => {
    const { saver, keep, clock, batches } = rig();
    keep(1);
    saver.stop();
    expect([batches, clock.pending]).toEqual([[[1]], 0]);
    saver.stop();
    expect(batches).toHaveLength(1);
  });
});

describe('the book of a decision', () => {
  it('is saved after the turn that sent its orders', async () => {
    const file = storeFile();
    const market = new MarketFile(file);
    const look = { atTurn: (): void => undefined };
    const bot = await live(await world({ store: { file }, onTurn: () => look.atTurn() }));
    const before = market.snapshotTimes().length;
    const seen: { calls: number; books: number }[] = [];
    look.atTurn = () => {
      seen.push({ calls: bot.venue.calls.length, books: market.snapshotTimes().length });
    };
    bot.engine.execute(signal({ timeLimitMs: 1_000 }));
    await bot.pass(1);
    expect(seen.find(({ calls }) => calls > 0)).toEqual({ calls: 1, books: before });
    expect(market.snapshotTimes().length).toBe(before + 1);
    await bot.clock.settle(bot.engine.stop());
  });
});
