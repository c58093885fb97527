import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store, TurnRecord } from '../../src/domain/records.ts';
import { loadDriver } from '../../src/store/driver.ts';
import { openStore } from '../../src/store/open-store.ts';
import { StoreError } from '../../src/store/store-error.ts';
import {
  bookSnapshot,
  executionState,
  fill,
  journalEntry,
  metrics,
  signal,
  splitOrder,
  trade,
  turn,
  wholeTurn,
} from './given.ts';
import { storeFile } from './store-file.ts';

const Database = loadDriver();

let file: string;
let store: Store;

beforeEach(() => {
  file = storeFile();
  store = openStore({ file });
});
afterEach(() => store.close());

/** What another program reads while the engine holds the store. */
function rows(table: string, of = file): readonly unknown[] {
  const reader = new Database(of, { readonly: true });
  try {
    return reader.prepare(`select * from ${table}`).all();
  } finally {
    reader.close();
  }
}

const TABLES = [
  'journal',
  'signals',
  'execution_state',
  'split_orders',
  'fills',
  'trades',
  'execution_metrics',
];
const counts = (): readonly number[] => TABLES.map((table) => rows(table).length);

function refusal(record: TurnRecord): StoreError {
  try {
    store.commit(record);
  } catch (thrown) {
    if (thrown instanceof StoreError) return thrown;
    throw thrown;
  }
  throw new Error('the commit was kept');
}

describe('a committed turn', () => {
  it('comes back as it was given', () => {
    const command = journalEntry({ kind: 'command', type: 'submit' });
    store.commit(wholeTurn({ journal: [command, journalEntry()] }));
    expect(store.execution('dw-1')).toEqual({ state: executionState(), signal: signal() });
    expect(store.executionOfSignal('edge-1')).toBe('dw-1');
    expect(store.inputsOf('dw-1')).toEqual([journalEntry()]);
  });

  it('stands in the tables under the names of the records, for other programs to read', () => {
    store.commit(wholeTurn());
    expect(counts()).toEqual([1, 1, 1, 1, 1, 1, 1]);
    expect(rows('split_orders')).toEqual([
      {
        split_order_id: 'dw-1-1',
        execution_id: 'dw-1',
        client_order_id: 'dw-1-0',
        venue_order_id: null,
        price: '0.7100',
        quantity: '65.00',
        filled_quantity: '25.00',
        state: 'partial',
        time_in_force: 'gtc',
        price_walk_history: splitOrder().priceWalkHistory,
        placed_at_ms: 1_760_000_000_100,
        ended_at_ms: null,
      },
    ]);
  });

  it('is found by nobody who asks for another', () => {
    store.commit(wholeTurn());
    expect(store.execution('dw-2')).toBeNull();
    expect(store.executionOfSignal("edge-1' or 1=1 --")).toBeNull();
    expect(store.inputsOf('dw-2')).toEqual([]);
  });

  it('knows whose an order is by the intent of its submission', () => {
    const body = JSON.stringify({ request: { clientOrderId: 'dw-1-7' } });
    const intent = { kind: 'command', type: 'submit', splitOrderId: 'dw-1-2', body } as const;
    store.commit(wholeTurn({ journal: [journalEntry(), journalEntry(intent)] }));
    const intentAtMs = 1_760_000_000_123;
    const owner = { executionId: 'dw-1', splitOrderId: 'dw-1-2', intentAtMs };
    expect(store.ownerOf('dw-1-7')).toEqual(owner);
    expect(store.ownerOf('dw-1-8')).toBeNull();
    const { venue, fillId } = wholeTurn().fills[0] ?? { venue: '', fillId: '' };
    expect([store.hasFill(venue, fillId), store.hasFill('other', fillId)]).toEqual([true, false]);
  });

  it('updates executions and split orders in place', () => {
    store.commit(wholeTurn());
    const ended = executionState({
      filledLots: 10_500,
      workingLots: 0,
      inDoubtLots: 0,
      unreleasedLots: 0,
      overfilledLots: 500,
      state: 'completed',
      outcome: 'completed',
      endedAtMs: 1_760_000_030_000,
    });
    const open = store.openExecutions('paper');
    expect(open.map(({ state }) => state.executionId)).toEqual(['dw-1']);
    expect(store.openExecutions('kalshi')).toEqual([]);
    store.commit(
      turn({
        executions: [ended],
        splitOrders: [splitOrder({ state: 'filled' })],
        nextSequence: 1,
      }),
    );
    expect(store.execution('dw-1')?.state).toEqual(ended);
    expect(rows('split_orders')).toMatchObject([{ state: 'filled' }]);
    expect(store.openExecutions('paper')).toEqual([]);
  });

  it('keeps the order in which the inputs entered, across turns', () => {
    const types = ['a', 'b', 'c', 'd', 'e'];
    for (const type of types)
      store.commit(
        turn({
          journal: [
            journalEntry({ type: `${type}1`, atMs: 5 }),
            journalEntry({ executionId: 'dw-2', type: 'other' }),
            journalEntry({ type: `${type}2`, atMs: 1 }),
          ],
        }),
      );
    expect(store.inputsOf('dw-1').map(({ type }) => type)).toEqual(
      types.flatMap((type) => [`${type}1`, `${type}2`]),
    );
  });
});

