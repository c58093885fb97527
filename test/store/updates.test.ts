import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/domain/records.ts';
import type { UpdateLog, UpdateRecord } from '../../src/domain/updates.ts';
import { openStore } from '../../src/store/open-store.ts';
import { journalEntry, turn } from './given.ts';
import { storeFile } from './store-file.ts';

const update = (atMs: number): UpdateRecord => ({ body: `{"type":"state","n":${atMs}}`, atMs });
const turnOf = (...times: readonly number[]) => turn({ updates: times.map(update) });

function opened(file: string, onUpdates = (): void => undefined): Store & { updates: UpdateLog } {
  const store = openStore({ file, onUpdates });
  const { updates } = store;
  if (updates === undefined) throw new Error('it keeps no updates');
  return Object.assign(store, { updates });
}

describe('updates', () => {
  it('are numbered from 1 without a gap, over openings too', () => {
    const file = storeFile();
    const first = opened(file);
    expect(first.updates.extent()).toEqual({ first: 1, last: 0 });
    first.commit(turnOf(10, 11));
    first.close();
    const second = opened(file);
    second.commit(turnOf());
    second.commit(turnOf(12));
    expect(second.updates.extent()).toEqual({ first: 1, last: 3 });
    expect(second.updates.after(1, 10)).toEqual([
      { sequence: 2, ...update(11) },
      { sequence: 3, ...update(12) },
    ]);
    expect(second.updates.after(0, 2)).toHaveLength(2);
    second.close();
  });

  it('are kept with their turn, or not at all: a turn that fails leaves no gap', () => {
    const store = opened(storeFile());
    store.commit(turnOf(1));
    const broken = { ...turnOf(2, 3), journal: [journalEntry({ kind: 'nonsense' as 'input' })] };
    expect(() => store.commit(broken)).toThrow(/nothing of it was kept/);
    expect(store.updates.extent()).toEqual({ first: 1, last: 1 });
    store.commit(turnOf(4));
    expect(store.updates.after(1, 10)).toEqual([{ sequence: 2, ...update(4) }]);
    store.close();
  });

  it('tell what was done to the whole engine, kept with it', () => {
    let calls = 0;
    const store = opened(storeFile(), () => (calls += 1));
    const deed = { scope: 'global', actor: 'ada', reason: 'a test', epoch: store.epoch };
    store.keep({ operations: [{ kind: 'halt', ...deed, atMs: 7 }] });
    const [told] = store.updates.after(0, 10);
    expect(JSON.parse(told?.body ?? '')).toEqual({
      type: 'operation',
      timeMs: 7,
      deed: 'halt',
      ...deed,
    });
    expect(calls).toBe(1);
    store.close();
  });

  it('are forgotten by number or by age, a few at a time, but never the newest', () => {
    const file = storeFile();
    const store = opened(file);
    store.commit(turnOf(1, 2, 3, 4, 5, 6));
    const { updates } = store;
    expect(updates.forget({ through: 2, beforeMs: 0 }, 10)).toBe(2);
    expect(updates.extent()).toEqual({ first: 3, last: 6 });
    expect(updates.forget({ through: 0, beforeMs: 5 }, 1)).toBe(1);
    expect(updates.forget({ through: 100, beforeMs: 100 }, 10)).toBe(2);
    expect(updates.extent()).toEqual({ first: 6, last: 6 });
    store.commit(turnOf(7));
    expect(updates.extent()).toEqual({ first: 6, last: 7 });
    store.close();
  });

  it('cost a store nothing that was not asked to keep them', () => {
    const file = storeFile();
    const plain = openStore({ file });
    expect(plain.updates).toBeUndefined();
    plain.commit(turnOf(1));
    plain.close();
    const store = opened(file);
    expect(store.updates.extent().last).toBe(0);
    store.close();
  });
});
