import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LADDER_LEVELS } from '../../src/domain/limits.ts';
import type { ExecutionStateRecord, JournalRecord } from '../../src/domain/records.ts';
import * as codecs from '../../src/store/codec.ts';
import { loadDriver } from '../../src/store/driver.ts';
import { migrate } from '../../src/store/migrate.ts';
import { accountLayout, marketLayout } from '../../src/store/migrations/layouts.ts';
import { openStore } from '../../src/store/open-store.ts';
import * as given from './given.ts';

const Database = loadDriver();

const text = fc.string({ unit: 'grapheme' });
const name = fc.string({ unit: 'grapheme', minLength: 1 });
const integer = fc.maxSafeInteger();
const lots = fc.nat({ max: 1e12 });
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary);

const journal: fc.Arbitrary<JournalRecord> = fc.record({
  executionId: fc.constantFrom('dw-1', 'dw-2', "dw'; drop table journal; --"),
  splitOrderId: optional(text),
  kind: fc.constantFrom('input', 'command'),
  type: text,
  body: fc.json(),
  stateBefore: optional(text),
  stateAfter: optional(text),
  rule: optional(text),
  bookVersion: optional(integer),
  touchBid: optional(text),
  touchAsk: optional(text),
  atMs: integer,
});

const execution: fc.Arbitrary<ExecutionStateRecord> = fc
  .record({
    executionId: name,
    signalId: name,
    venue: text,
    market: text,
    outcomeSide: text,
    action: text,
    algorithm: text,
    parameters: fc.json(),
    limitPrice: text,
    capPrice: optional(text),
    filledLots: lots,
    workingLots: lots,
    inDoubtLots: lots,
    unreleasedLots: lots,
    overfilledLots: fc.constant(0),
    lotSize: text,
    state: text,
    outcome: optional(text),
    reason: optional(text),
    startedAtMs: integer,
    deadlineMs: integer,
    endedAtMs: optional(integer),
  })
  .map((record) => ({
    ...record,
    targetLots: record.filledLots + record.workingLots + record.inDoubtLots + record.unreleasedLots,
  }));

describe('the codec', () => {
  it('gives back any journal through the database, entry by entry and in order', () => {
    fc.assert(
      fc.property(fc.array(fc.array(journal, { maxLength: 5 }), { maxLength: 5 }), (turns) => {
        const store = openStore({ file: ':memory:' });
        for (const entries of turns) store.commit(given.turn({ journal: entries }));
        const all = turns.flat();
        for (const executionId of new Set(all.map((entry) => entry.executionId)))
          expect(store.inputsOf(executionId)).toEqual(
            all.filter((entry) => entry.executionId === executionId && entry.kind === 'input'),
          );
        store.close();
      }),
      { numRuns: 50 },
    );
  });

  it('gives back any execution through the database', () => {
    const store = openStore({ file: ':memory:' });
    const known = new Set<string>();
    fc.assert(
      fc.property(execution, (state) => {
        fc.pre(!known.has(state.signalId));
        known.add(state.signalId);
        const signal = given.signal(state);
        store.commit(given.turn({ signals: [signal], executions: [state] }));
        const { signalId, executionId } = state;
        expect(store.execution(executionId)).toEqual({
          state,
          signal: { ...given.signal(), signalId, executionId },
        });
        expect(store.executionOfSignal(signalId)).toBe(executionId);
      }),
    );
    store.close();
  });

  const pairs: readonly (readonly [string, codecs.Codec<never>, object])[] = [
    ['journal', codecs.journalCodec, given.journalEntry()],
    ['signals', codecs.signalCodec, given.signal()],
    ['execution_state', codecs.executionCodec, given.executionState()],
    ['split_orders', codecs.splitOrderCodec, given.splitOrder()],
    ['fills', codecs.fillCodec, given.fill()],
    ['trades', codecs.tradeCodec, given.trade()],
    ['execution_metrics', codecs.metricsCodec, given.metrics()],
    ['order_book_snapshots', codecs.bookSnapshotCodec, given.bookSnapshot()],
    ['order_book_hourly', codecs.bookHourCodec, given.bookHour()],
  ] as never;

  it.each(pairs)(
    'is the inverse of itself and knows every column of %s',
    (table, codec, record) => {
      expect(codec.decode(codec.encode(record as never))).toEqual(record);
      const database = new Database(':memory:');
      migrate(database, table.startsWith('order_book') ? marketLayout : accountLayout);
      const columns = database.prepare<[string], string>('select name from pragma_table_info(?)');
      const own = columns.pluck().all(table);
      const counted = own.filter((column) => !['journal_id', 'snapshot_id'].includes(column));
      expect(counted).toEqual(codec.columns);
      const strict = database
        .prepare('select strict from pragma_table_list where name = ?')
        .pluck();
      expect(strict.get(table)).toBe(1);
      database.close();
    },
  );

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 0.5, 2 ** 53])(
    'refuses %d as an integer',
    (atMs) => {
      expect(() => codecs.journalCodec.encode(given.journalEntry({ atMs }))).toThrow(
        `atMs must be a safe integer, was ${atMs}`,
      );
    },
  );

  it('stores ladders as long as the deciders see', () => {
    expect(LADDER_LEVELS).toBe(10);
  });
});