describe('a turn that cannot be kept', () => {
  const bad = {
    'a bad journal entry after good ones': {
      journal: [journalEntry(), journalEntry({ atMs: Number.NaN })],
    },
    'a fill of a split order that is unknown': { fills: [fill({ splitOrderId: 'dw-9-9' })] },
    'an execution without its signal': { executions: [executionState({ signalId: 'edge-9' })] },
    'half a lot': { executions: [executionState({ filledLots: 2_500.5, workingLots: 3_999.5 })] },
    'a kind of entry that is none': {
      journal: [{ ...journalEntry(), kind: 'thought' } as never],
    },
    'a missing field': { trades: [{ ...trade(), fees: undefined } as never] },
  } satisfies Record<string, Partial<TurnRecord>>;

  it.each(Object.entries(bad))('leaves nothing behind: %s', (_, special) => {
    const error = refusal(wholeTurn(special));
    expect(error.message).toMatch(/^the commit of a turn failed and nothing of it was kept: /);
    expect(counts()).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(store.nextSequence).toBe(0);
    store.commit(wholeTurn());
    expect(counts()).toEqual([1, 1, 1, 1, 1, 1, 1]);
  });

  it.each([
    [{ workingLots: 4_001 }, 'quantity_is_conserved'],
    [{ overfilledLots: 1 }, 'quantity_is_conserved'],
    [{ filledLots: -1, workingLots: 6_501 }, 'quantity_is_never_negative'],
    [{ unreleasedLots: 1_999, overfilledLots: -1 }, 'quantity_is_never_negative'],
  ])('has quantities that do not add up: %o', (lots, check) => {
    const error = refusal(wholeTurn({ executions: [executionState(lots)] }));
    expect(error.code).toBe('SQLITE_CONSTRAINT_CHECK');
    expect(error.message).toContain(check);
    expect(counts()).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  it('is an update that breaks the sum: the row stays as it was', () => {
    store.commit(wholeTurn());
    refusal(wholeTurn({ executions: [executionState({ filledLots: 2_501 })] }));
    expect(store.execution('dw-1')?.state).toEqual(executionState());
    expect(rows('journal')).toHaveLength(1);
  });

  it('would set the id counter back', () => {
    store.commit(turn({ nextSequence: 7 }));
    expect(refusal(turn({ nextSequence: 6 })).code).toBe('DEFECT');
    expect(store.nextSequence).toBe(7);
  });

  it('comes after another process took the lease', () => {
    const intruder = new Database(file);
    intruder.exec('update lease set epoch = epoch + 1');
    intruder.close();
    expect(refusal(wholeTurn()).message).toContain('lease');
    expect(counts()).toEqual([0, 0, 0, 0, 0, 0, 0]);
    const risk = [{ name: 'halts', body: '{}', atMs: 1 }];
    expect(() => store.keep({ risk })).toThrow(/needs the lease/);
    expect(store.riskState('halts')).toBeNull();
  });

  it('comes after the store was closed', () => {
    store.close();
    expect(refusal(wholeTurn()).message).toContain('not open');
  });

  it('meets a full disk', () => {
    store.close();
    store = openStore({ file }, (path, timeout) => {
      const database = new Database(path, { timeout });
      if (path.endsWith('bot.db')) database.pragma('max_page_count = 30');
      return database;
    });
    const body = JSON.stringify('x'.repeat(300_000));
    expect(refusal(wholeTurn({ journal: [journalEntry({ body })] })).code).toBe('SQLITE_FULL');
    expect(counts()).toEqual([0, 0, 0, 0, 0, 0, 0]);
    store.commit(wholeTurn());
  });
});

describe('what is written once', () => {
  beforeEach(() => store.commit(wholeTurn()));

  it('may come again, and counts once', () => {
    store.commit(wholeTurn({ journal: [] }));
    expect(counts()).toEqual([1, 1, 1, 1, 1, 1, 1]);
  });

  it('is the first sight of a fill, though the book has moved on', () => {
    store.commit(
      wholeTurn({ fills: [fill({ bookVersion: 99, touchBid: null, touchAsk: '0.9' })] }),
    );
    expect(rows('fills')).toMatchObject([{ book_version: 17, touch_bid: '0.7000' }]);
  });

  it.each([
    ['fills', { fills: [fill({ quantity: '26.00' })] }],
    ['fills', { fills: [fill({ printSequence: null })] }],
    ['signals', { signals: [signal({ executionId: 'dw-2' })] }],
    ['trades', { trades: [trade({ averagePrice: '0.7000' })] }],
    ['execution_metrics', { metrics: [metrics({ makerShare: '1' })] }],
  ])('never changes: %s', (table, special) => {
    const before = rows(table);
    expect(refusal(wholeTurn(special)).message).toContain(`a row of ${table} is never changed`);
    expect(rows(table)).toEqual(before);
    expect(rows('journal')).toHaveLength(1);
  });

  it('is a fill of its venue: the same id elsewhere is another fill', () => {
    store.commit(wholeTurn({ fills: [fill({ venue: 'other', quantity: '1.00' })] }));
    expect(rows('fills')).toHaveLength(2);
  });

  it('is the journal, whoever tries', () => {
    const other = new Database(file);
    expect(() => other.exec("update journal set rule = 'better'")).toThrow('append-only');
    expect(() => other.exec('delete from journal')).toThrow('append-only');
    other.close();
  });
});

const ladder = (levels: number): string =>
  JSON.stringify(Array.from({ length: levels }, (_, level) => [`0.${50 - level}00`, '5.00']));

describe('a saved book', () => {
  it('goes to the market file, once', () => {
    const book = bookSnapshot({ bids: ladder(10), asks: ladder(10) });
    store.saveBooks([book]);
    store.saveBooks([book]);
    store.saveBooks([{ ...book, bookVersion: 18 }]);
    expect(rows('order_book_snapshots', `${file}.market`)).toMatchObject([
      { snapshot_id: 1, best_bid: '0.7000', bids: ladder(10), book_version: 17 },
      { book_version: 18 },
    ]);
    expect(() => rows('order_book_snapshots')).toThrow('no such table');
  });

  it.each([{ bids: ladder(11) }, { asks: ladder(11) }, { bids: 'not JSON' }, { atMs: 0.5 }])(
    'has at most ten levels a side, as JSON: %o',
    (special) => {
      expect(() => store.saveBooks([bookSnapshot(special)])).toThrow(StoreError);
      expect(rows('order_book_snapshots', `${file}.market`)).toEqual([]);
    },
  );
});
