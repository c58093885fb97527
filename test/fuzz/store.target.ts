/** What is kept: records on their way in, rows on their way out, and files that were changed. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError, InvariantError } from '../../src/domain/errors.ts';
import type { JournalRecord, Store, TurnRecord } from '../../src/domain/records.ts';
import type { Quantity } from '../../src/ledger/quantity.ts';
import { openStore } from '../../src/store/open-store.ts';
import { StoreError } from '../../src/store/store-error.ts';
import { wholeTurn } from '../store/given.ts';
import { folded } from '../support/engine-fold.ts';
import { journals } from './journals.ts';
import { claim, type Target, type Verdict } from './target.ts';

/** What a store may say of what it cannot keep or read. */
function refused(
  thrown: unknown,
  ...kinds: readonly (abstract new (
    ...args: never[]
  ) => Error)[]
): Verdict {
  if (!kinds.some((kind) => thrown instanceof kind)) throw thrown;
  claim(messageLength(thrown) < 5_000, 'an error can be read', messageLength(thrown));
  return 'rejected';
}

const messageLength = (thrown: unknown): number =>
  thrown instanceof Error ? thrown.message.length : 0;

const IDS = new Set(['executionId', 'signalId', 'splitOrderId', 'clientOrderId', 'fillId']);

/** Every case has ids of its own; minus zero is zero to SQLite. */
function renamed(value: unknown, prefix: string): unknown {
  if (Array.isArray(value)) return value.map((each) => renamed(each, prefix));
  if (Object.is(value, -0)) return 0;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      IDS.has(key) && typeof inner === 'string' ? `${prefix}${inner}` : renamed(inner, prefix),
    ]),
  );
}

/** What came back of it, as it went in. */
function claimKept(store: Store, { journal, executions, splitOrders, fills }: TurnRecord): void {
  for (const id of new Set([...journal].map(({ executionId }) => executionId))) {
    const rows = journal.filter(({ executionId, kind }) => executionId === id && kind === 'input');
    const kept = store.inputsOf(id);
    const isWhole = kept.length === rows.length && kept.every((row, at) => isSame(row, rows[at]));
    claim(isWhole, 'a journal reads as it was written');
  }
  const [execution] = executions;
  if (execution === undefined || executions.length > 1) return;
  const { executionId } = execution;
  const { state } = store.execution(executionId) ?? {};
  claim(state === undefined || isSame(state, execution), 'an execution reads as it was written');
  for (const order of store.splitOrdersOf(executionId))
    claim(
      splitOrders.some((one) => isSame(order, one)),
      'an order reads as it was written',
    );
  for (const fill of store.fillsOf(executionId))
    claim(
      fills.some((one) => isSame(fill, one)),
      'a fill reads as it was written',
    );
}

/** Half a character is no text: SQLite keeps in its place what stands for the unreadable. */
const readable = (text: string): string =>
  Buffer.from(text)
    .toString()
    .replaceAll(/\ufffd+/g, '\ufffd');

/** Of the fields that the store knows. A column has one type: "1.0" in one of numbers is 1. */
const isSame = (kept: object, given: object = {}): boolean =>
  Object.entries(kept).every(([field, value]) => {
    const was: unknown = Reflect.get(given, field);
    if (typeof was === 'number' || typeof value === 'number') return Number(value) === Number(was);
    return value === was || readable(String(value)) === readable(String(was));
  });

export const records: Target = {
  name: 'records',
  weight: 8,
  prepare: () => {
    const store = openStore({ file: ':memory:' });
    let count = 0;
    const judge = (input: unknown): Verdict => {
      const turn = { ...(renamed(input, `${(count += 1)} `) as TurnRecord), nextSequence: 1 };
      try {
        store.commit(turn);
      } catch (thrown) {
        return refused(thrown, StoreError);
      }
      claimKept(store, turn);
      return 'valid';
    };
    return { fixtures: [wholeTurn()], judge, close: () => store.close() };
  },
};

const textOfRow = (row: Readonly<Record<string, unknown>>): object => ({
  ...row,
  body: typeof row['body'] === 'string' ? row['body'] : JSON.stringify(row['body']),
});

/** As a table of text gives it, whatever the body says. */
const isRow = (row: unknown): row is Record<string, unknown> =>
  typeof row === 'object' &&
  row !== null &&
  ['executionId', 'kind', 'type'].every((column) => typeof Reflect.get(row, column) === 'string') &&
  Number.isSafeInteger(Reflect.get(row, 'atMs'));

/** The first law, of whatever a journal folds to. */
function claimConserved(snapshot: string): void {
  const { context } = JSON.parse(snapshot) as { readonly context: { readonly quantity: Quantity } };
  const { target, filled, working, inDoubt, unreleased, overfilled } = context.quantity;
  const isWhole = filled + working + inDoubt + unreleased === target + overfilled;
  claim(
    isWhole && Number.isSafeInteger(target),
    'quantity is conserved',
    JSON.stringify(context.quantity),
  );
}

export const folds: Target = {
  name: 'folds',
  weight: 5,
  prepare: async () => ({
    fixtures: (await journals()).map((rows) =>
      rows.map((row) => ({ ...row, body: JSON.parse(row.body) as unknown })),
    ),
    judge: (input) => {
      const rows = (Array.isArray(input) ? input : []).filter(isRow);
      try {
        claimConserved(folded(rows.map(textOfRow) as JournalRecord[]));
        return 'valid';
      } catch (thrown) {
        return refused(thrown, InvariantError, InputError);
      }
    },
  }),
};

/** A file whose bytes were changed is opened or refused; a refusal changes nothing in it. */
export const files: Target = {
  name: 'files',
  weight: 0.5,
  textOf: (value) => (typeof value === 'string' ? value : ''),
  prepare: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'depthwalker-fuzz-'));
    const sound = join(folder, 'sound.db');
    const store = openStore({ file: sound });
    const [journal = []] = await journals();
    store.commit(wholeTurn({ journal }));
    store.close();
    const file = join(folder, 'bot.db');
    return {
      fixtures: [readFileSync(sound).toString('latin1')],
      judge: (_, text) => judgeFile(file, Buffer.from(text, 'latin1')),
      close: () => rmSync(folder, { recursive: true }),
    };
  },
};

function judgeFile(file: string, bytes: Buffer): Verdict {
  for (const side of ['', '-wal', '-shm']) rmSync(`${file}${side}`, { force: true });
  writeFileSync(file, bytes);
  copyFileSync(file, `${file}.copy`);
  let store: Store;
  try {
    store = openStore({ file });
  } catch (thrown) {
    const verdict = refused(thrown, InputError);
    claim(readFileSync(file).equals(bytes), 'what is refused is not written to');
    return verdict;
  }
  try {
    for (const { state } of store.openExecutions('paper')) {
      store.fillsOf(state.executionId);
      folded(store.inputsOf(state.executionId));
    }
    return 'valid';
  } catch (thrown) {
    return refused(thrown, InputError, InvariantError, StoreError);
  } finally {
    store.close();
  }
}
