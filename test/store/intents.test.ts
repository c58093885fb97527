/** The newest commands of a venue, as the journal has them: what a rate limiter begins with. */
import { expect, it } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { executionState, journalEntry, signal, turn } from './given.ts';
import { storeFile } from './store-file.ts';

it('are those since a time, of one venue, oldest first', () => {
  const store = openStore({ file: storeFile() });
  const [one, other] = ['dw-1', 'dw-2'];
  const row = (executionId: string, kind: 'input' | 'command', type: string, atMs: number) =>
    journalEntry({ executionId, kind, type, atMs, body: '{}' });
  store.commit(
    turn({
      signals: [signal(), signal({ executionId: other, signalId: 'edge-2' })],
      executions: [
        executionState(),
        executionState({ executionId: other, signalId: 'edge-2', venue: 'kalshi' }),
      ],
      journal: [
        row(one, 'command', 'submit', 10),
        row(one, 'command', 'amend', 20),
        row(one, 'input', 'order.amended', 21),
        row(other, 'command', 'submit', 25),
        row(one, 'command', 'cancel', 30),
      ],
    }),
  );
  const amend = { kind: 'amend', atMs: 20 };
  const cancel = { kind: 'cancel', atMs: 30 };
  expect(store.intentsSince('paper', 20)).toEqual([amend, cancel]);
  expect(store.intentsSince('paper', 21)).toEqual([cancel]);
  expect(store.intentsSince('paper', 31)).toEqual([]);
  expect(store.intentsSince('kalshi', 0)).toEqual([{ kind: 'submit', atMs: 25 }]);
  store.close();
});
